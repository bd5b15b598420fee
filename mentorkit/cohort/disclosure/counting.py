"""The audit of counts: how far the number of students in a withheld group can be narrowed down.

Whoever tries is given more than a reader has: the exact number of students in the release, that every level seen in a
table of its own has somebody, and which withheld groups are below the minimum and which only stand in for one. The
unknowns are the sizes of all combinations of all levels ever published about these students, whole or not.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from mentorkit.cohort.disclosure.board import Board, Earlier, Flags
from mentorkit.cohort.disclosure.cells import Cell
from mentorkit.cohort.disclosure.combinations import Combinations, combine
from mentorkit.cohort.disclosure.members import STUDENTS, Members
from mentorkit.cohort.disclosure.ranges import Knowledge, Row
from mentorkit.cohort.disclosure.rounding import count
from mentorkit.cohort.disclosure.rules import next_to_hide, settle

WIDTH = 5  # a withheld number stays open over at least so many students


def together(members: Members, earlier: Sequence[Earlier], columns: Sequence[str]) -> tuple[Members, set[int]]:
    """The members with the columns of all earlier releases of exactly the same students, and which those are."""
    whole, joined = members, set()
    for position in reversed(range(len(earlier))):
        past = earlier[position].members
        if same_students(whole, past, columns):
            joined.add(position)
            whole = Members({**past.levels, **whole.levels}, {**past.codes, **whole.codes}, members.prints)
    return whole, joined


def same_students(one: Members, other: Members, columns: Sequence[str]) -> bool:
    """Whether two releases are about the same students, who have the same levels of the columns that both have."""
    return np.array_equal(one.prints[STUDENTS], other.prints[STUDENTS]) and all(
        one.levels[column] == other.levels[column] and np.array_equal(one.codes[column], other.codes[column])
        for column in columns
        if column in one.codes and column in other.codes
    )


def reference(board: Board, place: int, minimum: int) -> int | None:
    """A published group that differs from a withheld one by fewer than the minimum: “about” its size may be said.

    It has twice the minimum at least. In a smaller one, that nothing is said would tell that both parts are small.
    """
    said_before = board.release[place] < 0 or "about" in board.known[place]
    if board.inside[place].sum() >= minimum and place not in board.silent and said_before:
        near = (board.inside ^ board.inside[place]).sum(axis=1) < minimum
        for other in [*np.flatnonzero(np.array(board.release) >= 0), *board.ours]:
            if near[other] and board.shown[other] and interval(board, other, minimum)[0] >= 2 * minimum - 1:
                return int(other)
    return None


def audit(board: Board, members: Members, earlier: Sequence[Earlier], minimum: int) -> None:
    """Hide cells of this release until every withheld count stays open over `WIDTH` students."""
    columns = sorted({column for cell in board.cells for column, _ in cell.levels})
    whole, joined = together(members, earlier, columns)
    linked = [p for p, release in enumerate(board.release) if release < 0 or release in joined]
    ways = combine(whole, [board.cells[p] for p in linked])
    inside = {p: ways.inside(board.cells[p]) for p in linked}
    while (found := _narrow(board, whole, ways, inside, minimum)) is not None:
        if board.shown[found]:
            board.hide(found)
            settle(board, minimum)
        else:
            board.silent.add(found)


def _narrow(board: Board, members: Members, ways: Combinations, inside: dict[int, Flags], minimum: int) -> int | None:
    """The next cell of which less is said because some withheld count is too well known; None when all are safe."""
    spoken = [p for p in board.ours if not board.shown[p] and reference(board, p, minimum) is not None]
    if not spoken and not any(board.shown[p] for p in board.ours):
        return None
    facts = _known(board, members, ways, inside, minimum)
    told = {board.cells[p].levels for p in inside if board.shown[p]}  # in another table: no secret
    hidden = [p for p in inside if not board.shown[p] and inside[p].any() and not inside[p].all()]
    hidden = [p for p in hidden if board.cells[p].levels not in told]
    singles = [*_small_levels(members, ways, minimum), *_small_overlaps(board, inside, minimum)]
    targets = [*(inside[p] for p in hidden), *(mask for mask, _ in singles)]
    if not targets:
        return None
    ranges = np.array(facts.ranges([_row(mask) for mask in targets], [WIDTH + 2.0] * len(targets)))
    widths = np.floor(ranges[:, 1] + 1e-6) - np.ceil(ranges[:, 0] - 1e-6)
    sizes = [int(board.inside[p].sum()) for p in hidden] + [size for _, size in singles]
    least = [_width(size, minimum, len(board.cells[p].levels) == 1) for p, size in zip(hidden, sizes, strict=False)]
    least += [_width(size, minimum, True) for size in sizes[len(hidden) :]]
    for position in np.flatnonzero(widths < np.array(least)):
        around = [p for p in board.family(hidden[position]) if p in inside] if position < len(hidden) else []
        if spoken:
            return max(set(spoken) & set(around) or spoken)
        found = next_to_hide(board, around) if around else None
        return max(p for p in board.ours if board.shown[p]) if found is None else found
    return None


def _width(size: int, minimum: int, seen: bool) -> int:
    """How open a count must stay: with a minimum under 7 the minimum itself says more, and nothing else may."""
    return min(WIDTH, minimum - 1 - seen) if size < minimum else WIDTH


def _small_levels(members: Members, ways: Combinations, minimum: int) -> Iterator[tuple[Flags, int]]:
    """Levels with few students, asked for in a table of their own or not."""
    for column in ways.columns:
        for level in members.levels[column]:
            cell = Cell(STUDENTS, ((column, level),))
            size = int(members.where(STUDENTS, cell.levels).sum())
            if 0 < size < minimum:
                yield ways.inside(cell), size


def _near(board: Board, inside: dict[int, Flags], minimum: int) -> Iterator[tuple[int, int]]:
    """Published groups of nearly the same size that are not the same students."""
    shown = [(place, *interval(board, place, minimum)) for place in inside if board.shown[place]]
    for (one, *first), (other, *second) in combinations(shown, 2):
        is_near = max(first[0], second[0]) - min(first[1], second[1]) < minimum
        if is_near and (board.inside[one] != board.inside[other]).any():
            yield one, other


def _small_overlaps(board: Board, inside: dict[int, Flags], minimum: int) -> Iterator[tuple[Flags, int]]:
    """Of two published groups those few who are in both, or in one alone."""
    for one, other in combinations([place for place in inside if board.shown[place]], 2):
        for keep, drop in ((True, True), (True, False), (False, True)):
            size = int(((board.inside[one] == keep) & (board.inside[other] == drop)).sum())
            if 0 < size < minimum:
                yield (inside[one] == keep) & (inside[other] == drop), size


def _row(some: Flags) -> Row:
    return dict.fromkeys(np.flatnonzero(some).tolist(), 1.0)


def _known(board: Board, members: Members, ways: Combinations, inside: dict[int, Flags], minimum: int) -> Knowledge:
    everybody = len(members.prints[STUDENTS])
    facts = Knowledge([0.0] * len(ways), [float(everybody)] * len(ways))
    facts.learn(_row(np.ones(len(ways), dtype=bool)), everybody, everybody)
    for column in ways.columns:
        for level in members.levels[column]:
            if members.where(STUDENTS, ((column, level),)).any():
                facts.learn(_row(ways.inside(Cell(STUDENTS, ((column, level),)))), 1, everybody)
    for one, other in _near(board, inside, minimum):  # or one of them would not have been published
        facts.learn(_row(inside[one] ^ inside[other]), minimum, everybody)
    for place, mask in inside.items():
        size = int(board.inside[place].sum())
        if board.shown[place]:
            low, high = interval(board, place, minimum)
            facts.learn(_row(mask), low, high)
        else:
            if board.shown[board.family(place)].any():
                low, high = (0, minimum - 1) if size < minimum else (minimum, everybody)
                facts.learn(_row(mask), low, high)
            near = reference(board, place, minimum)
            if near is not None:
                facts.learn(_row(mask), *about(board, near, minimum))
            if near in inside:
                facts.learn(_row(mask ^ inside[near]), 0, minimum - 1)
    return facts


def about(board: Board, near: int, minimum: int) -> tuple[float, float]:
    """What “about” the size of a published group says."""
    low, high = interval(board, near, minimum)
    return max(minimum, low - minimum + 1), high + minimum - 1


def interval(board: Board, place: int, minimum: int) -> tuple[float, float]:
    """What the published count of a cell says."""
    if board.release[place] >= 0:
        return board.known[place]["count"]
    shown = count(int(board.inside[place].sum()), minimum)
    return shown.low, shown.high

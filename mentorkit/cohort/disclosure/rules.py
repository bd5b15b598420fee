"""Which cells are withheld by the rules on sets of students: primary and complementary suppression.

1. A cell of fewer students than the minimum is withheld.
2. No published group differs by fewer students than the minimum from another published group, or from several
   published groups of one table taken together, in this release or any earlier one: what can be subtracted is about
   the minimum or more. A difference of nobody tells of an empty cell when one group is described as a part of the
   other and not all parts are published: then it is not allowed either.

What is hidden next is chosen by the order in which cells were asked for and never by their size, so that the choice
says nothing about it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mentorkit.cohort.disclosure.board import Board
from mentorkit.cohort.disclosure.cells import implies

Counts = np.ndarray[Any, np.dtype[np.int64]]


def settle(board: Board, minimum: int) -> None:
    """Hide cells of this release until both rules hold."""
    sizes = board.sizes
    for place in board.ours:
        if sizes[place] < minimum:
            board.hide(place)
    _settle_changed(board, minimum)
    common = board.inside.astype(np.int64) @ board.inside.T.astype(np.int64)
    while (found := _too_near(board, common, minimum)) is not None:
        board.hide(found)


def next_to_hide(board: Board, around: Sequence[int]) -> int | None:
    """Of a table's cells, the published one of this release after the first withheld one, else the nearest before."""
    hidden = [position for position, place in enumerate(around) if not board.shown[place]]
    start = hidden[0] if hidden else len(around) - 1
    for position in [*range(start, len(around)), *range(start - 1, -1, -1)]:
        if board.shown[around[position]] and board.release[around[position]] < 0:
            return int(around[position])
    return None


def _settle_changed(board: Board, minimum: int) -> None:
    """When fewer than the minimum joined, left or changed since a release, its question is not answered anew at all."""
    for place in board.ours:
        cell = board.cells[place]
        if cell.free or cell.band:
            continue
        for other, past in enumerate(board.cells):
            if board.release[other] >= 0 and board.shown[other] and past.where == cell.where:
                differing = int((board.inside[place] ^ board.inside[other]).sum())
                if 0 < differing < minimum:
                    for mine in board.ours:
                        board.hide(mine)
                    return


def _too_near(board: Board, common: Counts, minimum: int) -> int | None:
    """A cell to hide because a difference of published groups is about too few; None when there is none."""
    sizes = np.diag(common)
    shown = np.flatnonzero(board.shown)
    ours = np.array(board.release) < 0
    for parts in _partitions(board, common):
        mine = np.array(parts)
        within = common[np.ix_(shown, mine)]
        taken = 2 * within > sizes[mine]
        distance = sizes[shown] + (taken * (sizes[mine] - 2 * within)).sum(axis=1)
        for row in np.flatnonzero((distance < minimum) & taken.any(axis=1)):
            chosen, union = int(shown[row]), [int(part) for part in mine[taken[row]]]
            if chosen in union or not (ours[chosen] or ours[union].any()):
                continue
            if distance[row] == 0 and _tells_nothing(board, chosen, union):
                continue
            return _loser(board, chosen, union)
    return None


def _partitions(board: Board, common: Counts) -> list[list[int]]:
    """Published cells that share nobody and are told apart by the same columns: those of each release, and of all.

    Each cell is in one list at least: where two share somebody, as groups of several levels do, they are in two.
    """
    found: dict[object, list[list[int]]] = {}
    for place in np.flatnonzero(board.shown).tolist():
        cell = board.cells[place]
        columns = cell.content, tuple(column for column, _ in cell.where)
        for key in ((columns, board.release[place]), (columns, "all")):
            lists = found.setdefault(key, [])
            free = next((parts for parts in lists if not any(common[place, part] for part in parts)), None)
            if free is None:
                lists.append(free := [])
            free.append(place)
    return [list(parts) for parts in dict.fromkeys(tuple(parts) for lists in found.values() for parts in lists)]


def _tells_nothing(board: Board, place: int, union: Sequence[int]) -> bool:
    """Whether it tells nothing of anybody that the group and the union are the same students.

    So it is when neither is described as a part of the other, and nobody knows; or when the whole table is published.
    """
    whole, parts = board.cells[place], [board.cells[part] for part in union]
    if parts[0].where == whole.where:
        return True
    if all(part.inside(whole) for part in parts):
        described, releases = {part.where for part in parts}, {board.release[part] for part in union}
        alike = [p for p, c in enumerate(board.cells) if c.where in described and board.release[p] in releases]
        return any(_makes_up(board, part, place) for part in alike)
    if len(union) == 1 and whole.inside(parts[0]):
        return _makes_up(board, place, union[0])
    return True


def _makes_up(board: Board, part: int, place: int) -> bool:
    """Whether the part's table divides the group, with every row published."""
    whole, cell = board.cells[place], board.cells[part]
    if not implies(whole.where, cell.among):
        return False
    parts = [p for p in board.family(part) if board.cells[p].inside(whole)]
    return part in parts and bool(board.shown[parts].all())


def _loser(board: Board, place: int, union: Sequence[int]) -> int:
    """Which of two that are too near is withheld: a row rather than its total, and the one asked for later."""
    whole = board.cells[place]
    parts = [p for p in board.family(union[0]) if board.cells[p].inside(whole)]
    if board.cells[union[0]].free and union[0] in parts and (found := next_to_hide(board, parts)) is not None:
        return found
    ours = [p for p in (place, *union) if board.release[p] < 0]
    return max(ours)

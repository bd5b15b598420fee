"""Publishing: members and tables in, a frozen release out, or a refusal in one sentence."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256

import pandas as pd

from mentorkit.cohort.disclosure import counting, rules
from mentorkit.cohort.disclosure.board import Board, Said, lay_out
from mentorkit.cohort.disclosure.cells import all_cells
from mentorkit.cohort.disclosure.ledger import Entry, Ledger, related
from mentorkit.cohort.disclosure.members import STUDENTS, Members, take
from mentorkit.cohort.disclosure.question import Figure, Mean, Shares, Table
from mentorkit.cohort.disclosure.release import Release, sealed
from mentorkit.cohort.disclosure.scale import Scale, relatives
from mentorkit.cohort.disclosure.summing import Sums
from mentorkit.cohort.disclosure.writing import Judged, notes, rows
from mentorkit.errors import MentorkitError, Withheld

LEAST = 5  # no minimum is lower than this


def publish(
    members: pd.DataFrame,
    tables: Sequence[Table],
    *,
    ledger: Ledger,
    cohort: str = "",
    minimum: int = 10,
    on: date | None = None,
    anyway: bool = True,
    look: Callable[[Release], None] | None = None,
) -> Release:
    """Judge the tables together with everything ever released about any of these students, and freeze them.

    `members` has one row a student: `student` (an id that stays the same from reading to reading), the columns that
    make groups, and the students' numbers. The same question about the same data gives the release that was frozen
    for it. Unless `anyway`, a release of which most would be withheld because of earlier ones is not frozen; nor is
    one about which `look` raises an error, which sees it first. Raises `Withheld` then and when nothing can be
    published safely, `MentorkitError` for a question that cannot be asked, `Damaged` when the ledger was tampered
    with, `NotSaved` when it cannot be written.
    """
    if minimum < LEAST:
        raise MentorkitError(f"The minimum is at least {LEAST} students, and {minimum} is fewer.")
    if not tables:
        raise MentorkitError("A release needs at least one table.")
    question = _question(tables, cohort, minimum)
    with ledger.writing() as writing:
        known, frame = take(members, tables, writing.salt)
        digest = known.digest
        for entry in writing.entries:
            if entry.question == question and entry.members.digest == digest:
                return entry.release
        past = related(writing.entries, known)
        if (least := max((entry.published["minimum"] for entry in past), default=minimum)) > minimum:
            raise Withheld(f"These students were released with a minimum of {least}: it can be raised, never lowered.")
        try:
            judged = judge(known, frame, tables, past, minimum)
        except ArithmeticError as error:
            raise Withheld("The check of this release came to no result, so nothing is published.") from error
        numbers = rows(judged, tables)
        if all(row["mark"] == "withheld" for row in numbers):
            raise Withheld(_why_nothing(known, past, minimum))
        if past and not anyway and sum(row["mark"] == "withheld" for row in numbers) > len(numbers) / 2:
            raise Withheld(
                f"Most numbers would be withheld, since release {past[-1].published['number']} was about many of these "
                f"students. Nothing is frozen: keep that release, or wait until {minimum} more students have joined."
            )
        published = {
            "schema": "mentorkit-release/1",
            "number": len(writing.entries) + 1,
            "cohort": cohort,
            "minimum": minimum,
            "on": (on or date.today()).isoformat(),
            "numbers": numbers,
            "notes": notes(numbers, minimum),
        }
        release = sealed(json.loads(json.dumps(published)))
        if look:
            look(release)
        writing.freeze(Entry(published, question, known, _said(judged), judged.scales))
        return release


def judge(known: Members, frame: pd.DataFrame, tables: Sequence[Table], past: Sequence[Entry], minimum: int) -> Judged:
    """Decide what is published and what is withheld, together with the entries about any of these students."""
    earlier = [entry.earlier for entry in past]
    scales = _scales(tables, past)
    cells = all_cells(tables, known)
    contents = dict.fromkeys([*(cell.content for cell in cells), *known.prints])
    for content in [name for name in contents if name in scales]:
        contents.update(dict.fromkeys(relatives(content, scales)))
    boards = {content: lay_out(content, cells, known, earlier) for content in contents}
    for content, board in boards.items():
        _hide_small_figures(board, tables, content)
        rules.settle(board, minimum)
    counting.audit(boards[STUDENTS], known, earlier, minimum)
    for content, board in boards.items():
        if content != STUDENTS:
            _hide_unspoken(board, boards[STUDENTS], minimum)
    judged = Judged(known, frame, boards, scales, minimum)
    everyone = [known, *(past_release.members for past_release in earlier)]
    done: set[str] = set()
    for content in scales:
        if content not in done and content in boards:
            family = relatives(content, scales)
            done |= set(family)
            _audit_sums(judged, family, everyone, tables)
    return judged


def _audit_sums(judged: Judged, family: Sequence[str], everyone: Sequence[Members], tables: Sequence[Table]) -> None:
    boards = {content: judged.boards[content] for content in family if content in judged.boards}
    for content, board in boards.items():
        _fill_in(judged, content, board, tables)
    sums = Sums(boards, judged.scales, everyone, judged.answers, judged.minimum)
    while (found := sums.narrow()) is not None:
        boards[found[0]].hide(found[1])
        rules.settle(boards[found[0]], judged.minimum)


def _fill_in(judged: Judged, content: str, board: Board, tables: Sequence[Table]) -> None:
    """What this release's cells would tell if they were published."""
    asks = [ask for table in tables for ask in table.asks if ask.content == content]
    mean = next((ask for ask in asks if isinstance(ask, Mean)), None)
    for place in board.ours:
        cell = board.cells[place]
        if board.shown[place] and cell.band:
            share = judged.share(cell)
            board.known[place]["share"] = (share.low, share.high)
        elif board.shown[place] and mean:
            shown = judged.mean(cell, mean)
            board.known[place]["mean"] = (shown.low, shown.high)
            if mean.spread or mean.interval:
                deviation = judged.deviation(cell, mean)
                board.known[place]["sd"] = (deviation.low, min(deviation.high, mean.high - mean.low))


def _hide_small_figures(board: Board, tables: Sequence[Table], content: str) -> None:
    """Figures that need more students than the minimum."""
    least = max((a.least for t in tables for a in t.asks if a.content == content and isinstance(a, Figure)), default=0)
    for place in board.ours:
        if board.inside[place].sum() < least:
            board.hide(place)


def _hide_unspoken(board: Board, counts: Board, minimum: int) -> None:
    """Of a group whose size is not said, not even about, nothing is said."""
    spoken = {
        counts.cells[p].levels
        for p in counts.ours
        if counts.shown[p] or counting.reference(counts, p, minimum) is not None
    }
    for place in board.ours:
        if board.cells[place].levels not in spoken:
            board.hide(place)
    rules.settle(board, minimum)


def _scales(tables: Sequence[Table], past: Sequence[Entry]) -> dict[str, Scale]:
    scales: dict[str, Scale] = {}
    for entry in past:
        scales.update(entry.scales)
    asks = [ask for table in tables for ask in table.asks]
    for ask in asks:
        if isinstance(ask, Mean):
            before = scales.get(ask.content)
            scales[ask.content] = Scale(ask.low, ask.high, ask.step, ask.change, before.edges if before else None)
    for ask in asks:
        if isinstance(ask, Shares):
            old = scales.get(ask.content)
            edges = {**(old.edges or {} if old else {}), **({ask.band_column: ask.edges} if ask.edges else {})}
            low, high = (ask.edges[0], ask.edges[-1]) if ask.edges else (0.0, 1.0)
            scales[ask.content] = (
                Scale(old.low, old.high, old.step, old.change, edges) if old else Scale(low, high, 5.0, None, edges)
            )
    for scale in list(scales.values()):
        for name in scale.change or ():
            scales.setdefault(name, Scale(0.0, 100.0, 5.0))
    return scales


def _said(judged: Judged) -> tuple[Said, ...]:
    """What this release told, for those who judge the next."""
    said = []
    for content, board in judged.boards.items():
        for place in board.ours:
            shown = bool(board.shown[place])
            known = dict(board.known[place]) if shown else {}
            if content == STUDENTS:
                near = counting.reference(board, place, judged.minimum)
                if shown:
                    known["count"] = counting.interval(board, place, judged.minimum)
                elif near is not None:
                    known["about"] = counting.about(board, near, judged.minimum)
            said.append(Said(board.cells[place], shown, known))
    return tuple(said)


def _question(tables: Sequence[Table], cohort: str, minimum: int) -> str:
    asked = {"tables": [table.described() for table in tables], "cohort": cohort, "minimum": minimum}
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()


def _why_nothing(known: Members, entries: Sequence[Entry], minimum: int) -> str:
    """The sentence of a refusal."""
    if len(known.prints[STUDENTS]) < minimum:
        return f"Nothing is published about fewer than {minimum} students, and so few are here."
    for past in reversed([entry.earlier for entry in entries]):
        differing = len(set(known.prints[STUDENTS].tolist()) ^ set(past.members.prints[STUDENTS].tolist()))
        if differing < minimum:
            return (
                f"Since release {past.number} fewer than {minimum} students joined, left or changed their answers: "
                f"a new release would show theirs. Release {past.number} stays as it is."
            )
    return (
        f"Every group here has fewer than {minimum} students, or would let such a group be worked out: "
        "ask for fewer groups."
    )

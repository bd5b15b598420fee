"""From what was judged to the rows of a release: rounding, intervals from rounded numbers, and the notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd

from mentorkit.cohort.disclosure import rounding
from mentorkit.cohort.disclosure.board import Board
from mentorkit.cohort.disclosure.cells import Cell, Levels, cell_of, groups
from mentorkit.cohort.disclosure.counting import about, interval, reference
from mentorkit.cohort.disclosure.members import STUDENTS, Answers, Members
from mentorkit.cohort.disclosure.question import Ask, Figure, Mean, Shares, Table, Verdict
from mentorkit.cohort.disclosure.rounding import Shown
from mentorkit.cohort.disclosure.scale import Scale

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Judged:
    """The cells of a release with what is shown of each decided."""

    members: Members
    frame: pd.DataFrame  # in the order of the members
    boards: dict[str, Board]
    scales: dict[str, Scale]
    minimum: int

    def shown(self, cell: Cell) -> bool:
        """Whether a cell is published."""
        board = self.boards[cell.content]
        return bool(board.shown[board.cells.index(cell)])

    def mean(self, cell: Cell, ask: Mean) -> Shown:
        """The mean of a cell."""
        return rounding.coded(float(np.mean(self._numbers(cell))), ask.step, ask.low, ask.high)

    def deviation(self, cell: Cell, ask: Mean) -> Shown:
        """The standard deviation (n − 1) of a cell."""
        return rounding.spread(float(np.std(self._numbers(cell), ddof=1)), ask.step, ask.low, ask.high)

    def share(self, cell: Cell) -> Shown:
        """The share of a group's students who are in a band, in percent."""
        inside, whole = (self.members.where(c.content, c.where).sum() for c in (cell, cell.whole))
        return rounding.coded(100 * float(inside) / float(whole), rounding.SHARE_STEP, 0, 100)

    def rows_of(self, cell: Cell) -> pd.DataFrame:
        """The students of a cell."""
        return self.frame[self.members.where(cell.content, cell.where)]

    def _numbers(self, cell: Cell) -> Answers:
        return self.answers[cell.content][self.members.where(cell.content, cell.where)]

    @cached_property
    def answers(self) -> dict[str, Answers]:
        """Of each content that is a number, each student's; NaN for none."""
        ours = [content for content in self.members.prints if content in self.frame]
        numeric = [content for content in ours if pd.api.types.is_numeric_dtype(self.frame[content])]
        return {content: self.frame[content].to_numpy(dtype=float, na_value=nan) for content in numeric}

    def count(self, cell: Cell) -> tuple[int | None, str, int]:
        """The number shown of a cell's students, its mark, and the fewest that it can mean.

        Who contributes are said to be about as many as the group has, or as the published group nearest to it.
        """
        board = self.boards[STUDENTS]
        own = Cell(STUDENTS, cell.levels, cell.free, cell.among)
        place = board.cells.index(own)
        if cell.content == STUDENTS and board.shown[place]:
            low, high = interval(board, place, self.minimum)
            return int(high) - rounding.COUNT_REACH, "rounded", int(low)
        near = place if board.shown[place] else reference(board, place, self.minimum)
        if near is None or self._differing(cell, board, near) >= self.minimum:
            return None, "withheld", self._half(cell, board, near)
        fewest = int(interval(board, near, self.minimum)[1]) - rounding.COUNT_REACH
        return fewest, "about", int(about(board, near, self.minimum)[0])

    def _half(self, cell: Cell, board: Board, near: int | None) -> int:
        """The fewest that contribute: half of the group whose size is published, when they are so many at least."""
        half = 0 if near is None else -(-int(interval(board, near, self.minimum)[1]) // 2)
        return max(half if self.members.where(cell.content, cell.levels).sum() >= half else 0, self.minimum)

    def _differing(self, cell: Cell, board: Board, near: int) -> int:
        """Students by whom the contributors to a cell differ from a group whose size is published."""
        mine = self.members.prints[STUDENTS][self.members.where(cell.content, cell.levels)]
        return len(np.setxor1d(mine, board.prints[board.inside[near]]))


def rows(judged: Judged, tables: Sequence[Table]) -> list[Row]:
    """All numbers of all tables, withheld ones as such."""
    found: list[Row] = []
    for table in tables:
        for group in groups(table, judged.members):
            cell = cell_of(table, group)
            number, mark, _ = judged.count(cell)
            found.append(_row(table, group, "students", "n", number, mark, n=None))
            for ask in table.asks:
                found.extend(_of_ask(judged, table, group, ask))
    return found


def _row(table: Table, group: Levels, what: str, statistic: str, number: float | None, mark: str, **more: Any) -> Row:
    row: Row = {"table": table.name, "group": [list(pair) for pair in group], "what": what, "statistic": statistic}
    return {**row, "band": "", "number": number, "mark": mark, "word": "", "n": None, **more}


def _of_ask(judged: Judged, table: Table, group: Levels, ask: Ask) -> Iterator[Row]:
    cell = cell_of(table, group, ask.content)
    shown = judged.shown(cell)
    n, _, least = judged.count(cell) if shown else (None, "", 0)
    what = ask.name if isinstance(ask, Figure) else ask.column
    if isinstance(ask, Mean):
        for statistic, number, mark in _mean(judged, cell, ask, least) if shown else _withheld_mean(ask):
            yield _row(table, group, what, statistic, number, mark, n=n)
    elif isinstance(ask, Shares):
        for band in ask.bands:
            part = cell_of(table, group, ask.content, (ask.band_column, band))
            share = judged.share(part) if judged.shown(part) else None
            number, mark = (share.number, share.mark) if share else (None, "withheld")
            yield _row(table, group, what, "share", number, mark, band=band, n=n)
    else:
        statistic = type(ask).__name__.lower()
        computed = _computed(judged, cell, ask) if shown else {}
        yield {**_row(table, group, what, statistic, None, "withheld", n=n), **computed}


def _withheld_mean(ask: Mean) -> Iterator[tuple[str, None, str]]:
    for statistic in ("mean", *(["sd"] if ask.spread else []), *(["low", "high"] if ask.interval else [])):
        yield statistic, None, "withheld"


def _mean(judged: Judged, cell: Cell, ask: Mean, least: int) -> Iterator[tuple[str, float | None, str]]:
    mean, deviation = judged.mean(cell, ask), judged.deviation(cell, ask)
    yield "mean", mean.number, mean.mark
    if ask.spread:
        yield "sd", deviation.number, deviation.mark
    if ask.interval:
        low, high = _interval(mean, deviation, least, ask)
        yield "low", low, "rounded"
        yield "high", high, "rounded"


def _interval(mean: Shown, deviation: Shown, least: int, ask: Mean) -> tuple[float, float]:
    """A 95 % interval that holds the t interval of the true numbers, from what is published of them alone.

    mean ± t(.975, n − 1) · SD / √n with the fewest students, the largest SD and each end of the mean that the rounding
    leaves open: it tells nothing more, and is never too narrow.
    """
    from scipy.special import stdtrit

    widest = (ask.high - ask.low) / 2 * sqrt(least / (least - 1))
    half = float(stdtrit(least - 1, 0.975)) * min(deviation.high, widest) / sqrt(least)
    return round(max(ask.low, mean.low - half), 1), round(min(ask.high, mean.high + half), 1)


def _computed(judged: Judged, cell: Cell, ask: Figure | Verdict) -> Row:
    """The rounded figure or the word about a cell; withheld when it cannot be computed."""
    if isinstance(ask, Figure):
        figure = ask.compute(judged.rows_of(cell))
        if figure is None or not -inf < float(figure) < inf:
            return {}
        shown = rounding.coded(float(figure), ask.step, ask.low, ask.high)
        return {"number": shown.number, "mark": shown.mark}
    word = ask.compute(judged.rows_of(Cell(STUDENTS, cell.levels)))
    if word is not None and word not in ask.words:
        raise ValueError(f"the verdict on {ask.column} is none of its words")
    return {"mark": "word", "word": word} if word else {}


def notes(numbers: Sequence[Mapping[str, Any]], minimum: int) -> list[str]:
    """How to read the release, a sentence each."""
    withheld = sum(row["mark"] == "withheld" for row in numbers)
    said = [
        f"Nothing is said about fewer than {minimum} students. Numbers of students are rounded to the nearest 5, means "
        "and standard deviations to 5 of 100, shares to 5 %; “at most” and “at least” are said of rounded numbers too.",
        f"“About” so many students: there are fewer than {minimum} more or fewer.",
    ]
    if withheld:
        said.append(
            f"{withheld:,} of {len(numbers):,} numbers are withheld: they are about fewer than {minimum} students, "
            "would let such a number be worked out, or rest on too few answers to be computed."
        )
    return [*said, "Not for the evaluation of students or mentors."]

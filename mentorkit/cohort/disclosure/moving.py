"""Witnesses: other answers that would have led to the same publication, and so cannot be told from the true ones.

They spare most linear programs. The answers of the students in question are moved up as far as everything published
stays as it is, and down; what lies between was possible. Where that is not far enough, the programs decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mentorkit.cohort.disclosure.board import Board, Flags
from mentorkit.cohort.disclosure.members import Answers, Members
from mentorkit.cohort.disclosure.scale import Scale

STEPS = (1.0, 0.5, 0.25)  # how far answers are moved, in rounding steps


@dataclass(frozen=True, eq=False)
class Witness:
    """The true answers of this release, against all that any release says of them."""

    boards: Mapping[str, Board]
    scales: Mapping[str, Scale]
    members: Members
    answers: Mapping[str, Answers]  # of each content, in the members' order; NaN for none

    def open_over(self, content: str, students: Flags) -> float:
        """How far the mean of these students is open at least; 0 when this cannot tell."""
        if not self._all_here() or content not in self.answers:
            return 0.0
        up = self._moved(content, students, 1)
        return up if up >= self.scales[content].step - 1e-9 else up + self._moved(content, students, -1)

    def _all_here(self) -> bool:
        tied = [name for content in self.boards for name in self.scales[content].change or ()]
        published = [content for content, board in self.boards.items() if board.shown.any()]
        return all(name in self.answers for name in (*tied, *published))

    def _moved(self, content: str, students: Flags, sign: int) -> float:
        """How far their mean moves with what is published unchanged."""
        scale = self.scales[content]
        moved = scale.change[0] if scale.change else content
        for step in STEPS:
            answers = dict(self.answers)
            limits = self.scales[moved]
            answers[moved] = np.where(
                students, np.clip(answers[moved] + sign * step * scale.step, limits.low, limits.high), answers[moved]
            )
            for name, other in self.scales.items():
                if other.change and name in answers and moved in other.change:
                    after, before = other.change
                    answers[name] = np.where(np.isnan(answers[name]), np.nan, answers[after] - answers[before])
            if all(self._unchanged(name, answers[name]) for name in self.boards if name in answers):
                before_it = self.answers[content][students]
                return abs(float(np.mean(answers[content][students] - before_it)))
        return 0.0

    def _unchanged(self, content: str, answers: Answers) -> bool:
        """Whether everything published of a content would be as it is with these answers."""
        moved = ~np.isclose(answers, self.answers[content], rtol=0, atol=0, equal_nan=True)
        if not moved.any():
            return True
        board = self.boards[content]
        for place, whole, gone in self._published[content]:
            if not (whole & moved).any():
                continue
            if gone:
                return False
            known, given = board.known[place], answers[whole]
            numbers = {"mean": np.mean, "sd": _deviation, "share": self._share_in(content, board, place)}
            for name, number in numbers.items():
                if name in known and not known[name][0] <= number(given) <= known[name][1]:
                    return False
        return True

    @cached_property
    def _published(self) -> dict[str, list[tuple[int, Flags, bool]]]:
        """Of each content the published cells: whose answers they hold, and whether some of these are gone now."""
        found: dict[str, list[tuple[int, Flags, bool]]] = {}
        for content, board in self.boards.items():
            if content in self.members.prints:
                prints = self.members.prints[content]
                holding, gone = board.holding(prints), ~np.isin(board.prints, prints)
                wholes = [(place, board.whole_of(place)) for place in np.flatnonzero(board.shown).tolist()]
                found[content] = [(p, holding[whole], bool(board.inside[whole, gone].any())) for p, whole in wholes]
        return found

    def _share_in(self, content: str, board: Board, place: int) -> Any:
        def share(given: Answers) -> float:
            name, band = board.cells[place].band or ("", "")
            edges = (self.scales[content].edges or {}).get(name)
            if edges is None:
                return float("nan")
            number = self.members.levels[name].index(band) if name in self.members.levels else -1
            if number < 0:
                return float("nan")
            inside = np.searchsorted(np.array(edges[1:-1]), given, side="right") == number
            return 100 * float(inside.mean())

        return share


def _deviation(given: Answers) -> float:
    return float(np.std(given, ddof=1))

"""A board: all cells of one content, of this release and of earlier ones, over the same students."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mentorkit.cohort.disclosure.cells import Cell
from mentorkit.cohort.disclosure.members import Members

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Said:
    """A cell of an earlier release, and what is known from it: intervals in which the true numbers lie."""

    cell: Cell
    shown: bool  # else withheld
    known: dict[str, tuple[float, float]]  # "count", "mean", "share", each when published


@dataclass(frozen=True, eq=False)
class Earlier:
    """An earlier release that has students in common with this one."""

    number: int
    minimum: int
    members: Members
    said: tuple[Said, ...]


@dataclass(eq=False)
class Board:
    """The cells of one content over every contribution that any release knows of."""

    prints: np.ndarray[Any, np.dtype[np.uint64]]  # each contribution once, sorted
    cells: list[Cell]  # this release's first, in the order asked for
    inside: Flags  # cells × contributions
    shown: Flags  # cells that are published; this release's may still be hidden
    release: list[int]  # -1 for this release, else the position of the earlier one
    known: list[dict[str, tuple[float, float]]]  # from its publication: "count", "about", "mean", "share"
    silent: set[int] = field(default_factory=set)  # withheld cells of this release of which not even “about” is said

    @property
    def sizes(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Students in each cell."""
        return np.asarray(self.inside.sum(axis=1))

    @property
    def ours(self) -> list[int]:
        """The positions of this release's cells."""
        return [place for place, release in enumerate(self.release) if release < 0]

    def family(self, place: int) -> list[int]:
        """The cells that share nobody with this one: the same table of the same release."""
        mine, release = self.cells[place].family, self.release[place]
        return [p for p, cell in enumerate(self.cells) if self.release[p] == release and cell.family == mine]

    def whole_of(self, place: int) -> int:
        """For a band, the cell of everybody of its group; else the cell itself."""
        cell, release = self.cells[place], self.release[place]
        if not cell.band:
            return place
        return next(
            p
            for p, other in enumerate(self.cells)
            if self.release[p] == release and not other.band and other.levels == cell.levels
        )

    def holding(self, prints: np.ndarray[Any, np.dtype[np.uint64]]) -> Flags:
        """Which of these contributions each cell has; 0 is in none."""
        if not len(self.prints):
            return np.zeros((len(self.cells), len(prints)), dtype=bool)
        spot = np.minimum(np.searchsorted(self.prints, prints), len(self.prints) - 1)
        return np.asarray(self.inside[:, spot] & (self.prints[spot] == prints))

    def hide(self, place: int) -> None:
        """Withhold a cell of this release, and with a group's contributions its bands."""
        self.shown[place] = False
        cell = self.cells[place]
        if not cell.band:
            for other in self.ours:
                if self.cells[other].band and self.cells[other].whole.levels == cell.levels:
                    self.shown[other] = False


def lay_out(content: str, cells: Sequence[Cell], members: Members, earlier: Sequence[Earlier]) -> Board:
    """The board of one content, everything asked for still shown."""
    known_to = [release for release in earlier if content in release.members.prints]
    everyone = [known.prints[content] for known in (members, *(r.members for r in known_to)) if content in known.prints]
    prints = np.unique(np.concatenate(everyone)) if everyone else np.zeros(0, dtype=np.uint64)
    prints = prints[prints != 0]
    ours = [cell for cell in cells if cell.content == content]
    rows = [_over(prints, members, cell) for cell in ours]
    board_cells, release, shown = list(ours), [-1] * len(ours), [True] * len(ours)
    known: list[dict[str, tuple[float, float]]] = [{} for _ in ours]
    for position, past in enumerate(earlier):
        for said in past.said:
            if said.cell.content == content:
                board_cells.append(said.cell)
                release.append(position)
                known.append(dict(said.known))
                shown.append(said.shown)
                rows.append(_over(prints, past.members, said.cell))
    inside = np.array(rows, dtype=bool).reshape(len(rows), len(prints))
    return Board(prints, board_cells, inside, np.array(shown, dtype=bool), release, known)


def _over(prints: np.ndarray[Any, Any], members: Members, cell: Cell) -> Flags:
    """The contributions of a cell, on the board's list."""
    found = np.zeros(len(prints), dtype=bool)
    mine = members.prints[cell.content][members.where(cell.content, cell.where)]
    found[np.searchsorted(prints, mine)] = True
    return found

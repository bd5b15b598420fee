"""What is known of answers, as linear inequalities: the mean of each atom, its mean square, its shares in bands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from mentorkit.cohort.disclosure.atoms import Atoms
from mentorkit.cohort.disclosure.board import Board, Flags
from mentorkit.cohort.disclosure.ranges import Knowledge, Row
from mentorkit.cohort.disclosure.scale import Scale

SQUARE = "mean square"
TANGENTS = 6  # on a scale of 0 to 100 they miss a square by 100 at most: an SD of 10


@dataclass(eq=False)
class Unknowns:
    """The unknowns of contents that are tied to one another, and all that was published of them."""

    boards: Mapping[str, Board]
    scales: Mapping[str, Scale]
    atoms: Atoms
    means: bool = True  # else of shares alone
    facts: Knowledge = field(default_factory=Knowledge)
    _at: dict[object, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for content, board in self.boards.items():
            self._add(content, board)
        for content, board in self.boards.items():
            self._learn_bands(content, board)
            self._learn_published(content, board)
            if self.means:
                self._learn_change(content)
            if self.means and _spread_known(board):
                self._learn_squares(content)
                self._learn_spreads(content, board)

    def over(self, content: str, atoms: Flags, of: object = None, times: float = 1.0) -> Row:
        """The sum over the students of some atoms: of the content, of its square, or of being in a band."""
        key = (of,) if of else ()
        some, sizes = np.flatnonzero(atoms).tolist(), self.atoms.sizes
        return {self._at[content, atom, *key]: times * float(sizes[atom]) for atom in some}

    def _of(self, content: str) -> Iterator[int]:
        yield from np.flatnonzero(self.atoms.has[content]).tolist()

    def _add(self, content: str, board: Board) -> None:
        scale, squares, bands = self.scales[content], _spread_known(board), _bands(board)
        for atom in self._of(content):
            self._at[content, atom] = self.facts.add(scale.low, scale.high)
            if squares:
                self._at[content, atom, SQUARE] = self.facts.add(0.0, max(scale.low**2, scale.high**2))
            for band in (band for some in bands.values() for band in some):
                self._at[content, atom, band] = self.facts.add(0.0, 1.0)

    def _learn_bands(self, content: str, board: Board) -> None:
        """The shares of an atom add up to one; its mean lies between what the bands' edges allow."""
        for name, bands in _bands(board).items():
            edges = (self.scales[content].edges or {}).get(name)
            for atom in self._of(content):
                places = [self._at[content, atom, band] for band in bands]
                self.facts.learn(dict.fromkeys(places, 1.0), 1, 1)
                if edges and self.means:
                    mean = {self._at[content, atom]: -1.0}
                    self.facts.learn({**mean, **dict(zip(places, edges[:-1], strict=True))}, -np.inf, 0)
                    self.facts.learn({**mean, **dict(zip(places, edges[1:], strict=True))}, 0, np.inf)

    def _learn_change(self, content: str) -> None:
        """A change is the answer after less the answer before."""
        if change := self.scales[content].change:
            after, before = change
            for atom in self._of(content):
                if self.atoms.has[after][atom] and self.atoms.has[before][atom]:
                    parts = [self._at[name, atom] for name in (content, after, before)]
                    self.facts.learn(dict(zip(parts, (1.0, -1.0, 1.0), strict=True)), 0, 0)

    def _learn_published(self, content: str, board: Board) -> None:
        """Published means and shares, each within its rounding."""
        for place in np.flatnonzero(board.shown).tolist():
            cell, known = board.cells[place], board.known[place]
            base = board.whole_of(place)
            inside, students = self.atoms.inside[content, base], float(board.inside[base].sum())
            if "share" in known:
                row = self.over(content, inside, cell.band)
                self.facts.learn(row, *(edge / 100 * students for edge in known["share"]))
            if "mean" in known and self.means:
                self.facts.learn(self.over(content, inside), *(edge * students for edge in known["mean"]))

    def _learn_squares(self, content: str) -> None:
        """A mean square q of an atom with mean m: q ≥ 2tm − t² for any t, and q ≤ (low + high)·m − low·high."""
        scale = self.scales[content]
        for atom in self._of(content):
            mean, square = self._at[content, atom], self._at[content, atom, SQUARE]
            for t in np.linspace(scale.low, scale.high, TANGENTS).tolist():
                self.facts.learn({square: 1.0, mean: -2 * t}, -t * t, np.inf)
            self.facts.learn({square: 1.0, mean: -scale.low - scale.high}, -np.inf, -scale.low * scale.high)

    def _learn_spreads(self, content: str, board: Board) -> None:
        """Published standard deviations: (n − 1)·SD² = Σx² − n·mean², the last between tangents and a chord."""
        for place in np.flatnonzero(board.shown).tolist():
            known = board.known[place]
            if "sd" in known:
                n, (a, b), (low, high) = float(board.inside[place].sum()), known["mean"], known["sd"]
                inside = self.atoms.inside[content, place]
                squares = self.over(content, inside, SQUARE)
                chord = {**squares, **self.over(content, inside, times=-(a + b))}
                self.facts.learn(chord, -np.inf, (n - 1) * high**2 - n * a * b)
                for t in (a, (a + b) / 2, b):
                    tangent = {**squares, **self.over(content, inside, times=-2 * t)}
                    self.facts.learn(tangent, (n - 1) * low**2 - n * t * t, np.inf)


def _spread_known(board: Board) -> bool:
    return any("sd" in board.known[place] for place in np.flatnonzero(board.shown).tolist())


def _bands(board: Board) -> dict[str, list[tuple[str, str]]]:
    """The bands of each column of bands, from low to high as they were asked for."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for cell in board.cells:
        if cell.band:
            found.setdefault(cell.band[0], {})[cell.band] = None
    return {name: list(bands) for name, bands in found.items()}

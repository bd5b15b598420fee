"""The audit of means and shares: how far what withheld groups answered can be narrowed down.

Whoever tries is told exactly who is in which group and who answered what question, in every release, and lacks only
the answers. The unknowns are the mean of each set of students that no published group tells apart, and how the set is
spread over the bands. A withheld group's mean must stay open over one rounding step (5 of 100), and so must that of the
few students by whom two published groups differ; a withheld band over 5 students, or over the whole of a smaller group.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mentorkit.cohort.disclosure.board import Board
from mentorkit.cohort.disclosure.counting import WIDTH
from mentorkit.cohort.disclosure.members import Members
from mentorkit.cohort.disclosure.ranges import Knowledge, Numbers
from mentorkit.cohort.disclosure.rules import next_to_hide


@dataclass(frozen=True)
class Scale:
    """What is known of a content beforehand."""

    low: float
    high: float
    step: float
    change: tuple[str, str] | None = None  # (after, before)
    edges: Mapping[str, tuple[float, ...]] | None = None  # of each column of bands over numbers


Place = tuple[str, int]  # a content and a position on its board


def relatives(content: str, scales: Mapping[str, Scale]) -> list[str]:
    """The contents tied to one by being the difference of two others, itself included."""
    found = {content}
    while True:
        tied = {
            name
            for key, scale in scales.items()
            if scale.change and found & {key, *scale.change}
            for name in (key, *scale.change)
        }
        if tied <= found:
            return sorted(found)
        found |= tied


@dataclass(eq=False)
class Sums:
    """The means and shares of contents that are tied to one another, as linear unknowns."""

    boards: Mapping[str, Board]
    scales: Mapping[str, Scale]
    everyone: Sequence[Members]  # of this release first, then of earlier ones
    minimum: int

    def narrow(self) -> Place | None:
        """The next cell to hide because something withheld is too well known; None when all is safe."""
        if not any(board.shown[p] for board in self.boards.values() for p in board.ours):
            return None
        atoms = self._atoms()
        facts, at = self._facts(atoms)
        asked = [*self._mean_targets(atoms, at), *self._band_targets(atoms, at)]
        if not asked:
            return None
        ranges = facts.ranges(np.array([weights for _, weights, _ in asked]))
        for (place, _, least), (low, high) in zip(asked, ranges, strict=True):
            if high - low < least - 1e-6 and (found := self._loser(place)) is not None:
                return found
        return None

    def _atoms(self) -> "Atoms":
        contents = list(self.boards)
        rows, seen = [], {content: np.zeros(0, dtype=np.uint64) for content in contents}
        for members in self.everyone:
            size = max((len(members.prints[c]) for c in contents if c in members.prints), default=0)
            row = np.zeros((size, len(contents)), dtype=np.uint64)
            for column, content in enumerate(contents):
                if content in members.prints:
                    prints = members.prints[content]
                    row[:, column] = np.where(np.isin(prints, seen[content]), 0, prints)
                    seen[content] = np.union1d(seen[content], prints)
            rows.append(row[row.any(axis=1)])
        students = np.concatenate(rows)
        parts, belongs = [], {}
        for column, content in enumerate(contents):
            board, prints = self.boards[content], students[:, column]
            bases = [p for p, cell in enumerate(board.cells) if not cell.band]
            spot = np.clip(np.searchsorted(board.prints, prints), 0, max(0, len(board.prints) - 1))
            inside = np.zeros((len(bases), len(prints)), dtype=bool)
            if len(board.prints):
                inside = board.inside[bases][:, spot] & (prints != 0)
            parts += [inside.T, (prints != 0)[:, None]]
            belongs[content] = bases
        signature, sizes = np.unique(np.concatenate(parts, axis=1), axis=0, return_counts=True)
        column, inside_of, has = 0, {}, {}
        for content in contents:
            for place in belongs[content]:
                inside_of[content, place] = signature[:, column]
                column += 1
            has[content] = signature[:, column]
            column += 1
        return Atoms(sizes, inside_of, has)

    def _facts(self, atoms: "Atoms") -> tuple[Knowledge, dict[object, int]]:
        low: list[float] = []
        high: list[float] = []
        at: dict[object, int] = {}
        bands = {c: sorted({cell.band for cell in b.cells if cell.band}) for c, b in self.boards.items()}
        for content in self.boards:
            scale = self.scales[content]
            for atom in np.flatnonzero(atoms.has[content]):
                at[content, atom] = len(low)
                low.append(scale.low)
                high.append(scale.high)
                for band in bands[content]:
                    at[content, atom, band] = len(low)
                    low.append(0.0)
                    high.append(1.0)
        facts = Knowledge(np.array(low), np.array(high))
        for content in self.boards:
            self._learn_bands(content, facts, atoms, at, bands[content])
            self._learn_changes(content, facts, atoms, at)
            self._learn_published(content, facts, atoms, at)
        return facts, at

    def _learn_bands(self, content: str, facts: Knowledge, atoms: "Atoms", at: dict[object, int], bands: Any) -> None:
        """The shares of a set add up to one; its mean lies between what the bands' edges allow."""
        for name in sorted({column for column, _ in bands}):
            levels = self._levels(name)
            edges = (self.scales[content].edges or {}).get(name)
            for atom in np.flatnonzero(atoms.has[content]):
                places = [at[content, atom, (name, level)] for level in levels if (content, atom, (name, level)) in at]
                whole = np.zeros(len(facts.low))
                whole[places] = 1
                facts.learn(whole, 1, 1)
                if edges and len(places) == len(levels):
                    for side, least, most in ((edges[:-1], 0.0, np.inf), (edges[1:], -np.inf, 0.0)):
                        row = np.zeros(len(facts.low))
                        row[at[content, atom]] = 1
                        row[places] = -np.array(side)
                        facts.learn(row, least, most)

    def _levels(self, name: str) -> tuple[str, ...]:
        return next(members.levels[name] for members in self.everyone if name in members.levels)

    def _learn_changes(self, content: str, facts: Knowledge, atoms: "Atoms", at: dict[object, int]) -> None:
        change = self.scales[content].change
        if change:
            for atom in np.flatnonzero(atoms.has[content] & atoms.has[change[0]] & atoms.has[change[1]]):
                row = np.zeros(len(facts.low))
                row[[at[content, atom], at[change[0], atom], at[change[1], atom]]] = 1, -1, 1
                facts.learn(row, 0, 0)

    def _learn_published(self, content: str, facts: Knowledge, atoms: "Atoms", at: dict[object, int]) -> None:
        board = self.boards[content]
        for place in np.flatnonzero(board.shown):
            cell, known = board.cells[place], board.known[place]
            if cell.band and "share" in known:
                base = self._base(content, int(place))
                weights = atoms.weights(content, base, at, len(facts.low), cell.band)
                students = board.inside[base].sum()
                facts.learn(weights, *(edge / 100 * students for edge in known["share"]))
            elif "mean" in known:
                students = board.inside[place].sum()
                weights = atoms.weights(content, int(place), at, len(facts.low))
                facts.learn(weights, *(edge * students for edge in known["mean"]))

    def _base(self, content: str, place: int) -> int:
        """The whole group of a band."""
        board = self.boards[content]
        whole = board.cells[place].whole.levels
        mine = board.release[place]
        return next(
            p for p, c in enumerate(board.cells) if board.release[p] == mine and not c.band and c.levels == whole
        )

    def _mean_targets(self, atoms: "Atoms", at: dict[object, int]) -> Iterator[tuple[Place, Numbers, float]]:
        """Withheld groups, and the few students by whom two published ones differ; where means are published."""
        for content, board in self.boards.items():
            if not any("mean" in known for known, shown in zip(board.known, board.shown, strict=True) if shown):
                continue
            step, size = self.scales[content].step, 1 + max(at.values())
            bases = [p for (name, p) in atoms.inside if name == content]
            for place in bases:
                if not board.shown[place] and board.inside[place].any():
                    weights = atoms.weights(content, place, at, size)
                    yield (content, place), weights / board.inside[place].sum(), step
            published = [p for p in bases if board.shown[p]]
            for one in published:
                for other in published:
                    few = int((board.inside[one] & ~board.inside[other]).sum())
                    if 0 < few < self.minimum and min(board.release[one], board.release[other]) < 0:
                        left = atoms.inside[content, one] & ~atoms.inside[content, other]
                        weights = atoms.of(content, left, at, size)
                        yield (content, one if board.release[one] < 0 else other), weights / few, step

    def _band_targets(self, atoms: "Atoms", at: dict[object, int]) -> Iterator[tuple[Place, Numbers, float]]:
        for content, board in self.boards.items():
            for place, cell in enumerate(board.cells):
                if cell.band and not board.shown[place]:
                    base = self._base(content, place)
                    students = int(board.inside[base].sum())
                    if students:
                        weights = atoms.weights(content, base, at, 1 + max(at.values()), cell.band)
                        yield (content, place), weights, float(min(WIDTH, students))

    def _loser(self, target: Place) -> Place | None:
        """The next published cell of the target's table, else the last published one of anything tied to it."""
        content, place = target
        board = self.boards[content]
        if board.shown[place] and board.release[place] < 0:
            return target
        around = board.family(place)
        if board.cells[place].band:
            around = [p for p in around if board.cells[p].levels == board.cells[place].levels]
        if (found := next_to_hide(board, around)) is not None:
            return content, found
        for name in [content, *(other for other in self.boards if other != content)]:
            if left := [p for p in self.boards[name].ours if self.boards[name].shown[p]]:
                return name, max(left)
        return None


@dataclass(eq=False)
class Atoms:
    """Sets of students that no cell tells apart."""

    sizes: np.ndarray[Any, np.dtype[np.int64]]
    inside: dict[Place, np.ndarray[Any, np.dtype[np.bool_]]]  # of which sets a cell consists
    has: dict[str, np.ndarray[Any, np.dtype[np.bool_]]]  # which sets contribute to a content

    def weights(self, content: str, place: int, at: dict[object, int], unknowns: int, band: object = None) -> Numbers:
        """The sum over a cell's students of the content, or of being in a band, as weights of the unknowns."""
        return self.of(content, self.inside[content, place], at, unknowns, band)

    def of(self, content: str, atoms: Any, at: dict[object, int], unknowns: int, band: object = None) -> Numbers:
        """The same over a set of atoms."""
        row = np.zeros(unknowns)
        for atom in np.flatnonzero(atoms):
            row[at[(content, atom, band) if band else (content, atom)]] = self.sizes[atom]
        return row

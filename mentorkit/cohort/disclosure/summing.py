"""The audit of means and shares: how far what withheld groups answered can be narrowed down.

Whoever tries is told exactly who is in which group and who answered what question, in every release, and lacks only
the answers. A withheld group's mean must stay open over one rounding step (5 of 100), and so must that of the few
students by whom two published groups differ; a withheld band over 5 students, or over the whole of a smaller group.
That a high mean leaves few for a low band is said of the whole group, and does not count against the band.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mentorkit.cohort.disclosure.atoms import Atoms, Place, find_atoms
from mentorkit.cohort.disclosure.board import Board, Flags
from mentorkit.cohort.disclosure.counting import WIDTH
from mentorkit.cohort.disclosure.members import Answers, Members
from mentorkit.cohort.disclosure.moving import Witness
from mentorkit.cohort.disclosure.rules import next_to_hide
from mentorkit.cohort.disclosure.scale import Scale
from mentorkit.cohort.disclosure.unknowns import Unknowns


@dataclass(frozen=True, eq=False)
class Target:
    """Something that must stay open: the mean of some students, or how many of them are in a band."""

    place: Place  # the cell that it is about
    atoms: Flags  # whose students
    least: float  # over how much
    band: tuple[str, str] | None = None


@dataclass(eq=False)
class Sums:
    """Contents that are tied to one another, over all releases."""

    boards: Mapping[str, Board]
    scales: Mapping[str, Scale]
    everyone: Sequence[Members]  # of this release first, then of earlier ones
    answers: Mapping[str, Answers]  # of this release
    minimum: int

    def narrow(self) -> Place | None:
        """The next cell to hide because something withheld is too well known; None when all is safe."""
        if not any(board.shown[p] for board in self.boards.values() for p in board.ours):
            return None
        atoms = find_atoms(self.boards, self.everyone)
        witness = Witness(self.boards, self.scales, self.everyone[0], self.answers)
        means = [target for target in self._means(atoms) if not _surely_open(target, atoms, witness)]
        return self._too_narrow(means, atoms) or self._too_narrow(list(self._bands(atoms)), atoms)

    def _too_narrow(self, targets: Sequence[Target], atoms: Atoms) -> Place | None:
        """The next cell to hide because of one of these targets, all of them means or all bands."""
        if not targets:
            return None
        unknowns = Unknowns(self.boards, self.scales, atoms, means=not targets[0].band)
        weights = [
            unknowns.over(t.place[0], t.atoms, t.band, 1 if t.band else 1 / float(atoms.sizes[t.atoms].sum()))
            for t in targets
        ]
        ranges = unknowns.facts.ranges(weights, [target.least for target in targets])
        for target, (low, high) in zip(targets, ranges, strict=True):
            if high - low < target.least - 1e-6 and (found := self._loser(target.place)) is not None:
                return found
        return None

    def _means(self, atoms: Atoms) -> Iterator[Target]:
        told = {c for c, b in self.boards.items() if any("mean" in b.known[p] for p in np.flatnonzero(b.shown))}
        if told:
            yield from self._hidden(atoms)
            yield from self._differences(atoms, told)

    def _hidden(self, atoms: Atoms) -> Iterator[Target]:
        """Withheld groups."""
        for (content, place), inside in atoms.inside.items():
            if not self.boards[content].shown[place] and inside.any():
                yield Target((content, place), inside, self.scales[content].step)

    def _differences(self, atoms: Atoms, told: set[str]) -> Iterator[Target]:
        """The few students by whom two published groups differ, at least one of them of this release."""
        published = [place for place in atoms.inside if place[0] in told and self.boards[place[0]].shown[place[1]]]
        ours = {place for place in published if self.boards[place[0]].release[place[1]] < 0}
        seen: set[tuple[str, bytes]] = set()
        for one in published:
            for other in published:
                few = atoms.inside[one] & ~atoms.inside[other]
                if (one in ours or other in ours) and 0 < atoms.sizes[few].sum() < self.minimum:
                    if (one[0], few.tobytes()) not in seen:
                        yield Target((one[0], one[1]), few, self.scales[one[0]].step)
                    seen.add((one[0], few.tobytes()))

    def _bands(self, atoms: Atoms) -> Iterator[Target]:
        """Withheld bands."""
        for content, board in self.boards.items():
            for place, cell in enumerate(board.cells):
                if cell.band and not board.shown[place]:
                    base = board.whole_of(place)
                    if students := int(board.inside[base].sum()):
                        yield Target((content, place), atoms.inside[content, base], min(WIDTH, students), cell.band)

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


def _surely_open(target: Target, atoms: Atoms, witness: Witness) -> bool:
    """Whether other answers show that a mean is open far enough."""
    if target.band:
        return False
    students = np.isin(atoms.of_member, np.flatnonzero(target.atoms))
    return students.sum() == atoms.sizes[target.atoms].sum() and (
        witness.open_over(target.place[0], students) >= target.least
    )

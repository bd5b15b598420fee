"""How far hidden numbers can be narrowed down by linear inequalities: the smallest and largest value of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mentorkit.errors import MentorkitError

Row = Mapping[int, float]  # weights of unknowns, by their place
Numbers = np.ndarray[Any, np.dtype[np.float64]]
TOGETHER = 4000  # unknowns in one program


@dataclass(eq=False)
class Knowledge:
    """What somebody knows: unknowns within bounds, and weighted sums of them within intervals."""

    low: list[float] = field(default_factory=list)  # of each unknown
    high: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    least: list[float] = field(default_factory=list)  # of each row's sum
    most: list[float] = field(default_factory=list)

    def add(self, low: float, high: float) -> int:
        """The place of a new unknown."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def learn(self, row: Row, least: float, most: float) -> None:
        """A weighted sum lies between these two."""
        if row:
            self.rows.append(row)
            self.least.append(least)
            self.most.append(most)

    def ranges(self, targets: Sequence[Row], enough: Sequence[float]) -> list[tuple[float, float]]:
        """The smallest and largest value of each target, or two values at least so far apart as is enough.

        By HiGHS; raises `ArithmeticError` when nothing fits what is known. First some points are found in which many
        targets are large and others small; who is not seen far enough apart in them is asked for alone. Each target
        has its own copy of the unknowns, so that one program answers for many.
        """
        found = self._seen(targets)
        left = [i for i, (low, high) in enumerate(found) if high - low < enough[i]]
        size = max(1, TOGETHER // (2 * max(1, len(self.low))))
        for start in range(0, len(left), size):
            part = left[start : start + size]
            points = self._furthest([sign * self._dense(targets[i]) for i in part for sign in (1, -1)])
            for number, i in enumerate(part):
                values = points[2 * number : 2 * number + 2] @ self._dense(targets[i])
                found[i] = float(values[0]), float(values[1])
        return found

    def _seen(self, targets: Sequence[Row]) -> list[tuple[float, float]]:
        """The targets' smallest and largest values in a few far points."""
        if len(targets) < 2:
            return [(0.0, 0.0)] * len(targets)
        every = np.array([self._dense(row) for row in targets])
        scaled = every / np.abs(every).sum(axis=1, keepdims=True)
        order = np.arange(len(targets))
        signs = [np.where(order // width % 2, 1.0, -1.0) for width in (1, 2)]
        values = self._furthest([way * (sign @ scaled) for sign in signs for way in (1, -1)]) @ every.T
        return [(float(low), float(high)) for low, high in zip(values.min(axis=0), values.max(axis=0), strict=True)]

    def _dense(self, row: Row) -> Numbers:
        weights = np.zeros(len(self.low))
        weights[list(row)] = list(row.values())
        return weights

    def _furthest(self, objectives: Sequence[Numbers]) -> Numbers:
        """For each objective the unknowns that make it smallest."""
        optimize, sparse = _scipy()
        copies, unknowns = len(objectives), len(self.low)
        constraints = []
        if self.rows:
            every = sparse.kron(sparse.eye_array(copies), self._matrix(sparse), format="csc")
            limits = np.tile(self.least, copies), np.tile(self.most, copies)
            constraints = [optimize.LinearConstraint(every, *limits)]
        bounds = optimize.Bounds(np.tile(self.low, copies), np.tile(self.high, copies))
        answer = optimize.milp(np.concatenate(objectives), constraints=constraints, bounds=bounds)
        if answer.x is None:
            raise ArithmeticError(answer.message)
        return np.asarray(answer.x.reshape(copies, unknowns))

    def _matrix(self, sparse: Any) -> Any:
        columns = [place for row in self.rows for place in row]
        weights = [weight for row in self.rows for weight in row.values()]
        ends = np.cumsum([0, *(len(row) for row in self.rows)])
        return sparse.csr_array((weights, columns, ends), shape=(len(self.rows), len(self.low)))


def _scipy() -> tuple[Any, Any]:
    try:
        from scipy import optimize, sparse
    except ImportError as error:
        sentence = "Checking a release needs scipy. Install it: pip install 'mentorkit[cohort]'"
        raise MentorkitError(sentence) from error
    return optimize, sparse

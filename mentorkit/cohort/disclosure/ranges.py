"""How far hidden numbers can be narrowed down by linear inequalities: the smallest and largest value of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mentorkit.errors import MentorkitError

Row = Mapping[int, float]  # weights of unknowns, by their place
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

    def ranges(self, targets: Sequence[Row]) -> list[tuple[float, float]]:
        """The smallest and largest value of each target, by HiGHS; raises `ArithmeticError` when there is none.

        Each target is asked about twice, with its own copy of the unknowns, so that one program answers for many.
        """
        size = max(1, TOGETHER // (2 * max(1, len(self.low))))
        parts = [targets[start : start + size] for start in range(0, len(targets), size)]
        return [ends for part in parts for ends in self._solved(part)]

    def _solved(self, targets: Sequence[Row]) -> list[tuple[float, float]]:
        optimize, sparse = _scipy()
        copies, unknowns = 2 * len(targets), len(self.low)
        objective = np.zeros((copies, unknowns))
        for number, row in enumerate(targets):
            objective[2 * number, list(row)] = list(row.values())
        objective[1::2] = -objective[::2]
        constraints = []
        if self.rows:
            every = sparse.kron(sparse.eye_array(copies), self._matrix(sparse), format="csc")
            limits = np.tile(self.least, copies), np.tile(self.most, copies)
            constraints = [optimize.LinearConstraint(every, *limits)]
        bounds = optimize.Bounds(np.tile(self.low, copies), np.tile(self.high, copies))
        answer = optimize.milp(objective.ravel(), constraints=constraints, bounds=bounds)
        if answer.x is None:
            raise ArithmeticError(answer.message)
        values = (objective * answer.x.reshape(copies, unknowns)).sum(axis=1).tolist()
        return [(low, -high) for low, high in zip(values[::2], values[1::2], strict=True)]

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

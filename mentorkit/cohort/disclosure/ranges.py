"""How far hidden numbers can be narrowed down by linear inequalities: the smallest and largest value of each."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mentorkit.errors import MentorkitError

Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(eq=False)
class Knowledge:
    """What somebody knows: unknowns within bounds, and sums of them within intervals."""

    low: Numbers  # of each unknown
    high: Numbers
    weights: list[Numbers] = field(default_factory=list)  # a row a sum
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def learn(self, weights: Numbers, least: float, most: float) -> None:
        """The weighted sum of the unknowns lies between these two."""
        if weights.any():
            self.weights.append(weights)
            self.least.append(least)
            self.most.append(most)

    def ranges(self, targets: Numbers, together: int = 4000) -> Numbers:
        """The smallest and largest value of each target (a row of weights), by HiGHS; many in one program.

        Each target is asked about twice, with its own copy of the unknowns, so that one call answers for all of them.
        """
        size = max(1, together // (2 * len(self.low)))
        found = [self._solved(targets[start : start + size]) for start in range(0, len(targets), size)]
        return np.concatenate(found) if found else np.zeros((0, 2))

    def _solved(self, targets: Numbers) -> Numbers:
        optimize, sparse = _scipy()
        copies = 2 * len(targets)
        objective = np.stack([targets, -targets], axis=1).reshape(copies, -1)
        constraints = []
        if self.weights:
            one = sparse.csc_array(np.array(self.weights))
            all_of_them = sparse.kron(sparse.eye_array(copies), one, format="csc")
            least, most = np.tile(self.least, copies), np.tile(self.most, copies)
            constraints = [optimize.LinearConstraint(all_of_them, least, most)]
        bounds = optimize.Bounds(np.tile(self.low, copies), np.tile(self.high, copies))
        answer = optimize.milp(objective.ravel(), constraints=constraints, bounds=bounds)
        if answer.x is None:
            raise ArithmeticError(f"what was published contradicts itself: {answer.message}")
        values = (objective * answer.x.reshape(copies, -1)).sum(axis=1).reshape(-1, 2)
        return np.stack([values[:, 0], -values[:, 1]], axis=1)


def _scipy() -> tuple[Any, Any]:
    try:
        from scipy import optimize, sparse
    except ImportError as error:
        sentence = "Checking a release needs scipy. Install it: pip install 'mentorkit[cohort]'"
        raise MentorkitError(sentence) from error
    return optimize, sparse

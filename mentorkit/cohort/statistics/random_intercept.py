"""One level of grouping: how much of what varies lies between groups, by restricted maximum likelihood."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentorkit.cohort.statistics.columns import Floats
from mentorkit.cohort.statistics.extra import extra

RATIOS = np.linspace(-20, 20, 81)  # logarithms of τ²/σ² between which the best is sought


@dataclass(frozen=True)
class RandomIntercept:
    """`y = Xβ + u(group) + e`, fitted."""

    beta: Floats  # fixed effects
    covariance: Floats  # of β
    between: float  # τ², variance between groups
    within: float  # σ², variance within groups
    deviance: float  # −2·log restricted likelihood, up to a constant


def fit(y: Floats, x: Floats, groups: NDArray[np.int64]) -> RandomIntercept:
    """The model by REML (Patterson & Thompson 1971), its one ratio τ²/σ² found on a grid and then by Brent's method.

    `groups` numbers the groups from 0. Raises `NotReady` without scipy.
    """
    minimize, sums = extra("scipy.optimize").minimize_scalar, _Sums(y, x, groups)

    def deviance(logarithm: float) -> float:
        return sums.at(float(np.exp(logarithm))).deviance

    start, step = min(RATIOS, key=deviance), float(RATIOS[1] - RATIOS[0])
    best = minimize(deviance, bounds=(start - step, start + step), options={"xatol": 1e-11})
    return min(sums.at(0.0), sums.at(float(np.exp(best.x))), key=lambda end: end.deviance)


def fit_at(y: Floats, x: Floats, groups: NDArray[np.int64], ratio: float) -> RandomIntercept:
    """The same model with τ²/σ² given (0 or more): the rest is generalized least squares."""
    return _Sums(y, x, groups).at(ratio)


class _Sums:
    """What the likelihood needs of the data: sums over all and over each group."""

    def __init__(self, y: Floats, x: Floats, groups: NDArray[np.int64]):
        both = np.column_stack((x, y))
        self.all = both.T @ both
        self.size = np.bincount(groups).astype(np.float64)
        self.groups = np.column_stack([np.bincount(groups, weights=column) for column in both.T])

    def at(self, ratio: float) -> RandomIntercept:
        """The best fit when τ² is `ratio` times σ²."""
        weight = ratio / (1 + ratio * self.size)
        weighted = self.all - self.groups.T @ (weight[:, None] * self.groups)
        xx, xy, yy = weighted[:-1, :-1], weighted[:-1, -1], float(weighted[-1, -1])
        beta = np.asarray(np.linalg.solve(xx, xy), dtype=np.float64)
        df = float(self.size.sum()) - len(beta)
        within = max(yy - float(xy @ beta), 0.0) / df
        logs = float(np.log1p(ratio * self.size).sum()) + float(np.linalg.slogdet(xx)[1])
        deviance = df * float(np.log(within)) + logs if within > 0 else -np.inf
        covariance = np.asarray(within * np.linalg.inv(xx), dtype=np.float64)
        return RandomIntercept(beta, covariance, ratio * within, within, deviance)

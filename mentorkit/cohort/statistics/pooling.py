"""Means of groups that lean on each other: a small group's mean is drawn towards the mean of all."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from mentorkit.cohort.statistics.columns import Floats, numbers
from mentorkit.cohort.statistics.random_intercept import fit


@dataclass(frozen=True)
class PooledMean:
    """One group's mean, drawn towards the mean of all."""

    group: str  # its name
    n: int  # students in it
    mean: float  # of its own students, in the scores' unit
    pooled: float  # between that and the mean of all
    weight: float  # how much its own mean counts, 0 (not at all) to 1
    error: float  # standard error of the pooled mean, with the two variances taken as known


@dataclass(frozen=True)
class PooledMeans:
    """All groups of one scale."""

    groups: tuple[PooledMean, ...]  # in the order in which they first occur; empty with a `reason`
    mean: float | None  # of groups, weighted by how well each is known
    between_sd: float | None  # standard deviation between groups; 0: they differ by no more than chance would make them
    within_sd: float | None  # standard deviation of students within a group
    n: int  # students with a score and a group
    left_out: int  # students without one of them
    reason: str  # why there are no pooled means; empty when there are


def partial_pooling(scores: Any, groups: Any) -> PooledMeans:
    """Means of groups by random effects (empirical Bayes: Efron & Morris 1975; Gelman & Hill 2007, ch. 12).

    `θ_j = μ + B_j·(ȳ_j − μ)` with `B_j = τ² / (τ² + σ²/n_j)`: τ² between and σ² within groups by REML, μ by
    generalized least squares; standard error `√(τ²·(1−B_j) + (1−B_j)²·var(μ))`. One row a student, in order or as
    two Series of one index. At least three groups, one of them with two students. Raises `ValueError` for scores
    that are no numbers or columns of different length, `NotReady` without scipy.
    """
    names, values = pd.Series(list(groups), dtype=object), numbers(scores, "The scores")
    if isinstance(scores, pd.Series) and isinstance(groups, pd.Series) and not scores.index.equals(groups.index):
        raise ValueError("Scores and groups must have the same index, so that each score has its group.")
    if len(names) != len(values):
        raise ValueError(f"Each score has a group: there are {len(values)} scores and {len(names)} groups.")
    there = names.notna().to_numpy() & ~np.isnan(values)
    codes, labels = pd.factorize(names[there].astype(str))
    left_out, kept = len(values) - int(there.sum()), values[there]
    size = np.bincount(codes, minlength=len(labels)).astype(np.float64)
    if reason := _trouble(kept, codes, size):
        return PooledMeans((), None, None, None, len(kept), left_out, reason)
    return _pooled(kept, codes.astype(np.int64), tuple(labels), size, left_out)


def _trouble(scores: Floats, codes: Any, size: Floats) -> str:
    if len(size) < 3:
        return f"Partial pooling needs at least three groups, and there are {len(size)}."
    if size.max() < 2:
        return "No group has two students, so differences between groups and between students cannot be told apart."
    within = scores - (np.bincount(codes, weights=scores) / size)[codes]
    if np.abs(within).max() <= 1e-9 * np.abs(scores).max():
        return "Within each group all scores are the same, so nothing says how far a group's mean could be off."
    return ""


def _pooled(scores: Floats, codes: Any, labels: tuple[str, ...], size: Floats, left_out: int) -> PooledMeans:
    means = np.bincount(codes, weights=scores) / size
    centre, spread = float(scores.mean()), float(scores.std())
    scaled = (scores - centre) / spread
    found = fit(scaled, np.ones((len(scores), 1)), codes)
    between, within = found.between * spread**2, found.within * spread**2
    mean, uncertain = centre + spread * float(found.beta[0]), float(found.covariance[0, 0]) * spread**2
    weight = between / (between + within / size) if between else np.zeros(len(size))
    errors = np.sqrt(between * (1 - weight) + (1 - weight) ** 2 * uncertain)
    rows = zip(labels, size, means, mean + weight * (means - mean), weight, errors, strict=True)
    groups = tuple(PooledMean(name, int(n), *(float(one) for one in figures)) for name, n, *figures in rows)
    return PooledMeans(groups, mean, sqrt(between), sqrt(within), len(scores), left_out, "")

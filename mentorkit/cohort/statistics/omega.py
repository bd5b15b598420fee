"""How much of a scale's total is one common factor: omega total, by maximum likelihood."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mentorkit.cohort.statistics.columns import Floats, is_constant, table
from mentorkit.cohort.statistics.extra import extra

LEAST_UNIQUE = 0.005  # share of an item's variance below which R's factanal lets no uniqueness fall
SINGULAR = 1e-8  # smallest eigenvalue of a correlation matrix that can still be inverted
STARTS = (1.0, 0.5, 1.8)  # times the usual starting values: the lowest end of all is taken


@dataclass(frozen=True)
class Omega:
    """Omega total of one scale, from a model with a single common factor."""

    value: float | None  # common variance over the variance that the model implies for the total, 0–1
    observed: float | None  # common variance over the variance of the total as observed
    standardized: float | None  # as `value`, of items brought to one variance
    loadings: tuple[float, ...]  # of each item in `kept`, on the common factor, in correlations (−1 to 1)
    kept: tuple[str, ...]  # the items that omega rests on
    left_out: tuple[str, ...]  # items without answers, or answered alike by all
    negative: tuple[str, ...]  # items that load against the rest: perhaps worded the other way round
    improper: tuple[str, ...]  # items of which the factor explains all: the model does not fit, distrust the value
    n: int  # students who answered all items kept
    reason: str  # why there is no value; empty when there is one


def omega_total(items: Any) -> Omega:
    """Omega of a table with one row a student and one column an item; rows with missing answers are left out.

    `ω = (Σλ)² / ((Σλ)² + Σψ)` (McDonald 1999), with loadings λ and unique variances ψ of a single factor, fitted to
    the covariances by maximum likelihood (Jöreskog 1967); `observed` divides by the variance of the total instead.
    Loadings keep their signs. Unique variances stay above 0.5 % of an item's variance, as in R's factanal; items
    held there are `improper`. Raises `ValueError` for answers that are no numbers, `NotReady` without scipy.
    """
    answers = table(items)
    kept = answers[[name for name in answers if not is_constant(answers[name].dropna().to_numpy())]].dropna()
    kept = kept[[name for name in kept if len(kept) < 2 or not is_constant(kept[name].to_numpy())]]
    names, left_out = tuple(kept), tuple(name for name in answers if name not in kept)
    correlation = np.atleast_2d(kept.corr().to_numpy(dtype=np.float64))
    unique = None
    if not (reason := _trouble(kept, correlation)) and (unique := _unique(correlation)) is None:
        reason = "The search for the common factor did not come to an end: omega is not known."
    if unique is None:
        return Omega(None, None, None, (), names, left_out, (), (), len(kept), reason)
    loadings, sd = _loadings(correlation, unique), kept.std().to_numpy(dtype=np.float64)
    common, total = float((sd * loadings).sum() ** 2), float(kept.sum(axis=1).var())
    is_observed = total > 1e-12 * float((sd**2).sum())
    return Omega(
        value=common / (common + float((sd**2 * unique).sum())),
        observed=common / total if is_observed else None,
        standardized=float(loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())),
        loadings=tuple(float(one) for one in loadings),
        kept=names,
        left_out=left_out,
        negative=tuple(name for name, one in zip(names, loadings, strict=True) if one < 0),
        improper=tuple(name for name, one in zip(names, unique, strict=True) if one <= LEAST_UNIQUE * 1.001),
        n=len(kept),
        reason="",
    )


def _trouble(answers: pd.DataFrame, correlation: Floats) -> str:
    n, k = answers.shape
    if k < 3:
        return f"Omega needs at least three items that differ between students, and there are {k}."
    if n <= k:
        return f"Omega needs more students than items, and there are {n} who answered all {k}."
    if np.linalg.eigvalsh(correlation)[0] < SINGULAR:
        return "Some items say exactly the same as others do together, so the common factor cannot be found."
    return ""


def _unique(correlation: Floats) -> Floats | None:
    """The unique variances, 0–1, under which the correlations are most likely; None when no search came to an end."""
    minimize = extra("scipy.optimize").minimize
    k = len(correlation)
    first = (1 - 0.5 / k) / np.diag(np.linalg.inv(correlation))
    how = {"method": "L-BFGS-B", "jac": True, "bounds": [(LEAST_UNIQUE, 1.0)] * k}
    how["options"] = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
    ends = [minimize(_misfit, np.clip(first * start, LEAST_UNIQUE, 1), (correlation,), **how) for start in STARTS]
    done = [end for end in ends if np.isfinite(end.fun) and _is_flat(end.x, end.jac)]
    return np.asarray(min(done, key=lambda end: float(end.fun)).x, dtype=np.float64) if done else None


def _misfit(unique: Floats, correlation: Floats) -> tuple[float, Floats]:
    """−2·log likelihood, up to constants, of the best loadings for these unique variances; and its gradient."""
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    small = values[:-1]  # all but the largest
    loading = vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)) * root
    gradient = (np.outer(loading, loading) + np.diag(unique) - correlation).diagonal() / unique**2
    return float((small - np.log(small) - 1).sum()), gradient


def _loadings(correlation: Floats, unique: Floats) -> Floats:
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    found: Floats = vectors[:, -1] * np.sqrt(max(float(values[-1]) - 1, 0.0)) * root
    return -found if found.sum() < 0 else found


def _is_flat(unique: Floats, gradient: Floats) -> bool:
    """Whether no small step within the bounds makes the fit better."""
    held = (unique <= LEAST_UNIQUE * (1 + 1e-9)) & (gradient > 0) | (unique >= 1 - 1e-9) & (gradient < 0)
    return float(np.abs(np.where(held, 0.0, gradient)).max()) < 1e-3

"""How far the items of a scale go together: Cronbach's alpha, and alpha when an item is dropped."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from mentorkit.cohort.statistics.columns import Floats, Interval, check_confidence, is_constant, table
from mentorkit.cohort.statistics.extra import extra

Missing = Literal["listwise", "pairwise"]
UNVARIED = "The sum of the items does not vary, or gaps in the answers make its parts contradict each other."
NOISE = 1e-12  # of the sum of all covariances without their signs: a total that varies less does not vary


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of one scale."""

    value: float | None  # alpha of the items as they are, up to 1, possibly below 0; None with a `reason`
    standardized: float | None  # alpha of the items brought to one variance, from their correlations
    interval: Interval | None  # Feldt's, for `value`
    confidence: float  # of the interval, for example 0.95
    average_r: float | None  # mean correlation of two items, −1 to 1
    n: int  # students that alpha rests on: with all items, or (pairwise) the fewest for any two items
    items: int  # items that alpha rests on
    missing: Missing  # what was done with answers that are missing
    left_out: tuple[str, ...]  # items without answers, or answered alike by all: they can go with nothing
    negative: tuple[str, ...]  # items that go against the rest: perhaps worded the other way round
    reason: str  # why there is no value; empty when there is one


@dataclass(frozen=True)
class Dropped:
    """A scale without one of its items."""

    item: str  # the item left out
    alpha: float | None  # alpha of the others; None when fewer than two are left or their total does not vary
    standardized: float | None  # the same from their correlations
    r_rest: float | None  # correlation of the item with the sum of the others, −1 to 1 ("corrected item–total", r.drop)


@dataclass(frozen=True)
class _Spread:
    """What alpha needs of the answers."""

    names: tuple[str, ...]
    covariance: Floats
    n: int
    left_out: tuple[str, ...]
    unanswered: tuple[str, ...]  # of those left out


def cronbach_alpha(items: Any, missing: Missing = "listwise", confidence: float = 0.95) -> Alpha:
    """Alpha of a table with one row a student and one column an item.

    `α = k/(k−1) · (1 − Σ var(item) / var(total))` (Cronbach 1951), from the covariances of students who answered
    all items (`listwise`) or of those who answered both of each two (`pairwise`). Items that nobody answered, or all
    alike, are left out and named, as R's psych and SPSS do. The interval is Feldt's (1965; Feldt, Woodruff & Salih
    1987), from `1 − (1−α)·F(1−γ/2)` to `1 − (1−α)·F(γ/2)` with the quantiles of F on `n−1` and `(n−1)(k−1)` degrees of
    freedom and `γ = 1 − confidence`; pairwise it takes the fewest students of any two items for n, so it is rather too
    wide. Raises `ValueError` for answers that are no numbers, `NotReady` without scipy.
    """
    check_confidence(confidence)
    spread = _spread(table(items), missing)
    k, reason = len(spread.names), _trouble(spread)
    value = None if reason else _alpha(spread.covariance)
    if value is None:
        reason = reason or UNVARIED
        return Alpha(None, None, None, confidence, None, spread.n, k, missing, spread.left_out, (), reason)
    correlation = _correlation(spread.covariance)
    return Alpha(
        value=value,
        standardized=_alpha(correlation),
        interval=_feldt(value, spread.n, k, confidence),
        confidence=confidence,
        average_r=float((correlation.sum() - k) / (k * (k - 1))),
        n=spread.n,
        items=k,
        missing=missing,
        left_out=spread.left_out,
        negative=tuple(one.item for one in _without_each(spread) if one.r_rest is not None and one.r_rest < 0),
        reason="",
    )


def alpha_if_dropped(items: Any, missing: Missing = "listwise") -> tuple[Dropped, ...]:
    """For each item, alpha without it and how it goes with the rest; the rows stay those of the whole scale.

    Empty when the whole scale has too few answers or items for an alpha. Raises `ValueError` as `cronbach_alpha`.
    """
    spread = _spread(table(items), missing)
    return () if _trouble(spread) else _without_each(spread)


def _spread(answers: pd.DataFrame, missing: Missing) -> _Spread:
    if missing not in ("listwise", "pairwise"):
        raise ValueError(f"Missing answers are treated listwise or pairwise, not {missing!r}.")
    kept = answers[[name for name in answers if not is_constant(answers[name].dropna().to_numpy())]]
    if missing == "listwise":
        kept = kept.dropna()
        kept = kept[[name for name in kept if len(kept) < 2 or not is_constant(kept[name].to_numpy())]]
    left_out = tuple(name for name in answers if name not in kept)
    there = kept.notna().to_numpy(dtype=np.float64)
    together = there.T @ there
    n = int(together.min()) if together.size else len(answers.dropna())
    unanswered = tuple(name for name in left_out if answers[name].isna().all())
    return _Spread(tuple(kept), kept.cov(min_periods=2).to_numpy(dtype=np.float64), n, left_out, unanswered)


def _trouble(spread: _Spread) -> str:
    if spread.n < 2:
        return f"Alpha needs at least two students who answered the same items, and there are {spread.n}."
    if len(spread.names) < 2:
        found = f"Alpha needs at least two items that differ between students, and there are {len(spread.names)}"
        return f"{': '.join(filter(None, (found, _said_left_out(spread))))}."
    return ""


def _said_left_out(spread: _Spread) -> str:
    """Which items can go with nothing, and why: answered alike by all, or by nobody."""
    alike = [name for name in spread.left_out if name not in spread.unanswered]
    said = [f"{', '.join(alike)} did not differ between students"] if alike else []
    said += [f"nobody answered {', '.join(spread.unanswered)}"] if spread.unanswered else []
    return ", and ".join(said)


def _alpha(covariance: Floats) -> float | None:
    """None when the total does not vary; also when (pairwise) it would vary less than 0, or alpha be above 1."""
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or not total > NOISE * float(np.abs(covariance).sum()):
        return None
    found = float(k / (k - 1) * (1 - np.trace(covariance) / total))
    return None if found > 1 + NOISE else min(found, 1.0)


def _correlation(covariance: Floats) -> Floats:
    sd = np.sqrt(np.diag(covariance))
    found: Floats = covariance / np.outer(sd, sd)
    return found


def _feldt(value: float, n: int, items: int, confidence: float) -> Interval:
    f = extra("scipy.stats").f(n - 1, (n - 1) * (items - 1))
    tail = (1 - confidence) / 2
    return Interval(float(1 - (1 - value) * f.ppf(1 - tail)), float(1 - (1 - value) * f.ppf(tail)))


def _without_each(spread: _Spread) -> tuple[Dropped, ...]:
    covariance, correlation = spread.covariance, _correlation(spread.covariance)
    found = []
    for at, name in enumerate(spread.names):
        others = np.delete(np.arange(len(spread.names)), at)
        rest = covariance[np.ix_(others, others)]
        varies = rest.sum() > NOISE * np.abs(rest).sum()
        r = float(covariance[at, others].sum() / np.sqrt(covariance[at, at] * rest.sum())) if varies else None
        found.append(Dropped(name, _alpha(rest), _alpha(correlation[np.ix_(others, others)]), r))
    return tuple(found)

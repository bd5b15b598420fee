"""Retest reliability: how far two ratings of the same thing agree, with nothing changed between or a term."""

from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import Any, Literal

import numpy as np
import pandas as pd

from mentorkit.cohort.statistics.columns import Floats, Interval, check_confidence, is_constant, pairs
from mentorkit.cohort.statistics.extra import extra
from mentorkit.cohort.statistics.icc import icc
from mentorkit.reliability import standard_error

Basis = Literal["stable retests", "two terms"]


@dataclass(frozen=True)
class Retest:
    """How two ratings of the same students go together."""

    r: float | None  # retest reliability: correlation of first and second score, −1 to 1
    interval: Interval | None  # of r, by Fisher's z
    confidence: float  # of the interval, for example 0.95
    agreement: float | None  # ICC(A,1): lower when all scores moved; None with several pairs of a student
    sd: float | None  # standard deviation of the first score, in its unit
    mean: float | None  # mean of the first score
    shift: float | None  # mean of second − first
    sem: float | None  # standard error of measurement, SD·√(1−r), in the score's unit
    n: int  # students
    pairs: int  # pairs of ratings, several of one student counted
    left_out: int  # pairs in which one rating is missing
    basis: Basis  # two terms hold real change too, so their r is a lower bound, and too low for thresholds
    reason: str  # why there is no r; empty when there is one


def retest_reliability(
    first: Any, second: Any, students: Any = None, basis: Basis = "two terms", confidence: float = 0.95
) -> Retest:
    """The retest reliability of scores rated twice, paired in order or, as Series, by their labels.

    Pearson's r; its interval `tanh(atanh r ± z/√(n−3))` (Fisher 1915). `students` names whose each pair is (a list
    in the order of the pairs): then all pairs of one student together weigh as much as those of any other, and n
    counts students. That keeps the figures those of a single relationship, where averaging a student's mentors first
    would make ratings look too reliable. Raises `ValueError` for scores that are no numbers or cannot be paired,
    `NotReady` without scipy.
    """
    check_confidence(confidence)
    if basis not in ("stable retests", "two terms"):
        raise ValueError(f"A retest is from stable retests or from two terms, not {basis!r}.")
    if students is not None:
        first, second, students = _rows(first, second, students)
    found = pairs(first, second)
    weight = _weights(students, len(found.before))
    n = round(float(weight.sum()))
    reason = _trouble(found.before, found.after, n)
    mean, shift = (float(np.average(one, weights=weight)) if n else None for one in (found.before, found.differences))
    sd = r = interval = sem = agreement = None
    if not reason:
        spread = np.cov(found.before, found.after, aweights=weight)
        sd, r = sqrt(spread[0, 0]), float(np.clip(spread[0, 1] / sqrt(spread[0, 0] * spread[1, 1]), -1, 1))
        interval = _fisher(r, n, confidence)
        sem = standard_error(sd, r) if 0 <= r <= 1 else None
        agreement = icc(np.column_stack(found[:2])).icc2.value if n == len(weight) else None
    return Retest(
        r, interval, confidence, agreement, sd, mean, shift, sem, n, len(weight), found.left_out, basis, reason
    )


def _rows(first: Any, second: Any, students: Any) -> tuple[Any, Any, list[Any]]:
    """Pairs in order with the students of those that are whole."""
    rows = pd.DataFrame({"first": list(first), "second": list(second), "student": list(students)})
    if rows["student"].isna().any():
        raise ValueError("Each pair of ratings belongs to a student: one has none.")
    whole = rows["first"].notna() & rows["second"].notna()
    return rows["first"], rows["second"], list(rows.loc[whole, "student"])


def _weights(students: list[Any] | None, pairs_there: int) -> Floats:
    if students is None:
        return np.ones(pairs_there)
    names = pd.Series(students, dtype=object)
    found: Floats = (1 / names.map(names.value_counts())).to_numpy(dtype=np.float64)
    return found


def _trouble(first: Floats, second: Floats, n: int) -> str:
    if n < 3:
        return f"A retest reliability needs at least three students rated twice, and there are {n}."
    if is_constant(first) or is_constant(second):
        return "One of the two ratings is the same for all, so nothing can be said about how they go together."
    return ""


def _fisher(r: float, n: int, confidence: float) -> Interval | None:
    if n < 4 or abs(r) > 1 - 1e-12:
        return None
    reach = float(extra("scipy.stats").norm.ppf((1 + confidence) / 2)) / sqrt(n - 3)
    return Interval(tanh(atanh(r) - reach), tanh(atanh(r) + reach))

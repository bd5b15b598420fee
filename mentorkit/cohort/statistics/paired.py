"""How the same students' scores differ between two terms: mean difference, interval, and size in standard units."""

from dataclasses import dataclass
from math import exp, lgamma, log, sqrt
from typing import Any

import numpy as np

from mentorkit.cohort.statistics.columns import Floats, Interval, check_confidence, is_constant, pairs
from mentorkit.cohort.statistics.extra import extra


@dataclass(frozen=True)
class PairedChange:
    """The change of a group of students from one term to the next; differences are after − before."""

    n: int  # pairs: students with both scores
    left_out: int  # students with only one of the two
    before: float | None  # mean of the first scores of the pairs, in their unit
    after: float | None  # mean of the second scores
    difference: float | None  # mean difference
    sd: float | None  # standard deviation of the differences
    interval: Interval | None  # t interval of the mean difference
    confidence: float  # of the interval, for example 0.95
    t: float | None  # Student's t of the mean difference
    df: int | None  # its degrees of freedom, n − 1
    p: float | None  # two-sided p-value of t, 0–1
    r: float | None  # correlation of the two scores, −1 to 1
    dz: float | None  # mean difference / SD of the differences: rises with r, not comparable with other ds
    gz: float | None  # dz, corrected for small samples
    d_av: float | None  # mean difference / root mean square of the two SDs: comparable between groups
    g_av: float | None  # d_av, corrected for small samples
    d_av_mean: float | None  # mean difference / plain mean of the two SDs, the other d_av in use
    g_av_mean: float | None  # the same, corrected for small samples
    reason: str  # why figures are missing, or rest on one score alone; empty when all are there


def paired_change(before: Any, after: Any, confidence: float = 0.95) -> PairedChange:
    """The change of students who have both scores; Series are paired by their labels, see `columns.pairs`.

    `D̄ ± t(n−1)·s_D/√n` (Student 1908); `dz = D̄/s_D` (Cohen 1988); `d_av = D̄/√((s₁²+s₂²)/2)` (Cumming 2012),
    beside it `D̄/((s₁+s₂)/2)` (Lakens 2013); each g is its d times the exact `J = Γ(m/2) / (√(m/2)·Γ((m−1)/2))`, `m
    = n−1` (Hedges 1981). With one pair there is a difference and nothing else; when all pairs differ by the same
    amount there is no t. Raises `ValueError` for scores that are no numbers or cannot be paired, `NotReady` without
    scipy.
    """
    check_confidence(confidence)
    found = pairs(before, after)
    differences, n = found.differences, len(found.before)
    first, second, both = (_sd(one) for one in (found.before, found.after, differences))
    mean, scale = float(np.mean(differences)) if n else None, small_sample(n - 1)
    interval = t = p = None
    if mean is not None and both:
        student, error = extra("scipy.stats").t(n - 1), both / sqrt(n)
        t, reach = mean / error, float(student.ppf((1 + confidence) / 2)) * error
        interval, p = Interval(mean - reach, mean + reach), float(2 * student.sf(abs(t)))
    dz, d_av, d_av_mean = (_in_sds(mean, sd) for sd in (both, sqrt((first**2 + second**2) / 2), (first + second) / 2))
    gz, g_av, g_av_mean = (d * scale if d is not None and scale else None for d in (dz, d_av, d_av_mean))
    return PairedChange(
        n=n,
        left_out=found.left_out,
        before=float(np.mean(found.before)) if n else None,
        after=float(np.mean(found.after)) if n else None,
        difference=mean,
        sd=both if n > 1 else None,
        interval=interval,
        confidence=confidence,
        t=t,
        df=n - 1 if n > 1 else None,
        p=p,
        r=float(np.corrcoef(found.before, found.after)[0, 1]) if first and second else None,
        dz=dz,
        gz=gz,
        d_av=d_av,
        g_av=g_av,
        d_av_mean=d_av_mean,
        g_av_mean=g_av_mean,
        reason=_reason(n, both, first, second, scale),
    )


def small_sample(df: int) -> float | None:
    """Hedges' exact correction `J` for a standardized difference on so many degrees of freedom; None below 2."""
    if df < 2:
        return None
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2) - log(df / 2) / 2)


def _sd(values: Floats) -> float:
    """The standard deviation, exactly 0 when values differ by floating point alone or are fewer than two."""
    return 0.0 if len(values) < 2 or is_constant(values) else float(np.std(values, ddof=1))


def _in_sds(mean: float | None, sd: float) -> float | None:
    return mean / sd if mean is not None and sd else None


def _reason(n: int, both: float, first: float, second: float, scale: float | None) -> str:
    if n < 2:
        return f"A change of a group needs at least two students with both scores, and there are {n}."
    found = []
    if not both:
        found.append("All students differ by the same amount, so there is no spread to judge it by: no t and no dz.")
    if not (first or second):
        found.append("Neither score varies between students, so there is no r and no d_av.")
    elif not (first and second):
        name = "second" if first else "first"
        found.append(f"The {name} score does not vary between students: there is no r, and d_av rests on the other.")
    if not scale:
        found.append("With two pairs a standardized difference cannot be corrected for small samples.")
    return " ".join(found)

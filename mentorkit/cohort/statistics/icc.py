"""How far several ratings of the same students agree: the six intraclass correlations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mentorkit.cohort.statistics.columns import Floats, Interval, check_confidence, is_constant, table
from mentorkit.cohort.statistics.extra import extra

Names = tuple[str, str, str]  # of one form: ours, Shrout & Fleiss's, McGraw & Wong's


@dataclass(frozen=True)
class Icc:
    """One intraclass correlation."""

    name: str  # ICC1, ICC2, ICC3 for a single rating, ICC1k, ICC2k, ICC3k for the mean of all k
    shrout_fleiss: str  # as in Shrout & Fleiss (1979), for example ICC(2,1)
    mcgraw_wong: str  # as in McGraw & Wong (1996), for example ICC(A,1): A absolute agreement, C consistency
    value: float | None  # up to 1, possibly below 0; None when the ratings do not allow it
    interval: Interval | None  # from F distributions
    f: float | None  # the F of no differences between students; infinite when ratings agree perfectly
    df: tuple[int, int]  # its degrees of freedom
    p: float | None  # its p-value, 0–1


@dataclass(frozen=True)
class Iccs:
    """All six of one table of ratings."""

    icc1: Icc  # each student rated by other raters, one rating
    icc2: Icc  # raters drawn at random, absolute agreement, one rating
    icc3: Icc  # these raters and no others, consistency, one rating
    icc1k: Icc  # as icc1, mean of k ratings
    icc2k: Icc  # as icc2, mean of k ratings
    icc3k: Icc  # as icc3, mean of k ratings: Cronbach's alpha
    n: int  # students with all ratings
    k: int  # ratings of each
    left_out: int  # students without some rating
    confidence: float  # of the intervals, for example 0.95
    reason: str  # why values are missing; empty when no form is without one

    def __iter__(self) -> Any:
        return iter((self.icc1, self.icc2, self.icc3, self.icc1k, self.icc2k, self.icc3k))


@dataclass(frozen=True)
class _Squares:
    """Mean squares of students × ratings, and what the forms share."""

    n: int
    k: int
    students: float
    within: float  # of all ratings within students
    ratings: float  # of columns
    rest: float
    tail: float  # beyond each end of the intervals
    f: Any  # scipy's F distribution


def icc(ratings: Any, confidence: float = 0.95) -> Iccs:
    """The six forms for a table with one row a student and one column a rating; rows with gaps are left out.

    Formulas and F intervals of Shrout & Fleiss (1979) and McGraw & Wong (1996), with Satterthwaite's degrees of
    freedom for ICC2. Estimates below 0 are given as they are. Raises `ValueError` for ratings that are no numbers,
    `NotReady` without scipy.
    """
    check_confidence(confidence)
    given = table(ratings)
    whole = given.dropna().to_numpy(dtype=np.float64)
    n, k = whole.shape
    reason = _trouble(whole)
    squares = None if reason else _squares(whole, (1 - confidence) / 2)
    (one, of_one), (two, of_two), (three, of_three) = (form(squares, n, k) for form in (_one, _two, _three))
    if squares and None in (one.value, two.value, of_one.value, of_two.value, of_three.value):
        reason = "Students differ too little from each other for some of these forms to have a value."
    left_out = len(given) - n
    return Iccs(one, two, three, of_one, of_two, of_three, n, k, left_out, confidence, reason)


def _trouble(whole: Floats) -> str:
    n, k = whole.shape
    if n < 2 or k < 2:
        return f"Intraclass correlations need two students with two ratings at least, and there are {n} with {k}."
    return "All ratings are the same, so there is nothing to correlate." if is_constant(whole.ravel()) else ""


def _squares(whole: Floats, tail: float) -> _Squares:
    n, k = whole.shape
    noise = (1e-13 * float(np.abs(whole).max())) ** 2  # what floating point leaves of a mean square that is 0
    centred = whole - whole.mean()
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    students, between = k * float((rows**2).sum()) / (n - 1), n * float((columns**2).sum()) / (k - 1)
    within = float(((centred - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    rest = float(((centred - rows[:, None] - columns) ** 2).sum()) / ((n - 1) * (k - 1))
    students, within, between, rest = (0.0 if one < noise else one for one in (students, within, between, rest))
    return _Squares(n, k, students, within, between, rest, tail, extra("scipy.stats").f)


def _one(found: _Squares | None, n: int, k: int) -> tuple[Icc, Icc]:
    names = (("ICC1", "ICC(1,1)", "ICC(1)"), ("ICC1k", "ICC(1,k)", "ICC(k)"))
    return _ratio(found, *names, lambda one: one.within, n * (k - 1), n, k)


def _three(found: _Squares | None, n: int, k: int) -> tuple[Icc, Icc]:
    names = (("ICC3", "ICC(3,1)", "ICC(C,1)"), ("ICC3k", "ICC(3,k)", "ICC(C,k)"))
    return _ratio(found, *names, lambda one: one.rest, (n - 1) * (k - 1), n, k)


def _ratio(
    found: _Squares | None, name: Names, of_mean: Names, error: Callable[[_Squares], float], df: int, n: int, k: int
) -> tuple[Icc, Icc]:
    """A form that is `(MS − MSₑ) / (MS + (k−1)·MSₑ)`, and `(MS − MSₑ) / MS` for the mean; MS is that of students."""
    dfs = (max(n - 1, 0), max(df, 0))
    if found is None or not (found.students or error(found)):
        return Icc(*name, None, None, None, dfs, None), Icc(*of_mean, None, None, None, dfs, None)
    noise = error(found)
    single = (found.students - noise) / (found.students + (k - 1) * noise)
    f = found.students / noise if noise else np.inf
    p = float(found.f.sf(f, *dfs))
    if not found.students:  # all students have the same mean: no interval, and nothing for a mean to tell
        return Icc(*name, single, None, f, dfs, p), Icc(*of_mean, None, None, f, dfs, p)
    share = noise / found.students  # 1/F
    ends = [share * float(found.f.ppf(1 - found.tail, *dfs)), share / float(found.f.ppf(1 - found.tail, *dfs[::-1]))]
    interval = Interval(*((1 - end) / (1 + (k - 1) * end) for end in ends))
    mean = Interval(*(1 - end for end in ends))
    return Icc(*name, single, interval, f, dfs, p), Icc(*of_mean, 1 - share, mean, f, dfs, p)


def _two(found: _Squares | None, n: int, k: int) -> tuple[Icc, Icc]:
    """`(MS − MSₑ) / (MS + (k−1)·MSₑ + k·(MSc − MSₑ)/n)`, MSc of the columns; for the mean by Spearman–Brown."""
    name, of_mean = ("ICC2", "ICC(2,1)", "ICC(A,1)"), ("ICC2k", "ICC(2,k)", "ICC(A,k)")
    dfs = (max(n - 1, 0), max((n - 1) * (k - 1), 0))
    if found is None:
        return Icc(*name, None, None, None, dfs, None), Icc(*of_mean, None, None, None, dfs, None)
    between, error = found.students, found.rest
    below = between + (k - 1) * error + k * (found.ratings - error) / n
    below_mean = between + (found.ratings - error) / n
    least = 1e-9 * (between + error + found.ratings)  # below this it is 0 but for floating point
    single = (between - error) / below if below > least else None
    mean = (between - error) / below_mean if below_mean > least else None
    f = between / error if error else (np.inf if between else None)
    p = None if f is None else float(found.f.sf(f, *dfs))
    interval = None if single is None or not between else _agreement(found, single)
    return Icc(*name, single, interval, f, dfs, p), Icc(*of_mean, mean, _stepped(interval, k), f, dfs, p)


def _stepped(interval: Interval | None, k: int) -> Interval | None:
    """The same for the mean of k ratings; None where the approximation goes below what k ratings can have."""
    if interval is None or min(1 + (k - 1) * end for end in interval) <= 1e-9:
        return None
    return Interval(*(k * end / (1 + (k - 1) * end) for end in interval))


def _agreement(found: _Squares, single: float) -> Interval | None:
    """McGraw & Wong's (1996, table 7) interval of ICC(A,1)."""
    n, k, between, columns, error = found.n, found.k, found.students, found.ratings, found.rest
    a, b = k * single * columns, (n * (1 + (k - 1) * single) - k * single) * error
    if not (a + b):  # perfect agreement
        return Interval(single, single)
    v = (a + b) ** 2 / (a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1)))
    upper, lower = (float(found.f.ppf(1 - found.tail, *df)) for df in ((n - 1, v), (v, n - 1)))
    noise = k * columns + (k * n - k - n) * error
    return Interval(
        n * (between - upper * error) / (upper * noise + n * between),
        n * (lower * between - error) / (noise + n * lower * between),
    )

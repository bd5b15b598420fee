"""Where scores go over three terms and more, with each student's own level taken into account."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from mentorkit.cohort.statistics.columns import Interval, check_confidence, is_constant, numbers
from mentorkit.cohort.statistics.extra import extra
from mentorkit.cohort.statistics.random_intercept import RandomIntercept, fit, fit_at

FEWEST_TERMS = 3
FEWEST_STUDENTS = 3
NOT_CONVERGED = "The search for the line did not converge: these data do not allow a trend with students' own levels."
NEAR = 1e-4  # of −2·log likelihood: ends as near as this are the same
SEARCHES = ("lbfgs", "bfgs", "cg", "powell")  # statsmodels' ways to the maximum, in the order tried


@dataclass(frozen=True)
class MixedTrend:
    """The straight line through a cohort's terms, in the scores' unit."""

    slope: float | None  # change for one step, from one term to the next
    interval: Interval | None  # t interval of the slope
    confidence: float  # of the interval, for example 0.95
    error: float | None  # standard error of the slope
    df: int  # degrees of freedom of its t: scores − students − 1
    p: float | None  # two-sided p-value of no slope, 0–1
    start: float | None  # mean in the first term
    between_sd: float | None  # standard deviation of students' levels
    within_sd: float | None  # standard deviation of a student's scores around their own line
    students: int  # with a score in any of the terms
    scores: int  # students' term means that the line rests on
    terms: tuple[str, ...]  # in order of time
    steps: tuple[float, ...]  # where each of them lies, counted in terms
    left_out: int  # rows whose terms cannot be linked to a student's others
    converged: bool  # whether the search for the most likely line came to an end
    reason: str  # why there is no line; empty when there is one


@dataclass(frozen=True)
class _Rows:
    """Student means by term, as the model takes them."""

    score: Any
    time: Any
    student: Any
    left_out: int

    @property
    def df(self) -> int:
        return max(len(self.score) - len(set(self.student)) - 1, 0)


def mixed_trend(
    scores: pd.DataFrame, terms: Sequence[str], confidence: float = 0.95, steps: Sequence[float] | None = None
) -> MixedTrend:
    """A line over `terms` (in order of time) with a random intercept for each student, by REML (statsmodels' MixedLM).

    `score = a + b·step + u(student) + e` (Laird & Ware 1982). `steps` says where the terms lie (`Calendar.steps`),
    0, 2, 3 when there is nothing of the second; without it they are taken to follow each other: 0, 1, 2 …. `scores`
    has the columns `student`, `term`, `score` of one scale, perhaps `linked` (others are left out); several rows of a
    student in a term are averaged. The slope varies within students only, so its t has scores − students − 1 degrees
    of freedom. Who has some terms only stays in: that is right when terms are missing for reasons seen in the others.
    Raises `ValueError` for a frame without these columns or with several scales, and for steps that do not rise with
    the terms, `NotReady` without statsmodels.
    """
    check_confidence(confidence)
    places = dict(zip(terms, _rising(terms, steps), strict=True))
    rows = _rows(scores, places)
    reason = _trouble(rows, len(terms))
    found = None if reason else _fitted(rows)
    if found is None:
        return _none(rows, places, confidence, reason or NOT_CONVERGED)
    spread = float(rows.score.std())
    slope, error = spread * float(found.beta[1]), spread * sqrt(float(found.covariance[1, 1]))
    student = extra("scipy.stats").t(rows.df)
    reach = error * float(student.ppf((1 + confidence) / 2))
    return replace(
        _none(rows, places, confidence, ""),
        slope=slope,
        interval=Interval(slope - reach, slope + reach),
        error=error,
        p=float(2 * student.sf(abs(slope) / error)),
        start=float(rows.score.mean()) + spread * float(found.beta[0]),
        between_sd=spread * sqrt(found.between),
        within_sd=spread * sqrt(found.within),
        converged=True,
    )


def _rising(terms: Sequence[str], steps: Sequence[float] | None) -> tuple[float, ...]:
    """Where each term lies."""
    if len(set(terms)) < len(terms):
        raise ValueError("A term stands twice in the order of terms.")
    found = tuple(range(len(terms)) if steps is None else steps)
    if len(found) != len(terms) or any(later <= earlier for earlier, later in pairwise(found)):
        raise ValueError("The steps of a trend rise from term to term, one for each.")
    return found


def _none(rows: _Rows, places: Mapping[str, float], confidence: float, reason: str) -> MixedTrend:
    """Counts without a line."""
    students, scores = len(set(rows.student)), len(rows.score)
    return MixedTrend(
        None, None, confidence, None, rows.df, None, None, None, None, students, scores, tuple(places),
        tuple(places.values()), rows.left_out, False, reason,
    )  # fmt: skip


def _rows(scores: pd.DataFrame, places: Mapping[str, float]) -> _Rows:
    if missing := {"student", "term", "score"} - set(scores.columns):
        raise ValueError(f"A trend needs the columns student, term and score: {', '.join(sorted(missing))} is missing.")
    if "scale" in scores and scores["scale"].nunique() > 1:
        raise ValueError("A trend is of one scale: choose the rows of one first.")
    given = scores.assign(score=numbers(scores["score"], "The scores"))
    given = given[given["score"].notna() & given["term"].isin(list(places))]
    linked = given[given["linked"].fillna(False).astype(bool)] if "linked" in given else given
    means = linked.groupby(["student", "term"], observed=True, sort=True)["score"].mean().reset_index()
    time = means["term"].map(dict(places)).to_numpy(dtype=np.float64)
    score, student = means["score"].to_numpy(dtype=np.float64), means["student"].astype(str).to_numpy()
    return _Rows(score, time, student, len(given) - len(linked))


def _trouble(rows: _Rows, terms: int) -> str:
    seen, students = len(set(rows.time)), len(set(rows.student))
    if terms < FEWEST_TERMS or seen < FEWEST_TERMS:
        return f"A trend needs scores in at least three terms, and there are {min(terms, seen)}."
    if students < FEWEST_STUDENTS:
        return f"A trend needs at least three students, and there are {students}."
    if rows.df < 2:
        return "Too few students have scores in several terms for a trend."
    if is_constant(rows.score):
        return "All scores are the same, so the trend is flat, and nothing says how sure that is."
    is_exact = _noise(rows) <= 1e-9 * float(rows.score.std())
    return "All students' scores lie on one slope exactly, so nothing says how sure it is." if is_exact else ""


def _noise(rows: _Rows) -> float:
    """The largest distance of a score from its student's own line, all lines with the same slope."""
    inner = pd.DataFrame({"score": rows.score, "time": rows.time})
    inner -= inner.groupby(rows.student).transform("mean")
    score, time = inner["score"].to_numpy(), inner["time"].to_numpy()
    across = float(time @ time)
    return float(np.abs(score - (float(time @ score) / across if across else 0.0) * time).max())


def _fitted(rows: _Rows) -> RandomIntercept | None:
    """The model in standard deviations from the mean score, or None when no search of statsmodels found the maximum.

    statsmodels' searches may end early, above all where students do not differ. So an end counts only if it is as
    likely as what a search over the one ratio of variances finds; its fixed effects and their errors are by
    generalized least squares.
    """
    model = extra("statsmodels.regression.mixed_linear_model").MixedLM
    score = (rows.score - rows.score.mean()) / rows.score.std()
    fixed, groups = np.column_stack((np.ones(len(score)), rows.time)), pd.factorize(rows.student)[0].astype(np.int64)
    least = fit(score, fixed, groups).deviance
    for search in SEARCHES:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they warn of is judged here
            try:
                end = model(score, fixed, groups=groups).fit(reml=True, method=search)
            except (np.linalg.LinAlgError, ValueError, FloatingPointError):
                continue
        found = fit_at(score, fixed, groups, max(float(end.cov_re[0, 0]), 0.0) / float(end.scale))
        if found.deviance <= least + NEAR:
            return found
    return None

"""Statistics as a release asks for them: from the rows of a group to one number or one word, or to none."""

from collections.abc import Callable
from math import isnan
from typing import Any, Literal

import numpy as np
import pandas as pd

from mentorkit.cohort.statistics import (
    FEWEST_FOR_CONSISTENCY,
    Alpha,
    cronbach_alpha,
    holm,
    mixed_trend,
    omega_total,
    paired_change,
    signed_rank,
    why_not_publish,
)
from mentorkit.cohort.statistics.trend import FEWEST_TERMS

__all__ = ["CHANGES", "FEWEST_FOR_CONSISTENCY", "FEWEST_TERMS", "Compute", "alpha", "alpha_high", "alpha_low"]
__all__ += ["is_detectable", "omega", "size", "slope"]

RISE, FALL, NONE = CHANGES = ("detectable rise", "detectable fall", "no detectable change")
LEVEL = 0.05  # below this an adjusted p-value counts as detectable
Compute = Callable[[pd.DataFrame], float | None]


def is_detectable(column: str, family: tuple[str, ...], minimum: int) -> Callable[[pd.DataFrame], str | None]:
    """What an exact signed-rank test says of a column of changes, adjusted after Holm for all tests of its family.

    Of the family those columns count that the minimum of students or more have: of the others nothing is said.
    """

    def word(rows: pd.DataFrame) -> str | None:
        changes = {name: rows[name].dropna().astype(float) for name in family}
        changes = {name: found for name, found in changes.items() if len(found) >= minimum}
        if column not in changes:
            return None
        tests = {name: signed_rank(np.zeros(len(found)), found.to_numpy()) for name, found in changes.items()}
        p_values = [np.nan if test.p is None else test.p for test in tests.values()]
        p = dict(zip(tests, holm(p_values), strict=True))[column]
        if isnan(p) or p >= LEVEL:
            return NONE
        return RISE if (tests[column].rank_biserial or 0) > 0 else FALL

    return word


def size(name: Literal["dz", "d_av"] | str, before: str, after: str) -> Compute:
    """The mean change in standard deviations: of the changes (dz), or of the scores (d_av)."""

    def found(rows: pd.DataFrame) -> float | None:
        change = paired_change(rows[before].astype(float), rows[after].astype(float))
        return change.dz if name == "dz" else change.d_av

    return found


def slope(columns: tuple[str, ...], steps: tuple[int, ...]) -> Compute:
    """Points from one term to the next, over columns that lie at these steps, each student with their own level."""

    def found(rows: pd.DataFrame) -> float | None:
        scores = rows[["student", *columns]].melt("student", list(columns), "term", "score")
        return mixed_trend(scores, columns, steps=steps).slope

    return found


def alpha(columns: tuple[str, ...]) -> Compute:
    """Cronbach's alpha of the scales of an index."""
    return lambda rows: _alpha(rows, columns, lambda found: found.value)


def alpha_low(columns: tuple[str, ...]) -> Compute:
    """The lower end of its 95 % interval (Feldt)."""
    return lambda rows: _alpha(rows, columns, lambda found: found.interval and found.interval.low)


def alpha_high(columns: tuple[str, ...]) -> Compute:
    """The upper end."""
    return lambda rows: _alpha(rows, columns, lambda found: found.interval and found.interval.high)


def omega(columns: tuple[str, ...]) -> Compute:
    """Omega total of the scales of an index."""

    def found(rows: pd.DataFrame) -> float | None:
        omega = omega_total(rows[list(columns)].astype(float))
        return None if why_not_publish(omega) else omega.value

    return found


def _alpha(rows: pd.DataFrame, columns: tuple[str, ...], part: Callable[[Alpha], Any]) -> float | None:
    alpha = cronbach_alpha(rows[list(columns)].astype(float))
    found = None if why_not_publish(alpha) else part(alpha)
    return None if found is None else max(0.0, float(found))

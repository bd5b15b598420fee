"""How sure a score is: the norms it rests on, its standard error, and when a difference is more than noise."""

import math
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["clear", "possible", "none detectable"]

Z95 = 1.96  # of the standard normal distribution: 95 % lie within ± this
FLOAT_NOISE = 1e-9  # points; far below any difference between two scores, far above rounding in floating point


@dataclass(frozen=True)
class Norm:
    """What is assumed, or known, about how one index varies between students and from one rating to the next."""

    mean: float  # 0–100
    sd: float  # standard deviation between students, in points
    reliability: float  # retest reliability of the full index, 0–1
    items: int  # how many items the reliability was found for
    source: str  # where the figures come from, to be printed beside them

    def reliability_of(self, items: int) -> float:
        """The reliability (0–1) of an index of so many of these items, by Spearman–Brown."""
        return spearman_brown(self.reliability, self.items, items)

    def sem(self, items: int) -> float:
        """The standard error of measurement, in points, of an index of so many of these items."""
        return standard_error(self.sd, self.reliability_of(items))


@dataclass(frozen=True)
class Norms:
    """The norms of a relationship's two indices."""

    practice: Norm
    outcome: Norm


_SOURCE = "assumption of the authors, provisional"
ASSUMED = Norms(
    practice=Norm(mean=60, sd=18, reliability=0.85, items=24, source=_SOURCE),
    outcome=Norm(mean=60, sd=18, reliability=0.90, items=12, source=_SOURCE),
)
"""What is assumed until a school has at least 50 retest pairs of its own, or a study is published."""


@dataclass(frozen=True)
class ReliableChange:
    """One difference between two scores of one student, beside what noise alone would give."""

    difference: float  # after − before, in points (−100 to 100)
    sem: float  # standard error of measurement of one score, in points
    sdiff: float  # standard error of the difference of two scores, in points
    threshold95: float  # the smallest difference that is called clear, in points
    verdict: Verdict


def spearman_brown(reliability: float, items: int, new_items: int) -> float:
    """The reliability (0–1) to expect of `new_items` items when `items` like them have this one.

    `k·r / (1 + (k−1)·r)` with `k = new_items / items` (Spearman 1910, Brown 1910). Raises `ValueError` for a
    reliability outside 0–1 and for fewer than one item.
    """
    _check_reliability(reliability)
    if items < 1 or new_items < 1:
        raise ValueError(f"A scale has at least one item, not {min(items, new_items)}.")
    k = new_items / items
    return k * reliability / (1 + (k - 1) * reliability)


def standard_error(sd: float, reliability: float) -> float:
    """The standard error of measurement, `SD·√(1−r)`, in the unit of `sd`; raises `ValueError` as `reliable_change`."""
    _check_reliability(reliability)
    if not math.isfinite(sd) or sd <= 0:
        raise ValueError(f"A standard deviation is a number above 0, not {sd}.")
    return sd * math.sqrt(1 - reliability)


def reliable_change(before: float, after: float, sd: float = 18, reliability: float = 0.85) -> ReliableChange:
    """Whether two scores of one student differ by more than noise (after Jacobson & Truax 1991).

    Clear from `1.96·Sdiff` up, with `Sdiff = √2·SEM`; possible from `max(Sdiff, SD/2)` up to it; else none is
    detectable, which is not the same as no change. Raises `ValueError` for scores that are not finite, an `sd` that
    is not above 0, and a reliability outside 0–1.
    """
    if not (math.isfinite(before) and math.isfinite(after)):
        raise ValueError(f"Two scores are compared as finite numbers, not {before} and {after}.")
    sem = standard_error(sd, reliability)
    sdiff = math.sqrt(2) * sem
    difference = after - before
    return ReliableChange(difference, sem, sdiff, Z95 * sdiff, _verdict(abs(difference), sdiff, sd))


def chance_of_any(relationships: int) -> float:
    """How often (0–1) at least one of so many unchanged relationships shows a clear change by chance: `1 − .95ⁿ`.

    Raises `ValueError` for a number below 0. It takes the relationships to be independent of each other.
    """
    if relationships < 0:
        raise ValueError(f"There cannot be {relationships} relationships.")
    return float(1 - 0.95**relationships)


def _verdict(size: float, sdiff: float, sd: float) -> Verdict:
    if size <= FLOAT_NOISE:
        return "none detectable"
    if size >= Z95 * sdiff - FLOAT_NOISE:
        return "clear"
    return "possible" if size >= max(sdiff, sd / 2) - FLOAT_NOISE else "none detectable"


def _check_reliability(reliability: float) -> None:
    if not 0 <= reliability <= 1:  # is also so for NaN
        raise ValueError(f"A reliability lies between 0 and 1, {reliability} does not.")

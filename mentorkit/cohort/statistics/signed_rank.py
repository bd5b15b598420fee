"""Whether more students went up than down, and how far: Wilcoxon's signed ranks, exact also with ties and zeros."""

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any, Literal

import numpy as np

from mentorkit.cohort.statistics.columns import Floats, Interval, check_confidence, pairs
from mentorkit.cohort.statistics.extra import extra
from mentorkit.cohort.statistics.walsh import walsh_at, walsh_median

Zeros = Literal["wilcoxon", "pratt"]
Alternative = Literal["two-sided", "greater", "less"]
EXACT_UP_TO = 400  # ranked differences; above, the normal approximation is as good to four digits


@dataclass(frozen=True)
class SignedRank:
    """The signed ranks of a group's differences, after − before."""

    n: int  # pairs
    left_out: int  # students with only one of the two scores
    zeros: int  # pairs without a difference
    treated: Zeros  # whether these were dropped before ranking (wilcoxon) or ranked and then dropped (pratt)
    up: float | None  # sum of the ranks of those who went up (R's V)
    down: float | None  # sum of the ranks of those who went down
    p: float | None  # p-value of no change, 0–1
    alternative: Alternative  # what p is against; "greater" means that scores went up
    method: Literal["exact", "normal"]  # all ways to sign the ranks counted, or approximated (above 400 differences)
    rank_biserial: float | None  # (up − down) / (up + down), −1 to 1
    estimate: float | None  # Hodges–Lehmann: the median of all averages of two differences, in the scores' unit
    interval: Interval | None  # of that estimate
    confidence: float  # asked for, for example 0.95
    achieved: float | None  # confidence it has in fact, at least that asked for; a lower bound with ties (Noether 1967)
    reason: str  # why figures are missing; empty when all are there


def signed_rank(
    before: Any,
    after: Any,
    zeros: Zeros = "wilcoxon",
    alternative: Alternative = "two-sided",
    confidence: float = 0.95,
) -> SignedRank:
    """Wilcoxon's signed-rank test of students who have both scores; Series are paired by their labels.

    Tied differences share their mean rank. The p-value counts all 2ᵐ ways to sign the m ranks (Streitberg & Röhmel
    1986). Zeros are dropped before ranking (Wilcoxon 1945, as R and scipy do) or, with `pratt`, after it (Pratt
    1959, as R's coin does). Estimate and interval (Hodges & Lehmann 1963; Hollander & Wolfe 1999, 3.2–3.3) always
    keep the zeros: a student without a difference is an answer. The rank-biserial correlation is Kerby's (2014).
    Raises `ValueError` for scores that are no numbers or cannot be paired, `NotReady` without scipy.
    """
    check_confidence(confidence)
    if zeros not in ("wilcoxon", "pratt") or alternative not in ("two-sided", "greater", "less"):
        raise ValueError("Zeros are treated after wilcoxon or pratt; the alternative is two-sided, greater or less.")
    found = pairs(before, after)
    differences = found.differences
    ranked = differences if zeros == "pratt" else differences[differences != 0]
    ranks, ranked = _ranks(ranked)[ranked != 0], ranked[ranked != 0]
    up, down = float(ranks[ranked > 0].sum()), float(ranks[ranked < 0].sum())
    is_exact = len(ranks) <= EXACT_UP_TO
    interval, achieved = _interval(differences, confidence)
    return SignedRank(
        n=len(differences),
        left_out=found.left_out,
        zeros=int((differences == 0).sum()),
        treated=zeros,
        up=up if len(ranks) else None,
        down=down if len(ranks) else None,
        p=_p(up, ranks, alternative, is_exact) if len(ranks) else None,
        alternative=alternative,
        method="exact" if is_exact else "normal",
        rank_biserial=(up - down) / (up + down) if len(ranks) else None,
        estimate=walsh_median(differences) if len(differences) else None,
        interval=interval,
        confidence=confidence,
        achieved=achieved,
        reason=_reason(len(differences), len(ranks), interval, confidence),
    )


def _ranks(differences: Floats) -> Floats:
    """Mean ranks of the sizes, 1 the smallest."""
    _, group, count = np.unique(np.abs(differences), return_inverse=True, return_counts=True)
    found: Floats = (np.cumsum(count) - (count - 1) / 2)[group]
    return found


def _p(up: float, ranks: Floats, alternative: Alternative, is_exact: bool) -> float:
    at_least, at_most = (_exact if is_exact else _normal)(up, ranks)
    both = {"greater": at_least, "less": at_most, "two-sided": 2 * min(at_least, at_most)}
    return min(1.0, both[alternative])


def _exact(up: float, ranks: Floats) -> tuple[float, float]:
    """How likely a sum at least, and at most, as large is when each rank is up or down by a fair coin."""
    doubled = np.rint(2 * ranks).astype(np.int64)  # mean ranks are halves
    chances = np.zeros(int(doubled.sum()) + 1)
    chances[0] = 1.0
    reached = 0
    for rank in doubled:
        further = chances[: reached + 1] / 2
        chances[: reached + 1] = further
        chances[rank : rank + reached + 1] += further
        reached += int(rank)
    here = round(2 * up)
    return float(chances[here:].sum()), float(chances[: here + 1].sum())


def _normal(up: float, ranks: Floats) -> tuple[float, float]:
    """The same by the normal distribution, corrected for ties and by half a step for continuity."""
    above, sd = up - float(ranks.sum()) / 2, sqrt(float((ranks**2).sum())) / 2
    return tuple(erfc(side / sd / sqrt(2)) / 2 for side in (above - 0.5, -above - 0.5))  # type: ignore[return-value]


def _interval(differences: Floats, confidence: float) -> tuple[Interval | None, float | None]:
    """From the k-th smallest to the k-th largest Walsh average, k as large as the confidence allows."""
    n = len(differences)
    if n > EXACT_UP_TO:
        total, sd = n * (n + 1) / 2, sqrt(n * (n + 1) * (2 * n + 1) / 24)
        z = float(extra("scipy.stats").norm.ppf((1 + confidence) / 2))
        k = max(1, int(total / 2 - 0.5 - z * sd) + 1)
        outside = erfc((total / 2 - (k - 1) - 0.5) / sd / sqrt(2))
    else:
        below = np.cumsum(_untied(n))  # below[s]: how likely a sum of ranks up to s is
        k = int(np.searchsorted(2 * below, (1 - confidence) * (1 + 1e-12), side="right"))
        outside = 2 * float(below[k - 1]) if k else 1.0
    if not k:
        return None, None
    return Interval(*walsh_at(differences, (k, n * (n + 1) // 2 + 1 - k))), 1 - outside


def _untied(n: int) -> Floats:
    """How likely each sum of the ranks 1 … n is, when each counts by a fair coin."""
    chances = np.ones(1)
    for rank in range(1, n + 1):
        chances = (np.pad(chances, (0, rank)) + np.pad(chances, (rank, 0))) / 2
    return chances


def _reason(n: int, ranked: int, interval: Interval | None, confidence: float) -> str:
    if not n:
        return "There is no student with both scores."
    if not ranked:
        return "No student's score differs between the two, so there is nothing to rank and no p-value."
    return "" if interval else f"{n} pairs are too few for an interval with a confidence of {100 * confidence:g} %."

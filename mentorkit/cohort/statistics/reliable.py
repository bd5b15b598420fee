"""How many students changed by more than noise: up, the same as far as one can tell, down."""

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any, Literal

import numpy as np

from mentorkit.cohort.statistics.columns import pairs
from mentorkit.reliability import FLOAT_NOISE, Z95, reliable_change, standard_error

Method = Literal["jacobson_truax", "gulliksen_lord_novick"]


@dataclass(frozen=True)
class ChangeCounts:
    """Students by whether their score changed reliably (95 %) between two terms."""

    up: int  # rose by the threshold or more
    same: int  # no reliable change, which is not the same as no change
    down: int  # fell by the threshold or more
    n: int  # students with both scores
    left_out: int  # students with only one of the two
    threshold: float  # 1.96 standard errors, in the scores' unit; of the change beyond what was expected
    by_chance: float  # how many of these students a right threshold calls up or down when nobody changed: 5 %
    method: Method  # what change was expected: none (Jacobson–Truax), or towards the mean (Gulliksen–Lord–Novick)
    mean: float | None  # the mean to which scores were expected to go back; None with Jacobson–Truax
    reason: str  # why nothing was counted; empty when something was

    @property
    def shares(self) -> tuple[float, float, float] | None:
        """Up, same and down as parts of all, 0–1; None when nobody has both scores."""
        return (self.up / self.n, self.same / self.n, self.down / self.n) if self.n else None


def reliable_change_counts(
    before: Any,
    after: Any,
    sd: float,
    reliability: float,
    method: Method = "jacobson_truax",
    mean: float | None = None,
) -> ChangeCounts:
    """Counts of students who rose, stayed or fell; Series are paired by their labels.

    `jacobson_truax`: clear from `1.96·√2·SD·√(1−r)` up (Jacobson & Truax 1991), as for a single student.
    `gulliksen_lord_novick`: the second score against the one expected when nothing but measurement error is at work,
    `M + r·(first − M)`, clear from `1.96·SD·√(1−r²)` up (Gulliksen 1950; Lord & Novick 1968; Hsu 1989). `sd` and
    `reliability` are the first score's; `mean` is that of the students it was known for, else that of the pairs'
    first scores. `by_chance` holds only when `sd` and `reliability` are those of the very scores that are counted: of
    as many items, of one rating and not of the mean of several. Raises `ValueError` for scores that are no numbers, a
    reliability outside 0–1, an `sd` not above 0, and a `mean` with `jacobson_truax`, which expects no change.
    """
    found = pairs(before, after)
    if method == "jacobson_truax":
        if mean is not None:
            raise ValueError("A mean is used with gulliksen_lord_novick only: leave it out, or name that method.")
        threshold = reliable_change(0, 0, sd, reliability).threshold95
        beyond = found.differences
    elif method == "gulliksen_lord_novick":
        standard_error(sd, reliability)  # refuses what cannot be
        threshold = Z95 * sd * sqrt(1 - reliability**2)
        mean = (float(found.before.mean()) if len(found.before) else None) if mean is None else float(mean)
        if mean is not None and not isfinite(mean):
            raise ValueError(f"A mean is a finite number, not {mean}.")
        centre = 0.0 if mean is None else mean
        beyond = found.after - centre - reliability * (found.before - centre)
    else:
        raise ValueError(f"Change is counted after jacobson_truax or gulliksen_lord_novick, not {method!r}.")
    reaches = (np.abs(beyond) >= threshold - FLOAT_NOISE) & (np.abs(beyond) > FLOAT_NOISE)
    up, down, n = int((reaches & (beyond > 0)).sum()), int((reaches & (beyond < 0)).sum()), len(beyond)
    reason = "" if n else "There is no student with both scores."
    return ChangeCounts(up, n - up - down, down, n, found.left_out, threshold, n * 0.05, method, mean, reason)

"""Several tests at once: Holm's adjustment."""

from typing import Any

import numpy as np

from mentorkit.cohort.statistics.columns import numbers


def holm(p_values: Any) -> tuple[float, ...]:
    """The p-values (0–1) adjusted for how many they are, in their order; a missing one stays NaN and is not counted.

    In ascending order `max over i ≤ j of min(1, (m−i+1)·p₍ᵢ₎)` (Holm 1979), as R's p.adjust does. Any dependence
    between the tests is allowed. Raises `ValueError` for what is no number between 0 and 1.
    """
    given = numbers(p_values, "The p-values")
    if ((given < 0) | (given > 1)).any():
        raise ValueError("A p-value lies between 0 and 1.")
    order = np.argsort(given)  # NaN comes last
    order = order[: np.count_nonzero(~np.isnan(given))]
    adjusted = np.full(len(given), np.nan)
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * given[order]))
    return tuple(float(p) for p in adjusted)

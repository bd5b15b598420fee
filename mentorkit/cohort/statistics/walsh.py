"""Walsh averages: the mean of every two differences, and of each with itself. Their median is Hodges–Lehmann's."""

import numpy as np

from mentorkit.cohort.statistics.columns import Floats

FEW = 2000  # up to so many differences all their averages are written out, above they are only counted


def walsh_median(differences: Floats) -> float:
    """The Hodges–Lehmann estimate: the median of all `n(n+1)/2` Walsh averages, n ≥ 1."""
    count = len(differences) * (len(differences) + 1) // 2
    low, high = walsh_at(differences, ((count + 1) // 2, count // 2 + 1))
    return (low + high) / 2


def walsh_at(differences: Floats, places: tuple[int, int]) -> tuple[float, float]:
    """The Walsh averages in these places (1 the smallest) when all are in order."""
    found = np.sort(differences)
    if len(found) <= FEW:
        rows, columns = np.triu_indices(len(found))
        averages = np.sort((found[rows] + found[columns]) / 2)
        return float(averages[places[0] - 1]), float(averages[places[1] - 1])
    return _search(found, places[0]), _search(found, places[1])


def _search(found: Floats, place: int) -> float:
    """The smallest number with at least so many Walsh averages up to it, by halving."""
    low, high = float(found[0]), float(found[-1])
    if _up_to(found, low) >= place:
        return low
    while low < (middle := low + (high - low) / 2) < high:
        low, high = (low, middle) if _up_to(found, middle) >= place else (middle, high)
    return high


def _up_to(found: Floats, limit: float) -> int:
    """How many Walsh averages of sorted differences are at most `limit`."""
    partners = np.searchsorted(found, 2 * limit - found, side="right")
    themselves = np.searchsorted(found, limit, side="right")
    return int((partners.sum() + themselves) // 2)

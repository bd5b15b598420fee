"""Rounding and coding: what is shown of a number, and what anybody then knows about it."""

from dataclasses import dataclass
from math import floor, inf

COUNT_STEP = 5  # counts are shown to the nearest 5
COUNT_REACH = 2  # so the true one is at most this far away
SHARE_STEP = 5.0  # shares to 5 %, never 0 % or 100 %


@dataclass(frozen=True)
class Shown:
    """A rounded number, how to read it, and the interval in which the true one lies."""

    number: float
    mark: str  # "rounded", "at most" or "at least"
    low: float  # the true number is not smaller
    high: float  # and not larger


def nearest(number: float, step: float) -> float:
    """The nearest multiple of the step, halves upwards."""
    return round(floor(number / step + 0.5 + 1e-9) * step, 9)


def count(students: int, minimum: int) -> Shown:
    """A number of students to the nearest 5, and never a number below the minimum."""
    least = -(-minimum // COUNT_STEP) * COUNT_STEP
    number = max(least, int(nearest(students, COUNT_STEP)))
    return Shown(number, "rounded", minimum if number == least else number - COUNT_REACH, number + COUNT_REACH)


def coded(number: float, step: float, low: float, high: float) -> Shown:
    """A number to the nearest step; within a step of the ends of `low` to `high` only that end is said."""
    shown = min(max(nearest(number, step), low + step), high - step)
    bottom, top = shown <= low + step, shown >= high - step
    mark = "at most" if bottom else "at least" if top else "rounded"
    return Shown(shown, mark, low if bottom else shown - step / 2, high if top else shown + step / 2)


def spread(deviation: float, step: float, low: float, high: float) -> Shown:
    """A standard deviation, coded below two steps (all alike) and from two fifths of the range (all at its ends)."""
    top = nearest(0.4 * (high - low), step)
    shown = coded(deviation, step, step, top + step)
    return Shown(
        shown.number,
        shown.mark,
        0 if shown.mark == "at most" else shown.low,
        inf if shown.mark == "at least" else shown.high,
    )

"""What the statistics are given, as plain numbers: any numeric dtype, any index, missing values as NaN."""

from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDING = 2.0**-46
"""Relative to the numbers subtracted: differences nearer to each other than this differ by floating point alone."""


class Interval(NamedTuple):
    """Both ends of an interval; the result that holds it says for which confidence."""

    low: float
    high: float


class Pairs(NamedTuple):
    """Two scores of the same students, earlier and later, both there."""

    before: Floats
    after: Floats
    left_out: int  # how many had only one of the two

    @property
    def differences(self) -> Floats:
        """After − before, those made equal that only floating point tells apart, as 0.3 − 0.2 and 0.2 − 0.1."""
        return settled(self.after - self.before, size(self.before, self.after))


def numbers(values: Any, name: str = "The values") -> Floats:
    """One column as floats, NaN for what is missing; raises `ValueError` for text, dates and infinite numbers."""
    column = values if isinstance(values, pd.Series) else pd.Series(_listed(values), dtype=object)
    is_plain = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_complex_dtype(column)
    found: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan) if is_plain else _converted(column, name)
    if np.isinf(found).any():
        raise ValueError(f"{name} must be finite numbers.")
    return found


def table(values: Any) -> pd.DataFrame:
    """Columns of floats, rows in the order given; raises `ValueError` for text and for two columns of one name."""
    frame = values if isinstance(values, pd.DataFrame) else pd.DataFrame(np.asarray(values, dtype=object))
    names = [str(name) for name in frame.columns]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"Two columns are called {', '.join(sorted(twice))}.")
    return pd.DataFrame({name: numbers(frame.iloc[:, at], f"The values of {name}") for at, name in enumerate(names)})


def pairs(before: Any, after: Any) -> Pairs:
    """Two columns side by side, without the rows in which one is missing.

    Two Series are paired by their labels (students), so that neither order nor leavers mix students up; equal
    indexes and everything else are paired in the order given. Raises `ValueError` for columns of different length,
    for labels that occur twice, and for two Series that have no label in common.
    """
    if isinstance(before, pd.Series) and isinstance(after, pd.Series) and not before.index.equals(after.index):
        before, after = _by_label(before, after)
    first, second = numbers(before, "The first values"), numbers(after, "The second values")
    if len(first) != len(second):
        raise ValueError(f"Pairs have as many first values as second ones, not {len(first)} and {len(second)}.")
    there = ~np.isnan(first) & ~np.isnan(second)
    alone = np.isnan(first) ^ np.isnan(second)
    return Pairs(first[there], second[there], int(alone.sum()))


def size(*columns: Floats) -> float:
    """The largest number without its sign; 0 when there is none."""
    return max((float(np.abs(column).max()) for column in columns if column.size), default=0.0)


def settled(values: Floats, largest: float) -> Floats:
    """The values, those made equal whose sizes lie within `ROUNDING` times `largest`, and 0 for those as near to 0."""
    noise = ROUNDING * largest
    sizes = np.abs(values)
    order = np.argsort(sizes, kind="stable")
    steps = np.diff(sizes[order], prepend=0.0) > noise
    starts = np.maximum.accumulate(np.where(steps, np.arange(len(values)), -1))
    same = np.empty(len(values), dtype=np.float64)
    same[order] = np.where(starts < 0, 0.0, sizes[order][starts])
    return np.where(same > 0, np.copysign(same, values), 0.0)


def is_constant(values: Floats) -> bool:
    """Whether the values differ by no more than floating point does."""
    return not values.size or float(np.ptp(values)) <= 8 * ROUNDING * size(values)


def check_confidence(confidence: float) -> None:
    """Raises `ValueError` for a confidence that does not lie between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies between 0 and 1, for example 0.95; {confidence} does not.")


def _by_label(before: pd.Series, after: pd.Series) -> tuple[pd.Series, pd.Series]:
    for column in (before, after):
        if not column.index.is_unique:
            raise ValueError("A student stands twice in a column of pairs: average first.")
    if len(before) and len(after) and not before.index.isin(after.index).any():
        raise ValueError("The two columns have no student in common: index both by student, or give plain lists.")
    everyone = before.index.union(after.index, sort=False)
    return before.reindex(everyone), after.reindex(everyone)


def _listed(values: Any) -> list[Any]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ValueError(f"A column of numbers is asked for, not {values!r}.")
    return list(values)


def _converted(column: pd.Series, name: str) -> Floats:
    entries = [None if _is_missing(entry) else entry for entry in column.astype(object)]
    for entry in entries:
        if not (entry is None or isinstance(entry, Real | Decimal)):
            raise ValueError(f"{name} must be numbers, and {entry!r} is none.")
    return np.array([np.nan if entry is None else float(entry) for entry in entries], dtype=np.float64)


def _is_missing(entry: Any) -> bool:
    return entry is None or entry is pd.NA or entry is pd.NaT or entry != entry  # NaN is unequal to itself

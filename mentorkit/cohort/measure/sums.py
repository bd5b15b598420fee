"""The sums of a cohort, which add across schools, and what is worked out from them: means, spread, paired change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from mentorkit.content import load_content
from mentorkit.errors import BadFile, MentorkitError
from mentorkit.term import Calendar

CENTER = (
    50.0  # scores (0–100) enter the sums as their distance from it; the same at every school, or sums would not add
)
LEVEL = ("n", "sum", "squares")
PAIR = ("n", "sum_before", "sum_after", "squares_before", "squares_after", "products")
NOISE = 1e-12  # of a sum of squares: what is less is left by rounding, and is no spread


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over students, by term and group; `one + other` are those of both schools together.

    They hold exact figures about few people: they are for the hands of those who run the comparison, and what is
    published of them goes through `mentorkit.cohort.disclosure` like everything else. A student must not be in two of
    the parts that are added.
    """

    by: tuple[str, ...]  # the groupings: none, one or both of class_year and mentor_type
    levels: pd.DataFrame  # term, by …, scale, n (students), sum and sum of squares of the distance from CENTER
    pairs: pd.DataFrame  # before, after, by …, scale, n (students with both), sums, squares and products of both

    @classmethod
    def of(cls, by: tuple[str, ...], levels: Iterable[pd.DataFrame], pairs: Iterable[pd.DataFrame]) -> "Sums":
        """The sums of several parts; parts of the same term, group and scale are added."""
        return cls(
            by,
            _together(levels, ["term", *by, "scale"], LEVEL),
            _together(pairs, ["before", "after", *by, "scale"], PAIR),
        )

    def __add__(self, other: "Sums") -> "Sums":
        if self.by != other.by:
            raise BadFile(f"These sums cannot be added: one is {_grouped(self.by)}, the other {_grouped(other.by)}.")
        return Sums.of(self.by, (self.levels, other.levels), (self.pairs, other.pairs))

    def means(self, confidence: float = 0.95, calendar: Calendar | None = None) -> pd.DataFrame:
        """By term, group and scale: n, mean (0–100), sd, and the t interval of the mean from `low` to `high`.

        With one student there is no sd and no interval. Raises `MentorkitError` without the extra `cohort`.
        """
        table, n = self.levels, self.levels["n"]
        mean = CENTER + table["sum"] / n
        sd = _sd(table["squares"], table["sum"], n, table["squares"])
        half = _t(confidence, n) * sd / np.sqrt(n)
        found = table[["term", *self.by, "scale"]].assign(n=n, mean=mean, sd=sd, low=mean - half, high=mean + half)
        return _in_time(found, ["term"], calendar)

    def changes(self, confidence: float = 0.95, calendar: Calendar | None = None) -> pd.DataFrame:
        """By pair of terms, group and scale, over those who have both: n, both means and sds, and the change.

        `change` is the mean of after − before, `sd_change` its standard deviation, `low` to `high` the t interval with
        n − 1 degrees of freedom, `dz = change / sd_change`, `d_av` = change over the mean of both sds (Lakens 2013),
        and `r` the correlation of both terms. Undefined figures (n = 1, no spread) are NaN.
        """
        table, n = self.pairs, self.pairs["n"]
        sums, squares = table["sum_after"] - table["sum_before"], table["squares_before"] + table["squares_after"]
        sd_before = _sd(table["squares_before"], table["sum_before"], n, table["squares_before"])
        sd_after = _sd(table["squares_after"], table["sum_after"], n, table["squares_after"])
        sd_change = _sd(squares - 2 * table["products"], sums, n, squares)
        change = sums / n
        half = _t(confidence, n) * sd_change / np.sqrt(n)
        covariance = (table["products"] - table["sum_before"] * table["sum_after"] / n) / (n - 1).where(n > 1)
        found = table[["before", "after", *self.by, "scale"]].assign(
            n=n,
            mean_before=CENTER + table["sum_before"] / n,
            mean_after=CENTER + table["sum_after"] / n,
            sd_before=sd_before,
            sd_after=sd_after,
            change=change,
            sd_change=sd_change,
            low=change - half,
            high=change + half,
            dz=_over(change, sd_change),
            d_av=_over(change, (sd_before + sd_after) / 2),
            r=_over(covariance, sd_before * sd_after).clip(-1, 1),
        )
        return _in_time(found, ["before", "after"], calendar)


def add_sums(parts: Sequence[Sums]) -> Sums:
    """The sums of several schools together. Raises `BadFile` when there are none, or they are grouped differently."""
    if not parts:
        raise BadFile("There are no sums to add.")
    first, *others = parts
    for other in others:
        first += other
    return first


def _together(parts: Iterable[pd.DataFrame], keys: list[str], figures: tuple[str, ...]) -> pd.DataFrame:
    every = pd.concat([part.astype(dict.fromkeys(keys, "str")) for part in parts], ignore_index=True)
    every = every.astype({"n": "int64", **dict.fromkeys(figures[1:], "float64")})
    return every.groupby(keys, as_index=False, sort=True)[list(figures)].sum()


def _sd(squares: Any, total: Any, n: Any, size: Any) -> Any:
    """√((Σd² − (Σd)²/n) / (n − 1)); 0 when what remains is no more than rounding leaves of sums of this size."""
    left = squares - total * total / n
    return np.sqrt(left.where(left > NOISE * size, 0.0) / (n - 1).where(n > 1))


def _over(one: Any, other: Any) -> Any:
    return one / other.where(other > 0, nan)


def _t(confidence: float, n: Any) -> Any:
    """The quantile of Student's t with n − 1 degrees of freedom for a two-sided interval; NaN for one student."""
    try:
        from scipy.stats import t
    except ImportError as missing:
        raise MentorkitError("Intervals need scipy. Install it: pip install 'mentorkit[cohort]'") from missing
    return t.ppf((1 + confidence) / 2, (n - 1).where(n > 1))


def _in_time(table: pd.DataFrame, terms: list[str], calendar: Calendar | None) -> pd.DataFrame:
    """The same rows, earlier terms first, and missing for what was not said."""
    known = calendar or load_content().calendar
    order = {term: place for place, term in enumerate(known.sort(set().union(*(table[one] for one in terms))))}
    rest = [name for name in ("class_year", "mentor_type", "scale") if name in table]
    table = table.sort_values([*terms, *rest], key=lambda column: column.map(order) if column.name in terms else column)
    said = {name: table[name].replace("", None) for name in rest if name != "scale"}
    return table.assign(**said).reset_index(drop=True)


def _grouped(by: tuple[str, ...]) -> str:
    return f"grouped by {' and '.join(by)}" if by else "not grouped"

"""Step two: scores → sums over students, that can be added to the sums of another school.

A student's mentors are averaged first. Scores enter as their distance from `CENTER`: so squares stay small, and a
variance that is taken from the sums keeps about twelve digits.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from mentorkit.cohort.measure.frames import Frame, nw
from mentorkit.cohort.measure.places import Place
from mentorkit.cohort.measure.scores import Scored
from mentorkit.cohort.measure.sums import CENTER, LEVEL, PAIR, Sums
from mentorkit.content import load_content
from mentorkit.errors import Unknown
from mentorkit.term import Calendar

GROUPINGS = ("class_year", "mentor_type")
BOTH = ("mentor_type",)  # must be the same in both terms of a pair; the class year is that of the earlier term
UNSAID = ""  # stands for a class year or mentor type that is not given: unlike null, it equals itself everywhere
Expr = nw.Expr


def add_up(scored: Iterable[Scored], by: Sequence[str] = (), calendar: Calendar | None = None) -> Sums:
    """The sums of every scale by term and by none, one or both of `class_year` and `mentor_type`.

    Pairs are all pairs of terms, the earlier one first, of the same student; with `mentor_type`, of the same type.
    Raises `Unknown` for another grouping, and for what is not a term.
    """
    if unknown := set(by) - set(GROUPINGS):
        raise Unknown(f"Scores cannot be grouped by {', '.join(sorted(unknown))}: there are {', '.join(GROUPINGS)}.")
    names = tuple(name for name in GROUPINGS if name in by)
    known = calendar or load_content().calendar
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.PerformanceWarning)  # a table of sums has hundreds of columns
        found = [_added(one, names, known) for one in scored]
    return Sums.of(names, (levels for levels, _ in found), (pairs for _, pairs in found))


def _added(scored: Scored, by: tuple[str, ...], calendar: Calendar) -> tuple[pd.DataFrame, pd.DataFrame]:
    place, columns = scored.rows.place, tuple(scored.column.values())
    means = place.keep(_student_means(scored.rows.frame, by, columns))
    try:
        return _sums_of(means, place, by, scored.column, calendar)
    finally:
        place.drop(means)


def _sums_of(
    means: Frame, place: Place, by: tuple[str, ...], column: Mapping[str, str], calendar: Calendar
) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = tuple(column.values())
    levels = place.fetch(_levels(means, by, columns))
    terms = calendar.sort(set(levels["term"]))
    found = _long(levels, ("term", *by), column, LEVEL)
    if len(terms) < 2:
        return found, pd.DataFrame(columns=["before", "after", *by, "scale", *PAIR])
    pairs = place.fetch(_pairs(means, by, columns, terms, place))
    return found, _long(pairs, ("before", "after", *by), column, PAIR)


def _student_means(scores: Frame, by: tuple[str, ...], columns: tuple[str, ...]) -> Frame:
    """One row a student and term (and mentor type): the mean over relationships, as the distance from the center."""
    said = [nw.col(name).cast(nw.String).fill_null(UNSAID) for name in by]
    rows = scores.select("student", "term", *said, *columns)
    means = rows.group_by("student", "term", *by).agg(*(nw.col(one).mean() for one in columns))
    return means.with_columns(*(nw.col(one) - CENTER for one in columns))


def _levels(means: Frame, by: tuple[str, ...], columns: tuple[str, ...]) -> Frame:
    squares = means.with_columns(*((nw.col(one) * nw.col(one)).alias(f"{one}_squares") for one in columns))
    return squares.group_by("term", *by).agg(
        *(nw.col(one).count().alias(f"{one}_n") for one in columns),
        *(nw.col(one).sum().alias(f"{one}_sum") for one in columns),
        *(nw.col(f"{one}_squares").sum() for one in columns),
    )


def _pairs(means: Frame, by: tuple[str, ...], columns: tuple[str, ...], terms: Sequence[str], place: Place) -> Frame:
    numbered = place.numbered(means, "term", {term: number for number, term in enumerate(terms)})
    same = ["student", *(name for name in by if name in BOTH)]
    earlier = numbered.rename({"term": "before", "number": "first", **{one: f"{one}_x" for one in columns}})
    later = numbered.select(
        *same,
        *(nw.col(old).alias(new) for old, new in (("term", "after"), ("number", "second"))),
        *(nw.col(one).alias(f"{one}_y") for one in columns),
    )
    pairs = earlier.join(later, on=same).filter(nw.col("first") < nw.col("second"))
    return _summed(pairs, ("before", "after", *by), columns)


def _summed(pairs: Frame, keys: tuple[str, ...], columns: tuple[str, ...]) -> Frame:
    """The sums of both terms over those who have the score in both."""
    x, y = ({one: nw.col(f"{one}_{end}") for one in columns} for end in "xy")
    both = {one: ~x[one].is_null() & ~y[one].is_null() for one in columns}
    scored = pairs.select(
        *keys,
        *(nw.when(both[one]).then(x[one]).alias(f"{one}_sum_before") for one in columns),
        *(nw.when(both[one]).then(y[one]).alias(f"{one}_sum_after") for one in columns),
    )
    before, after = ({one: nw.col(f"{one}_sum_{end}") for one in columns} for end in ("before", "after"))
    products = scored.with_columns(
        *((before[one] * before[one]).alias(f"{one}_squares_before") for one in columns),
        *((after[one] * after[one]).alias(f"{one}_squares_after") for one in columns),
        *((before[one] * after[one]).alias(f"{one}_products") for one in columns),
    )
    return products.group_by(*keys).agg(
        *(before[one].count().alias(f"{one}_n") for one in columns),
        *(nw.col(f"{one}_{figure}").sum() for one in columns for figure in PAIR[1:]),
    )


def _long(
    table: pd.DataFrame, keys: tuple[str, ...], column: Mapping[str, str], figures: tuple[str, ...]
) -> pd.DataFrame:
    """One row a scale, without those that nobody has."""
    rows = len(table)
    found = table[list(keys)].take(np.tile(np.arange(rows), len(column)))
    found = found.assign(scale=np.repeat(list(column), rows)).reset_index(drop=True)
    for figure in figures:
        found[figure] = table[[f"{name}_{figure}" for name in column.values()]].to_numpy().T.ravel()
    return found[found["n"] > 0]

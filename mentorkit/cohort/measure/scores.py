"""Step one: item rows → a row for each relationship and term, and one for a student's needs, with a column a scale.

The rules are those of `mentorkit.scoring`, and so are the numbers, to the last bit: each score is one division of
whole numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import numpy as np
import pandas as pd

from mentorkit.cohort.measure.frames import Frame, nw
from mentorkit.cohort.measure.places import Place, Rows, in_pandas
from mentorkit.cohort.measure.rules import Index, Rules, rules_of
from mentorkit.cohort.score_rows import SCORES
from mentorkit.errors import BadFile
from mentorkit.scoring import CODES, ITEMS_NEEDED, POINTS

ONE = ("student", "term", "relationship")  # what a row of scores is about; needs have no relationship
ABOUT = (*ONE, "class_year", "mentor_type")
Expr = nw.Expr


@dataclass(frozen=True)
class Scored:
    """The scores of one worksheet: a row for each relationship and term, or for each student and term."""

    rows: Rows  # what a row is about (`ABOUT`), and the columns of the scales and items; null where not scored
    column: Mapping[str, str]  # by scale: its column. Scales have dots in their names, which Spark takes apart
    items: Mapping[str, str] = field(default_factory=dict)  # by index: the column of how many answers it rests on


def score(items: Rows, rules: Sequence[Rules] | None = None) -> tuple[Scored, ...]:
    """The scores by worksheet, needs first, worked out where the item rows are and kept there.

    An item row (student, term, class_year, relationship, mentor_type, item, value) stands for an item that was asked.
    Its value is 0–4; with any other value, or none, the answer is not counted. An item that was not asked, such as the
    other two of a practice on the short form, has no row. Items of no scale are passed over.

    Raises `BadFile` when more items of a scale were answered than there are, or when the rows of a relationship, or of
    a student's needs in a term, disagree on class year or mentor type.
    """
    return tuple(_score(items, one) for one in rules or rules_of())


def long(scored: Sequence[Scored]) -> pd.DataFrame:
    """The same scores in pandas, one row a score, NaN where not scored; every student is `linked` over the terms."""
    parts = [_long(one) for one in scored]
    return pd.concat(parts, ignore_index=True)


def wide(scores: pd.DataFrame) -> tuple[Scored, ...]:
    """Scores that come as one row a score (NaN = not scored), such as shares, ready to be added up.

    How many items they rest on is left behind: sums do not need it.
    Raises `BadFile` when a scale of a relationship and term stands there twice.
    """
    names = sorted(set(scores["scale"]))
    column = {scale: f"scale_{place}" for place, scale in enumerate(names)}
    try:
        table = scores.set_index([*ABOUT, "scale"])["score"].unstack("scale")
    except ValueError as error:
        raise BadFile("A scale of one relationship and term has two scores: leave one of them out.") from error
    return (Scored(in_pandas(table.rename(columns=column).reset_index()), column),)


def _long(scored: Scored) -> pd.DataFrame:
    table = scored.rows.place.fetch(scored.rows.frame)
    names = {column: scale for scale, column in scored.column.items()}
    rows = table.rename(columns=names).melt(list(ABOUT), list(names.values()), "scale", "score")
    items = np.concatenate(list(_items(table, scored)))
    kinds = {"relationship": "Int64", "score": float, "items": "Int64"}
    return rows.assign(linked=True, items=items).astype(kinds)[list(SCORES)]


def _items(table: pd.DataFrame, scored: Scored) -> Iterator[np.ndarray]:
    """By scale, how many answers are behind it; unknown but for the indices."""
    for scale in scored.column:
        of = scored.items.get(scale)
        yield table[of].to_numpy(dtype=float, na_value=np.nan) if of else np.full(len(table), np.nan)


def _score(items: Rows, rules: Rules) -> Scored:
    column = {scale: f"scale_{place}" for place, scale in enumerate(rules.scales)}
    behind = {index.name: f"items_{place}" for place, index in enumerate(rules.indices)}
    frame = items.place.keep(_scores(_counts(items, rules), rules, column, behind))
    _expect_one_row_each(items.place, frame)
    return Scored(Rows(frame.select(*ABOUT, *column.values(), *behind.values()), items.place), column, behind)


def _counts(items: Rows, rules: Rules) -> Frame:
    """By relationship: how many items of each scale were asked, how many count, and what those add up to."""
    rows = items.frame.select(*ABOUT, "item", nw.col("value").cast(nw.Float64))
    rows = items.place.numbered(rows, "item", rules.number)
    value, place = nw.col("value"), nw.col("number")
    rows = rows.with_columns(counted=nw.when(value.is_in([float(code) for code in CODES])).then(value))
    every = range(len(rules.items))
    rows = rows.with_columns(
        *(nw.when(place == one).then(nw.col("counted")).alias(f"counted_{one}") for one in every),
        *(nw.when(place == one).then(nw.lit(1)).alias(f"row_{one}") for one in every),
    )
    return rows.group_by(*ABOUT).agg(
        *(nw.col(f"counted_{one}").sum().alias(f"total_{one}") for one in every),
        *(nw.col(f"counted_{one}").count().alias(f"answered_{one}") for one in every),
        *(nw.col(f"row_{one}").count().alias(f"asked_{one}") for one in every),
    )


def _scores(counts: Frame, rules: Rules, column: Mapping[str, str], behind: Mapping[str, str]) -> Frame:
    """The columns of all scales, on how many answers indices rest, and whether more was asked than there is."""
    every = {scale: f"whole_{place}" for place, scale in enumerate(rules.items)}
    asked = {place: nw.col(f"asked_{place}") > len(items) for place, items in enumerate(rules.items.values())}
    whole = [_whole(place, rules.multiple).alias(name) for place, name in enumerate(every.values())]
    used = {scale: f"used_{place}" for place, scale in enumerate(rules.items)}
    counted = [nw.when(_is_scored(place)).then(nw.col(f"answered_{place}")).alias(f"used_{place}") for place in asked]
    table = counts.select(
        *ABOUT,
        *whole,
        *counted,
        nw.when(reduce(or_, asked.values())).then(nw.lit(1)).otherwise(nw.lit(0)).alias("repeated"),
    )
    scales = {scale: nw.col(name) / rules.multiple for scale, name in every.items()}
    scales |= {one.name: _unmet(nw.col(every[one.need]), nw.col(every[one.support]), rules) for one in rules.unmet}
    scales |= {one.name: _index([every[part] for part in one.parts], one, rules) for one in rules.indices}
    items = {behind[one.name]: _behind([every[part] for part in one.parts], one, used) for one in rules.indices}
    return table.select(
        *ABOUT,
        *(score.alias(column[scale]) for scale, score in scales.items()),
        *(number.alias(name) for name, number in items.items()),
        "repeated",
    )


def _whole(place: int, multiple: int) -> Expr:
    """25 × the mean of the answers that count, times a number that makes it whole; null when not scored."""
    total, answered = (nw.col(f"{count}_{place}") for count in ("total", "answered"))
    return nw.when(_is_scored(place)).then(POINTS * multiple * total / answered)


def _is_scored(place: int) -> Expr:
    """Whether enough of what was asked counts."""
    answered, asked = (nw.col(f"{count}_{place}") for count in ("answered", "asked"))
    return (answered > 0) & (answered * ITEMS_NEEDED.denominator >= asked * ITEMS_NEEDED.numerator)


def _unmet(need: Expr, support: Expr, rules: Rules) -> Expr:
    """max(0, need − support), when both are scored."""
    short = (need - support) / rules.multiple
    return (short + short.abs()) / 2  # the larger of it and 0, without rounding and without a −0


def _index(parts: Sequence[str], index: Index, rules: Rules) -> Expr:
    """The plain mean of the scored parts, when enough of all are scored."""
    scored = _scored_parts(parts)
    return nw.when(_is_enough(scored, parts, index)).then(nw.sum_horizontal(*parts) / (scored * rules.multiple))


def _behind(parts: Sequence[str], index: Index, used: Mapping[str, str]) -> Expr:
    """How many answers are behind an index that is scored."""
    answers = nw.sum_horizontal(*(used[part] for part in index.parts))
    return nw.when(_is_enough(_scored_parts(parts), parts, index)).then(answers)


def _scored_parts(parts: Sequence[str]) -> Expr:
    return nw.sum_horizontal(*(nw.when(~nw.col(part).is_null()).then(nw.lit(1)) for part in parts))


def _is_enough(scored: Expr, parts: Sequence[str], index: Index) -> Expr:
    return (scored > 0) & (scored * index.needed.denominator >= index.needed.numerator * len(parts))


def _expect_one_row_each(place: Place, frame: Frame) -> None:
    rows = frame.group_by(*ONE).agg(nw.len().alias("rows"), nw.col("repeated").max())
    wrong = place.fetch(rows.filter((nw.col("rows") > 1) | (nw.col("repeated") > 0)).head(1))
    if not len(wrong):
        return
    if wrong["repeated"].iloc[0]:
        raise BadFile(
            "An item was answered twice in one term: keep one row for each item of a relationship or student."
        )
    raise BadFile("The rows of one relationship name two class years or mentor types: give each the same in a term.")

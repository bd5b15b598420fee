"""The same scores and sums in plain pandas. It checks nothing."""

from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from benchmarks.cohort.content import AREAS, INDICES, PARTS

KEYS = ["student", "term", "class_year", "relationship", "mentor_type"]


def sums(items: pd.DataFrame, terms: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sums of levels and of pairs, by class year: a column for each figure of each scale."""
    means = [_means(_scores(items, name)) for name in PARTS]
    levels = [_levels(table) for table in means]
    pairs = [_pairs(table, terms) for table in means]
    return pd.concat(levels, axis=1), pd.concat(pairs, axis=1)


def _scores(items: pd.DataFrame, name: str) -> pd.DataFrame:
    scale_of = {item: scale for scale, items in PARTS[name].items() for item in items}
    scale = items["item"].map(scale_of)
    rows = items[KEYS].assign(scale=scale, v=items["value"].where(items["value"].isin([0, 1, 2, 3, 4])))
    rows = rows[scale.notna()]
    counts = rows.groupby([*KEYS, "scale"], dropna=False, observed=True)["v"].agg(["sum", "count", "size"])
    enough = (counts["count"] > 0) & (3 * counts["count"] >= 2 * counts["size"])
    scores = (25 * counts["sum"] / counts["count"]).where(enough).unstack("scale")
    if name == "needs":
        for area in AREAS:
            if f"need.{area}" in scores:
                scores[f"unmet.{area}"] = (scores[f"need.{area}"] - scores[f"support.{area}"]).clip(lower=0)
    else:
        for index, (family, least) in INDICES.items():
            own = scores.filter(like=family)
            scores[index] = own.mean(axis=1).where(own.notna().sum(axis=1) >= least)
    return scores


def _means(scores: pd.DataFrame) -> pd.DataFrame:
    return scores.groupby(["student", "term", "class_year"], dropna=False, observed=True).mean() - 50


def _levels(means: pd.DataFrame) -> pd.DataFrame:
    by = ["term", "class_year"]
    tables = {
        "n": means.groupby(by, dropna=False, observed=True).count(),
        "sum": means.groupby(by, dropna=False, observed=True).sum(),
        "squares": (means**2).groupby(by, dropna=False, observed=True).sum(),
    }
    return _named(tables)


def _pairs(means: pd.DataFrame, terms: Iterable[str]) -> pd.DataFrame:
    found = []
    table = means.reset_index("class_year")
    there = set(table.index.get_level_values("term"))
    for first, second in combinations([term for term in terms if term in there], 2):
        before, after = (table.xs(term, level="term") for term in (first, second))
        both = before.index.intersection(after.index)
        year = before.loc[both, "class_year"]
        x, y = (side.loc[both].drop(columns="class_year") for side in (before, after))
        x, y = x.where(y.notna()), y.where(x.notna())
        tables = {"n": x.notna().astype(int), "sum_before": x, "sum_after": y, "squares_before": x**2}
        tables |= {"squares_after": y**2, "products": x * y}
        by_year = {name: part.groupby(year, dropna=False, observed=True).sum() for name, part in tables.items()}
        found.append(_named(by_year).assign(before=first, after=second).set_index(["before", "after"], append=True))
    return pd.concat(found)


def _named(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table.add_suffix(f" {name}") for name, table in tables.items()], axis=1)

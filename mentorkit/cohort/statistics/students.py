"""Students' means first: several mentors of one student are averaged before anything is counted."""

import pandas as pd


def student_means(scores: pd.DataFrame, scale: str) -> pd.DataFrame:
    """One scale of a frame of scores: one row a student, one column a term, the mean of that student's relationships.

    Scores that are missing do not count; a student without any has no row. Raises `KeyError` for a frame without
    the columns `student`, `term`, `scale` and `score`.
    """
    rows = scores[scores["scale"] == scale].dropna(subset=["score"])
    return _means(rows.assign(score=rows["score"].astype(float)), "term", "score")


def item_means(items: pd.DataFrame, term: str) -> pd.DataFrame:
    """The items of one term: one row a student, one column an item, the mean over that student's relationships (0–4).

    It is what `cronbach_alpha` and `omega_total` take. Raises `KeyError` for a frame without the columns `student`,
    `term`, `item` and `value`.
    """
    rows = items[items["term"] == term].dropna(subset=["value"])
    return _means(rows.assign(value=rows["value"].astype(float)), "item", "value")


def _means(rows: pd.DataFrame, across: str, value: str) -> pd.DataFrame:
    found = rows.groupby(["student", across], observed=True)[value].mean().unstack()
    found.columns.name = None
    return found

"""The same scores and sums in SQL for DuckDB, as one would write it by hand who knows DuckDB well.

A row for each relationship with a column for each scale: a row for each score takes three times as long. It checks
nothing: no item that was answered twice, no relationship of two kinds.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from benchmarks.cohort.content import AREAS, INDICES, PARTS

KEYS = "student, term, class_year, relationship, mentor_type"


def sums(connection: Any, file: str, terms: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sums of levels and of pairs, by class year: a column for each figure of each scale."""
    order = ", ".join(f"'{term}'" for term in terms)
    tables = []
    for name, scales in PARTS.items():
        values = ", ".join(f"('{item}', {place})" for place, items in enumerate(scales.values()) for item in items)
        connection.execute(f"CREATE TEMP TABLE {name}_key AS SELECT * FROM (VALUES {values}) AS t(item, place)")
        connection.execute(f"CREATE TEMP TABLE {name} AS {_scores(name, scales, file)}")
        every = [row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall() if row[0] not in KEYS.split(", ")]
        connection.execute(f"CREATE TEMP TABLE {name}_means AS {_means(name, every)}")
        tables.append([connection.execute(sql).df() for sql in (_levels(name, every), _pairs(name, every, order))])
    levels, pairs = zip(*tables, strict=True)
    return _beside(levels, ["term", "class_year"]), _beside(pairs, ["before", "after", "class_year"])


def _scores(name: str, scales: Iterable[str], file: str) -> str:
    counts, scores = [], []
    for place, scale in enumerate(scales):
        counts.append(f"sum(CASE WHEN place = {place} THEN v END) AS s{place}")
        counts.append(f"count(CASE WHEN place = {place} THEN v END) AS n{place}")
        counts.append(f"count(CASE WHEN place = {place} THEN 1 END) AS a{place}")
        enough = f"n{place} > 0 AND 3 * n{place} >= 2 * a{place}"
        scores.append(f'CASE WHEN {enough} THEN 25 * s{place} / n{place} END AS "{scale}"')
    return f"""
        SELECT *, {", ".join(_unmet() if name == "needs" else _indices(scales))}
        FROM (SELECT {KEYS}, {", ".join(scores)}
              FROM (SELECT {KEYS}, {", ".join(counts)}
                    FROM (SELECT {KEYS}, place, CASE WHEN value IN (0, 1, 2, 3, 4) THEN value END AS v
                          FROM read_parquet('{file}') JOIN {name}_key USING (item))
                    GROUP BY {KEYS}))"""


def _unmet() -> list[str]:
    both = '"need.{0}" IS NOT NULL AND "support.{0}" IS NOT NULL'
    left = 'greatest(0, "need.{0}" - "support.{0}")'
    return [f'CASE WHEN {both} THEN {left} END AS "unmet.{{0}}"'.format(area) for area in AREAS]


def _indices(scales: Iterable[str]) -> Iterable[str]:
    for name, (family, least) in INDICES.items():
        own = [f'"{scale}"' for scale in scales if scale.startswith(family)]
        scored = " + ".join(f"({scale} IS NOT NULL)::INT" for scale in own)
        total = " + ".join(f"coalesce({scale}, 0)" for scale in own)
        yield f"CASE WHEN {scored} >= {least} THEN ({total}) / ({scored}) END AS {name}"


def _means(name: str, scales: Iterable[str]) -> str:
    means = ", ".join(f'avg("{scale}") - 50 AS "{scale}"' for scale in scales)
    return f"SELECT student, term, class_year, {means} FROM {name} GROUP BY student, term, class_year"


def _levels(name: str, scales: Iterable[str]) -> str:
    figures = (f'count("{s}") AS "{s} n", sum("{s}") AS "{s} sum", sum("{s}" * "{s}") AS "{s} squares"' for s in scales)
    return f"SELECT term, class_year, {', '.join(figures)} FROM {name}_means GROUP BY term, class_year"


def _pairs(name: str, scales: Iterable[str], order: str) -> str:
    figures = []
    for scale in scales:
        x, y = f'a."{scale}"', f'b."{scale}"'
        figures.append(f'count({x} + {y}) AS "{scale} n", sum({x} * {y}) AS "{scale} products"')
        for end, own, other in (("before", x, y), ("after", y, x)):
            figures.append(f'sum(CASE WHEN {other} IS NOT NULL THEN {own} END) AS "{scale} sum_{end}"')
            figures.append(f'sum(CASE WHEN {other} IS NOT NULL THEN {own} * {own} END) AS "{scale} squares_{end}"')
    return f"""
        SELECT a.term AS before, b.term AS after, a.class_year, {", ".join(figures)}
        FROM {name}_means a JOIN {name}_means b ON a.student = b.student
        WHERE list_position([{order}], a.term) < list_position([{order}], b.term)
        GROUP BY a.term, b.term, a.class_year"""


def _beside(tables: Iterable[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat([table.set_index(keys) for table in tables], axis=1)

"""The benchmark of a cohort compares the same work, and says plainly what misses its goal."""

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from benchmarks.cohort import document, figures, pandas_by_hand, sql_by_hand
from benchmarks.cohort.sides import SIDES, TERMS
from benchmarks.cohort.table import goals, tables
from benchmarks.document import COHORT, ROOM, with_part
from benchmarks.machine import Machine
from mentorkit.cohort import measure
from mentorkit.cohort.simulation import draw

HERE = Machine("1 January 2026", "A computer", "Python", "")
SECONDS = {"ours_pandas": 3.0, "plain_pandas": 2.0, "ours_duckdb": 1.2, "plain_duckdb": 1.0}


def run(**seconds: float) -> figures.Run:
    """Two sizes, of which the larger takes ten times as long."""
    found = {
        size: {
            side: [figures.Once(one * times, one, 100.0, {"levels n": 10.0, "levels sum": 5.0})] * 3
            for side, one in {**SECONDS, **seconds}.items()
        }
        for size, times in (("1e5", 1.0), ("1e6", 10.0))
    }
    return figures.Run(HERE, {"duckdb": "2"}, {"1e5": 100_000, "1e6": 1_000_000}, {"1e5": 0.1, "1e6": 1.0}, found)


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return next(draw(100, TERMS, 3)).items


def expect_ours(levels: pd.DataFrame, pairs: pd.DataFrame, items: pd.DataFrame) -> None:
    """By hand, each figure of a scale has a column of its own."""
    ours = measure.add_up(measure.score(measure.in_pandas(items)), ("class_year",))
    for table, own, keys in ((levels, ours.levels, ["term"]), (pairs, ours.pairs, ["before", "after"])):
        found = table.reset_index().set_index([*keys, "class_year"])
        figures = [name for name in own if name not in (*keys, "class_year", "scale")]
        expected = [row[figures].to_numpy(float) for _, row in own.iterrows()]
        by_hand = [
            found.loc[tuple(row[[*keys, "class_year"]]), [f"{row['scale']} {figure}" for figure in figures]]
            for _, row in own.iterrows()
        ]
        assert len(expected) > 200
        np.testing.assert_allclose(np.array(by_hand, float), np.array(expected), rtol=1e-9, atol=1e-9)


def test_the_sql_by_hand_comes_to_the_same_sums(items: pd.DataFrame, tmp_path: Path):
    duckdb.from_df(items).write_parquet(str(tmp_path / "items.parquet"))
    with duckdb.connect() as connection:
        expect_ours(*sql_by_hand.sums(connection, str(tmp_path / "items.parquet"), TERMS), items)


def test_the_pandas_by_hand_comes_to_the_same_sums(items: pd.DataFrame):
    expect_ours(*pandas_by_hand.sums(items, TERMS), items)


def test_a_goal_is_met_missed_or_not_measured():
    assert {goal.met for goal in goals(run())} == {True}
    assert [goal.met for goal in goals(run(ours_duckdb=1.6))][:2] == [False, False]
    slower = run()
    slower.found["1e6"]["ours_pandas"] = [replace(slower.found["1e6"]["ours_pandas"][0], seconds=36.0)]
    assert [goal.met for goal in goals(slower)] == [True, True, False, True]
    slower.found["1e6"].clear()
    assert [goal.met for goal in goals(slower)] == [True, None, None, None]
    assert "**MISSED**" in document.verdict(run(ours_duckdb=1.6))


def test_sides_that_come_to_other_sums_are_told_of():
    assert figures.differences(run().found["1e5"]) == []
    other = run().found["1e5"]
    other["plain_duckdb"] = [replace(other["plain_duckdb"][0], totals={"levels n": 10.0, "levels sum": 5.0000001})]
    (said,) = figures.differences(other)
    assert "plain_duckdb and ours_pandas differ in levels sum" in said


def test_the_tables_have_every_side():
    (_, times), (_, ratios), *_ = tables(run())
    assert times[1] == ["Mentorkit in pandas", "3.00 s", "30.00 s"]
    assert [row[0] for row in times[1:]] == [side.name for side in SIDES]
    assert ratios[1:] == [["Mentorkit in pandas", "1.50 ×", "1.50 ×"], ["Mentorkit in DuckDB", "1.20 ×", "1.20 ×"]]


def test_a_run_can_be_read_from_its_file(tmp_path: Path):
    run().keep(tmp_path / "build" / "run.json")
    assert figures.kept(tmp_path / "build" / "run.json") == run()


def test_the_part_of_the_page_is_filled_in():
    troubled = run()
    troubled.trouble.append("pandas by hand failed with 1e6 rows: no memory")
    part = document.part(troubled)
    assert "- pandas by hand failed with 1e6 rows: no memory." in part and "which they did" not in part
    assert "which they did" in document.part(run()) and not re.search(r"\{\w+\}", part)


@pytest.mark.parametrize("page", ["# Top\n", f"# Top\n\n{ROOM}\n\nroom\n", f"# Top\n\n{COHORT}\n\nold\n"])
def test_a_part_is_written_in_its_place_and_the_others_stay(page: str):
    written = with_part(page, COHORT, f"{COHORT}\n\nnew")
    room = f"{ROOM}\n\nroom\n\n" if ROOM in page else ""
    assert written == f"# Top\n\n{room}{COHORT}\n\nnew\n"
    assert with_part(written, "", "# New top") == f"# New top\n\n{room}{COHORT}\n\nnew\n"
    assert with_part(written, ROOM, f"{ROOM}\n\nother") == f"# Top\n\n{ROOM}\n\nother\n\n{COHORT}\n\nnew\n"

"""The measure is one: item rows give the same scores and sums in pandas, in DuckDB over Parquet and in PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from own_postgres import OwnPostgres

from mentorkit.cohort import measure
from mentorkit.errors import BadFile

GROUPINGS = ((), ("class_year", "mentor_type"))
TERMS = ("2025-fall", "2026-spring", "2026-fall")
Scores = tuple[measure.Scored, ...]
ABOUT = ["student", "term", "relationship", "class_year", "mentor_type"]


def item_rows(students: int = 30, seed: int = 5) -> pd.DataFrame:
    """Everything that a cohort may have: short forms, gaps, strange values, what was not said, leavers, newcomers."""
    rng = np.random.default_rng(seed)
    needs, relationship = measure.rules_of()
    rows = []
    for number in range(students):
        year = rng.choice(["2029", "2030", None])
        for term in sorted(rng.choice(TERMS, rng.integers(1, 4), replace=False)):
            rows += [(f"s{number}", term, year, None, None, i) for part in needs.items.values() for i in part]
            for mentor in range(rng.integers(0, 4)):
                about = (f"s{number}", term, year, mentor + 1, rng.choice(["peer", "faculty", None]))
                asked = slice(0, 1) if rng.random() < 0.3 else slice(0, 3)
                rows += [(*about, item) for part in relationship.items.values() for item in part[asked]]
    table = pd.DataFrame(rows, columns=["student", "term", "class_year", "relationship", "mentor_type", "item"])
    values = rng.choice([0, 1, 2, 3, 4, 4, 4, np.nan, 9, 2.5], len(table))
    return table.assign(value=values, relationship=table["relationship"].astype("Int64")).sample(frac=1, random_state=1)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return item_rows()


@pytest.fixture(scope="module")
def parquet(rows: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("items")
    half = len(rows) // 2  # two files, as two chunks or two schools leave them
    for name, part in (("1", rows[:half]), ("2", rows[half:])):
        duckdb.from_df(part).write_parquet(str(folder / f"items-{name}.parquet"))
    return str(folder / "items-*.parquet")


@pytest.fixture(scope="module")
def postgres(rows: pd.DataFrame) -> Iterator[measure.Rows]:
    with OwnPostgres() as server:
        connection = server.connect()
        connection.create_table("items", rows)
        yield measure.in_ibis(connection.table("items"))
        connection.disconnect()


@pytest.fixture(scope="module")
def here(rows: pd.DataFrame) -> Scores:
    return measure.score(measure.in_pandas(rows))


@pytest.fixture(scope="module", params=["DuckDB", "PostgreSQL"])
def there(request: pytest.FixtureRequest) -> Scores:
    if request.param == "DuckDB":
        return measure.score(measure.in_parquet(request.getfixturevalue("parquet")))
    return measure.score(request.getfixturevalue("postgres"))


def expect_same(one: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> None:
    """The same keys, and all other columns the same to 1e-9."""
    tables = [table.astype(dict.fromkeys(keys, "str")).fillna(dict.fromkeys(keys, "")) for table in (one, other)]
    one, other = (table.sort_values(keys).reset_index(drop=True) for table in tables)
    pd.testing.assert_frame_equal(one[keys], other[keys])
    assert len(one) and list(one) == list(other)
    figures = [name for name in one if name not in keys]
    np.testing.assert_allclose(one[figures].to_numpy(float), other[figures].to_numpy(float), rtol=1e-9, atol=1e-9)


def test_the_scores_are_the_same_everywhere(here: Scores, there: Scores):
    one, other = measure.long(here), measure.long(there)
    assert one["score"].isna().any() and one["score"].notna().any()
    expect_same(one, other, [*ABOUT, "scale", "linked"])


@pytest.mark.parametrize("by", GROUPINGS, ids=lambda by: "-".join(by) or "all")
def test_the_sums_are_the_same_everywhere(here: Scores, there: Scores, by: tuple[str, ...]):
    one, other = (measure.add_up(place, by) for place in (here, there))
    expect_same(one.levels, other.levels, ["term", *by, "scale"])
    expect_same(one.pairs, other.pairs, ["before", "after", *by, "scale"])
    expect_same(one.changes(), other.changes(), ["before", "after", *by, "scale"])


def test_an_item_answered_twice_is_refused_everywhere(rows: pd.DataFrame, tmp_path: Path):
    duckdb.from_df(pd.concat([rows, rows.head(300)])).write_parquet(str(tmp_path / "items.parquet"))
    with pytest.raises(BadFile, match="answered twice"):
        measure.score(measure.in_parquet(tmp_path / "items.parquet"))


def test_categories_are_as_good_as_texts(rows: pd.DataFrame, here: Scores):
    names = dict.fromkeys(["student", "term", "class_year", "mentor_type", "item"], "category")
    one = measure.add_up(here, ("class_year", "mentor_type"))
    other = measure.add_up(measure.score(measure.in_pandas(rows.astype(names))), ("class_year", "mentor_type"))
    pd.testing.assert_frame_equal(one.levels, other.levels)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)


def test_what_is_worked_out_on_the_way_is_given_up(parquet: str):
    rows = measure.in_parquet(parquet)
    scored = measure.score(rows)
    before = rows.place.connection.sql("SHOW TABLES").fetchall()
    measure.add_up(scored, ("class_year",))
    assert len(rows.place.connection.sql("SHOW TABLES").fetchall()) <= len(before) + 2  # the numbers of the terms


@pytest.mark.parametrize("name", ["nothing-here.parquet", "damaged.parquet"])
def test_a_file_that_is_no_parquet_is_refused_in_a_sentence(name: str, tmp_path: Path):
    (tmp_path / "damaged.parquet").write_text("student,term\n", "utf-8")
    with pytest.raises(BadFile, match="cannot be read as Parquet"):
        measure.in_parquet(tmp_path / name)


@pytest.mark.parametrize(
    ("package", "work", "extra"),
    [
        ("narwhals", "import mentorkit.cohort.measure", "cohort"),
        ("duckdb", "from mentorkit.cohort.measure import in_parquet; in_parquet('items.parquet')", "big"),
    ],
)
def test_a_missing_package_is_said_with_what_to_install(package: str, work: str, extra: str):
    code = f"import sys; sys.modules[{package!r}] = None\n{work}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "MentorkitError: " in run.stderr and f"pip install 'mentorkit[{extra}]'" in run.stderr.splitlines()[-1]

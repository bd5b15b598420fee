"""What is computed from several columns is about those who have what it needs, however many there are beside them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cohort_files import AFTER, BEFORE, put, relationship, share

from mentorkit.cohort import release
from mentorkit.cohort.disclosure import Figure, Ledger, Mean, Release, Table, Verdict, publish
from mentorkit.cohort.reading import read

FALL = "2025-fall"
WORDS = ("a rise", "none")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl")


def students(both: int, alone: int) -> pd.DataFrame:
    """So many with a need before and later, and so many with the one before alone."""
    rng, every = np.random.default_rng(3), both + alone
    frame = pd.DataFrame({"student": [f"s{n}" for n in range(every)], "before": rng.uniform(20, 70, every)})
    frame["later"] = np.where(np.arange(every) < both, frame["before"] + rng.uniform(0, 20, every), np.nan)
    frame["change"] = frame["later"] - frame["before"]
    return frame


def told(table: str, release: Release) -> set[str]:
    return {one.text for one in release.rows(table) if one.what != "students"}


@pytest.mark.parametrize(("both", "shown"), [(9, False), (10, True)])
def test_a_figure_counts_who_has_all_that_it_is_computed_from(ledger: Ledger, both: int, shown: bool):
    dz = Figure("dz", ("before", "later"), lambda rows: (rows["later"] - rows["before"]).mean() / 10, 0.2, -2, 2)
    found = publish(students(both, 30), [Table("t", (), (dz,))], ledger=ledger)
    assert (told("t", found) != {"withheld"}) == shown


@pytest.mark.parametrize(("both", "shown"), [(9, False), (10, True)])
def test_a_figure_may_need_some_of_its_columns_and_is_given_nobody_else(ledger: Ledger, both: int, shown: bool):
    given = []
    slope = Figure(
        "slope", ("before", "later", "change"), lambda rows: given.append(len(rows)) or 1.0, 1, -20, 20, needs=2
    )
    found = publish(students(both, 30), [Table("t", (), (slope,))], ledger=ledger)
    assert (told("t", found) != {"withheld"}) == shown and given == [both] * shown


@pytest.mark.parametrize(("both", "shown"), [(9, False), (10, True)])
def test_a_verdict_is_withheld_where_few_stand_behind_its_own_column(ledger: Ledger, both: int, shown: bool):
    word = Verdict("change", lambda rows: "a rise", WORDS, ("change", "before"))
    found = publish(students(both, 30), [Table("t", (), (Mean("change", low=-100), word))], ledger=ledger)
    assert ("a rise" in told("t", found)) == shown
    assert ("withheld" in told("t", found)) != shown


def test_effect_sizes_of_a_programme_are_about_those_of_both_terms(tmp_path: Path):
    """Forty in both terms; of their outcomes in the later term only four say something."""
    handed = []
    for n in range(40):
        met = relationship(40.0 + n, 60.0), relationship(45.0 + n % 7, 62.0 if n < 4 else None)
        handed += [share(n, BEFORE, met[0]), share(n, AFTER, met[1])]
    found = release(read([put(tmp_path / "in", *handed)]), ledger=tmp_path / "ledger")
    sizes = {one.what: one.text for one in found.rows(f"change sizes {BEFORE} to {AFTER}") if one.what != "students"}
    assert {text for what, text in sizes.items() if "outcome" in what} == {"withheld"}
    assert "withheld" not in {text for what, text in sizes.items() if "practice" in what}
    words = f"change words {BEFORE} to {AFTER}"
    assert found.at(words, f"outcome_index {BEFORE} to {AFTER}", "verdict").text == "withheld"


@pytest.mark.parametrize(("linked", "shown"), [(4, False), (40, True)])
def test_the_step_between_terms_is_about_students_whose_terms_are_linked(tmp_path: Path, linked: int, shown: bool):
    handed, rng = [], np.random.default_rng(5)
    for place, term in enumerate((FALL, BEFORE, AFTER)):
        scores = 40.0 + np.arange(linked) + 4 * place + rng.normal(0, 5, linked)
        handed += [share(n, term, relationship(float(score), float(score))) for n, score in enumerate(scores)]
        alone = (share(500 + 40 * place + n, term, relationship(30.0 + n, 50.0)) for n in range(30))
        handed += [{**one, "student": None} for one in alone]
    found = release(read([put(tmp_path / "in", *handed)]), ledger=tmp_path / "ledger")
    assert (told("slope", found) != {"withheld"}) == shown


@pytest.mark.parametrize("sizes", [(5, 6, 5, 7), (4, 6, 6, 8)])
def test_that_published_groups_differ_by_ten_does_not_tell_of_the_few_whom_they_share(ledger: Ledger, sizes: tuple):
    """Two ways to part 23 students: with both published, nobody or ten may differ, and so 4 to 6 are in both."""
    frame = pd.DataFrame({"student": [f"s{n}" for n in range(sum(sizes))]})
    frame["year"], frame["kind"] = np.repeat(["m1", "m1", "m2", "m2"], sizes), np.repeat(["p", "f", "p", "f"], sizes)
    found = publish(frame, [Table("year", ("year",)), Table("kind", ("kind",))], ledger=ledger)
    assert {row.text for row in found.rows("kind") if row.group} == {"withheld"}
    assert "withheld" not in {row.text for row in found.rows("year")}

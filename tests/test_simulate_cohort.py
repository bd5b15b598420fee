"""Made-up cohorts look like real ones, and what is measured on them comes to the truth that they were made with."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mentorkit import cli
from mentorkit.cohort import measure
from mentorkit.cohort.reading import read
from mentorkit.cohort.simulation import Model, Truth, draw, truth_of, write_items, write_shares
from mentorkit.cohort.simulation.normal import answer_covariance, answer_mean
from mentorkit.content import load_content
from mentorkit.errors import BadFile

TERMS = ("2025-fall", "2026-spring", "2026-fall", "2027-spring")
SURE = 4.5  # standard errors: of 300 figures none is off by more, in all but one of 500 cohorts
MODEL = Model()
FORM = ["student", "term", "relationship"]


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return pd.concat([drawn.items for drawn in draw(2000, TERMS, 11)])


@pytest.fixture(scope="module")
def truth() -> Truth:
    return truth_of(TERMS)


@pytest.fixture(scope="module")
def scores(items: pd.DataFrame) -> tuple[measure.Scored, ...]:
    return measure.score(measure.in_pandas(items))


@pytest.fixture(scope="module")
def sums(scores: tuple[measure.Scored, ...]) -> measure.Sums:
    return measure.add_up(scores)


@pytest.fixture(scope="module")
def complete() -> pd.DataFrame:
    """Answers to every question about one relationship of each student in one term, a column an item."""
    gapless = replace(MODEL, no_occasion=0.0, skipped=0.0, short=0.0, few_meetings=0.0)
    items = next(draw(4000, TERMS[:1], 12, gapless)).items
    rows = items[items["relationship"] == 1].astype({"item": "str", "student": "str"})
    return rows.pivot(index="student", columns="item", values="value")


# The truth is recovered


def expect_near(found: pd.Series, error: pd.Series, true: dict[Any, float]) -> None:
    """Every figure within its sampling error of the truth, and all together neither nearer nor farther than that."""
    off = (found.loc[list(true)] - pd.Series(true)) / error.loc[list(true)]
    assert off.abs().max() < SURE, off.abs().sort_values().tail(3)
    assert 0.4 < np.sqrt((off**2).mean()) < 1.6  # figures hang together, so this varies


def test_the_means_of_all_terms_are_the_true_ones(sums: measure.Sums, truth: Truth):
    found = sums.means().set_index(["term", "scale"])
    true = {(one.term, one.scale): one.mean for one in truth.means if one.class_year is None}
    assert len(true) == len(TERMS) * (14 + 14)
    expect_near(found["mean"], found["sd"] / np.sqrt(found["n"]), true)


def test_the_means_of_each_class_year_are_the_true_ones(scores: tuple[measure.Scored, ...], truth: Truth):
    found = measure.add_up(scores, ("class_year",)).means().set_index(["term", "class_year", "scale"])
    true = {(one.term, one.class_year, one.scale): one.mean for one in truth.means if one.class_year}
    expect_near(found["mean"], found["sd"] / np.sqrt(found["n"]), true)
    emotional = [true["2025-fall", year, "need.emotional"] for year in ("m1", "m2", "m3")]
    assert emotional == sorted(emotional) and emotional[-1] - emotional[0] > 10


def test_the_changes_are_the_true_ones(sums: measure.Sums, truth: Truth):
    found = sums.changes().set_index(["before", "after", "scale"]).sort_index()
    true = {(one.before, one.after, one.scale): one.change for one in truth.changes}
    assert len(true) == 6 * 14 and true["2025-fall", "2027-spring", "practice_index"] > 5
    expect_near(found["change"], found["sd_change"] / np.sqrt(found["n"]), true)


def test_the_reliability_of_both_indices_is_the_true_one(complete: pd.DataFrame, truth: Truth):
    """Alpha of n rows of k items varies as Feldt says: (1 − true)/(1 − found) is F with n − 1 and (n − 1)(k − 1)."""
    for index, true in truth.alpha.items():
        answers = complete.filter(like=index.removesuffix("_index") + ".").to_numpy()
        n, k = answers.shape
        alpha = k / (k - 1) * (1 - answers.var(axis=0, ddof=1).sum() / answers.sum(axis=1).var(ddof=1))
        low, high = stats.f.ppf(stats.norm.cdf([-SURE, SURE]), n - 1, (n - 1) * (k - 1))
        assert n > 2500 and low < (1 - true) / (1 - alpha) < high


def test_the_halo_between_practice_and_outcome_is_the_true_one(complete: pd.DataFrame, truth: Truth):
    practice, outcome = (complete.filter(like=family).mean(axis=1) for family in ("practice.", "outcome."))
    off = np.arctanh(practice.corr(outcome)) - np.arctanh(truth.halo)  # Fisher's z
    assert abs(off) < SURE / np.sqrt(len(complete) - 3)
    assert truth.halo > truth.without_halo + 0.1


def test_as_many_leave_as_truly_do_and_they_were_not_like_the_others(items: pd.DataFrame, truth: Truth):
    there = items.groupby("term", observed=True)["student"].unique()
    first = set(there[TERMS[0]])
    for term in TERMS[1:]:
        gone = 1 - len(first & set(there[term])) / len(first)
        true = 1 - (1 - truth.left[term]) * (1 - MODEL.absent)
        assert abs(gone - true) < SURE * np.sqrt(true * (1 - true) / len(first))
    rows = items[(items["term"] == TERMS[0]) & items["item"].str.startswith("practice.")]
    own = rows.groupby("student", observed=True)["value"].mean()
    stayed = own.index.isin(list(there[TERMS[-1]]))
    assert stats.ttest_ind(own[stayed], own[~stayed]).pvalue < 1e-3 and own[stayed].mean() > own[~stayed].mean()


def test_as_many_answers_are_the_highest_as_truly_are(items: pd.DataFrame, truth: Truth):
    rows = items[items["term"] == TERMS[0]]
    for family, true in truth.at_the_top.items():
        own = rows[rows["item"].str.startswith(family)].dropna(subset="value")
        by_student = (own["value"] == 4).groupby(own["student"], observed=True).mean()
        assert abs((own["value"] == 4).mean() - true) < SURE * by_student.std() / np.sqrt(len(by_student))
        assert 0.1 < true < 0.5


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.3, 0.8])
def test_the_series_is_what_two_cut_normals_have(correlation: float):
    mean, sd = np.array([2.3, 3.1]), 1.2
    cuts = np.array([0.5, 1.5, 2.5, 3.5])
    levels = stats.multivariate_normal(mean, sd**2 * np.array([[1, correlation], [correlation, 1]]))
    below = np.array([[levels.cdf([one, other]) for other in cuts] for one in cuts])
    alone = stats.norm.cdf(cuts[None, :], mean[:, None], sd)
    product = sum(1 - alone[0][i] - alone[1][j] + below[i, j] for i in range(4) for j in range(4))
    means = answer_mean(mean, sd)
    found = answer_covariance(mean, sd, np.array([[1, correlation], [correlation, 1]]))
    np.testing.assert_allclose(found[0, 1], product - means[0] * means[1], atol=1e-6)
    np.testing.assert_allclose(means, 4 - alone.sum(axis=1))


# What it looks like


def test_the_same_seed_makes_the_same_cohort_and_another_seed_another():
    one, same, other = (next(draw(50, TERMS, seed)).items for seed in (-1, -1, 1))
    pd.testing.assert_frame_equal(one, same)
    assert len(one) != len(other) or not one["value"].equals(other["value"])


def test_each_form_asks_what_its_worksheet_asks():
    drawn = next(draw(300, TERMS, 3))
    sheet = load_content().worksheet("relationship")
    scored = {item for scale in sheet.subscales for item in scale.items}
    asked = drawn.items.dropna(subset="relationship").groupby(FORM, observed=True)["item"].agg(frozenset)
    seen = Counter()
    for row in drawn.forms.itertuples():
        possible = {
            frozenset(item.id for item in sheet.asked({"relationship.form": form, "relationship.meetings": met}))
            & scored
            for form, met in (("full", "4+"), ("short", "4+"), ("full", "one"), ("short", "one"))
            if (row.form == "few_meetings") == (met == "one") and row.form in (form, "few_meetings")
        }
        assert asked[row.student, row.term, row.relationship] in possible
        seen[row.form] += 1
    assert len(asked) == len(drawn.forms) == seen.total() and min(seen.values()) > 0.05 * seen.total()


def test_students_have_no_one_or_several_mentors_and_answers_are_missing(items: pd.DataFrame):
    assert set(items["value"].dropna()) == {0.0, 1.0, 2.0, 3.0, 4.0}
    assert items["value"].isna().mean() == pytest.approx(MODEL.missing, abs=0.002)
    last = items[items["term"] == TERMS[0]].groupby("student", observed=True)["relationship"].max().fillna(0)
    assert set(last) == {0, 1, 2, 3}


def test_a_student_gets_older_in_fall_and_never_younger(items: pd.DataFrame):
    year = items.groupby(["student", "term"], observed=True)["class_year"].first().astype("str").unstack("term")
    rank = year.apply(lambda column: column.str.removeprefix("m").astype(float))
    for before, after, older in ((0, 1, 0), (1, 2, 1), (2, 3, 0)):
        both = rank[[TERMS[before], TERMS[after]]].dropna()
        assert set(both[TERMS[after]] - both[TERMS[before]]) == {older}


@pytest.mark.parametrize(
    "terms", [("2026-fall",), tuple(f"{year}-{s}" for year in range(2019, 2027) for s in ("spring", "fall"))]
)
def test_one_term_and_sixteen_are_cohorts_too(terms: tuple[str, ...]):
    (drawn,) = draw(40, terms, 5)
    assert set(drawn.items["term"]) == set(terms)
    assert len(truth_of(terms).left) == len(terms)


def test_without_halo_leavers_and_gaps_there_are_none():
    model = replace(MODEL, leaving=1e-12, absent=0.0, skipped=0.0, no_occasion=0.0, short=0.0, few_meetings=0.0)
    items = next(draw(200, TERMS, 5, model)).items
    assert items["value"].notna().all() and items.groupby("term", observed=True)["student"].nunique().eq(200).all()


# Files


def test_the_rows_in_a_file_are_the_ones_drawn(tmp_path: Path):
    expected = measure.add_up(measure.score(measure.in_pandas(next(draw(60, TERMS, 4)).items)))
    for name in ("rows.parquet", "rows.csv"):
        truth = json.loads(write_items(tmp_path / name, 60, TERMS, 4).read_text("utf-8"))
        assert truth["schema"] == "mentorkit-truth/1" and truth["students"] == 60 and truth["left"].keys() == set(TERMS)
        (tmp_path / "rows-truth.json").unlink()
    texts = dict.fromkeys(["student", "term", "class_year", "mentor_type", "item"], "str")
    table = pd.read_csv(tmp_path / "rows.csv", dtype={**texts, "relationship": "Int64"})
    for rows in (measure.in_parquet(tmp_path / "rows.parquet"), measure.in_pandas(table)):
        found = measure.add_up(measure.score(rows))
        pd.testing.assert_frame_equal(found.levels, expected.levels, rtol=1e-9)
        pd.testing.assert_frame_equal(found.pairs, expected.pairs, rtol=1e-9)


def test_a_cohort_in_rows_is_read_without_a_refusal(tmp_path: Path):
    write_items(tmp_path / "rows.csv", 40, TERMS[:2], 4)
    collected = read([tmp_path / "rows.csv"])
    assert not collected.refused and not collected.notes


def test_a_share_has_what_the_student_would_hand_in_and_no_more(tmp_path: Path):
    count, truth = write_shares(tmp_path / "shares", 80, TERMS, 4)
    found = [json.loads(file.read_text("utf-8")) for file in sorted((tmp_path / "shares").iterdir())]
    assert len(found) == count and truth == tmp_path / "shares-truth.json"
    content = load_content()
    for share in found:
        keys = {"schema", "id", "student", "term", "class_year", "content", "needs", "relationships"}
        assert share.keys() == keys and share["needs"].keys() == content.areas.keys()
        for one in share["relationships"]:
            assert one["practices"].keys() == content.practices.keys() and one["mentor_type"] in content.types
        assert "s00000" not in json.dumps(share)
    students = Counter(share["student"] for share in found)
    assert max(count for student, count in students.items() if student) == len(TERMS)
    assert 0 < students[None] < count / 2


def test_the_scores_of_the_shares_are_those_of_the_rows(tmp_path: Path):
    write_shares(tmp_path / "shares", 40, TERMS, 4)
    found = [json.loads(file.read_text("utf-8")) for file in (tmp_path / "shares").iterdir()]
    shared = sorted(one["practice_index"] for share in found for one in share["relationships"] if one["practice_index"])
    rows = measure.long(measure.score(measure.in_pandas(next(draw(40, TERMS, 4)).items)))
    own = rows[(rows["scale"] == "practice_index") & (rows["score"] > 0)]["score"].sort_values()
    np.testing.assert_allclose(shared, own, atol=1e-4)


def command(arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.run(arguments.split())
    return code, *capsys.readouterr()


def test_the_command_makes_shares_and_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said, _ = command("simulate --students 12 --terms 2 --shares made-up", capsys)
    assert code == 0 and "share files in made-up" in said and "made-up-truth.json" in said
    code, said, _ = command("simulate --students 12 --terms 2 --items rows.csv --seed -3", capsys)
    assert code == 0 and "rows-truth.json" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "made-up", "made-up-truth.json", "rows-truth.json", "rows.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("simulate", "Say where"),
        ("simulate homes --shares made-up", "Say where"),
        ("simulate --items there.csv", "exists already"),
        ("simulate --items new.xlsx", "none of .parquet and .csv"),
        ("simulate --items nowhere/new.csv", "no folder"),
        ("simulate --shares full", "has something in it"),
        ("simulate --shares truthful", "exists already"),
        ("simulate homes --students 5001", "at most 5000"),
        ("simulate --shares made-up --students 50001", "at most 50000"),
    ],
)
def test_where_nothing_can_be_made_up_a_sentence_says_why(
    arguments: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    for name in ("there.csv", "full/a.json", "truthful-truth.json"):
        (tmp_path / name).write_text("mine", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    code, _, complained = command(arguments, capsys)
    assert code == 2 and sentence in complained
    assert sorted(tmp_path.rglob("*")) == before and (tmp_path / "there.csv").read_text("utf-8") == "mine"


def test_what_was_begun_is_taken_away_when_it_is_stopped(tmp_path: Path):
    def stop(students: int) -> None:
        raise KeyboardInterrupt

    for name in ("rows.csv", "rows.parquet"):
        with pytest.raises(KeyboardInterrupt):
            write_items(tmp_path / name, 20, TERMS, 1, said=stop)
    with pytest.raises(BadFile):
        write_items(tmp_path / "rows", 20, TERMS, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_made_up_student_at_home_needs_no_numpy():
    code = "import sys, mentorkit.simulate; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "scipy", "mentorkit.cohort"} & set(loaded)

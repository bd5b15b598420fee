"""What is published about a cohort, and what is not."""

import dataclasses
import re
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.cohort.disclosure import (
    Figure,
    Ledger,
    Mean,
    Published,
    Release,
    Shares,
    Table,
    Verdict,
    either,
    publish,
)
from mentorkit.cohort.disclosure.rounding import coded, count, spread
from mentorkit.errors import MentorkitError, Withheld

NEED = Mean("need")
BY_YEAR = Table("needs by year", by=("class_year",), asks=(NEED,))
THIRDS = Shares("need", ("low", "middle", "high"), (0, 40, 60, 100))


def cohort(*years: int, seed: int = 1, missing: float = 0.0) -> pd.DataFrame:
    """So many students in each year, with a need before and after."""
    rng, students = np.random.default_rng(seed), sum(years)
    frame = pd.DataFrame({"student": [f"s{number:04}" for number in range(students)]})
    frame["class_year"] = np.repeat([str(year + 1) for year in range(len(years))], years)
    frame["need"] = np.clip(rng.normal(55, 20, students), 0, 100).round(1)
    frame["later"] = np.clip(frame["need"] + rng.normal(8, 12, students), 0, 100).round(1)
    frame.loc[rng.random(students) < missing, "later"] = np.nan
    frame["change"] = frame["later"] - frame["need"]
    frame["paired"] = frame["change"].notna()
    return frame


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl")


def years(release: Release, what: str = "students", statistic: str = "n", **more: str) -> dict[str, str]:
    name = release.tables[0]
    rows = [row for row in release.rows(name) if (row.what, row.statistic) == (what, statistic)]
    return {dict(row.group).get("class_year", "all"): row.text for row in rows}


def test_four_years_of_thirty_are_all_shown(ledger):
    release = publish(cohort(30, 30, 30, 30), [BY_YEAR], ledger=ledger)
    assert years(release) == {"all": "120", "1": "30", "2": "30", "3": "30", "4": "30"}
    assert "withheld" not in years(release, "need", "mean").values()
    assert release.withheld == 0


def test_a_year_of_six_is_withheld_with_another_that_would_give_it_away(ledger):
    release = publish(cohort(30, 30, 30, 6), [BY_YEAR], ledger=ledger)
    assert years(release) == {"all": "95", "1": "30", "2": "30", "3": "withheld", "4": "withheld"}
    assert set(years(release, "need", "mean").values()) & {"withheld"}
    assert years(release, "need", "mean")["4"] == "withheld"
    assert "withheld" in release.notes[2] and str(release.withheld) in release.notes[2]


def test_which_year_is_withheld_with_it_does_not_depend_on_its_size(ledger, tmp_path):
    for number, third in enumerate((11, 30, 80)):
        release = publish(cohort(30, 6, third, 30), [BY_YEAR], ledger=Ledger(tmp_path / f"{number}.jsonl"))
        assert [year for year, text in years(release).items() if text == "withheld"] == ["2", "3"]


def test_an_empty_group_looks_like_a_small_one(tmp_path):
    for number, few in enumerate((0, 4)):
        frame = cohort(30, 30, few, 30)
        frame["class_year"] = pd.Categorical(frame["class_year"], ["1", "2", "3", "4"])
        release = publish(frame, [BY_YEAR], ledger=Ledger(tmp_path / f"{number}.jsonl"))
        assert [year for year, text in years(release).items() if text == "withheld"] == ["3", "4"]


def test_students_without_a_year_are_a_group_like_any_other(ledger):
    frame = cohort(30, 30, 30, 30)
    frame.loc[:3, "class_year"] = None
    assert years(publish(frame, [BY_YEAR], ledger=ledger))["not given"] == "withheld"


def test_numbers_are_rounded(ledger):
    release = publish(cohort(33, 41, 28), [BY_YEAR], ledger=ledger)
    for row in release.numbers:
        if row.number is not None:
            assert row.number % 5 == 0
    assert release.at(BY_YEAR.name, class_year="1").number == 35
    assert release.at(BY_YEAR.name, class_year="2").number == 40


def test_when_all_students_agree_nobody_learns_that_they_do(ledger):
    frame = cohort(40, 40)
    frame["need"] = np.where(frame["class_year"] == "1", 100.0, 50.0)
    release = publish(frame, [Table("t", ("class_year",), (NEED, THIRDS))], ledger=ledger)
    assert years(release, "need", "mean")["1"] == "at least 95"
    assert set(years(release, "need", "sd").values()) - {"25"} == {"at most 10"}
    shares = {(row.group, row.band): row.text for row in release.numbers if row.statistic == "share"}
    assert {shares[(("class_year", "1"),), band] for band in THIRDS.bands} == {"withheld"}
    assert not {"0", "100"} & set(shares.values())


def test_one_student_apart_from_the_others_does_not_stand_out(tmp_path):
    """All but one say 50; the one says 0 or 100, and the release is the same."""
    said = []
    for number, odd in enumerate((0.0, 100.0)):
        frame = cohort(40, 40)
        frame["need"] = 50.0
        frame.loc[0, "need"] = odd
        release = publish(frame, [BY_YEAR], ledger=Ledger(tmp_path / f"{number}.jsonl"))
        said.append([row.text for row in release.numbers])
    assert said[0] == said[1]


def test_a_band_of_few_students_is_withheld_and_not_worked_out(ledger):
    frame = cohort(100)
    frame["need"] = [20.0] * 4 + [50.0] * 40 + [80.0] * 56
    release = publish(frame, [Table("t", (), (THIRDS,))], ledger=ledger)
    shown = {row.band: row.text for row in release.numbers if row.statistic == "share"}
    assert shown["low"] == "withheld"
    assert list(shown.values()).count("withheld") >= 2


def test_words_have_shares_too(ledger):
    frame = cohort(90)
    frame["verdict"] = ["up"] * 30 + ["same"] * 40 + ["down"] * 20
    release = publish(frame, [Table("t", (), (Shares("verdict", ("down", "same", "up")),))], ledger=ledger)
    assert {row.band: row.number for row in release.numbers if row.band} == {"down": 20, "same": 45, "up": 35}


def test_stayers_are_said_to_be_about_as_many_as_all_when_few_left(ledger):
    frame = cohort(50, 50)
    frame["later"] = frame["later"].where(frame.index >= 4)
    frame["change"] = frame["later"] - frame["need"]
    frame["paired"] = frame["change"].notna()
    change = Mean("change", -100, 100, interval=True, change=("later", "need"))
    tables = [
        Table("all", (), (NEED,)),
        Table("paired", (), (change,), among=(("paired", "yes"),)),
        Table("by pair", ("paired",), (NEED,)),
    ]
    release = publish(frame, tables, ledger=ledger)
    assert release.at("all").text == "100"
    assert release.at("paired").text == "about 100"
    assert release.at("paired", "change", "mean").mark == "rounded"
    assert release.at("by pair", paired="no").text == "withheld"
    assert release.at("by pair", "need", "mean", paired="yes").text == "withheld"  # the four would be the difference


def test_an_interval_holds_the_one_of_the_true_numbers_and_is_made_from_published_ones(ledger):
    from scipy import stats

    frame = cohort(60, 60)
    change = Mean("change", -100, 100, interval=True, change=("later", "need"))
    release = publish(frame, [Table("t", (), (change,))], ledger=ledger)
    true = frame["change"]
    half = stats.t.ppf(0.975, len(true) - 1) * true.std() / sqrt(len(true))
    low, high = (release.at("t", "change", end).number for end in ("low", "high"))
    assert low <= true.mean() - half and true.mean() + half <= high
    other = frame.assign(later=frame["later"] + np.where(frame.index == 0, 0.3, 0.0), student=frame["student"] + "x")
    other["change"] = other["later"] - other["need"]
    again = publish(other, [Table("t", (), (change,))], ledger=ledger)
    assert [row.text for row in again.numbers] == [row.text for row in release.numbers]


def test_figures_and_verdicts_need_enough_students_and_stay_within_their_words(ledger):
    alpha = Figure("alpha", ("need", "later"), lambda rows: rows["need"].corr(rows["later"]), 0.05, -1, 1, least=30)
    word = Verdict("change", lambda rows: "a rise", ("a rise", "no detectable change"))
    release = publish(cohort(35, 25, 40), [Table("t", ("class_year",), (alpha, word))], ledger=ledger)
    figures = years(release, "alpha", "figure")
    assert figures["2"] == "withheld" and figures["all"] != "withheld"
    assert years(release, "change", "verdict")["2"] == "a rise"
    wrong = Verdict("change", lambda rows: "Ann did it", ("a rise",))
    with pytest.raises(ValueError, match="none of its words"):
        publish(cohort(35, 25, 41), [Table("t", (), (wrong,))], ledger=ledger)


def test_a_figure_that_cannot_be_computed_is_withheld(ledger):
    nothing = Figure("alpha", ("need",), lambda rows: float("nan"), 0.05, -1, 1)
    release = publish(cohort(40), [Table("t", (), (nothing,))], ledger=ledger)
    assert release.at("t", "alpha", "figure").text == "withheld"


@pytest.mark.parametrize(
    ("frame", "tables", "minimum", "sentence"),
    [
        (cohort(9), [BY_YEAR], 10, "Nothing is published about fewer than 10 students"),
        (cohort(30), [BY_YEAR], 4, "The minimum is at least 5"),
        (cohort(30), [], 10, "at least one table"),
        (cohort(30).drop(columns="student"), [BY_YEAR], 10, "a column student"),
        (pd.concat([cohort(30), cohort(30)]), [BY_YEAR], 10, "several rows"),
        (cohort(30).drop(columns="need"), [BY_YEAR], 10, "no column need"),
        (cohort(30).assign(need=120.0), [BY_YEAR], 10, "outside 0 to 100"),
        (cohort(30).assign(need="much"), [BY_YEAR], 10, "no numbers"),
    ],
)
def test_a_refusal_is_one_sentence(ledger, frame, tables, minimum, sentence):
    with pytest.raises(MentorkitError, match=sentence) as refusal:
        publish(frame, tables, minimum=minimum, ledger=ledger)
    assert str(refusal.value).endswith(".") and "\n" not in str(refusal.value)
    assert ledger.releases == ()


def test_many_overlapping_groups_are_judged_together(ledger):
    frame = cohort(120)
    for number in range(9):
        frame[f"has{number}"] = np.arange(120) % (number + 2) == 0
    release = publish(frame, [Table(f"t{n}", (f"has{n}",)) for n in range(9)], ledger=ledger)
    assert release.at("t0", has0="yes").number == 60
    assert {row.text for row in release.numbers if row.group} - {"withheld"} >= {"40", "80"}


def test_what_another_table_shows_is_no_secret_and_takes_nothing_with_it(ledger):
    both, early, early_alone, late, late_alone, other, none = "both", "A", "A, alone", "B", "B, alone", "other", "none"
    sizes = {(both, both): 53, (both, none): 14, (both, late): 7, (early, early): 7, (early, none): 1}
    sizes |= {(early_alone, early_alone): 13, (early_alone, none): 5, (late, late): 4, (late, none): 4}
    sizes |= {(late_alone, late_alone): 12, (late_alone, none): 5, (other, other): 14, (other, none): 15}
    frame = cohort(*sizes.values())
    levels = [both, early, early_alone, late, late_alone, other, none]
    for place, column in enumerate(("took part", "rated")):
        each = np.repeat([pair[place] for pair in sizes], [*sizes.values()])
        frame[column] = pd.Categorical(each, levels[: 7 - (column == "took part")])
    in_a, in_b = either(both, early, early_alone), either(both, late, late_alone)
    asked = [
        ("rated", both),
        ("took part", both),
        ("took part", in_a),
        ("rated", in_a),
        ("took part", in_b),
        ("rated", in_b),
    ]
    whole = [Table(f"{column}: {level}", (), (), ((column, level),)) for column, level in asked]
    parts = [Table(column, (column,)) for column in ("took part", "rated")]
    parts.append(Table("left", ("rated",), (), (("rated", in_a),), total=False))
    release = publish(frame, [*whole, *parts], ledger=ledger)
    told = [release.at(table.name).text for table in whole]
    assert told == ["55", "75", "100", "75", "100", "75"]
    assert release.at("rated", rated=early).text == release.at("rated", rated=late).text == "withheld"


def test_the_same_students_are_known_however_their_ids_and_numbers_are_written(ledger):
    frame = cohort(40, 40).assign(student=range(80))
    release = publish(frame, [BY_YEAR], ledger=ledger)
    written = frame.assign(student=frame["student"].astype(float), need=frame["need"].astype(str))
    assert publish(written, [BY_YEAR], ledger=ledger) == release and len(ledger.releases) == 1
    again = publish(written.iloc[1:], [BY_YEAR], ledger=ledger)  # one student less
    assert set(years(again, "need", "mean").values()) == {"withheld"}


def test_groups_of_yes_and_no_may_come_as_categories(ledger):
    frame = cohort(60).assign(met=pd.Categorical(np.arange(60) % 2 == 0))
    assert publish(frame, [Table("t", ("met",))], ledger=ledger).at("t", met="yes").number == 30


def test_one_mean_is_not_asked_with_two_roundings_nor_two_columns_by_one_name(ledger):
    frame, finer = cohort(40), Mean("need", low=-100)
    with pytest.raises(MentorkitError, match="two roundings"):
        publish(frame, [Table("t", (), (NEED,)), Table("u", (), (finer,))], ledger=ledger)
    with pytest.raises(MentorkitError, match="same name"):
        publish(pd.concat([frame, frame[["need"]]], axis=1), [BY_YEAR], ledger=ledger)


def test_questions_that_make_no_sense_are_refused():
    with pytest.raises(MentorkitError, match="twice"):
        Table("t", by=("paired", "paired"))
    with pytest.raises(MentorkitError, match="rising"):
        Shares("need", ("low", "high"), (0, 60, 40))
    with pytest.raises(MentorkitError, match="two names"):
        Shares("need", ("low",))
    with pytest.raises(MentorkitError, match="finer"):
        Mean("need", step=1.0)
    with pytest.raises(MentorkitError, match="finer"):
        Figure("alpha", ("need",), lambda rows: 0.5, 0.001, -1, 1)


def test_items_from_0_to_4_are_rounded_to_a_fifth():
    assert Mean("item", 0, 4).step == pytest.approx(0.2)
    assert Mean("change", -100, 100, change=("later", "need")).step == 5
    assert Mean("change", -4, 4, change=("later", "need")).step == pytest.approx(0.2)


def test_only_this_package_makes_a_release(ledger):
    release = publish(cohort(30, 30), [BY_YEAR], ledger=ledger)
    with pytest.raises(TypeError):
        Release(1, "", 10, "2026-12-01", (), (), "")
    with pytest.raises(TypeError):
        Published("t", (), "students", "n", "", 3, "rounded", "", None)
    with pytest.raises(TypeError):
        dataclasses.replace(release.numbers[0], number=3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        release.minimum = 2


def test_nobody_else_holds_the_seal():
    ours = Path(__file__).parent.parent / "mentorkit"
    sealing = re.compile(r"disclosure\.(release|writing|ledger|board) import .*(sealed|_SEAL|rows|Judged)")
    files = [path for path in ours.rglob("*.py") if "disclosure" not in path.parts]
    assert [path for path in files if sealing.search(path.read_text("utf-8"))] == []


@given(students=st.integers(10, 5000), minimum=st.integers(5, 40))
def test_a_count_is_rounded_to_5_and_never_below_the_minimum(students, minimum):
    if students >= minimum:
        shown = count(students, minimum)
        assert shown.number % 5 == 0 and shown.number >= minimum
        assert shown.low <= students <= shown.high


@given(number=st.floats(0, 100))
def test_a_mean_or_share_lies_where_it_is_said_to_lie(number):
    shown = coded(number, 5, 0, 100)
    assert shown.low - 1e-6 <= number <= shown.high + 1e-6
    assert 5 <= shown.number <= 95 and shown.high - shown.low >= 5


@given(number=st.floats(0, 71))
def test_a_standard_deviation_says_no_more_than_alike_or_apart_at_its_ends(number):
    shown = spread(number, 5, 0, 100)
    assert shown.low - 1e-6 <= number <= shown.high + 1e-6
    assert 10 <= shown.number <= 40


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 40), min_size=1, max_size=5), seed=st.integers(0, 9))
def test_no_number_is_about_fewer_than_ten(sizes, seed, tmp_path_factory):
    frame = cohort(*sizes, seed=seed, missing=0.2)
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.jsonl")
    try:
        release = publish(frame, [Table("t", ("class_year", "paired"), (Mean("later"), THIRDS))], ledger=ledger)
    except Withheld:
        return
    for row in release.numbers:
        if row.mark != "withheld":
            group = frame
            for column, level in row.group:
                group = group[group[column].map({True: "yes", False: "no"}.get if column == "paired" else str) == level]
            assert len(group if row.what == "students" else group[row.what].dropna()) >= 10

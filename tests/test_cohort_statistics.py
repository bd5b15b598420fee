"""How far the items of a scale go together: alpha and omega; and what all statistics accept."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.multivariate.factor import Factor

from mentorkit.cohort.statistics import (
    alpha_if_dropped,
    cronbach_alpha,
    holm,
    icc,
    item_means,
    omega_total,
    paired_change,
    student_means,
    why_not_publish,
)
from mentorkit.errors import NotReady
from mentorkit.reliability import spearman_brown

CASES = json.loads((Path(__file__).parent / "reference_cases.json").read_text("utf-8"))
ATTITUDE = pd.DataFrame(CASES["attitude"]["rows"], columns=CASES["attitude"]["columns"])
OWN_DIGITS = 1e-6
"""The reference's omegas come from a fit that stops about here; ours are exact."""


def answers(students: st.SearchStrategy[int], items: st.SearchStrategy[int]) -> st.SearchStrategy[pd.DataFrame]:
    """Ratings 0–4 of some students to some items."""
    sizes = st.tuples(students, items)
    return sizes.flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 4), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        ).map(pd.DataFrame)
    )


def with_covariance(wanted: np.ndarray, n: int) -> pd.DataFrame:
    """Answers whose covariances are exactly these."""
    raw = np.random.default_rng(5).normal(size=(n, len(wanted)))
    raw -= raw.mean(axis=0)
    plain = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    return pd.DataFrame(plain @ np.linalg.cholesky(wanted).T)


# Alpha


def test_alpha_agrees_with_the_reference():
    found, expected = cronbach_alpha(ATTITUDE), CASES["attitude"]["expect"]
    assert found.value == pytest.approx(expected["alpha"], abs=5e-11)
    assert found.standardized == pytest.approx(expected["alpha_std"], abs=5e-10)
    assert found.interval == pytest.approx(expected["feldt95"], abs=5e-11)
    assert (found.n, found.items, found.left_out, found.negative, found.reason) == (30, 7, (), (), "")


def test_alpha_without_an_item_agrees_with_the_reference():
    without = {one.item: one for one in alpha_if_dropped(ATTITUDE)}
    assert without["critical"].alpha == pytest.approx(CASES["attitude"]["expect"]["alpha_if_drop_critical"], abs=5e-11)
    assert without["critical"].r_rest == pytest.approx(CASES["attitude"]["expect"]["r_drop_critical"], abs=5e-11)
    for name, one in without.items():
        others = ATTITUDE.drop(columns=name)
        assert one.alpha == pytest.approx(cronbach_alpha(others).value)
        assert one.r_rest == pytest.approx(np.corrcoef(ATTITUDE[name], others.sum(axis=1))[0, 1])


def test_pairwise_and_listwise_agree_without_gaps_and_use_what_they_say_with_gaps():
    assert cronbach_alpha(ATTITUDE, "pairwise").value == cronbach_alpha(ATTITUDE).value
    gaps = ATTITUDE.astype(float)
    gaps.iloc[0, 0] = gaps.iloc[1, 1] = gaps.iloc[2, 1] = np.nan
    assert cronbach_alpha(gaps).value == pytest.approx(cronbach_alpha(ATTITUDE[3:]).value)
    covariance, pairwise = gaps.cov().to_numpy(), cronbach_alpha(gaps, "pairwise")
    assert pairwise.value == pytest.approx(7 / 6 * (1 - np.trace(covariance) / covariance.sum()))
    assert (cronbach_alpha(gaps).n, pairwise.n) == (27, 27)  # the fewest for any two items


@settings(deadline=None)
@given(answers(st.integers(3, 12), st.integers(2, 6)), st.integers(-9, 9), st.integers(1, 9), st.randoms())
def test_alpha_does_not_depend_on_where_a_scale_starts_its_unit_or_any_order(given_answers, shift, unit, random):
    found = cronbach_alpha(given_answers)
    rows, columns = list(given_answers.index), list(given_answers.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    again = cronbach_alpha(given_answers.loc[rows, columns] * unit + shift)
    if found.value is None:
        assert again.value is None and again.reason and found.reason
    else:
        assert again.value == pytest.approx(found.value)
        assert again.interval == pytest.approx(found.interval)
        assert found.value <= 1


@settings(deadline=None)
@given(answers(st.integers(3, 12), st.integers(2, 5)))
def test_alpha_is_the_consistency_of_the_mean_rating(given_answers):
    found = cronbach_alpha(given_answers)
    same = icc(given_answers).icc3k
    if found.value is not None and not found.left_out:
        assert same.value == pytest.approx(found.value)
        assert same.interval == pytest.approx(found.interval)


def test_two_items_give_what_spearman_and_brown_expect():
    two = ATTITUDE[["rating", "complaints"]]
    found = cronbach_alpha(two)
    assert found.standardized == pytest.approx(spearman_brown(two.corr().iloc[0, 1], 1, 2))
    assert [(one.alpha, one.r_rest) for one in alpha_if_dropped(two)] == [(None, pytest.approx(found.average_r))] * 2


def test_items_that_nobody_answered_or_all_alike_are_left_out_and_named():
    found = cronbach_alpha(ATTITUDE.assign(same=3, nothing=np.nan))
    assert found.left_out == ("same", "nothing")
    assert found.value == cronbach_alpha(ATTITUDE).value


def test_an_item_the_other_way_round_is_named():
    found = cronbach_alpha(ATTITUDE.assign(raises=100 - ATTITUDE["raises"]))
    assert found.negative == ("raises",)
    assert found.value < cronbach_alpha(ATTITUDE).value


def test_alpha_may_be_negative_and_is_one_when_items_say_the_same():
    opposite = pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 4, 2, 1]})
    assert cronbach_alpha(opposite).value < -1
    same = cronbach_alpha(pd.DataFrame({"a": [0.1, 0.2, 0.4], "b": [0.1, 0.2, 0.4], "c": [0.1, 0.2, 0.4]}))
    assert (same.value, same.interval) == (1.0, (1.0, 1.0))


@pytest.mark.parametrize(
    ("few", "sentence"),
    [
        (ATTITUDE[:0], "at least two students"),
        (ATTITUDE[:1], "at least two students"),
        (ATTITUDE[["rating"]], "at least two items"),
        (pd.DataFrame({"a": [2, 2, 2], "b": [3, 3, 3]}), "differ between students, and there are 0"),
        (pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]}), "does not vary"),
        (pd.DataFrame({"a": [1.0, 2.0, None, None], "b": [None, None, 1.0, 2.0]}), "at least two students"),
    ],
)
@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_too_little_for_an_alpha_is_said_in_a_sentence(few, sentence, missing):
    found = cronbach_alpha(few, missing)
    assert (found.value, found.interval, found.standardized) == (None, None, None)
    assert sentence in found.reason and found.reason.endswith(".")


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_an_item_that_nobody_answered_is_not_said_to_be_answered_alike(missing):
    few = ATTITUDE[["rating"]].assign(same=3, blank=np.nan)
    said = "there are 1: same did not differ between students, and nobody answered blank."
    assert cronbach_alpha(few, missing).reason.endswith(said)
    assert cronbach_alpha(few[["rating", "blank"]], missing).reason.endswith("there are 1: nobody answered blank.")


def test_gaps_that_make_parts_contradict_each_other_give_no_alpha_above_one():
    both, alone, nothing = [0.0, 4.0], [2.0] * 10, [np.nan] * 10  # who answered both went to extremes
    gaps = pd.DataFrame({"a": [*both, *alone, *nothing], "b": [*both, *nothing, *alone]})
    found = cronbach_alpha(gaps, "pairwise")
    assert found.value is None and "contradict" in found.reason


# Omega


def test_omega_agrees_with_the_reference():
    found, expected = omega_total(ATTITUDE), CASES["attitude"]["expect"]
    assert found.value == pytest.approx(expected["omega_ml_1f_model_var"], abs=OWN_DIGITS)
    assert found.observed == pytest.approx(expected["omega_ml_1f_observed_var"], abs=OWN_DIGITS)


def test_the_loadings_are_those_of_another_program():
    theirs = np.abs(Factor(ATTITUDE, 1, method="ml").fit().loadings.ravel())
    assert omega_total(ATTITUDE).loadings == pytest.approx(theirs, abs=1e-5)


def test_omega_is_exact_when_one_factor_is_all_there_is():
    loadings, unique = np.array([1.0, 0.8, 1.5, 0.4, 0.9]), np.array([0.5, 0.9, 1.2, 0.3, 2.0])
    found = omega_total(with_covariance(np.outer(loadings, loadings) + np.diag(unique), 60))
    omega = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    assert (found.value, found.observed) == pytest.approx((omega, omega), abs=1e-8)
    assert found.loadings == pytest.approx(loadings / np.sqrt(loadings**2 + unique), abs=1e-7)
    assert found.improper == found.negative == ()


def test_equal_loadings_make_omega_alpha():
    found = with_covariance(np.full((4, 4), 0.6) + np.diag([0.4] * 4), 40)
    assert omega_total(found).value == pytest.approx(cronbach_alpha(found).value, abs=1e-8)


def test_omega_does_not_depend_on_unit_start_or_order():
    other = (ATTITUDE * 0.01 + 7).iloc[::-1, ::-1]
    assert omega_total(other).value == pytest.approx(omega_total(ATTITUDE).value, abs=1e-8)


def test_an_item_turned_round_loads_against_the_rest_and_a_factor_that_explains_all_is_improper():
    assert omega_total(ATTITUDE.assign(raises=100 - ATTITUDE["raises"])).negative == ("raises",)
    heywood = np.array([[1, 0.85, 0.85], [0.85, 1, 0.5], [0.85, 0.5, 1.0]])
    found = omega_total(with_covariance(heywood, 40))
    assert found.improper == ("0",)
    assert "does not fit" in why_not_publish(found)


@pytest.mark.parametrize(
    ("few", "sentence"),
    [
        (ATTITUDE[["rating", "raises"]], "at least three items"),
        (ATTITUDE[:7], "more students than items"),
        (ATTITUDE[:0], "at least three items"),
        (ATTITUDE.assign(again=ATTITUDE["rating"]), "exactly the same"),
        (ATTITUDE.assign(sum=ATTITUDE.sum(axis=1)), "exactly the same"),
    ],
)
def test_too_little_for_an_omega_is_said_in_a_sentence(few, sentence):
    found = omega_total(few)
    assert (found.value, found.observed, found.standardized) == (None, None, None)
    assert sentence in found.reason


def test_alpha_and_omega_are_published_from_thirty_students_on():
    assert why_not_publish(cronbach_alpha(ATTITUDE)) == why_not_publish(omega_total(ATTITUDE)) == ""
    few, said = ATTITUDE[1:], "is published from 30 students on, and it rests on 29."
    assert why_not_publish(cronbach_alpha(few)) == f"Alpha {said}"
    assert why_not_publish(omega_total(few)) == f"Omega {said}"
    assert "at least two items" in why_not_publish(cronbach_alpha(ATTITUDE[["rating"]]))


# What all of them accept


@pytest.mark.parametrize(
    "given_answers",
    [
        ATTITUDE.astype("Int64"),
        ATTITUDE.astype("Float64"),
        ATTITUDE.astype("int8"),
        ATTITUDE.astype(object),
        ATTITUDE.astype("int64[pyarrow]"),
        ATTITUDE.map(Decimal),
        ATTITUDE.set_axis(range(500, 530)),
        ATTITUDE.set_axis(["same"] * 30),
        ATTITUDE.to_numpy(),
        ATTITUDE.to_numpy().tolist(),
    ],
)
def test_any_numeric_dtype_and_any_index_will_do(given_answers):
    assert cronbach_alpha(given_answers).value == pytest.approx(cronbach_alpha(ATTITUDE).value, abs=1e-14)
    assert icc(given_answers).icc2.value == pytest.approx(icc(ATTITUDE).icc2.value, abs=1e-14)


@pytest.mark.parametrize("gap", [None, np.nan, pd.NA, float("nan"), pd.NaT])
def test_a_gap_is_a_gap_however_it_is_written(gap):
    holed = ATTITUDE.astype(object)
    holed.iloc[3, 2] = gap
    assert cronbach_alpha(holed).value == pytest.approx(cronbach_alpha(ATTITUDE.drop(index=3)).value)
    assert paired_change([1, 2, gap, 4], [2, 4, 4, gap]).n == 2


@pytest.mark.parametrize("wrong", ["text", "", float("inf"), -float("inf"), 1j, pd.Timestamp("2026-01-01")])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(ValueError, match="numbers"):
        paired_change([1, 2, wrong], [1, 2, 3])
    with pytest.raises(ValueError, match="numbers"):
        cronbach_alpha(pd.DataFrame({"a": [1, 2, wrong], "b": [1, 2, 3]}))


def test_two_columns_of_one_name_and_a_confidence_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="called a"):
        cronbach_alpha(pd.DataFrame([[1, 2], [2, 3]], columns=["a", "a"]))
    for confidence in (0, 1, 95, float("nan")):
        with pytest.raises(ValueError, match=r"for example 0\.95"):
            cronbach_alpha(ATTITUDE, confidence=confidence)


def test_a_missing_package_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(NotReady, match=r"pip install 'mentorkit\[cohort\]'"):
        cronbach_alpha(ATTITUDE)
    assert holm([0.01, 0.02]) == (0.02, 0.02)  # needs none


def test_several_mentors_of_one_student_are_averaged_first():
    scores = pd.DataFrame(
        [("a", "2026-fall", 1, "practice_index", 40.0), ("a", "2026-fall", 2, "practice_index", 60.0),
         ("a", "2026-fall", 3, "practice_index", None), ("b", "2026-fall", 1, "practice_index", 80.0),
         ("b", "2027-spring", 1, "practice_index", 90.0), ("b", "2027-spring", 1, "outcome_index", 10.0)],
        columns=["student", "term", "relationship", "scale", "score"],
    )  # fmt: skip
    found = student_means(scores, "practice_index")
    assert found.loc["a", "2026-fall"] == 50 and np.isnan(found.loc["a", "2027-spring"])
    assert found.loc["b"].tolist() == [80, 90]
    items = scores.rename(columns={"scale": "item", "score": "value"})
    assert item_means(items, "2027-spring").to_dict("index") == {"b": {"outcome_index": 10, "practice_index": 90}}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=8), st.randoms())
def test_pairs_are_found_by_label_in_any_order(values, random):
    before = pd.Series(values, index=[f"s{at}" for at in range(len(values))])
    after = before * 2 + 1
    shuffled = after.sample(frac=1, random_state=random.randrange(2**32))
    assert paired_change(before, shuffled) == paired_change(values, list(after))

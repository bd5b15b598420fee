"""How far ratings agree: intraclass correlations, and retests with the thresholds that may rest on them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mentorkit.cohort.statistics import icc, retest_reliability, why_not_for_thresholds
from mentorkit.reliability import spearman_brown

CASES = json.loads((Path(__file__).parent / "reference_cases.json").read_text("utf-8"))
ATTITUDE = pd.DataFrame(CASES["attitude"]["rows"], columns=CASES["attitude"]["columns"])
RATINGS = CASES["shrout_fleiss_1979"]["matrix"]
OWN_DIGITS = 1e-6
"""The reference's intraclass correlations come from an iterative fit that stops about here; ours are exact."""

ratings_of = st.tuples(st.integers(2, 8), st.integers(2, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 4), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    ).map(np.array)
)


# Intraclass correlations


def test_the_six_intraclass_correlations_agree_with_the_reference():
    expected = CASES["shrout_fleiss_1979"]["expect"]
    names = {"ICC1": "ICC1", "ICC2": "ICC2_A1", "ICC3": "ICC3_C1", "ICC1k": "ICC1k", "ICC2k": "ICC2k", "ICC3k": "ICC3k"}
    for one in icc(RATINGS):
        assert one.value == pytest.approx(expected[names[one.name]], abs=OWN_DIGITS)


def test_they_are_the_exact_ratios_of_the_mean_squares():
    found = icc(RATINGS)
    assert found.icc3.value == pytest.approx(920 / 1287, abs=1e-12)
    assert found.icc3k.value == pytest.approx(1 - 1 / found.icc3.f, abs=1e-12)


def test_their_intervals_are_those_published_for_the_same_table():
    published = {  # lower, upper as R's psych prints them
        "ICC1": (-0.133, 0.72), "ICC2": (0.019, 0.76), "ICC3": (0.342, 0.95),
        "ICC1k": (-0.884, 0.91), "ICC2k": (0.071, 0.93), "ICC3k": (0.676, 0.99),
    }  # fmt: skip
    for one in icc(RATINGS):
        assert round(one.interval.low, 3) == published[one.name][0]
        assert round(one.interval.high, 2) == published[one.name][1]
    names = [one.mcgraw_wong for one in icc(RATINGS)]
    assert names == ["ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)"]
    assert (icc(RATINGS).icc3.f, icc(RATINGS).icc3.df) == (pytest.approx(11.027248), (5, 15))


@settings(max_examples=60)
@given(ratings_of, st.integers(-9, 9), st.integers(1, 9))
def test_intraclass_correlations_depend_on_neither_unit_nor_start(ratings, shift, unit):
    for one, other in zip(icc(ratings), icc(ratings * unit + shift), strict=True):
        assert (one.value is None) == (other.value is None)
        if one.value is not None:
            assert other.value == pytest.approx(one.value, abs=1e-9)
            assert one.value <= 1
            if one.interval and one.value >= 0:
                assert one.interval.low - 1e-9 <= one.value <= one.interval.high + 1e-9


@settings(max_examples=60)
@given(ratings_of)
def test_a_mean_of_k_ratings_is_stepped_up_by_spearman_and_brown(ratings):
    found = icc(ratings)
    for one, mean in ((found.icc1, found.icc1k), (found.icc2, found.icc2k), (found.icc3, found.icc3k)):
        if one.value is not None and mean.value is not None and one.value >= 0:
            assert mean.value == pytest.approx(spearman_brown(one.value, 1, found.k))


def test_perfect_agreement_and_perfect_consistency():
    assert [one.value for one in icc([[1, 1], [2, 2], [3, 3]])] == [1.0] * 6
    shifted = icc([[1, 2], [2, 3], [3, 4]])
    assert (shifted.icc3.value, shifted.icc3.interval) == (1.0, (1.0, 1.0))
    assert shifted.icc2.value == pytest.approx(2 / 3)


@pytest.mark.parametrize("few", [[], [[1, 2]], [[1], [2]], [[3, 3], [3, 3]], [[1, None], [None, 2]]])
def test_too_little_for_an_intraclass_correlation_is_said_in_a_sentence(few):
    found = icc(few)
    assert [one.value for one in found] == [None] * 6
    assert found.reason.endswith(".")


def test_students_who_cannot_be_told_apart_leave_no_interval():
    found = icc([[1, 2], [2, 1]])
    assert (found.icc1.value, found.icc3.value, found.icc1k.value) == (-1.0, -1.0, None)
    assert "too little" in found.reason


def test_an_interval_that_the_approximation_puts_out_of_reach_is_not_given_for_the_mean():
    found = icc([[0, 3], [1, 1]])  # the interval of a single rating goes down to −1, where the mean's has no end
    assert found.icc2.interval.low == pytest.approx(-1)
    assert found.icc2k.interval is None
    assert icc([[0, 0, 1], [0, 3, 0]]).icc2k.interval is None


# Retests


def test_a_retest_reliability_is_a_correlation_with_fisher_s_interval():
    first, second = ATTITUDE["rating"], ATTITUDE["complaints"]
    found, theirs = retest_reliability(first, second), stats.pearsonr(first, second)
    assert found.r == pytest.approx(theirs.statistic)
    assert found.interval == pytest.approx(tuple(theirs.confidence_interval()))
    assert found.agreement == pytest.approx(icc(np.column_stack((first, second))).icc2.value)
    assert (found.sd, found.mean) == pytest.approx((first.std(), first.mean()))
    assert found.sem == pytest.approx(first.std() * np.sqrt(1 - theirs.statistic))


def test_a_student_with_several_mentors_weighs_as_much_as_one_with_one():
    first, second = list(ATTITUDE["rating"]), list(ATTITUDE["complaints"])
    plain = retest_reliability(first, second)
    twice = retest_reliability(first + first, second + second, students=list(range(30)) * 2)
    assert (twice.r, twice.n, twice.pairs) == (pytest.approx(plain.r), 30, 60)
    assert twice.interval == pytest.approx(plain.interval)
    often = (first + first[:1] * 500, second + second[:1] * 500, [*range(30), *[0] * 500])
    one_often = retest_reliability(*often)
    assert (one_often.r, one_often.n) == (pytest.approx(plain.r), 30)


def test_students_keep_their_pairs_when_some_ratings_are_missing():
    first, second = [1.0, None, 2, 3, 5], [1.0, 9, None, 4, 6]
    found = retest_reliability(first, second, students=["a", "b", "c", "d", "d"])
    assert (found.n, found.pairs, found.left_out) == (2, 3, 2)
    assert "at least three students" in found.reason


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [([], [], "there are 0"), ([1, 2], [2, 3], "there are 2"), ([1, 1, 1], [1, 2, 3], "the same for all")],
)
def test_too_little_for_a_retest_is_said_in_a_sentence(first, second, sentence):
    found = retest_reliability(first, second)
    assert (found.r, found.sem, found.interval) == (None, None, None)
    assert sentence in found.reason


def test_a_local_reliability_needs_fifty_students_whose_relationship_did_not_change():
    truth = np.random.default_rng(2).normal(60, 15, 50)
    first, second = truth + np.resize([4, -4, 1], 50), truth + np.resize([-2, 5], 50)
    assert why_not_for_thresholds(retest_reliability(first, second, basis="stable retests")) == ""
    assert "real change" in why_not_for_thresholds(retest_reliability(first, second))
    assert "there are 49" in why_not_for_thresholds(retest_reliability(first[1:], second[1:], basis="stable retests"))
    repeated = retest_reliability(first, second, students=[*range(49), 0], basis="stable retests")
    assert "there are 49" in why_not_for_thresholds(repeated)
    assert "between 0 and 1" in why_not_for_thresholds(retest_reliability(first, -second, basis="stable retests"))

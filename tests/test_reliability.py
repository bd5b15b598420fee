import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.reliability import chance_of_any, reliable_change, spearman_brown

CASES = json.loads((Path(__file__).parent / "reference_cases.json").read_text("utf-8"))

scores = st.floats(0, 100)
reliabilities = st.floats(0, 1)


def test_reliable_change_agrees_with_the_published_example():
    case = CASES["jacobson_truax_1991_example"]
    found, expected = reliable_change(case["x1"], case["x2"], case["sd"], case["rel"]), case["expect"]
    assert found.sem == pytest.approx(expected["sem"], rel=1e-9)
    assert found.sdiff == pytest.approx(expected["s_diff"], rel=1e-9)
    assert found.difference / found.sdiff == pytest.approx(expected["rci"], rel=1e-8)
    exact = 1.959963985  # the reference multiplies by this; ours, like the field, by 1.96
    assert found.threshold95 * exact / 1.96 == pytest.approx(expected["sdc95"], rel=1e-9)
    assert found.verdict == "clear"


def test_the_practice_index_needs_19_points_for_a_clear_change():
    found = reliable_change(50, 60)
    assert (round(found.sem, 2), round(found.sdiff, 2), round(found.threshold95, 1)) == (6.97, 9.86, 19.3)


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize(
    ("size", "verdict"),
    [
        (0, "none detectable"),
        (9.85, "none detectable"),
        (9.859, "none detectable"),
        (9.860, "possible"),  # Sdiff is 9.8590…
        (19.32, "possible"),
        (19.3235, "possible"),
        (19.3237, "clear"),  # 1.96·Sdiff is 19.3236…
        (100, "clear"),
    ],
)
def test_a_change_is_clear_possible_or_not_detectable(size, verdict, way):
    assert reliable_change(0, way * size).verdict == verdict


def test_the_lower_bound_of_possible_is_half_an_sd_when_that_is_more():
    assert reliable_change(50, 58.9, sd=18, reliability=0.95).verdict == "none detectable"  # Sdiff 5.7, half an SD 9
    assert reliable_change(50, 59, sd=18, reliability=0.95).verdict == "possible"
    assert reliable_change(50, 61.2, sd=18, reliability=0.95).verdict == "clear"


def test_a_difference_of_exactly_the_threshold_is_clear():
    sdiff = math.sqrt(2) * 18 * math.sqrt(0.15)
    assert reliable_change(50, 50 + 1.96 * sdiff).verdict == "clear"
    assert reliable_change(50, 50 - 1.96 * sdiff).verdict == "clear"
    assert reliable_change(50, 50 + 1.96 * sdiff - 1e-6).verdict == "possible"
    assert reliable_change(50, 50 + sdiff).verdict == "possible"
    assert reliable_change(50, 50 + sdiff - 1e-6).verdict == "none detectable"


@given(scores, st.floats(0.1, 50), reliabilities)
def test_no_difference_is_never_a_change(score, sd, reliability):
    assert reliable_change(score, score, sd, reliability).verdict == "none detectable"


def test_with_perfect_reliability_any_difference_is_clear_but_none_is_not():
    assert reliable_change(50, 51, reliability=1).verdict == "clear"
    assert reliable_change(50, 50, reliability=1).verdict == "none detectable"
    assert reliable_change(50, 50 + 1e-13, reliability=1).verdict == "none detectable"  # floating-point noise


@given(scores, scores, st.floats(0.1, 50), reliabilities)
def test_the_verdict_is_the_same_in_both_directions(before, after, sd, reliability):
    there, back = reliable_change(before, after, sd, reliability), reliable_change(after, before, sd, reliability)
    assert there.verdict == back.verdict
    assert there.difference == -back.difference


@given(scores, scores, scores, st.floats(0.1, 50), reliabilities)
def test_a_larger_difference_never_gets_a_weaker_verdict(start, one, other, sd, reliability):
    strength = ("none detectable", "possible", "clear")
    near, far = sorted((one, other), key=lambda after: abs(after - start))
    verdicts = [strength.index(reliable_change(start, after, sd, reliability).verdict) for after in (near, far)]
    assert verdicts == sorted(verdicts)


@given(scores, scores, st.floats(0.1, 50), reliabilities, reliabilities)
def test_a_less_reliable_score_never_gets_a_stronger_verdict(before, after, sd, one, other):
    strength = ("none detectable", "possible", "clear")
    verdicts = [strength.index(reliable_change(before, after, sd, r).verdict) for r in sorted((one, other))]
    assert verdicts == sorted(verdicts)


@pytest.mark.parametrize("sd", [0, -1, math.inf, math.nan])
def test_an_sd_that_cannot_be_is_refused(sd):
    with pytest.raises(ValueError, match="standard deviation is a number above 0"):
        reliable_change(50, 60, sd=sd)


@pytest.mark.parametrize("reliability", [-0.01, 1.01, math.inf, math.nan])
def test_a_reliability_that_cannot_be_is_refused(reliability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliable_change(50, 60, reliability=reliability)
    with pytest.raises(ValueError, match="between 0 and 1"):
        spearman_brown(reliability, 8, 4)


@pytest.mark.parametrize(("before", "after"), [(math.nan, 50), (50, math.inf)])
def test_scores_that_are_not_finite_are_refused(before, after):
    with pytest.raises(ValueError, match="finite numbers"):
        reliable_change(before, after)


def test_spearman_brown_agrees_with_the_reference():
    case = CASES["spearman_brown"]
    assert spearman_brown(case["rel"], case["k"], 4) == pytest.approx(case["expect"]["m4"], abs=1e-9)
    assert spearman_brown(case["rel"], case["k"], 1) == pytest.approx(case["expect"]["m1"], abs=1e-9)


@given(reliabilities, st.integers(1, 24), st.integers(1, 24))
def test_more_items_are_never_less_reliable(reliability, items, new_items):
    found = spearman_brown(reliability, items, new_items)
    assert 0 <= found <= 1 + 1e-12
    assert found == pytest.approx(spearman_brown(reliability, items, items)) or (found > reliability) == (
        new_items > items
    )
    assert spearman_brown(reliability, items, items) == pytest.approx(reliability)


@pytest.mark.parametrize(("items", "new_items"), [(0, 4), (8, 0), (8, -1)])
def test_a_scale_without_items_has_no_reliability(items, new_items):
    with pytest.raises(ValueError, match="at least one item"):
        spearman_brown(0.85, items, new_items)


def test_with_four_relationships_a_clear_change_by_chance_is_not_rare():
    assert chance_of_any(4) == pytest.approx(0.18549375)
    assert chance_of_any(1) == pytest.approx(0.05)
    assert chance_of_any(0) == 0
    with pytest.raises(ValueError, match="-1 relationships"):
        chance_of_any(-1)

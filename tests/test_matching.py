import json
from itertools import combinations
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_worksheets import AREAS, STRENGTH, all_areas, need, needs_answers, strengths
from sample_worksheets import needs_worksheet as _needs

from mentorkit.matching import (
    BestSet,
    Reason,
    best_sets,
    fit,
    ranking,
    smallest_sets,
    uncovered,
    weighted_sum,
)
from mentorkit.worksheet import NOT_COUNTED

NEEDS = _needs()
CASES = json.loads((Path(__file__).parent / "reference_cases.json").read_text("utf-8"))

points = st.one_of(st.none(), st.integers(0, 12).map(lambda twelfths: twelfths * 25 / 3))
unmet_needs = st.fixed_dictionaries(dict.fromkeys(AREAS, points))


# Fit


def test_a_weighted_sum_agrees_with_the_published_example():
    case = CASES["wsm_triantaphyllou"]
    weights = dict(enumerate(case["w"]))
    scores = [weighted_sum(weights, dict(enumerate(row))) for row in case["M"]]
    assert scores == pytest.approx(case["expect"]["score"], abs=1e-12)
    assert scores[1] == pytest.approx(scores[2], abs=1e-12)  # A2 and A3 tie


def test_fit_is_the_share_of_the_unmet_need_that_a_type_could_meet():
    found = fit({"academic": 100, "clinical": 50}, STRENGTH)
    assert found["peer"] == pytest.approx(100 * (100 * 3 + 50 * 1) / (3 * 150))
    assert found["faculty"] == pytest.approx(100 * (100 * 2 + 50 * 3) / (3 * 150))
    assert found["leadership"] == 0


def test_a_type_with_full_strength_wherever_something_is_unmet_fits_completely():
    assert fit({"academic": 100 / 3, "emotional": 25 / 3, "career": 0}, STRENGTH)["peer"] == 100


def test_with_nothing_unmet_fit_is_undefined_and_not_0():
    assert set(fit({"academic": 0, "clinical": None}, STRENGTH).values()) == {None}
    assert set(fit({}, STRENGTH).values()) == {None}
    assert fit({"academic": 100}, {}) == {}


def test_an_area_that_is_not_scored_counts_for_nothing():
    with_it = fit({"academic": 50, "clinical": None}, STRENGTH)
    assert with_it == fit({"academic": 50}, STRENGTH)
    assert with_it["peer"] != fit({"academic": 50, "clinical": 0.5}, STRENGTH)["peer"]


def test_an_area_that_no_type_has_a_column_for_lowers_no_fit():
    assert fit({"academic": 50, "own": 100}, STRENGTH) == fit({"academic": 50}, STRENGTH)


def test_an_area_missing_in_one_row_is_a_strength_of_0():
    strength = {"peer": {"academic": 3}, "faculty": {"clinical": 3, "academic": 1}}
    assert fit({"academic": 50, "clinical": 50}, strength) == {"peer": 50, "faculty": pytest.approx(200 / 3)}


@given(unmet_needs, strengths)
def test_fit_lies_within_0_and_100_or_is_undefined_for_every_type(unmet, strength):
    found = fit(unmet, strength)
    nothing = not any(unmet.values())
    assert all((value is None) == nothing for value in found.values())
    assert all(0 <= value <= 100 for value in found.values() if value is not None)


@given(unmet_needs, strengths, st.sampled_from(AREAS))
def test_a_stronger_type_never_fits_less(unmet, strength, area):
    low, high = ({**strength, "type0": {**strength["type0"], area: code}} for code in (1, 2))
    before, after = fit(unmet, low), fit(unmet, high)
    assert before["type0"] is None or before["type0"] <= after["type0"]
    assert {**before, "type0": 0} == {**after, "type0": 0}


@given(unmet_needs, strengths)
def test_taking_away_a_type_never_changes_the_others(unmet, strength):
    whole = fit(unmet, strength)
    for gone in list(strength)[:-1]:
        fewer = {kind: row for kind, row in strength.items() if kind != gone}
        assert fit(unmet, fewer) == {kind: value for kind, value in whole.items() if kind != gone}


@given(unmet_needs, strengths, st.integers(2, 4))
def test_fit_does_not_depend_on_how_much_is_unmet_in_all(unmet, strength, times):
    more = {area: None if value is None else value * times for area, value in unmet.items()}
    assert fit(more, strength) == pytest.approx(fit(unmet, strength))


# Sets


def test_the_smallest_set_is_given_with_every_set_of_its_size():
    assert smallest_sets(["academic", "research"], STRENGTH) == (
        frozenset({"peer", "research"}),
        frozenset({"peer", "specialty"}),
        frozenset({"faculty", "research"}),
        frozenset({"faculty", "specialty"}),
    )
    assert smallest_sets(["clinical", "professional"], STRENGTH) == (frozenset({"faculty"}),)


def test_an_area_that_no_type_covers_is_named_and_does_not_stop_the_rest():
    assert uncovered(["academic", "own"], STRENGTH) == ("own",)
    assert smallest_sets(["academic", "own"], STRENGTH) == (frozenset({"peer"}), frozenset({"faculty"}))
    assert uncovered(["emotional"], STRENGTH, at_least=3) == ()
    assert uncovered(["emotional"], {}) == ("emotional",)


@pytest.mark.parametrize("areas", [(), ("own",)])
def test_nothing_to_cover_needs_no_set(areas):
    assert smallest_sets(areas, STRENGTH) == ()
    assert smallest_sets(areas, {}) == ()


@given(strengths, st.lists(st.sampled_from((*AREAS, "own")), unique=True), st.integers(1, 3))
def test_the_smallest_set_is_the_smallest_there_is(strength, areas, at_least):
    def covers(kinds, area):
        return any(strength[kind].get(area, 0) >= at_least for kind in kinds)

    wanted = [area for area in areas if covers(strength, area)]
    every = [frozenset(kinds) for size in range(len(strength) + 1) for kinds in combinations(strength, size)]
    covering = [kinds for kinds in every if all(covers(kinds, area) for area in wanted)]
    fewest = min(len(kinds) for kinds in covering)
    expected = {kinds for kinds in covering if len(kinds) == fewest} if wanted else set()
    found = smallest_sets(areas, strength, at_least)
    assert set(found) == expected
    assert len(found) == len(expected)
    assert set(uncovered(areas, strength, at_least)) == set(areas) - set(wanted)


def test_the_best_set_says_what_each_member_adds():
    (best,) = best_sets({"academic": 100, "clinical": 50}, STRENGTH, k=2)
    assert best.types == {"peer", "faculty"}
    assert best.met == 100
    assert best.adds == {"peer": pytest.approx(200 / 9), "faculty": pytest.approx(200 / 9)}


def test_a_member_that_adds_nothing_is_left_out_of_the_best_set():
    assert best_sets({"academic": 100}, STRENGTH, k=7) == (BestSet(frozenset({"peer"}), 100, {"peer": 100}),)


def test_equally_good_sets_are_all_listed():
    strength = {"peer": {"academic": 3}, "tutor": {"academic": 3}, "online": {"academic": 1}}
    assert [set(one.types) for one in best_sets({"academic": 25}, strength, k=2)] == [{"peer"}, {"tutor"}]


def test_with_nothing_unmet_there_is_no_best_set():
    assert best_sets({"academic": 0}, STRENGTH, k=3) == ()
    assert best_sets({"academic": 50}, {"leadership": {"academic": 0}}, k=3) == ()
    with pytest.raises(ValueError, match="at least one type, not 0"):
        best_sets({"academic": 50}, STRENGTH, k=0)


@given(unmet_needs, strengths, st.integers(1, 6))
def test_the_best_set_is_the_best_there_is(unmet, strength, k):
    weights = {area: value for area, value in unmet.items() if value}

    def met(kinds):
        return sum(value * max(strength[kind][area] for kind in kinds) for area, value in weights.items())

    every = [set(kinds) for size in range(1, min(k, len(strength)) + 1) for kinds in combinations(strength, size)]
    most = max(map(met, every))
    best = [kinds for kinds in every if most and met(kinds) == pytest.approx(most)]
    minimal = [kinds for kinds in best if not any(other < kinds for other in best)]
    found = best_sets(unmet, strength, k)
    assert sorted(map(sorted, (one.types for one in found))) == sorted(map(sorted, minimal))
    assert all(one.met == pytest.approx(100 * most / (3 * sum(weights.values()))) for one in found)


# Ranking


CLEAR = {
    **need("emotional", 4, 4, 4, support=0),
    **need("academic", 4, 3, 4, support=1),
    **need("clinical", 1, 1, 1, support=1),
}


def test_the_types_are_ranked_with_the_two_areas_that_contribute_most():
    found = ranking(NEEDS, CLEAR, STRENGTH)
    best = found.types[0]
    assert (best.type, best.fit, best.rank, best.unsuited) == ("peer", 100, 1, ())
    assert [reason.area for reason in best.reasons] == ["emotional", "academic"]
    assert sum(reason.points for reason in best.reasons) == pytest.approx(100)
    assert found.basis == "unmet"
    assert found.weighed["academic"] == pytest.approx(25 * 11 / 3 - 25)
    assert found.weighed["research"] is None


def test_reasons_leave_out_areas_that_add_nothing():
    found = {one.type: one for one in ranking(NEEDS, need("academic", 4, 4, 4, support=0), STRENGTH).types}
    assert found["online"].reasons == (Reason("academic", pytest.approx(100 / 3)),)
    assert found["leadership"].reasons == ()


def test_a_first_place_that_is_firm_is_one_type():
    found = ranking(NEEDS, CLEAR, STRENGTH)
    assert found.first == ("peer",)
    assert not found.is_tie
    assert found.stability.first_share["peer"] > 0.9


def test_a_lead_of_less_than_five_points_is_a_tie():
    answers = need("academic", 4, 4, 4, support=0) | need("clinical", 2, 2, 2, support=0)
    strength = {"peer": {"academic": 3, "clinical": 1}, "faculty": {"academic": 2, "clinical": 2}}
    found = ranking(NEEDS, answers | need("clinical", 3, 3, 3, support=0), strength)
    fits = [one.fit for one in found.types]
    assert 0 < fits[0] - fits[1] < 5
    assert found.stability.first_share["peer"] >= 0.6
    assert found.first == ("peer", "faculty")
    assert found.is_tie


def test_a_first_place_that_wins_too_few_draws_is_a_tie_even_with_a_lead_of_five_points():
    answers = need("academic", 2, 2, 2, support=1) | need("clinical", 2, 2, 1, support=1)
    strength = {"peer": {"academic": 3}, "faculty": {"clinical": 3}, "online": {"academic": 0, "clinical": 0}}
    found = ranking(NEEDS, answers, strength)
    assert found.types[0].fit - found.types[1].fit >= 5
    assert found.stability.first_share["peer"] < 0.6
    assert found.first == ("peer", "faculty")


def test_a_lead_of_exactly_five_points_is_a_lead():
    strength = {"peer": {"academic": 3}, "faculty": {"academic": 0}}
    assert ranking(NEEDS, need("academic", 4, 4, 4, support=0), strength).first == ("peer",)
    answers = need("academic", 4, 4, 4, support=0) | need("clinical", 4, 4, 4, support=0)
    five_apart = {"peer": {"academic": 3, "clinical": 2.7}, "faculty": {"academic": 3, "clinical": 2.4}}
    found = ranking(NEEDS, answers, five_apart)
    assert found.types[0].fit - found.types[1].fit == pytest.approx(5)
    assert found.first == ("peer",)


def test_equal_fits_share_a_rank_and_the_first_place():
    twins = {"peer": STRENGTH["peer"], "tutor": STRENGTH["peer"], "leadership": STRENGTH["leadership"]}
    found = ranking(NEEDS, CLEAR, twins)
    assert [one.rank for one in found.types] == [1, 1, 3]
    assert found.first == ("peer", "tutor")
    assert found.stability.first_share == {"peer": 0.5, "tutor": 0.5, "leadership": 0}


def test_thirds_do_not_break_a_tie():
    answers = need("academic", 1, 1, 2, support=1) | need("research", 3, 3, 4, support=3)  # 25/3 unmet in both
    strength = {"peer": {"academic": 3, "research": 0}, "research": {"academic": 0, "research": 3}}
    assert [one.rank for one in ranking(NEEDS, answers, strength).types] == [1, 1]


def test_without_any_support_rating_need_is_weighed_and_that_is_said():
    answers = need("academic", 4, 4, 4) | need("emotional", 2, 2, 2)
    found = ranking(NEEDS, answers, STRENGTH)
    assert found.basis == "need"
    assert found.weighed["academic"] == 100
    assert found.first == ("peer",)
    assert {flip.what for flip in found.stability.flips if isinstance(flip.what, str)} <= set(answers)


def test_with_some_support_ratings_the_other_areas_are_left_out():
    found = ranking(NEEDS, need("academic", 4, 4, 4) | need("clinical", 4, 4, 4, support=0), STRENGTH)
    assert found.basis == "unmet"
    assert found.weighed["academic"] is None
    assert found.first == ("faculty",)


def test_support_in_the_students_own_area_is_no_support_in_the_others():
    own = {"area.own": "visa questions", "need.own.overall": 4, "support.own": 1}
    found = ranking(NEEDS, need("academic", 4, 4, 4) | own, STRENGTH)
    assert found.basis == "need"
    assert found.types[0].fit == 100  # the own area is not in the denominator


@pytest.mark.parametrize("answers", [{}, all_areas(2, 3), all_areas(NOT_COUNTED, 1), all_areas(0, None)])
def test_with_nothing_unmet_the_types_are_listed_without_a_rank(answers):
    found = ranking(NEEDS, answers, STRENGTH)
    assert [(one.type, one.fit, one.rank, one.reasons) for one in found.types] == [
        (kind, None, None, ()) for kind in STRENGTH
    ]
    assert found.first == ()
    assert not found.is_tie
    assert (found.stability.first_share, found.stability.flips) == ({}, ())
    assert found.smallest == found.uncovered == ()


def test_an_unsuited_type_is_listed_last_with_its_fit_and_takes_no_part():
    reasons = ("you have no time for weekly meetings",)
    found = ranking(NEEDS, CLEAR, STRENGTH, unsuited={"peer": reasons, "online": ()})
    assert [one.type for one in found.types][-1] == "peer"
    last = found.types[-1]
    assert (last.fit, last.rank, last.unsuited) == (100, None, reasons)
    assert "peer" not in found.first
    assert "peer" not in found.stability.first_share
    assert not any("peer" in kinds for kinds in found.smallest)
    assert found.types[0].rank == 1
    assert "online" in found.stability.first_share  # no reason, no exclusion


def test_when_no_type_is_suited_none_is_first():
    found = ranking(NEEDS, CLEAR, STRENGTH, unsuited=dict.fromkeys(STRENGTH, ("no time",)))
    assert found.first == found.smallest == ()
    assert found.types[0].fit == 100
    assert found.uncovered == ("emotional", "academic")  # the more urgent first


def test_the_smallest_set_covers_the_top_areas_or_else_every_unmet_one():
    assert ranking(NEEDS, CLEAR, STRENGTH).smallest == (frozenset({"peer"}),)
    top = ranking(NEEDS, {**CLEAR, "top.areas": ["research", "networking"]}, STRENGTH)
    assert top.smallest == (frozenset({"research"}), frozenset({"specialty"}))


def test_an_area_that_no_suited_type_covers_is_named():
    found = ranking(NEEDS, {**CLEAR, "top.areas": ["clinical", "own"]}, STRENGTH)
    assert found.uncovered == ("own",)
    assert found.smallest == (frozenset({"faculty"}), frozenset({"specialty"}))
    fewer = ranking(NEEDS, {**CLEAR, "top.areas": ["clinical"]}, STRENGTH, {"faculty": ("x",), "specialty": ("y",)})
    assert (fewer.uncovered, fewer.smallest) == (("clinical",), ())


@settings(max_examples=30, deadline=None)
@given(needs_answers(), strengths, st.data())
def test_what_is_ranked_hangs_together(answers, strength, data):
    unsuited = dict.fromkeys(data.draw(st.sets(st.sampled_from(sorted(strength)))), ("no time",))
    found = ranking(NEEDS, answers, strength, unsuited, draws=200)
    assert sorted(one.type for one in found.types) == sorted(strength)
    fits = [one.fit for one in found.types if not one.unsuited]
    if not fits or fits[0] is None:
        assert found.first == () and found.stability.first_share == {}
        return
    assert fits == sorted(fits, reverse=True)
    assert sum(found.stability.first_share.values()) == pytest.approx(1)
    assert set(found.stability.first_share) == set(strength) - set(unsuited)
    leading = {one.type for one in found.types if one.rank and fits[0] - one.fit < 5 - 1e-9}
    assert leading <= set(found.first) <= set(found.stability.first_share)
    assert sum(found.stability.first_share[kind] for kind in found.first) >= 0.6 - 1e-9
    if not found.is_tie:
        (alone,) = found.first
        assert found.stability.first_share[alone] >= 0.6
        assert len(fits) == 1 or fits[0] - fits[1] >= 5 - 1e-9


@settings(max_examples=30, deadline=None)
@given(needs_answers(), strengths)
def test_taking_away_a_loser_never_reorders_the_rest(answers, strength):
    whole = [(one.type, one.fit) for one in ranking(NEEDS, answers, strength, draws=1).types]
    fewer = {kind: row for kind, row in strength.items() if kind != whole[-1][0]}
    assert [(one.type, one.fit) for one in ranking(NEEDS, answers, fewer, draws=1).types] == whole[:-1]


def test_ten_thousand_draws_take_less_than_a_moment():
    answers = {}
    for place, area in enumerate(AREAS):
        answers |= need(area, 3, 1 + place % 4, 2, support=place % 3)

    def timed():
        start = perf_counter()
        ranking(NEEDS, answers, STRENGTH)
        return perf_counter() - start

    assert min(timed() for _ in range(5)) < 0.25

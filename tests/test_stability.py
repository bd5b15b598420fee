from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_worksheets import AREAS, STRENGTH, all_areas, need, needs_answers, strengths
from sample_worksheets import needs_worksheet as _needs

from mentorkit.matching import fit, ranking
from mentorkit.scoring import needs_scores
from mentorkit.stability import AreaAnswers, Flip, stability

NEEDS = _needs()


def moved_by_hand(answers, strength):
    """Every flip, found by scoring all answers anew for every single change."""

    def firsts(answers, strength, basis):
        scores = needs_scores(NEEDS, answers)
        weighed = scores.unmet if basis == "unmet" else scores.need
        found = fit({area: score.value for area, score in weighed.items()}, strength)
        defined = {kind: value for kind, value in found.items() if value is not None}
        return tuple(kind for kind, value in defined.items() if value == max(defined.values()))

    basis = ranking(NEEDS, answers, strength, draws=1).basis
    now = firsts(answers, strength, basis)
    items = [item for item, code in answers.items() if isinstance(code, int)]
    asked = [(item, step) for item in items for step in (-1, 1) if 0 <= answers[item] + step <= 4]
    cells = [(kind, area, step) for kind in strength for area in AREAS for step in (-1, 1)]
    for item, step in asked:
        then = firsts({**answers, item: answers[item] + step}, strength, basis)
        if then != now:
            yield Flip(item, step, then)
    for kind, area, step in cells:
        if 0 <= strength[kind][area] + step <= 3:
            row = {**strength[kind], area: strength[kind][area] + step}
            then = firsts(answers, {**strength, kind: row}, basis)
            if then != now:
                yield Flip((kind, area), step, then)


@settings(max_examples=60, deadline=None)
@given(needs_answers(), strengths)
def test_flips_are_exactly_the_single_changes_that_put_someone_else_first(answers, strength):
    found = ranking(NEEDS, answers, strength, draws=1)
    expected = set(moved_by_hand(answers, strength)) if found.first else set()
    assert set(found.stability.flips) == expected
    assert len(found.stability.flips) == len(expected)


def test_a_flip_says_what_would_change_it_and_who_would_be_first():
    answers = need("academic", 2, 2, 2, support=0) | need("clinical", 2, 2, 2, support=0)
    strength = {"peer": {"academic": 3, "clinical": 1}, "faculty": {"academic": 2, "clinical": 2}}
    flips = ranking(NEEDS, answers, strength).stability.flips
    assert Flip("need.academic.a", 1, ("peer",)) in flips
    assert Flip("need.clinical.c", 1, ("faculty",)) in flips
    assert Flip("support.academic", 1, ("faculty",)) in flips
    assert Flip(("peer", "clinical"), 1, ("peer",)) in flips
    assert not any(flip.what == ("peer", "academic") and flip.step == 1 for flip in flips)  # 3 is the strongest


def test_an_answer_that_would_leave_nothing_unmet_puts_no_one_first():
    answers = need("academic", 1, 1, 1, support=0)
    assert Flip("support.academic", 1, ()) in ranking(NEEDS, answers, STRENGTH).stability.flips


def test_answers_that_are_not_counted_or_missing_do_not_move():
    area = AreaAnswers(need={"a": 4, "b": 4}, support={})
    assert sorted(area.moved(), key=str) == [
        ("a", -1, AreaAnswers({"a": 3, "b": 4}, {})),
        ("b", -1, AreaAnswers({"a": 4, "b": 3}, {})),
    ]


def test_an_answer_given_again_stays_within_its_scale():
    again = AreaAnswers(need={"a": 4}, support={}).given_again(unit=1)
    assert again == {3: 1, 4: 3}  # in quarters: what would be 5 is 4
    assert AreaAnswers(need={"a": 2}, support={"s": 0}).given_again(unit=1) == {0: 1, 1: 5, 2: 7, 3: 3}


@given(st.lists(st.integers(0, 4), min_size=1, max_size=3), st.lists(st.integers(0, 4), max_size=1))
def test_the_chances_of_an_area_given_again_sum_to_1(facets, support):
    area = AreaAnswers(dict(enumerate(facets)), dict(enumerate(support, 10)))
    again = area.given_again(unit=6)
    assert again.total() == 4 ** (len(facets) + len(support))
    assert all(0 <= unmet <= 24 for unmet in again)
    assert again[area.unmet(6)] > 0


def test_the_share_of_first_places_is_what_all_combinations_give():
    areas = {"academic": AreaAnswers({"a": 2, "b": 3}, {"s": 1}), "clinical": AreaAnswers({"c": 2, "d": 2}, {})}
    strength = {"peer": {"academic": 3, "clinical": 1}, "faculty": {"academic": 1, "clinical": 2}}
    exact = {"peer": 0.0, "faculty": 0.0}
    academic, clinical = (area.given_again(2) for area in areas.values())
    for a, often in academic.items():
        for c, also in clinical.items():
            chance = often * also / (academic.total() * clinical.total())
            peer, faculty = 3 * a + c, a + 2 * c
            exact["peer"] += chance * ((peer > faculty) + (peer == faculty) / 2)
            exact["faculty"] += chance * ((peer < faculty) + (peer == faculty) / 2)
    found = stability(areas, strength, draws=40_000, seed=1).first_share
    assert found == pytest.approx(exact, abs=0.01)


def test_the_same_seed_gives_the_same_result_and_the_order_of_types_none():
    answers = all_areas(3, 1)
    first = ranking(NEEDS, answers, STRENGTH, seed=7)
    assert first == ranking(NEEDS, answers, STRENGTH, seed=7)
    assert first.stability.first_share != ranking(NEEDS, answers, STRENGTH, seed=8).stability.first_share
    for order in list(permutations(STRENGTH))[:5000:1000]:
        again = ranking(NEEDS, answers, {kind: STRENGTH[kind] for kind in order}, seed=7)
        assert again.stability.first_share == first.stability.first_share
        assert set(again.first) == set(first.first)


def test_stability_needs_a_draw():
    with pytest.raises(ValueError, match="at least one draw, not 0"):
        ranking(NEEDS, all_areas(3, 1), STRENGTH, draws=0)

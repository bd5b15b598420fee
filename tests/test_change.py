import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sample_worksheets import FACETS, FULL, MET, OUTCOMES, PRACTICES, every, need, needs_answers, replies, topic
from sample_worksheets import needs_worksheet as _needs
from sample_worksheets import relationship_worksheet as _relationship

from mentorkit.change import (
    ASSUMED,
    MovedItem,
    Norm,
    Norms,
    compare,
    compare_needs,
    spearman_brown,
)
from mentorkit.worksheet import NOT_COUNTED

NEEDS, RELATIONSHIP = _needs(), _relationship()

SHORT = {"relationship.form": "short"}


@st.composite
def relationship_cards(draw):
    """A card with any form, any number of meetings, and any answers."""
    meetings = draw(st.sampled_from(["none", "one", "2-3", "4+"]))
    form = draw(st.sampled_from(["short", "full"]))
    found = {"relationship.form": form, "relationship.meetings": meetings}
    usual = draw(st.integers(0, 4))
    for name in (*PRACTICES, *OUTCOMES):
        found |= topic(name, *draw(st.lists(st.one_of(st.just(usual), replies), min_size=3, max_size=3)))
    return found


# Relationships


@given(relationship_cards())
def test_comparing_a_card_with_itself_changes_nothing(card):
    found = compare(RELATIONSHIP, card, card)
    for index in (found.practice, found.outcome):
        assert index.difference in (None, 0)
        assert index.verdict in (None, "none detectable")
        assert index.before == index.after
    assert found.moved == ()


@given(relationship_cards(), relationship_cards())
def test_looking_back_is_looking_forward_with_the_sign_turned(before, after):
    there, back = compare(RELATIONSHIP, before, after), compare(RELATIONSHIP, after, before)
    for one, other in ((there.practice, back.practice), (there.outcome, back.outcome)):
        assert (one.before, one.after) == (other.after, other.before)
        assert (one.verdict, one.items) == (other.verdict, other.items)
        assert one.difference is None or one.difference == -other.difference
    assert [(m.item, m.before, m.after) for m in there.moved] == [(m.item, m.after, m.before) for m in back.moved]


@given(relationship_cards(), relationship_cards())
def test_only_what_was_answered_both_times_is_compared(before, after):
    found = compare(RELATIONSHIP, before, after)

    def asked(card):
        return {item.id for item in RELATIONSHIP.asked(card)}

    both = asked(before) & asked(after)
    shared = {item for item in both if isinstance(before.get(item), int) and isinstance(after.get(item), int)}
    assert {one.item for one in found.moved} <= shared
    for family, names, needed in (("practice", PRACTICES, 6), ("outcome", OUTCOMES, 4)):
        index, items, enough = getattr(found, family), 0, 0
        for name in names:
            offered = [item for facet in FACETS if (item := f"{family}.{name}.{facet}") in both]
            counted = [item for item in offered if item in shared]
            if offered and len(counted) >= math.ceil(2 * len(offered) / 3):
                items, enough = items + len(counted), enough + 1
        assert (index.items, index.before.answered, index.after.answered) == (items, enough, enough)
        assert (index.verdict is not None) == (enough >= needed)
        assert bool(index.reason) == (index.verdict is None)


def test_a_comparison_leads_with_practice():
    found = compare(RELATIONSHIP, every(1), {**every(3), **every(1, OUTCOMES)})
    assert (found.difference, found.verdict) == (50, "clear") == (found.practice.difference, found.practice.verdict)
    assert found.threshold == found.practice.threshold == pytest.approx(19.3, abs=0.03)
    assert (found.outcome.difference, found.outcome.verdict) == (0, "none detectable")


def test_the_long_form_has_24_and_12_items():
    found = compare(RELATIONSHIP, every(1), every(3))
    assert (found.practice.items, found.practice.reliability) == (24, pytest.approx(0.85))
    assert (found.outcome.items, found.outcome.reliability) == (12, pytest.approx(0.90))
    assert found.practice.sdiff == pytest.approx(9.859, abs=1e-3)
    assert found.practice.source == "assumption of the authors, provisional"


def test_a_short_and_a_long_form_share_only_the_short_items():
    short = {**every(1), **SHORT}
    long = {**every(1), **{f"practice.{name}.{facet}": 4 for name in PRACTICES for facet in ("b", "c")}}
    for before, after in ((short, long), (long, short), (short, short)):
        found = compare(RELATIONSHIP, before, after)
        assert (found.practice.items, found.outcome.items) == (8, 4)
        assert (found.difference, found.verdict) == (0, "none detectable")
        assert found.practice.reliability == pytest.approx(spearman_brown(0.85, 24, 8))
        assert found.moved == ()
    assert compare(RELATIONSHIP, short, short).threshold > compare(RELATIONSHIP, long, long).threshold


def test_an_item_without_occasion_once_is_left_out_of_both_times():
    after = {**every(2), **topic("prepared", 2, 2, NOT_COUNTED)}
    found = compare(RELATIONSHIP, {**every(2), **topic("prepared", 2, 2, 4)}, after)
    assert (found.difference, found.practice.items) == (0, 23)
    assert found.practice.reliability == pytest.approx(spearman_brown(0.85, 24, 23))


def test_a_practice_is_compared_only_when_it_is_scored_on_the_shared_items():
    before = {**every(2), **topic("prepared", 4, 4, NOT_COUNTED)}
    after = {**every(2), **topic("prepared", NOT_COUNTED, 0, 0)}
    found = compare(RELATIONSHIP, before, after)
    assert (found.practice.before.answered, found.practice.items, found.difference) == (7, 21, 0)


def test_after_a_semester_with_one_meeting_there_is_nothing_to_compare():
    found = compare(RELATIONSHIP, every(2), {**every(4), "relationship.meetings": "one"})
    assert found.practice.reason == "not compared (3 of 8)"
    assert found.outcome.reason == "not compared (1 of 4)"
    assert (found.verdict, found.difference, found.threshold, found.practice.reliability) == (None,) * 4
    assert not found.practice.extreme_first
    assert len(found.moved) == 12  # listed all the same, untested


def test_items_that_moved_by_two_or_more_are_listed_in_the_order_asked():
    after = {**every(2), **topic("trust", 2, 0, 3), **topic("prepared", 2, 4, 1)}
    assert compare(RELATIONSHIP, every(2), after).moved == (
        MovedItem("practice.prepared.b", 2, 4),
        MovedItem("outcome.trust.b", 2, 0),
    )


def test_the_students_overall_rating_is_not_among_the_items_that_moved():
    before, after = ({**every(2), "relationship.overall": code} for code in (0, 4))
    assert compare(RELATIONSHIP, before, after).moved == ()


@pytest.mark.parametrize(("before", "extreme"), [(0, True), (1, True), (2, False), (3, False), (4, True)])
def test_a_very_high_or_low_first_score_is_said_to_move_towards_the_middle(before, extreme):
    assert compare(RELATIONSHIP, every(before), every(2)).practice.extreme_first == extreme


@pytest.mark.parametrize(("sd", "extreme"), [(14.9, True), (15, False), (15.1, False)])
def test_a_first_score_exactly_one_sd_away_is_not_extreme(sd, extreme):
    norm = Norm(60, sd, 0.85, 24, "test")
    assert compare(RELATIONSHIP, every(3), every(3), Norms(norm, norm)).practice.extreme_first == extreme


def test_norms_of_ones_own_replace_the_assumptions():
    local = Norms(Norm(50, 10, 0.95, 24, "52 pairs at our school"), ASSUMED.outcome)
    found = compare(RELATIONSHIP, every(2), {**every(2), **every(3, PRACTICES[:3])}, local)
    assert (found.difference, found.verdict) == (pytest.approx(9.375), "clear")
    assert compare(RELATIONSHIP, every(2), {**every(2), **every(3, PRACTICES[:3])}).verdict == "none detectable"
    assert found.practice.source == "52 pairs at our school"


# What the student felt


def felt(change, before, after):
    return compare(RELATIONSHIP, every(before), {**every(after), "relationship.change": change})


@pytest.mark.parametrize(
    ("change", "before", "after", "agrees"),
    [
        (2, 1, 3, True),
        (0, 1, 3, False),  # clear, and not felt
        (-1, 1, 3, False),
        (-3, 3, 1, True),
        (0, 2, 2, True),
        (1, 2, 2, True),  # too small to detect, perhaps
        (-2, 2, 2, False),
    ],
)
def test_what_the_student_felt_is_set_beside_the_index(change, before, after, agrees):
    found = felt(change, before, after)
    assert (found.felt_change, found.felt_agrees) == (change, agrees)


@pytest.mark.parametrize(("change", "agrees"), [(3, True), (0, True), (-1, False)])
def test_a_possible_change_is_contradicted_only_by_the_opposite(change, agrees):
    after = {**every(2), **every(3, PRACTICES[:4]), "relationship.change": change}
    found = compare(RELATIONSHIP, every(2), after)
    assert (found.verdict, found.felt_agrees) == ("possible", agrees)


def test_without_a_felt_change_or_an_index_there_is_nothing_to_agree():
    assert compare(RELATIONSHIP, every(2), every(3)).felt_agrees is None
    only_felt = {**FULL, **MET, "relationship.change": 1}
    assert compare(RELATIONSHIP, every(2), only_felt).felt_agrees is None
    assert compare(RELATIONSHIP, every(2), only_felt).felt_change == 1


def test_the_felt_change_is_that_of_the_later_card():
    before = {**every(2), "relationship.change": 3}
    assert compare(RELATIONSHIP, before, every(2)).felt_change is None


# Needs


@given(needs_answers())
def test_comparing_needs_with_themselves_changes_nothing(card):
    found = compare_needs(NEEDS, card, card)
    assert found.moved == ()
    for area in found.areas.values():
        assert all(pair.difference in (None, 0) for pair in (area.need, area.support, area.unmet))


def test_needs_are_set_side_by_side_without_a_verdict():
    before, after = need("career", 1, 2, 1, support=2), need("career", 3, 4, 3, support=1)
    found = compare_needs(NEEDS, before, after)
    career = found.areas["career"]
    assert career.need.difference == pytest.approx(50)
    assert career.support.difference == -25
    assert (career.unmet.before.value, career.unmet.after.value) == (0, pytest.approx(175 / 3))
    assert found.areas["research"].need.difference is None
    assert [one.item for one in found.moved] == ["need.career.a", "need.career.b", "need.career.c"]
    assert not any("verdict" in vars(part) for part in (found, career, career.need))


@pytest.mark.parametrize(("first", "second"), [((4, 4, None), (4, 4, 0)), ((4, NOT_COUNTED, 4), (4, 0, 4))])
def test_needs_are_compared_on_the_items_answered_both_times(first, second):
    found = compare_needs(NEEDS, need("career", *first, support=2), need("career", *second, support=2))
    assert found.areas["career"].need.difference == 0
    assert found.areas["career"].need.after.answered == 2


def test_support_rated_only_once_leaves_the_unmet_need_uncompared():
    found = compare_needs(NEEDS, need("career", 4, 4, 4, support=2), need("career", 2, 2, 2))
    assert found.areas["career"].need.difference == -50
    assert found.areas["career"].unmet.difference is None


def test_another_area_in_the_students_own_words_is_not_a_changed_need():
    def own(words, code):
        return {"area.own": words, "need.own.overall": code, "support.own": 0}

    same = compare_needs(NEEDS, own("Visa questions", 1), own("visa  questions", 4))
    assert same.areas["own"].need.difference == 75
    assert same.moved == (MovedItem("need.own.overall", 1, 4),)
    other = compare_needs(NEEDS, own("visa questions", 1), own("parenting", 4))
    assert str(other.areas["own"].need.before) == "not asked"
    assert other.moved == ()


@given(needs_answers(), needs_answers())
def test_a_difference_in_need_lies_within_100_points(before, after):
    found = compare_needs(NEEDS, before, after)
    differences = [pair.difference for area in found.areas.values() for pair in (area.need, area.support, area.unmet)]
    assert all(-100 <= one <= 100 for one in differences if one is not None)
    assume(any(one is not None for one in differences))
    back = compare_needs(NEEDS, after, before)
    assert [area.need.difference for area in back.areas.values()] == [
        None if area.need.difference is None else -area.need.difference for area in found.areas.values()
    ]

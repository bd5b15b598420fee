import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_worksheets import AREAS, FACETS, FULL, MET, OUTCOMES, PRACTICES, every, need, needs_answers, replies, topic
from sample_worksheets import needs_worksheet as _needs
from sample_worksheets import relationship_worksheet as _relationship

from mentorkit.errors import Unknown
from mentorkit.reliability import ASSUMED, Norm, Norms
from mentorkit.scoring import Score, needs_scores, relationship_scores, subscale_score
from mentorkit.worksheet import NOT_COUNTED, Worksheet

NEEDS, RELATIONSHIP = _needs(), _relationship()

ratings = st.integers(0, 4)


def some_answers(items, replies=replies):
    given = st.fixed_dictionaries(dict.fromkeys(items, replies))
    return given.map(lambda answers: {item: code for item, code in answers.items() if code is not None})


TOPIC_ITEMS = [f"practice.{name}.{facet}" for name in PRACTICES for facet in FACETS] + [
    f"outcome.{name}.{facet}" for name in OUTCOMES for facet in FACETS
]
relationship_answers = some_answers(TOPIC_ITEMS).map(lambda answers: {**FULL, **MET, **answers})


# One score


def test_a_score_is_25_times_the_mean_answer():
    assert subscale_score(NEEDS, "need.career", need("career", 1, 2, 4)) == Score(pytest.approx(25 * 7 / 3), 3, 3)


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ((4, 4, 4), "100"),
        ((0, 0, 0), "0"),
        ((2, 3), "63"),  # 62.5 is shown as people round
        ((2, 3, NOT_COUNTED), "63"),
        ((1,), "not scored (1 of 3)"),
        ((1, NOT_COUNTED, NOT_COUNTED), "not scored (1 of 3)"),
        ((), "not scored (0 of 3)"),
    ],
)
def test_two_of_three_answers_are_enough_and_one_is_not(codes, shown):
    score = subscale_score(NEEDS, "need.career", need("career", *codes))
    assert str(score) == shown
    assert score.scored == (not shown.startswith("not"))


def test_on_the_short_form_one_of_one_is_enough():
    answers = {"relationship.form": "short", **MET, **topic("trust", 3)}
    assert subscale_score(RELATIONSHIP, "outcome.trust", answers) == Score(75.0, 1, 1)


def test_an_item_that_is_not_asked_does_not_count_though_it_has_an_answer():
    answers = {"relationship.form": "short", **MET, **topic("trust", 3, 0, 0)}
    assert subscale_score(RELATIONSHIP, "outcome.trust", answers) == Score(75.0, 1, 1)


def test_with_fewer_than_two_meetings_most_is_not_asked():
    once = {**every(4), "relationship.meetings": "one"}
    assert str(subscale_score(RELATIONSHIP, "practice.feedback", once)) == "not asked"
    scores = relationship_scores(RELATIONSHIP, once)
    assert [name for name, score in scores.practice.items() if score.scored] == [
        "expectations", "prepared", "professionalism",
    ]  # fmt: skip
    assert [name for name, score in scores.outcome.items() if score.scored] == ["access"]
    assert str(scores.practice_index) == "not scored (3 of 8)"
    assert str(scores.outcome_index) == "not scored (1 of 4)"
    assert scores.quadrant is None


@pytest.mark.parametrize("odd", [True, 5, -1, 3.0, "3", [3], {"code": 3}, "no_occasion"])
def test_what_is_no_point_of_the_scale_is_not_counted(odd):
    assert subscale_score(NEEDS, "need.career", need("career", 2, 2, odd)) == Score(50.0, 2, 3)


def test_a_private_rating_is_never_counted():
    plain = RELATIONSHIP.model_dump(by_alias=True)
    for section in plain["section"]:
        for item in section["item"]:
            item["private"] = item["id"] == "practice.prepared.a"
    answers = {**every(0), **topic("prepared", 4, 0, 0)}
    assert subscale_score(Worksheet.model_validate(plain), "practice.prepared", answers) == Score(0.0, 2, 3)


def test_a_subscale_that_does_not_exist_is_refused():
    with pytest.raises(Unknown, match=r"need\.sleep"):
        subscale_score(NEEDS, "need.sleep", {})


@given(st.lists(replies, min_size=3, max_size=3), st.integers(0, 2))
def test_a_higher_answer_never_lowers_a_score(codes, place):
    lower = [code if code is not None else 0 for code in codes]
    lower[place] = 2 if lower[place] == NOT_COUNTED else min(lower[place], 3)
    higher = [code + 1 if here == place else code for here, code in enumerate(lower)]
    before = subscale_score(NEEDS, "need.career", need("career", *lower))
    after = subscale_score(NEEDS, "need.career", need("career", *higher))
    assert (before.value is None and after.value is None) or before.value < after.value


@given(st.lists(ratings, min_size=2, max_size=2))
def test_an_answer_that_is_not_counted_is_worth_as_much_as_none(codes):
    with_it = subscale_score(NEEDS, "need.career", need("career", *codes, NOT_COUNTED))
    assert with_it == subscale_score(NEEDS, "need.career", need("career", *codes))


@given(needs_answers())
def test_a_score_lies_within_0_and_100_and_unscored_never_becomes_0(answers):
    scores = needs_scores(NEEDS, answers)
    for area in AREAS:
        for score in (scores.need[area], scores.support[area], scores.unmet[area]):
            assert score.value is None or 0 <= score.value <= 100
            assert str(score).startswith("not") == (score.value is None)
        counted = [code for f in FACETS if (code := answers.get(f"need.{area}.{f}", NOT_COUNTED)) != NOT_COUNTED]
        assert scores.need[area].scored == (len(counted) >= 2)


# Needs


def test_unmet_is_what_need_exceeds_support_by():
    answers = need("career", 4, 4, 2, support=1) | need("research", 1, 1, 1, support=3)
    scores = needs_scores(NEEDS, answers)
    assert scores.unmet["career"].value == pytest.approx(250 / 3 - 25)
    assert scores.unmet["research"].value == 0


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        (need("career", 4, 4, 4), "not scored (1 of 2)"),
        (need("career", 4, support=1), "not scored (1 of 2)"),
        (need("career", 4, 4, 4, support=NOT_COUNTED), "not scored (1 of 2)"),
        ({}, "not scored (0 of 2)"),
    ],
)
def test_without_need_or_support_there_is_no_unmet_need(answers, shown):
    assert str(needs_scores(NEEDS, answers).unmet["career"]) == shown


def test_there_is_no_total():
    assert not {"total", "sum", "mean", "value"} & set(vars(needs_scores(NEEDS, {})))


def test_the_area_in_the_students_own_words_counts_only_once_it_is_named():
    rated = {"need.own.overall": 4, "support.own": 1}
    unnamed = needs_scores(NEEDS, rated)
    assert str(unnamed.need["own"]) == str(unnamed.unmet["own"]) == "not asked"
    assert "own" not in unnamed.order
    named = needs_scores(NEEDS, {**rated, "area.own": "being the first doctor in my family"})
    assert named.unmet["own"].value == 75
    assert named.order[0] == "own"


def test_what_matters_most_comes_first_then_unmet_then_need_then_what_is_not_scored():
    answers = {
        **need("academic", 4, 4, 4, support=1),  # unmet 75
        **need("clinical", 2, 2, 2, support=2),  # unmet 0, need 50
        **need("career", 3, 3, 3, support=3),  # unmet 0, need 75
        **need("professional", 3, 3, 3),  # need 75, unmet not scored
        **need("emotional", 1, 1, 1, support=4),  # unmet 0, need 25
        **need("networking", 1),
        "top.areas": ["emotional", "networking"],
    }
    assert needs_scores(NEEDS, answers).top == ("emotional", "networking")
    assert needs_scores(NEEDS, answers).order == (
        "emotional", "networking", "academic", "career", "clinical", "professional", "research",
    )  # fmt: skip


def test_equal_unmet_needs_are_equal_though_they_come_from_different_answers():
    answers = need("academic", 1, 1, 2, support=1) | need("research", 4, 3, 3, support=3)
    scores = needs_scores(NEEDS, answers)
    assert scores.unmet["academic"].value == scores.unmet["research"].value
    assert scores.order[:2] == ("research", "academic")  # so need decides


@given(needs_answers(), st.lists(st.sampled_from(AREAS), max_size=3, unique=True))
def test_the_order_names_every_area_once_and_follows_unmet_need(answers, top):
    scores = needs_scores(NEEDS, {**answers, "top.areas": top})
    assert sorted(scores.order) == sorted(AREAS)
    assert set(scores.order[: len(top)]) == set(top)
    rest = [scores.unmet[area].value for area in scores.order[len(top) :]]
    scored = [value for value in rest if value is not None]
    assert scored == sorted(scored, reverse=True)
    assert None not in rest[: len(scored)]


# Relationships


def test_an_index_is_the_plain_mean_of_the_scored_practices():
    answers = {**every(NOT_COUNTED), **every(1, PRACTICES[:3]), **every(3, PRACTICES[3:6])}
    scores = relationship_scores(RELATIONSHIP, answers)
    assert scores.practice_index == Score(50.0, 6, 8)
    assert scores.outcome_index == Score(None, 0, 4)


def test_the_practice_index_needs_six_of_eight():
    assert str(relationship_scores(RELATIONSHIP, every(3, PRACTICES[:5])).practice_index) == "not scored (5 of 8)"
    assert str(relationship_scores(RELATIONSHIP, every(3, PRACTICES[:6])).practice_index) == "75"


def test_the_outcome_index_needs_all_four():
    assert str(relationship_scores(RELATIONSHIP, every(3, OUTCOMES[:3])).outcome_index) == "not scored (3 of 4)"
    assert str(relationship_scores(RELATIONSHIP, every(3, OUTCOMES)).outcome_index) == "75"


def test_practices_weigh_the_same_whatever_number_of_their_items_counts():
    answers = {**every(4), **topic("prepared", 0, 0, NOT_COUNTED)}
    answers.pop("practice.prepared.c")
    assert relationship_scores(RELATIONSHIP, answers).practice_index.value == pytest.approx(100 * 7 / 8)


@pytest.mark.parametrize(
    ("practice", "outcome", "quadrant"),
    [(4, 4, "keep_it_up"), (0, 4, "mentor_carries"), (4, 0, "talk_or_add"), (0, 0, "restart_or_close")],
)
def test_the_quadrant_follows_practice_and_outcome(practice, outcome, quadrant):
    found = relationship_scores(RELATIONSHIP, {**every(practice, PRACTICES), **every(outcome, OUTCOMES)}).quadrant
    assert (found.id, found.near_line) == (quadrant, False)


def test_a_score_on_the_cut_is_high_and_near_the_line():
    answers = {**every(4), **topic("trust", 2, 2, 2), **topic("growth", 2, 2, 2), **topic("access", 2, 2, 2)}
    answers |= topic("progress", 3, 4, 4)  # 91.7 + 3 × 50 = 241.7 → 60.4
    found = relationship_scores(RELATIONSHIP, answers)
    assert found.outcome_index.value == pytest.approx(60.4166667)
    assert (found.quadrant.id, found.quadrant.near_line) == ("keep_it_up", True)
    exactly = relationship_scores(RELATIONSHIP, every(3), cut=75).quadrant
    assert (exactly.id, exactly.near_line) == ("keep_it_up", True)


@pytest.mark.parametrize(("sem", "near"), [(15.1, True), (15.0, True), (14.9, False)])
@pytest.mark.parametrize("which", ["practice", "outcome"])
def test_near_the_line_is_within_one_standard_error_of_either_cut(which, sem, near):
    def norm(sd):  # a reliability of 0 makes the standard error the SD
        return Norm(60, sd, 0, 24, "test")

    norms = {"practice": norm(1), "outcome": norm(1), which: norm(sem)}
    found = relationship_scores(RELATIONSHIP, every(3), near=Norms(**norms)).quadrant  # 75: 15 above the cut
    assert found.near_line == near


def test_fewer_items_make_the_line_wider():
    def answers(form):  # practice 68.75, which is 8.75 above the cut
        some = {**every(3), **every(2, PRACTICES[:2]), **every(4, OUTCOMES)}
        return {**some, "relationship.form": form}

    assert ASSUMED.practice.sem(24) < 8.75 < ASSUMED.practice.sem(8)
    assert not relationship_scores(RELATIONSHIP, answers("full")).quadrant.near_line
    assert relationship_scores(RELATIONSHIP, answers("short")).quadrant.near_line


def test_the_students_own_judgements_stand_beside_the_scores():
    said = {"relationship.overall": 8, "relationship.change": -2, "relationship.decision": "adjust"}
    scores = relationship_scores(RELATIONSHIP, {**every(3), **said})
    assert (scores.overall, scores.felt_change, scores.decision) == (8, -2, "adjust")
    nothing = relationship_scores(RELATIONSHIP, {})
    assert (nothing.overall, nothing.felt_change, nothing.decision) == (None, None, None)


def test_a_judgement_that_is_no_longer_asked_is_not_shown():
    said = {**every(3), "relationship.overall": 8, "relationship.form": "short"}
    assert relationship_scores(RELATIONSHIP, said).overall is None


def test_a_worksheet_that_asks_no_decision_has_none():
    assert relationship_scores(NEEDS, {"relationship.decision": "keep"}).decision is None


@given(relationship_answers, st.sampled_from(TOPIC_ITEMS))
def test_a_better_answer_never_lowers_any_score(answers, item):
    code = answers.get(item)
    if code in (None, NOT_COUNTED, 4):
        answers[item] = code = 3
    before, after = (relationship_scores(RELATIONSHIP, {**answers, item: one}) for one in (code, code + 1))

    def values(scores):
        every_score = (*scores.practice.values(), *scores.outcome.values(), scores.practice_index, scores.outcome_index)
        return [score.value for score in every_score]

    for low, high in zip(values(before), values(after), strict=True):
        assert (low is None and high is None) or low <= high


@given(relationship_answers)
def test_an_index_lies_among_its_practices(answers):
    scores = relationship_scores(RELATIONSHIP, answers)
    parts = [score.value for score in scores.practice.values() if score.scored]
    index = scores.practice_index
    assert (index.answered, index.of) == (len(parts), 8)
    assert index.scored == (len(parts) >= 6)
    if index.scored:
        assert min(parts) - 1e-9 <= index.value <= max(parts) + 1e-9
        assert math.isclose(index.value, sum(parts) / len(parts))


@given(relationship_answers)
def test_the_quadrant_is_there_exactly_when_both_indices_are(answers):
    scores = relationship_scores(RELATIONSHIP, answers)
    assert (scores.quadrant is not None) == (scores.practice_index.scored and scores.outcome_index.scored)


def test_every_step_of_an_answer_is_a_step_of_the_score():
    steps = [relationship_scores(RELATIONSHIP, every(code)).practice_index.value for code in range(5)]
    assert steps == [0, 25, 50, 75, 100]
    assert all(lower < higher for lower, higher in pairwise(steps))

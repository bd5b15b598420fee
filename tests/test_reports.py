"""Results as pictures and words: what they say, and that they never say more than the numbers bear."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import change, open_workbook
from mentorkit.content import load_content
from mentorkit.reports.change import TermScores, chance_words, relationship_change, verdict_words
from mentorkit.reports.html import Html, and_, join, table, tag
from mentorkit.reports.needs import area_names, needs_picture, needs_summary
from mentorkit.reports.relationship import decision_words, relationship_picture
from mentorkit.reports.types import smallest_sets_words, types_picture
from mentorkit.workbook import Workbook

CONTENT = load_content()
NEEDS = CONTENT.worksheet("needs")
MARKUP = "<img src=x onerror=alert(1)>“Dr. & Sons”"


class Outline(HTMLParser):
    """The elements and the text of a piece of markup; closing tags must match."""

    def __init__(self, markup: str):
        super().__init__()
        self.stack: list[str] = []
        self.elements: list[tuple[str, dict]] = []
        self.words = ""
        self.feed(markup)
        self.close()
        assert not self.stack

    def handle_starttag(self, name, attributes):
        self.stack.append(name)
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name):
        assert self.stack.pop() == name

    def handle_data(self, data):
        self.words += data

    def named(self, name: str) -> list[dict]:
        return [attributes for found, attributes in self.elements if found == name]


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return open_workbook(tmp_path)


def rate(book: Workbook, need: int, support: int | None, areas=tuple(CONTENT.areas)) -> None:
    for area in areas:
        for facet in CONTENT.areas[area].facets:
            book.answer("needs", f"need.{area}.{facet.rpartition('.')[2]}", need)
        if support is not None:
            book.answer("needs", f"support.{area}", support)


def picture(book: Workbook) -> Outline:
    return Outline(needs_picture(CONTENT, book.scores("needs"), book.answers("needs")))


def relationship(book: Workbook, mentor: str, level: int, **more) -> None:
    answers = {"relationship.meetings": "4+", "relationship.form": "full", **more}
    for item in book.worksheet("relationship"):
        if item.id.startswith(("practice.", "outcome.")):
            answers.setdefault(item.id, level)
    for item, value in answers.items():
        book.answer("relationship", item, value, mentor=mentor)


# Markup


@given(st.text())
def test_text_is_never_markup(text: str):
    outline = Outline(tag("p", text, title=text))
    assert [name for name, _ in outline.elements] == ["p"]


def test_markup_stays_as_it_is_when_joined():
    assert join("a < b", tag("b", "c"), None, [1, Html("<i>d</i>")]) == "a &lt; b<b>c</b>1<i>d</i>"


def test_a_table_names_its_columns_and_rows():
    outline = Outline(table("By term", ["Term", "Score"], [["Fall", 50], ["Spring", MARKUP]]))
    assert [head["scope"] for head in outline.named("th")] == ["col", "col", "row", "row"]
    assert MARKUP in outline.words
    assert not outline.named("img")


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_listed_as_people_do(names, said):
    assert and_(names) == said


# Needs


def test_without_answers_the_picture_says_when_it_will_come(book: Workbook):
    assert picture(book).words == CONTENT.words["needs_empty"]


def test_the_caption_names_the_largest_gap(book: Workbook):
    rate(book, need=2, support=2)
    rate(book, need=4, support=1, areas=("career",))
    assert CONTENT.words["needs_gap"].format(areas="Career planning") in picture(book).words


def test_a_gap_below_one_step_is_not_called_a_gap(book: Workbook):
    rate(book, need=2, support=2)
    assert CONTENT.words["needs_met"] in picture(book).words


def test_without_support_nothing_is_said_about_gaps(book: Workbook):
    rate(book, need=3, support=None)
    assert CONTENT.words["needs_no_support"] in picture(book).words


def test_every_mark_stands_in_words_and_in_a_table_too(book: Workbook):
    rate(book, need=3, support=1)
    outline = picture(book)
    assert all(svg["aria-hidden"] == "true" for svg in outline.named("svg"))
    assert outline.words.count("need 75, support 25") == len(CONTENT.areas)
    assert len(outline.named("table")) == 1


def test_marks_lie_where_the_scores_are(book: Workbook):
    rate(book, need=3, support=1, areas=("academic",))
    circles = {circle["class"]: circle["cx"] for circle in picture(book).named("circle") if circle["cx"] != "50.00%"}
    assert circles == {"support": "25.00%", "need": "75.00%"}


def test_what_a_student_typed_stays_text(book: Workbook):
    book.answer("needs", "area.own", MARKUP)
    book.answer("needs", "need.own.overall", 4)
    book.answer("needs", "goals", [{"goal": MARKUP, "step": MARKUP}])
    for drawn in (picture(book), Outline(needs_summary(CONTENT, book.scores("needs"), book.answers("needs")))):
        assert MARKUP in drawn.words
        assert not drawn.named("img")


def test_the_summary_gives_a_step_for_each_of_the_areas_that_matter_most(book: Workbook):
    book.answer("needs", "top.areas", ["career", "research"])
    drawn = Outline(needs_summary(CONTENT, book.scores("needs"), book.answers("needs")))
    assert CONTENT.areas["career"].advice in drawn.words
    assert CONTENT.areas["academic"].advice not in drawn.words


# Kinds of mentor


def ranked(book: Workbook) -> Outline:
    names = area_names(CONTENT, book.answers("needs"))
    ranking = book.ranking()
    return Outline(join(types_picture(CONTENT, ranking, names), smallest_sets_words(CONTENT, ranking, names)))


def test_all_kinds_are_listed_with_their_fit_and_reasons(book: Workbook):
    rate(book, need=4, support=0)
    drawn = ranked(book)
    assert all(kind.name in drawn.words for kind in CONTENT.types.values())
    assert len(re.findall(r"fit \d+ of 100", drawn.words)) == len(CONTENT.types)


def test_a_tie_is_called_a_tie(book: Workbook):
    rate(book, need=3, support=1, areas=("professional",))
    assert set(book.ranking().first) == {"faculty", "leadership"}
    assert "fit about equally well" in ranked(book).words


def test_a_clear_first_place_is_called_so(book: Workbook):
    rate(book, need=4, support=0, areas=("research",))
    assert book.ranking().first == ("research",)
    assert CONTENT.words["types_first"].format(types=CONTENT.types["research"].name) in ranked(book).words


def test_with_nothing_unmet_no_kind_stands_out(book: Workbook):
    rate(book, need=1, support=4)
    assert CONTENT.words["types_nothing_unmet"] in ranked(book).words


def test_when_little_is_unmet_no_kind_is_praised(book: Workbook):
    rate(book, need=2, support=2)
    book.answer("needs", "need.clinical.reasoning", 3)
    book.answer("needs", "need.clinical.decisions", 3)
    words = ranked(book).words
    assert CONTENT.words["types_little"] in words
    assert "would fit best" not in words


def test_an_area_in_the_student_s_own_words_is_said_to_be_left_out(book: Workbook):
    rate(book, need=4, support=0)
    assert "is not part of this" not in ranked(book).words
    book.answer("needs", "area.own", "Money")
    book.answer("needs", "need.own.overall", 4)
    book.answer("needs", "support.own", 0)
    assert CONTENT.words["types_own_left_out"].format(area="Money") in ranked(book).words


def test_every_strength_can_be_opened_with_its_reason(book: Workbook):
    rate(book, need=4, support=0)
    words = ranked(book).words
    assert all(cell.reason in words for kind in CONTENT.types.values() for cell in kind.strength.values())


def test_a_kind_out_of_reach_is_set_aside_with_its_reason(book: Workbook):
    rate(book, need=4, support=0)
    kind = next(kind for kind in CONTENT.types.values() if kind.unsuited)
    book.answer("mentor_types", kind.unsuited[0].item, kind.unsuited[0].answers[0])
    drawn = ranked(book)
    assert kind.unsuited[0].reason in drawn.words
    assert CONTENT.words["set_aside"] in drawn.words


# A relationship


def drawn_relationship(book: Workbook, mentor: str) -> Outline:
    scores, name = book.scores("relationship", mentor=mentor), book.mentor(mentor).name
    answers = book.answers("relationship", mentor=mentor)
    return Outline(
        join(relationship_picture(CONTENT, scores, name, answers), decision_words(CONTENT, scores, name, answers))
    )


@pytest.mark.parametrize(("level", "quadrant"), [(4, "keep_it_up"), (1, "restart_or_close")])
def test_the_field_of_four_is_named_in_words(book: Workbook, level: int, quadrant: str):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, level)
    found = CONTENT.quadrants[quadrant]
    assert (
        CONTENT.words["quadrant_finding"].format(mentor="Dr. K", name=found.name)
        in drawn_relationship(book, mentor).words
    )


def test_close_to_a_line_the_neighbour_is_mentioned(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, 2)
    assert book.scores("relationship", mentor=mentor).quadrant is not None
    near = book.scores("relationship", mentor=mentor).quadrant.near_line
    assert (CONTENT.words["near_line"] in drawn_relationship(book, mentor).words) == near


def test_with_too_few_meetings_there_is_no_field_and_no_number_made_up(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, 3, **{"relationship.meetings": "one"})
    assert "not scored (3 of 8)" in drawn_relationship(book, mentor).words


@pytest.mark.parametrize("decision", list(CONTENT.decisions))
def test_every_decision_comes_with_words_to_send(book: Workbook, decision: str):
    mentor = book.add_mentor(MARKUP)
    relationship(book, mentor, 3, **{"relationship.decision": decision})
    drawn = drawn_relationship(book, mentor)
    assert MARKUP in drawn.words
    assert not drawn.named("img")
    assert all(draft.name in drawn.words for draft in CONTENT.decisions[decision].drafts)


@pytest.mark.parametrize("flag", list(CONTENT.flags))
def test_a_private_flag_leads_to_help(book: Workbook, flag: str):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, 3, **{"relationship.flags": [flag]})
    assert CONTENT.flags[flag].help in drawn_relationship(book, mentor).words


def test_a_private_flag_comes_first_stays_off_paper_and_silences_cheerful_advice(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, 4, **{"relationship.flags": ["neglect"], "relationship.decision": "keep"})
    drawn = drawn_relationship(book, mentor)
    words = drawn.words
    assert words.index(CONTENT.flags["neglect"].help) < words.index(CONTENT.words["your_part"])
    assert "Keep it up" not in words and CONTENT.quadrants["keep_it_up"].say not in words
    assert words.index(CONTENT.words["words_after_flag"]) < words.index(CONTENT.words["words_anyway"])
    assert any("mk-private" in box.get("class", "") for box in drawn.named("div"))


@pytest.mark.parametrize("decision", ["pause", "close"])
def test_who_leaves_gets_no_advice_for_the_next_meeting(book: Workbook, decision: str):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, 1, **{"relationship.decision": decision})
    words = drawn_relationship(book, mentor).words
    assert "One thing for this week" not in words
    assert CONTENT.words["say_now"] not in words


def test_nothing_low_is_no_reason_for_advice(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, 4)
    assert "One thing for this week" not in drawn_relationship(book, mentor).words


# Change


def changed(book: Workbook, before: int, after: int, **more) -> Outline:
    mentor = book.add_mentor("Dr. K")
    terms = []
    for term, level in (("2026-fall", before), ("2027-spring", after)):
        book.term = term
        relationship(book, mentor, level, **(more if term == "2027-spring" else {}))
        terms.append(TermScores(term, book.card_scores(book.seal("relationship", mentor=mentor))))
    found = book.compare("relationship", mentor=mentor)
    return Outline(relationship_change(CONTENT, book.worksheet("relationship"), "Dr. K", terms, found))


def test_a_clear_change_gives_its_direction_and_size(book: Workbook):
    assert "Your part went up by 50 points. That is more than chance would usually give." in changed(book, 1, 3).words


def test_the_same_answers_are_no_detectable_change(book: Workbook):
    words = changed(book, 2, 2).words
    assert "Your part: no detectable change." in words
    assert "no change" not in words


def test_the_threshold_and_its_source_are_printed(book: Workbook):
    words = changed(book, 1, 3).words
    assert "19.3" in words
    assert CONTENT.norms.source in words


def test_a_felt_change_that_differs_is_shown_and_not_resolved(book: Workbook):
    words = changed(book, 1, 3, **{"relationship.change": -2}).words
    assert CONTENT.words["felt_differs"] in words


def test_with_one_term_it_says_what_will_be_here(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    relationship(book, mentor, 3)
    one = [TermScores("Fall 2026", book.scores("relationship", mentor=mentor))]
    drawn = Outline(relationship_change(CONTENT, book.worksheet("relationship"), "Dr. K", one, None))
    assert CONTENT.words["change_one_term"].format(mentor="Dr. K", term="Fall 2026") in drawn.words


@given(before=st.floats(0, 100), after=st.floats(0, 100))
def test_no_verdict_is_ever_no_change(before: float, after: float):
    found = change.reliable_change(before, after)
    one = change.IndexChange(
        before=None, after=None, difference=found.difference, threshold=found.threshold95, sdiff=found.sdiff,
        verdict=found.verdict, items=24, reliability=0.85, source="", extreme_first=False,
    )  # fmt: skip
    said = verdict_words(CONTENT, "practice", one)
    assert "no change" not in said
    assert ("may be noise" in said) == (found.verdict == "possible")


def test_chance_is_mentioned_from_two_comparisons_on():
    assert chance_words(CONTENT, 1) is None
    assert "19 %" in str(chance_words(CONTENT, 4))

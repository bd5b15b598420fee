"""One student at work, through the model alone: terms, mentors, answers, scorecards and history."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from made import scratch

from mentorkit import Workbook, load_content, open_workbook
from mentorkit.change import Comparison, NeedsComparison
from mentorkit.content import Content
from mentorkit.errors import BadAnswer, BadContent, NotReady, Unknown
from mentorkit.term import Calendar
from mentorkit.worksheet import Rating

SPRING, SUMMER, FALL = date(2026, 4, 20), date(2026, 6, 20), date(2026, 11, 22)
STRATEGIES = "need.academic.strategies"

Open = Callable[..., Workbook]


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


@pytest.fixture
def opened(folder: Path) -> Open:
    """Opens the one home of a test, on a day; each call is another window."""
    return lambda day=FALL, **more: open_workbook(folder / "home", today=lambda: day, **more)


def answer_all(book: Workbook, worksheet: str, code: int, mentor: str | None = None, **fixed: object) -> None:
    """Answer what is asked: every 0–4 rating with one code, and other items as fixed."""
    given = {name.replace("_", "."): value for name, value in fixed.items()}
    for item in book.worksheet(worksheet):
        if item in book.worksheet(worksheet).asked(book.draft(worksheet, mentor=mentor)):
            if item.id in given:
                book.answer(worksheet, item.id, given[item.id], mentor=mentor)
            elif isinstance(item, Rating) and item.scale in {"need", "support", "practice"}:
                book.answer(worksheet, item.id, code, mentor=mentor)


# The whole of it


def test_a_student_plays_two_semesters(opened: Open):
    book = opened(SPRING)
    ward = book.add_mentor("Dr. K (ward)", type="faculty")
    answer_all(book, "needs", 3, support_academic=1, top_areas=["research", "academic"])
    book.answer("needs", "support.academic.from", [ward])
    book.answer("needs", "goals", [{"goal": "Pass the shelf exam", "by": "2026-05-30"}])
    needs = book.seal("needs")
    assert needs.answers["top.areas"] == ["academic", "research"]
    assert book.scores("needs").unmet["academic"].value == 50
    assert book.ranking().first == ("peer",)
    about = {"relationship_meetings": "4+", "relationship_form": "full", "relationship_decision": "adjust"}
    answer_all(book, "relationship", 1, ward, **about)
    book.seal("relationship", mentor=ward)
    with pytest.raises(NotReady, match="two terms"):
        book.compare("relationship", mentor=ward)
    book.close()

    book = opened(FALL)
    assert book.term == "2026-fall" and book.terms == ["2026-spring", "2026-fall"]
    assert not book.draft("needs") and not book.draft("relationship", mentor=ward)
    assert book.needs_term() == "2026-spring"
    answer_all(book, "relationship", 3, ward, **about | {"relationship_decision": "keep"})
    book.answer("relationship", "relationship.change", 2, mentor=ward)
    book.seal("relationship", mentor=ward)
    found = book.compare("relationship", mentor=ward)
    assert isinstance(found, Comparison)
    assert (found.verdict, found.practice.difference, found.felt_agrees) == ("clear", 50, True)
    answer_all(book, "needs", 2, support_academic=3)
    book.seal("needs")
    assert isinstance(book.compare("needs"), NeedsComparison)
    table = book.history("relationship").query("scale == 'practice_index'")
    assert list(table.term) == ["2026-spring", "2026-fall"] and list(table.score) == [25, 75]


# Terms


def test_the_term_is_the_one_that_today_lies_in(opened: Open):
    assert [opened(day).term for day in (SPRING, SUMMER, FALL)] == ["2026-spring", "2026-summer", "2026-fall"]


def test_a_chosen_term_holds_for_all_windows_and_starts_until_the_next_term_begins(opened: Open):
    book = opened(SUMMER)
    book.term = "Spring 2026"
    assert book.term == opened(SUMMER).term == opened(date(2026, 7, 31)).term == "2026-spring"
    assert opened(FALL).term == "2026-fall"


def test_a_term_chosen_ahead_of_time_holds_until_it_is_over(opened: Open):
    opened(SUMMER).term = "2026-fall"
    assert opened(SUMMER).term == opened(FALL).term == "2026-fall"
    assert opened(date(2027, 2, 1)).term == "2027-spring"


def test_what_is_not_a_term_is_not_chosen(opened: Open):
    book = opened()
    with pytest.raises(Unknown, match="no term"):
        book.term = "next year"
    assert book.term == "2026-fall" and not book.records


def test_choosing_the_same_term_again_writes_nothing(opened: Open):
    book = opened()
    book.term, book.term = "2026-spring", "Spring 2026"
    assert len(book.records) == 1


def test_answers_of_another_term_are_never_shown_as_this_ones(opened: Open):
    book = opened()
    book.answer("needs", STRATEGIES, 3)
    book.term = "2027-spring"
    assert not book.draft("needs") and not book.answers("needs")
    assert book.answers("needs", term="Fall 2026") == {STRATEGIES: 3}
    book.answer("needs", STRATEGIES, 1)
    book.term = "2026-fall"
    assert book.answers("needs") == {STRATEGIES: 3}


def test_the_needs_that_count_are_never_those_of_a_later_term(opened: Open):
    book = opened()
    answer_all(book, "needs", 3)
    book.seal("needs")
    book.term = "2026-spring"
    assert book.needs_term() == "2026-spring"
    book.term = "2027-spring"
    assert book.needs_term() == "2026-fall"
    book.answer("needs", STRATEGIES, 1)
    assert book.needs_term() == "2027-spring"


def test_a_calendar_without_a_term_that_has_answers_is_refused_and_names_it(opened: Open):
    opened(SUMMER).answer("needs", STRATEGIES, 3)
    ours = load_content()
    seasons = [season for season in ours.calendar.seasons if season.id != "summer"]
    theirs: Content = ours.model_copy(update={"calendar": Calendar(season=tuple(seasons))})
    with pytest.raises(BadContent, match="2026-summer"):
        opened(content=theirs)
    assert opened().answers("needs", term="2026-summer") == {STRATEGIES: 3}


# Mentors


def test_a_mentor_s_id_stays_when_the_name_is_corrected(opened: Open):
    book = opened()
    sam = book.add_mentor("Sam", "peer", field="surgery")
    book.change_mentor(sam, name=" Samuel ", left=True)
    found = opened().mentor(sam)
    assert (found.id, found.name, found.type, found.field, found.left) == (sam, "Samuel", "peer", "surgery", True)


def test_two_windows_correct_different_things_about_one_mentor(opened: Open):
    one, two = opened(), opened()
    sam = one.add_mentor("Sam")
    two.refresh()
    one.change_mentor(sam, type="peer")
    two.change_mentor(sam, field="surgery")
    assert (two.mentor(sam).type, two.mentor(sam).field) == ("peer", "surgery")


@pytest.mark.parametrize(
    "noted",
    [
        {"name": " "}, {"name": None}, {"name": "x" * 81}, {"name": "two\nlines"}, {"name": "\ud800"},
        {"type": "friend"}, {"field": "x" * 201}, {"distance": 3},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_noted_about_a_mentor_is_refused_in_a_sentence(opened: Open, noted: dict):
    book = opened()
    with pytest.raises(BadAnswer, match=r"\.$"):
        book.add_mentor(**{"name": "Sam", **noted})
    assert not book.mentors


def test_names_of_all_languages_and_emoji_are_names(opened: Open):
    book = opened()
    for name in ("Łukasz", "می‌خواهم", "👩‍⚕️ Dr. O'Neil"):
        assert book.mentor(book.add_mentor(name)).name == name


def test_two_mentors_never_have_one_name_also_from_two_windows(opened: Open):
    one, two = opened(), opened()
    one.add_mentor("Sam")
    with pytest.raises(BadAnswer, match="already"):
        two.add_mentor("sam")


def test_a_mentor_who_left_keeps_their_scorecards_and_is_not_offered(opened: Open):
    book = opened()
    sam = book.add_mentor("Sam")
    answer_all(book, "relationship", 3, sam, relationship_meetings="4+", relationship_form="short")
    book.seal("relationship", mentor=sam)
    book.change_mentor(sam, left=True)
    assert len(book.sealed("relationship", mentor=sam)) == 1
    assert not book.worksheet("needs").item("support.academic.from").options


def test_a_worksheet_about_a_mentor_needs_to_be_told_which(opened: Open):
    with pytest.raises(Unknown, match="mentor="):
        opened().draft("relationship")
    with pytest.raises(Unknown, match="no mentor"):
        opened().answer("relationship", "relationship.form", "short", mentor="m-nobody")


# Answering


def test_an_answer_is_there_when_the_workbook_is_opened_again(opened: Open):
    assert opened().answer("needs", STRATEGIES, 3) == 1
    assert opened().answers("needs") == {STRATEGIES: 3}


def test_nothing_as_an_answer_clears_it_and_the_record_says_so(opened: Open):
    book = opened()
    book.answer("needs", "area.own", "being the first in my family")
    book.answer("needs", "area.own", "  ")
    assert not book.draft("needs") and len(book.records) == 2


def test_the_same_answer_again_writes_nothing(opened: Open):
    book = opened()
    assert book.answer("needs", STRATEGIES, 3) == book.answer("needs", STRATEGIES, 3) == 1
    assert len(book.records) == 1


@pytest.mark.parametrize("value", [5, "3", True, 3.0, [3], "x"])
def test_a_value_that_does_not_fit_leaves_the_records_alone(opened: Open, value: object):
    book = opened()
    with pytest.raises(BadAnswer):
        book.answer("needs", STRATEGIES, value)
    assert not book.records


@pytest.mark.parametrize("value", [3, None])
def test_an_item_that_does_not_exist_is_unknown_also_when_cleared(opened: Open, value: object):
    with pytest.raises(Unknown):
        opened().answer("needs", "need.sleep", value)


# Scorecards


def test_nothing_is_not_finished(opened: Open):
    book = opened()
    with pytest.raises(NotReady, match="nothing to finish"):
        book.seal("needs")
    assert not book.is_sealed("needs") and not book.records


def test_finishing_twice_is_one_scorecard_and_a_correction_is_another(opened: Open):
    book = opened()
    book.answer("needs", STRATEGIES, 3)
    first, again = book.seal("needs"), book.seal("needs")
    assert first == again
    book.answer("needs", STRATEGIES, 1)
    assert not book.is_sealed("needs") and book.sealed("needs") == (first,)
    corrected = book.seal("needs")
    assert (corrected.revision, first.answers) == (2, {STRATEGIES: 3})
    assert book.sealed("needs") == (corrected,)
    assert [record.kind for record in book.records].count("scorecard") == 2


def test_an_answer_that_is_no_longer_asked_stays_in_the_draft_and_out_of_the_scorecard(opened: Open):
    book = opened()
    book.answer("needs", "area.own", "being the first in my family")
    book.answer("needs", "need.own.overall", 4)
    book.answer("needs", STRATEGIES, 3)
    book.answer("needs", "area.own", "")
    assert book.seal("needs").answers == {STRATEGIES: 3}
    book.answer("needs", "area.own", "being the first in my family")
    assert book.seal("needs").answers["need.own.overall"] == 4


def test_a_sealed_term_can_be_corrected_later(opened: Open):
    book = opened(SPRING)
    book.answer("needs", STRATEGIES, 3)
    book.seal("needs")
    book = opened(FALL)
    book.term = "2026-spring"
    book.answer("needs", STRATEGIES, 2)
    assert (book.seal("needs").term, book.seal("needs").revision) == ("2026-spring", 2)


def test_a_new_mentor_is_not_a_changed_relationship(opened: Open):
    book = opened(SPRING)
    one = book.add_mentor("Sam")
    about = {"relationship_meetings": "4+", "relationship_form": "short"}
    answer_all(book, "relationship", 1, one, **about)
    book.seal("relationship", mentor=one)
    book = opened(FALL)
    two = book.add_mentor("Kim")
    answer_all(book, "relationship", 4, two, **about)
    book.seal("relationship", mentor=two)
    for mentor in (one, two):
        with pytest.raises(NotReady):
            book.compare("relationship", mentor=mentor)


def test_a_worksheet_without_scores_says_so(opened: Open):
    book = opened()
    book.answer("mentor_types", "chosen.types", ["peer"])
    book.seal("mentor_types")
    with pytest.raises(NotReady, match="no scores"):
        book.scores("mentor_types")


# History


def test_history_has_one_row_a_score_and_only_the_last_correction(opened: Open):
    book = opened()
    answer_all(book, "needs", 3)
    book.seal("needs")
    book.answer("needs", "support.academic", 0)
    book.seal("needs")
    table = book.history("needs")
    assert list(table.columns) == ["term", "mentor", "revision", "scale", "score", "answered", "of"]
    assert set(table.revision) == {2} and not table.duplicated(["term", "mentor", "scale"]).any()
    assert table.set_index("scale").score["support.academic"] == 0
    assert table.set_index("scale").score.isna()["need.own"]


def test_history_of_nothing_is_an_empty_table_with_numbers_for_scores(opened: Open):
    table = opened().history("relationship")
    assert len(table) == 0 and table.score.dtype == float

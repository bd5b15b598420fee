"""What the pages show, asked of their Python side: an empty workbook, a full one, a damaged one."""

from importlib import import_module

import pytest

from mentorkit.content import load_content
from mentorkit.pages import desk, network, reassess, start
from mentorkit.simulate import simulate_student
from mentorkit.widgets.panel import Panel

PARTS = {
    "start": ("where_i_am", "due", "terms", "take_along", "good_to_know"),
    "goals": ("picture", "next_steps", "sheet", "sheet_to_show", "good_to_know"),
    "network": ("picture", "findings", "changed", "ways", "good_to_know"),
    "types": ("picture", "begin", "sheet", "good_to_know"),
    "reaching": ("ways", "plan", "good_to_know"),
    "together": ("thanks", "reminders", "good_to_know"),
    "reassess": ("picture", "words", "good_to_know"),
    "changed": ("relationships", "needs", "look_again", "sheet", "good_to_know"),
}
EVERY = [(page, part) for page, parts in PARTS.items() for part in parts]
WORDS = load_content().words


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path))
    desk.workbook.cache_clear()
    network._people.cache_clear()
    reassess._reassessment.cache_clear()
    yield tmp_path
    desk.workbook.cache_clear()
    network._people.cache_clear()
    reassess._reassessment.cache_clear()


def shown(page: str, part: str) -> Panel:
    return getattr(import_module(f"mentorkit.pages.{page}"), part)()


@pytest.mark.parametrize(("page", "part"), EVERY)
def test_an_empty_workbook_says_what_will_be_here(home, page, part):
    drawn = shown(page, part).html
    assert drawn
    assert "mk-alarm" not in drawn


@pytest.mark.parametrize(("page", "part"), EVERY)
def test_a_made_up_student_has_something_on_every_page(home, page, part):
    simulate_student(home, terms=4, seed=7).close()
    drawn = shown(page, part).html
    assert "mk-alarm" not in drawn
    assert "nan" not in drawn.lower().replace("finance", "")


@pytest.mark.parametrize(("page", "part"), EVERY)
def test_sample_data_is_marked_on_every_part(home, monkeypatch, page, part):
    monkeypatch.setenv("MENTORKIT_SAMPLE", "1")
    assert WORDS["sample"] in shown(page, part).html


def test_damaged_records_are_said_in_one_sentence_and_never_shown(home):
    (home / "mentorkit.sqlite").write_bytes(b"not a database at all" * 100)
    for page, part in EVERY:
        assert "mk-alarm" in shown(page, part).html


def test_the_home_page_names_the_next_step(home):
    assert WORDS["welcome_begin"] in shown("start", "where_i_am").html
    desk.workbook().answer("needs", "need.academic.strategies", 3)
    desk.workbook().seal("needs")
    assert WORDS["why_types"] in shown("start", "where_i_am").html


def test_a_mentor_without_a_card_this_term_is_due(home):
    desk.workbook().add_mentor("Dr. K")
    assert WORDS["due"].format(mentors="Dr. K") in shown("start", "where_i_am").html


def test_the_next_term_is_offered(home):
    book = desk.workbook()
    offered = [option["code"] for option in start.term().spec["options"]]
    assert book.term in offered
    assert book.content.calendar.after(book.term) in offered


def test_the_form_waits_for_the_first_mentor(home):
    assert not reassess.form().children
    reassess.who()._heard(None, {"type": "add", "name": "Dr. K", "kind": "faculty"}, [])
    assert len(reassess.form().children) == 1
    assert desk.workbook().mentors[0].type == "faculty"


def test_the_page_opens_with_the_mentor_in_hand(home):
    book = desk.workbook()
    done, begun, new = (book.add_mentor(name) for name in ("Done", "Begun", "New"))
    for mentor in (done, begun):
        book.answer("relationship", "practice.prepared.topics", 3, mentor=mentor)
    book.seal("relationship", mentor=done)
    assert reassess.who().spec["chosen"] == begun
    book.seal("relationship", mentor=begun)
    reassess._reassessment.cache_clear()
    assert reassess.who().spec["chosen"] == new


def test_choosing_a_mentor_shows_that_mentor_s_answers_only(home):
    book = desk.workbook()
    first, second = book.add_mentor("Dr. K"), book.add_mentor("Sam")
    book.answer("relationship", "practice.prepared.topics", 4, mentor=first)
    form, picker = reassess.form().children[0], reassess.who()
    assert form.state["answers"] == {"practice.prepared.topics": 4}
    picker._heard(None, {"type": "choose", "code": second}, [])
    assert form.state["answers"] == {}

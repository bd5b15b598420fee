"""The first page: what to do next and why, what is due, and the terms so far."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from mentorkit import Workbook, agenda, open_workbook
from mentorkit.pages import start
from mentorkit.reports.home import TermSoFar, due_list, timeline
from mentorkit.reports.html import Html, tag

TODAY = date(2026, 11, 22)


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return open_workbook(tmp_path / "home", today=lambda: TODAY)


def next_(book: Workbook) -> str:
    found = start.next_page(book)
    return found.page if found else ""


def plain(html: Html) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def link(page: str, words: str, style: str | None) -> Html:
    return tag("a", words, href=f"#{page}")


def finish_needs(book: Workbook) -> None:
    book.answer("needs", "need.academic.strategies", 3)
    book.seal("needs")


def test_a_first_visit_begins_with_what_one_needs(book: Workbook):
    assert next_(book) == "goals"


def test_what_was_begun_is_finished_first(book: Workbook):
    book.answer("needs", "need.academic.strategies", 3)
    found = start.next_page(book)
    assert found and found.page == "goals" and "You have begun" in found.why


def test_each_finished_page_leads_on_until_there_is_nothing_left_to_do(book: Workbook):
    finish_needs(book)
    assert next_(book) == "mentor-types"
    book.answer("mentor_types", "chosen.types", ["peer"])
    assert next_(book) == "reaching-out"
    person = book.add_prospect("Maya")
    assert next_(book) == "reaching-out"
    book.answer("approach", "approach.state", "contacted", mentor=person)
    assert next_(book) == ""
    book.answer("approach", "approach.state", "mentor", mentor=person)
    assert next_(book) == "network"
    book.answer("network", "network.areas", ["academic"], mentor=person)
    assert next_(book) == "working-together"
    book.answer("agreement", "agreement.kind", "peer", mentor=person)
    assert next_(book) == ""


def test_somebody_without_mentors_is_not_sent_to_list_them(book: Workbook):
    finish_needs(book)
    assert next_(book) == "mentor-types"


def test_what_is_late_comes_before_the_order_of_the_pages(book: Workbook):
    finish_needs(book)
    person = book.add_prospect("Maya")
    book.answer("approach", "approach.next", (TODAY - timedelta(days=1)).isoformat(), mentor=person)
    found = start.next_page(book)
    assert found and found.page == "reaching-out" and "waiting for you" in found.why


def test_a_goal_whose_day_has_passed_does_not_stand_in_the_way(book: Workbook):
    book.answer("needs", "goals", [{"goal": "Present a patient", "by": "2026-11-01"}])
    book.seal("needs")
    assert next_(book) == "mentor-types"


def test_the_reason_names_who_it_is_about(book: Workbook):
    finish_needs(book)
    for name in ("Sam", "Dr. K"):
        book.add_mentor(name)
    found = start.next_page(book)
    assert found and "Sam and Dr. K" in found.why


def test_every_page_is_listed_with_its_state(book: Workbook):
    pages = ["goals", "network", "mentor-types", "reaching-out", "working-together", "reassess", "what-changed"]
    assert [step.page for step in start.steps(book)] == pages
    finish_needs(book)
    book.add_mentor("Sam")
    states = {step.page: step.state for step in start.steps(book)}
    assert states["goals"] == "done"
    assert states["network"] == "0 of 1 looked at"
    assert states["working-together"] == "open with Sam"
    assert states["reassess"] == "open for Sam"


def test_what_is_late_says_so_in_words(book: Workbook):
    mentor = book.add_mentor("<b>Sam</b>")
    for days in (-1, 0, 2):
        book.add_meeting(mentor, TODAY + timedelta(days=days))
    html = due_list(book.content, agenda.due(book), TODAY, link)
    assert "was due on November 21, 2026" in html
    assert "today" in html
    assert "<b>" not in html and "&lt;b&gt;Sam" in html


def test_a_long_list_shows_the_first_six_and_the_rest_one_click_away(book: Workbook):
    mentor = book.add_mentor("Sam")
    for _ in range(8):
        book.add_meeting(mentor, TODAY)
    first, _, rest = due_list(book.content, agenda.due(book), TODAY, link).partition("<details>")
    assert first.count("<li") == 6
    assert "2 more" in rest and rest.count("<li") == 2


def test_the_line_of_terms_says_what_was_finished_in_each(book: Workbook):
    terms = [TermSoFar("Spring 2026", False, True, 2, 0), TermSoFar("Fall 2026", True, False, 0, 3)]
    text = plain(timeline(book.content, terms))
    assert "2 semesters so far." in text
    assert "mentors looked at: 2" in text and "meetings: 3" in text and "(now)" in text


def test_without_anything_finished_there_is_no_line_yet(book: Workbook):
    assert "first finished page" in timeline(book.content, [TermSoFar("Fall 2026", True, False, 0, 0)])

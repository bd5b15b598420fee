"""What is due, when, and in which order."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mentorkit import Workbook, agenda, open_workbook
from mentorkit.store import MentorNoted

TODAY = date(2026, 11, 22)


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return open_workbook(tmp_path / "home", today=lambda: TODAY)


def on(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def kinds(book: Workbook) -> list[str]:
    return [one.kind for one in agenda.due(book)]


def old_mentor(book: Workbook, days: int = 40) -> str:
    """Somebody who was noted a while ago."""
    noted = datetime(2026, 11, 22, 12, tzinfo=UTC) - timedelta(days=days)
    book.add([MentorNoted(revision=1, subject="m-0123456789", name="Dr. K", at=noted)])
    return "m-0123456789"


def test_nothing_is_due_in_an_empty_workbook(book: Workbook):
    assert agenda.due(book) == ()
    assert agenda.events(book) == ()


def test_what_is_due_stands_in_the_order_of_its_days(book: Workbook):
    mentor = book.add_mentor("Sam")
    book.add_meeting(mentor, TODAY + timedelta(days=3))
    book.answer("agreement", "agreement.review", on(1), mentor=mentor)
    person = book.add_prospect("Prof. Lind")
    book.answer("approach", "approach.next", on(-2), mentor=person)
    book.answer("needs", "goals", [{"goal": "Present a patient", "by": on(7)}])
    book.answer("finding", "finding.plan", [{"way": "alumni", "by": on(0)}])
    book.answer("actions", "actions.list", [{"what": "Read the paper", "owner": "me", "by": on(2)}], mentor=mentor)
    assert kinds(book) == ["follow_up", "plan", "review", "step", "meeting", "goal"]
    assert [one.is_late(TODAY) for one in agenda.due(book)] == [True, *[False] * 5]


def test_what_lies_more_than_a_week_ahead_is_not_due_yet(book: Workbook):
    mentor = book.add_mentor("Sam")
    book.add_meeting(mentor, TODAY + timedelta(days=8))
    assert kinds(book) == []
    assert [one.kind for one in agenda.due(book, within=timedelta(days=8))] == ["meeting"]


def test_a_meeting_whose_day_has_passed_asks_what_came_of_it_until_something_is_said(book: Workbook):
    meeting = book.add_meeting(book.add_mentor("Sam"), TODAY - timedelta(days=1))
    assert kinds(book) == ["held"]
    book.answer("meeting", "meeting.state", "held", mentor=meeting)
    assert kinds(book) == []


@pytest.mark.parametrize("stage", ["declined", "mentor"])
def test_an_approach_that_is_over_needs_no_follow_up(book: Workbook, stage: str):
    person = book.add_prospect("Prof. Lind")
    book.answer("approach", "approach.next", on(1), mentor=person)
    assert kinds(book) == ["follow_up"]
    book.answer("approach", "approach.state", stage, mentor=person)
    assert kinds(book) == []


@pytest.mark.parametrize("over", [{"state": "done"}, {"state": "dropped"}, {"owner": "mentor"}])
def test_a_step_that_is_done_or_is_the_mentor_s_is_not_due_for_the_student(book: Workbook, over: dict[str, str]):
    mentor = book.add_mentor("Sam")
    step = {"what": "Read the paper", "by": on(1)}
    book.answer("actions", "actions.list", [step], mentor=mentor)
    assert kinds(book) == ["step"]
    book.answer("actions", "actions.list", [{**step, **over}], mentor=mentor)
    assert kinds(book) == []


def test_a_first_check_is_due_thirty_days_after_somebody_became_a_mentor(book: Workbook):
    mentor = old_mentor(book, days=29)
    assert agenda.first_check(book, book.mentor(mentor)) == TODAY + timedelta(days=1)
    assert kinds(book) == ["first_check"]
    book.answer("relationship", "relationship.meetings", "4+", mentor=mentor)
    book.seal("relationship", mentor=mentor)
    assert kinds(book) == []


def test_a_person_approached_becomes_a_mentor_on_the_day_of_the_yes(book: Workbook):
    noted = datetime(2026, 9, 1, tzinfo=UTC)
    person = book.add_prospect("Prof. Lind")
    book.add([MentorNoted(revision=2, subject=person, name="Prof. L", at=noted)])
    book.answer("approach", "approach.state", "mentor", mentor=person)
    assert book.mentor_since(person).date() >= date(2026, 11, 22)


def test_the_end_of_the_term_asks_again_about_those_who_were_looked_at_before(book: Workbook):
    mentor = old_mentor(book)
    book.term = "2026-spring"
    book.answer("relationship", "relationship.meetings", "4+", mentor=mentor)
    book.seal("relationship", mentor=mentor)
    book.term = "2026-fall"
    assert kinds(book) == []  # two weeks before the end, not earlier
    assert agenda.reassessment(book, "2026-fall") == date(2026, 12, 18)
    assert "reassess" in [one.kind for one in agenda.due(book, within=timedelta(days=26))]


def test_who_left_is_asked_about_no_more(book: Workbook):
    mentor = old_mentor(book)
    book.answer("agreement", "agreement.review", on(0), mentor=mentor)
    assert kinds(book) == ["first_check", "review"]
    book.change_mentor(mentor, left=True)
    assert kinds(book) == []


def test_nobody_is_sent_back_to_a_mentor_after_something_was_marked_in_private(book: Workbook):
    mentor = old_mentor(book)
    book.answer("agreement", "agreement.review", on(0), mentor=mentor)
    book.answer("actions", "actions.list", [{"what": "Read the paper", "by": on(1)}], mentor=mentor)
    assert kinds(book) == ["first_check", "review", "step"]
    book.answer("relationship", "relationship.flags", ["boundary"], mentor=mentor)
    assert kinds(book) == []
    assert "first_check" not in [event.kind for event in agenda.events(book)]


def test_a_goal_of_last_term_still_counts_until_needs_are_answered_anew(book: Workbook):
    book.term = "2026-spring"
    book.answer("needs", "goals", [{"goal": "Present a patient", "by": on(1)}])
    book.seal("needs")
    book.term = "2026-fall"
    assert kinds(book) == ["goal"]

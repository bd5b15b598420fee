"""Page 05 as a student meets it: one mentor at a time, from an agreement to what came of it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from panel_doing import do, say
from playwright.sync_api import expect
from serving import Served

from mentorkit import open_workbook
from mentorkit.content import load_content
from mentorkit.pages import desk, reassess, together
from mentorkit.reports.agreement import FIRST_LOOK
from mentorkit.reports.paper import can_write_pdf
from mentorkit.simulate import simulate_student

CONTENT = load_content()
WORDS = CONTENT.words
PARTS = ("head_start", "what_came", "thanks", "reminders", "good_to_know")
ROWS = {f"keep.{name}" for name in CONTENT.practices}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path))
    caches = (desk.workbook, together._together, reassess._reassessment)
    for cache in caches:
        cache.cache_clear()
    yield tmp_path
    for cache in caches:
        cache.cache_clear()


def drawn(part: str) -> str:
    """Everything that the panels of a part of the page show."""
    shown = getattr(together, part)()
    return "".join(panel.html for panel in getattr(shown, "children", [shown]) if hasattr(panel, "html"))


# The mentor


def test_without_a_mentor_the_page_says_kindly_where_to_add_one(home):
    assert WORDS["together_nobody"].replace("“", "").split(".")[0] in drawn("head_start").replace("“", "")
    assert WORDS["mentor_first"] in drawn("which_meeting")
    for part in ("agreement_page", "meeting_pages", "agreement_form", "meeting_form", "afterwards_form", "steps_form"):
        assert not getattr(together, part)().children
    assert together.who().spec["adding"]


def test_the_same_mentor_is_chosen_in_every_part(home):
    book = desk.workbook()
    first, second = book.add_mentor("Dr. K"), book.add_mentor("Sam", "peer")
    book.answer("agreement", "agreement.often", "weekly", mentor=first)
    book.answer("actions", "actions.list", [{"what": "Read", "state": "done"}], mentor=second)
    book.add_meeting(first, book.today)
    picker, form, page = together.who(), together.agreement_form().children[0], together.agreement_page()
    steps, meeting = together.steps_form().children[0], together.meeting_form()
    say(picker, type="choose", code=first)
    assert form.state["answers"] == {"agreement.often": "weekly"}
    assert "About every week" in page.children[0].html
    assert len(meeting.children) == 1
    say(picker, type="choose", code=second)
    assert form.state["answers"] == {}
    assert steps.state["answers"]["actions.list"][0]["what"] == "Read"
    assert "About every week" not in page.children[0].html
    assert WORDS["propose_say_friend"] in page.children[1].html
    assert not meeting.children


def test_the_page_opens_with_the_mentor_worked_on_last(home):
    book = desk.workbook()
    book.add_mentor("Dr. K")
    assert together.who().spec["chosen"] == book.mentors[0].id
    together._together.cache_clear()
    last = book.add_mentor("Sam")
    book.add_meeting(last, book.today)
    assert together.who().spec["chosen"] == last


def test_a_mentor_added_renamed_or_taken_off_elsewhere_shows_here(home):
    book = desk.workbook()
    for page in (together, reassess):
        picker = page.who()
        assert picker.spec["options"] == []
    first, second = book.add_mentor("Dr. K"), book.add_mentor("Sam")
    assert together.who().spec["chosen"] == reassess.who().spec["chosen"] == first
    assert len(together.agreement_form().children) == 1
    book.change_mentor(first, name="Dr. Kim")
    assert [option["label"] for option in together.who().spec["options"]] == ["Dr. Kim", "Sam"]
    book.change_mentor(first, left=True)
    assert together.who().spec["chosen"] == reassess.who().spec["chosen"] == second
    book.change_mentor(second, left=True)
    assert together.who().spec["chosen"] is None


# The agreement


def test_a_goal_and_a_day_are_put_into_the_form_by_a_button(home):
    book = desk.workbook()
    mentor = book.add_mentor("Dr. K")
    book.answer("needs", "goals", [{"goal": "Suture well"}, {"step": "no goal yet"}])
    panel, form = together.head_start(), together.agreement_form().children[0]
    assert do(panel, "goal", of="Suture well", mentor=mentor) == WORDS["agreement_used"]
    do(panel, "review", mentor=mentor)
    assert book.answers("agreement", mentor=mentor) == {
        "agreement.goals": "Suture well",
        "agreement.review": (book.today + FIRST_LOOK).isoformat(),
    }
    panel.draw()
    assert "data-do" not in panel.html
    form.show(mentor)
    assert form.state["answers"]["agreement.goals"] == "Suture well"


def test_a_goal_goes_to_the_mentor_it_was_offered_for(home):
    book = desk.workbook()
    first, second = book.add_mentor("Dr. K"), book.add_mentor("Sam")
    panel = together.head_start()
    say(together.who(), type="choose", code=second)
    do(panel, "goal", of="Suture", mentor=first)
    assert not book.answers("agreement", mentor=second)
    assert book.answers("agreement", mentor=first) == {"agreement.goals": "Suture"}


def test_a_goal_that_no_longer_fits_is_refused_in_a_sentence(home):
    book = desk.workbook()
    mentor = book.add_mentor("Dr. K")
    book.answer("agreement", "agreement.goals", "x" * 600, mentor=mentor)
    assert "at most 600 characters" in do(together.head_start(), "goal", of="Suture", mentor=mentor)


# Meetings


def test_a_meeting_is_planned_and_opens(home):
    book = desk.workbook()
    mentor = book.add_mentor("Dr. K")
    others = together.which_meeting().children[2]
    assert do(others, "plan", day="", mentor=mentor) == WORDS["meeting_no_day"]
    assert do(others, "plan", day="0026-12-01", mentor=mentor) == WORDS["meeting_no_day"]
    assert book.meetings() == ()
    soon = book.today + timedelta(days=9)
    assert do(others, "plan", day=soon.isoformat(), mentor=mentor) == WORDS["meeting_added"]
    assert [meeting.day for meeting in book.meetings(mentor)] == [soon.isoformat()]
    assert together.meeting_form().children[0].state["answers"] == {"meeting.day": soon.isoformat()}
    assert not together.afterwards_form().children
    pages = together.meeting_pages()
    assert WORDS["meeting_ahead_waiting"] in pages.children[0].html
    book.answer("meeting", "meeting.bring", "Echo", mentor=book.meetings()[0].id)
    for panel in pages.children:
        panel.draw()
    assert "Echo" in pages.children[0].html
    assert WORDS["ahead_title"] in pages.children[1].html


def test_a_meeting_whose_day_has_passed_is_asked_about_and_can_be_noted(home):
    book = desk.workbook()
    mentor = book.add_mentor("Dr. K")
    past = book.add_meeting(mentor, book.today - timedelta(days=2))
    asked = together.which_meeting().children[0]
    assert "Did it take place?" in asked.html
    assert len(together.meeting_pages().children) == 1  # nothing to send ahead of what is over
    assert do(asked, "held", of=past) == WORDS["meeting_held_said"]
    assert book.meetings()[0].state == "held"
    assert len(together.afterwards_form().children) == 1
    asked.draw()
    assert asked.html == ""


def test_an_earlier_meeting_is_opened_from_the_fold(home):
    book = desk.workbook()
    mentor = book.add_mentor("Dr. K")
    past = book.add_meeting(mentor, book.today - timedelta(days=30))
    soon = book.add_meeting(mentor, book.today + timedelta(days=3))
    book.answer("meeting", "meeting.state", "held", mentor=past)
    _, picker, others = together.which_meeting().children
    assert picker.spec["chosen"] == soon
    do(others, "look", of=past)
    assert picker.spec["chosen"] == past
    assert together.meeting_form().children[0].state["answers"]["meeting.state"] == "held"
    assert "any more" in do(others, "look", of="m-0000000000/d-0000000000")


def test_one_form_is_made_however_often_the_meeting_changes(home):
    book = desk.workbook()
    mentor = book.add_mentor("Dr. K")
    days = [book.add_meeting(mentor, book.today + timedelta(days=number)) for number in range(1, 4)]
    form, picker = together.meeting_form().children[0], together.which_meeting().children[1]
    for meeting in (*days, *days):
        say(picker, type="choose", code=meeting)
        assert together.meeting_form().children == (form,)


# All of it


def test_the_eight_practices_are_on_this_page_and_on_the_next(home):
    assert set(re.findall(r'data-id="(keep\.\w+)"', drawn("reminders"))) == ROWS
    assert set(re.findall(r'data-id="(keep\.\w+)"', reassess.good_to_know().html)) == ROWS


def test_a_made_up_student_has_something_in_every_part(home):
    simulate_student(home, terms=4, seed=7).close()
    for part in (*PARTS, "agreement_page", "which_meeting", "meeting_pages"):
        shown = drawn(part)
        assert shown or part == "head_start", part
        assert "mk-alarm" not in shown


def test_sample_data_is_marked_on_every_part(home, monkeypatch):
    monkeypatch.setenv("MENTORKIT_SAMPLE", "1")
    assert all(WORDS["sample"] in drawn(part) for part in PARTS)


# In the app


@pytest.fixture
def served(serve: Callable[..., Served], tmp_path: Path) -> Served:
    book = open_workbook(tmp_path)
    book.answer("needs", "goals", [{"goal": "Choose between surgery and medicine"}])
    book.close()
    return serve(home=tmp_path)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_student_agrees_meets_and_follows_through(served: Served, visit: Callable[..., Any], width: int):
    page = visit(served, "working-together", viewport={"width": width, "height": 900})
    here = page.locator("#working-together")
    expect(here.get_by_text(WORDS["together_nobody"].split(".")[0]).first).to_be_visible()
    here.get_by_label(WORDS["mentor_name"]).fill("Dr. K")
    here.get_by_role("button", name=WORDS["mentor_add"]).click()

    # The agreement: a goal that is known already, a day to look again, and the page for both
    here.get_by_role("button", name=re.compile(WORDS["agreement_use"])).click()
    goals = here.get_by_label("What we want to get done")
    expect(goals).to_have_value("Choose between surgery and medicine")
    here.get_by_role("radio", name="About once a month").check()
    here.get_by_role("button", name=re.compile("Look again on")).click()
    page_for_both = here.locator("[data-sheet-of=agreement]")
    page_for_both.get_by_text(WORDS["sheet_preview"]).click()
    expect(page_for_both.locator("[data-sheet=agreement]")).to_contain_text("About once a month")
    expect(page_for_both.locator("[data-sheet=agreement]")).to_contain_text("Still to talk about")
    if can_write_pdf():
        with page.expect_download() as kept:
            page_for_both.get_by_role("button", name=WORDS["sheet_pdf"]).click()
        assert kept.value.suggested_filename == "agreement.pdf"
    here.get_by_role("button", name=WORDS["copy_named"].format(title=WORDS["propose_title"])).click()
    expect(here.get_by_text(WORDS["copied"]).first).to_be_visible()

    # A meeting: planned, prepared, and a message to send ahead
    soon = date.today() + timedelta(days=9)
    here.get_by_label(WORDS["meeting_day"], exact=True).first.fill(soon.isoformat())
    here.get_by_role("button", name=WORDS["meeting_add"]).click()
    expect(here.get_by_role("radio", name=re.compile(f"{soon:%A}"))).to_be_checked()
    here.get_by_label("What I bring").fill("Which elective to take")
    here.get_by_label("What I bring").blur()
    expect(here.get_by_role("heading", name=WORDS["ahead_title"])).to_be_visible()
    message = here.locator("[data-text]", has_text="Which elective to take")
    expect(message).to_contain_text("Dear Dr. K,")
    link = here.get_by_role("link", name=re.compile(re.escape(WORDS["mail"]))).first
    assert (link.get_attribute("href") or "").startswith("mailto:?subject=Our%20meeting")
    expect(here.get_by_label("Notes", exact=True)).to_have_count(0)

    # A step, done, and what came of it
    here.get_by_label("What", exact=True).fill("Watch an echo")
    here.get_by_role("radio", name="Done", exact=True).check()
    here.get_by_label("What came of it").fill("I saw three.")
    here.get_by_label("What came of it").blur()
    here.locator("summary", has_text="Watch an echo").click()
    expect(here.get_by_text("this is what came of it: I saw three.").first).to_be_visible()
    expect(message).to_contain_text("Watch an echo: Done. I saw three.")

    assert page.problems == []
    book = open_workbook(served.home)
    mentor = book.mentors[0].id
    assert book.answers("agreement", mentor=mentor)["agreement.goals"] == "Choose between surgery and medicine"
    assert book.meetings(mentor)[0].answers["meeting.bring"] == "Which elective to take"

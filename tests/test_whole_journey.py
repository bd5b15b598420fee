"""One student on a phone: all pages, from the first visit into the second semester, and onto another machine."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import vobject
from phone import PHONE, Phone
from playwright.sync_api import expect
from pypdf import PdfReader
from serving import Served

from mentorkit import Workbook, load_content, open_workbook

CONTENT = load_content()
WORDS = CONTENT.words
TODAY = date.today()


def first_visit(phone: Phone) -> None:
    """Ten minutes: what I need, and which kinds of mentor would fit."""
    phone.tap(WORDS["welcome_begin"], "link")
    expect(phone.page.locator("[id='goals'][data-current]")).to_have_count(1)
    for item in CONTENT.worksheet("needs").sections[0].items:
        if item.kind == "rating":
            phone.rate(item.id, 3 if item.id.startswith("need") else 1)
    phone.says("The largest gap between what you need and what you have")
    phone.saved()
    for _ in range(8):
        phone.tap("Next")
    phone.choose("top.areas", CONTENT.areas["academic"].name, "checkbox")
    phone.tap("Next")
    phone.write("goals", "Pass the surgery shelf exam", "goal")
    phone.saved()
    phone.tap(WORDS["finish"])
    phone.tap(WORDS["finish_anyway"])
    phone.says("Finished on")
    phone.open("start-here")
    phone.tap(WORDS["page_types"], "link")
    phone.choose("chosen.types", CONTENT.types["peer"].name, "checkbox")
    phone.says(CONTENT.types["peer"].begin)


def reach_out(phone: Phone) -> None:
    """One person: the way, the draft, the message, sent, and a yes."""
    phone.open("start-here")
    phone.says(WORDS["why_reaching"].format(kinds=CONTENT.types["peer"].name))
    phone.tap(WORDS["page_reaching"], "link")
    phone.here.get_by_label(WORDS["mentor_name"]).fill("Maya")
    phone.tap(WORDS["person_add"])
    phone.choose("approach.situation", CONTENT.reaches["organic"].situation)
    phone.says(CONTENT.reaches["organic"].reason)
    phone.write("approach.know", "how you planned your surgery block")
    phone.rate("approach.ask", 0)
    draft = phone.here.locator(".mk-words").filter(has_text="Hi Maya").first
    expect(draft).to_contain_text("surgery shelf exam")
    phone.tap(WORDS["draft_use"])
    message = phone.here.locator("[data-item='approach.message'] textarea")
    expect(message).to_have_value(re.compile("Hi Maya"))
    message.fill(message.input_value() + "\nSee you on the ward!")
    phone.saved()
    phone.tap(WORDS["sent_spoken"])
    expect(phone.here.locator("[data-item='approach.state'] input:checked")).to_have_value('"contacted"')
    phone.choose("approach.state", CONTENT.stages["mentor"].name)
    phone.says("is on your list of mentors now")


def see_who_helps(phone: Phone) -> None:
    phone.open("network")
    phone.choose("network.areas", CONTENT.areas["academic"].name, "checkbox")
    phone.rate("network.often", 0)
    phone.saved()
    expect(phone.here.get_by_text("Maya").locator("visible=true").last).to_be_visible()


def work_together(phone: Phone, tmp_path: Path) -> None:
    """The agreement, the next meeting, and what was agreed; on paper and in the calendar."""
    phone.open("working-together")
    phone.choose("agreement.kind", "A classmate or a friend")
    phone.write("agreement.goals", "Three practice cases before the shelf")
    phone.go_on_to("agreement.often")
    phone.rate("agreement.often", 1)
    phone.saved()
    offer = phone.here.locator("[data-sheet-of='agreement']")
    expect(offer.locator("article")).to_contain_text("Three practice cases before the shelf")
    pdf = PdfReader(BytesIO(phone.kept(WORDS["sheet_pdf"], tmp_path, offer)))
    assert "Three practice cases before the shelf" in "\n".join(page.extract_text() for page in pdf.pages)
    phone.here.locator("input[name=day]").fill((TODAY + timedelta(days=3)).isoformat())
    phone.tap(WORDS["meeting_add"])
    phone.go_on_to("meeting.bring")
    phone.write("meeting.bring", "How to read an ABG")
    expect(phone.here.locator("[data-text]").filter(has_text="How to read an ABG").first).to_be_visible()
    phone.write("actions.list", "Ten questions a day", "what")
    phone.write("actions.list", "tomorrow", "by")
    phone.saved()


def look_at_what_is_due(phone: Phone, tmp_path: Path) -> None:
    phone.open("start-here")
    phone.says("Meet Maya")
    phone.says("Your step with Maya: Ten questions a day")
    calendar = vobject.readOne(phone.kept(WORDS["calendar_save"], tmp_path).decode())
    said = {event.summary.value: event for event in calendar.vevent_list}
    assert said["Meet Maya"].dtstart.value == TODAY + timedelta(days=3)
    assert said["First check: how is it going with Maya?"].dtstart.value == TODAY + timedelta(days=30)


def reassess(phone: Phone, level: int) -> None:
    phone.open("reassess")
    phone.rate("relationship.meetings", 2)
    phone.rate("relationship.form", 0)
    shorts = [item for item in CONTENT.worksheet("relationship") if item.short and item.kind == "rating"]
    for item in shorts:
        phone.go_on_to(item.id)
        phone.rate(item.id, level)
    phone.go_on_to("relationship.decision")
    phone.rate("relationship.decision", 0)
    phone.tap(WORDS["finish"])
    phone.says("Finished on")


def next_semester(phone: Phone, book: Workbook) -> None:
    phone.open("start-here")
    later = book.content.calendar.name(book.content.calendar.after(book.term))
    phone.here.get_by_role("radio", name=later).locator("xpath=..").click()
    expect(phone.here.get_by_role("radio", name=later)).to_be_checked()


def take_everything_to_another_machine(phone: Phone, tmp_path: Path) -> Path:
    phone.open("start-here")
    phone.kept(WORDS["along_save"], tmp_path)
    return next(tmp_path.glob("mentorkit-*.json"))


def test_a_student_on_a_phone_through_every_page_and_into_the_second_semester(
    serve: Callable[..., Served], visit: Callable[..., Any], tmp_path: Path
):
    (home := tmp_path / "first").mkdir()
    phone = Phone(visit(serve(home=home), **PHONE))
    first_visit(phone)
    reach_out(phone)
    see_who_helps(phone)
    work_together(phone, tmp_path)
    look_at_what_is_due(phone, tmp_path)
    reassess(phone, level=1)
    book = open_workbook(home)
    next_semester(phone, book)
    reassess(phone, level=4)
    phone.open("what-changed")
    phone.says("Your part went up by 75 points. That is more than chance would usually give.")
    phone.open("network")
    phone.says("Maya")
    assert phone.page.problems == []

    # On another machine
    taken = take_everything_to_another_machine(phone, tmp_path)
    (second := tmp_path / "second").mkdir()
    other = Phone(visit(serve(home=second), **PHONE))
    other.here.locator("input[type=file]").set_input_files(taken)
    other.tap(WORDS["along_look"])
    assert open_workbook(second).records == ()  # nothing happens before it was shown
    other.tap(WORDS["along_add"])
    other.says(WORDS["along_added"])
    here, there = open_workbook(home), open_workbook(second)
    assert [one.name for one in there.mentors] == ["Maya"]
    assert there.meetings()[0].answers == here.meetings()[0].answers
    assert there.compare("relationship", mentor=there.mentors[0].id).verdict == "clear"
    assert there.goals == here.goals

"""One student, by keyboard alone in a real browser: a first visit with a crash in the middle, and the next semester."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from serving import Served

from mentorkit import open_workbook
from mentorkit.content import load_content

CONTENT = load_content()
WORDS = CONTENT.words
AREAS = list(CONTENT.areas)
FAR = 400  # presses of Tab after which something is not reachable


class Keyboard:
    """A student who uses nothing but the keyboard: Tab until it is there, then Space, Enter, arrows and letters."""

    def __init__(self, page: Any):
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, found: Callable[[], Any]) -> None:
        """Tab until the focus is on (or within) what `found` locates."""
        for _ in range(FAR):
            if found().evaluate("element => element.contains(document.activeElement)"):
                return
            self.press("Tab")
        raise AssertionError(f"{found()} cannot be reached by Tab")

    def follow(self, name: str) -> None:
        self.reach(lambda: self.page.get_by_role("link", name=name, exact=True).first)
        self.press("Enter")

    def push(self, name: str) -> None:
        self.reach(lambda: self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first)
        self.press("Enter")

    def choose(self, question: str, place: int) -> None:
        """The option at this place: Space takes the first, each arrow the next."""
        group = self.page.get_by_role("group", name=question).first
        self.reach(lambda: group.locator(".mk-options"))
        self.press("Space", *["ArrowRight"] * place)
        expect(group.get_by_role("radio").nth(place)).to_be_checked()

    def write(self, label: str, text: str) -> None:
        self.reach(lambda: self.page.get_by_role("textbox", name=label).first)
        self.page.keyboard.type(text)


def saved(page: Any) -> None:
    expect(page.locator(".mk-status:visible").first).to_contain_text("Saved")


def questions(worksheet: str, section: str) -> list[Any]:
    return [item for part in CONTENT.worksheet(worksheet).sections if part.id == section for item in part.items]


def rate_area(student: Keyboard, area: str, need: int, support: int) -> None:
    for item in questions("needs", area):
        if item.kind == "rating":
            student.choose(item.text, support if item.id.startswith("support") else need)


def rate_relationship(student: Keyboard, level: int) -> None:
    """The short form: one rating a practice and an outcome, four on a screen, and the decision."""
    for section in CONTENT.worksheet("relationship").sections[1:-1]:
        short = next(item for item in section.items if item.short)
        if not student.page.get_by_role("group", name=short.text).first.is_visible():
            student.push("Next")
        student.choose(short.text, level)
    student.push("Next")
    student.choose(CONTENT.worksheet("relationship").item("relationship.decision").text, 1)


def finish(student: Keyboard) -> None:
    student.push(WORDS["finish"])
    expect(student.page.locator(".mk-sealed:visible").first).to_contain_text("Finished on")
    expect(student.page.locator(".mk-sealed:visible").first).to_be_focused()


@pytest.fixture
def served(serve: Callable[..., Served], tmp_path: Path) -> Served:
    return serve(home=tmp_path)


def test_a_student_by_keyboard_through_a_crash_and_into_the_next_semester(served: Served, visit: Callable[..., Any]):
    page = visit(served)
    student = Keyboard(page)

    # What I need, with the server killed in the middle
    student.follow(WORDS["welcome_begin"])
    expect(page.get_by_role("heading", level=1, name=CONTENT.worksheet("needs").title)).to_be_focused()
    for area in AREAS[:3]:
        rate_area(student, area, need=3, support=1)
        student.push("Next")
    saved(page)
    assert served.process is not None
    served.process.kill()
    served.process.wait()
    rate_area(student, AREAS[3], need=2, support=2)
    expect(page.locator(".mk-status:visible").first).to_contain_text("Not saved yet", timeout=8_000)
    before = open_workbook(served.home).draft("needs")
    assert sum(AREAS[3] in item for item in before) == 0
    served.start()
    student.push("Continue")
    page.locator(".mk-book[data-state=open]").wait_for(timeout=30_000)
    expect(page.get_by_role("heading", level=1, name=CONTENT.worksheet("needs").title)).to_be_visible()
    saved(page)
    expect(page.get_by_role("heading", level=3, name=CONTENT.areas[AREAS[4]].name).first).to_be_visible()
    assert sum(AREAS[3] in item for item in open_workbook(served.home).draft("needs")) == 4
    for area in AREAS[4:]:
        rate_area(student, area, need=1, support=2)
        student.push("Next")
    student.push("Next")  # no area of one's own
    student.reach(lambda: page.get_by_role("checkbox", name=CONTENT.areas["career"].name).first)
    student.press("Space")
    student.push("Next")
    student.write("What do you want to have done or changed?", "Choose between surgery and <b>medicine</b>")
    finish(student)
    expect(page.get_by_text("The largest gap between what you need and what you have is in").first).to_be_visible()
    assert page.problems == [] or all("WebSocket" in said or "ERR_" in said for said in page.problems)

    # Kinds of mentor, and the first reassessment
    student.follow("Mentor types")
    student.reach(lambda: page.get_by_role("checkbox", name=CONTENT.types["peer"].name).first)
    student.press("Space")
    expect(page.get_by_text(CONTENT.types["peer"].begin).first).to_be_visible()
    student.follow("How it is going")
    student.write(WORDS["mentor_name"], "Dr. K")
    student.push(WORDS["mentor_add"])
    expect(page.get_by_role("radio", name="Dr. K")).to_be_checked()
    student.choose(CONTENT.worksheet("relationship").item("relationship.meetings").text, 2)
    student.choose(CONTENT.worksheet("relationship").item("relationship.form").text, 0)
    student.push("Next")
    rate_relationship(student, level=1)
    finish(student)
    expect(page.get_by_text("With Dr. K: Restart, or close it well.")).to_be_visible()

    # The next semester
    student.follow("Start")
    book = open_workbook(served.home)
    next_term = book.content.calendar.name(book.content.calendar.after(book.term))
    student.reach(lambda: page.get_by_role("group", name=WORDS["term_choose"]).locator(".mk-options"))
    student.press("ArrowRight")
    expect(page.get_by_role("radio", name=next_term)).to_be_checked()
    student.follow("How it is going")
    expect(page.locator(".mk-sealed:visible")).to_have_count(0)
    student.choose(CONTENT.worksheet("relationship").item("relationship.meetings").text, 3)
    student.choose(CONTENT.worksheet("relationship").item("relationship.form").text, 0)
    student.push("Next")
    rate_relationship(student, level=3)
    finish(student)
    student.follow("What changed")
    said = "Your part went up by 50 points. That is more than chance would usually give."
    expect(page.get_by_text(said).locator("visible=true").first).to_be_visible()

    found = open_workbook(served.home)
    assert len(found.sealed("relationship", mentor=found.mentors[0].id)) == 2
    assert found.compare("relationship", mentor=found.mentors[0].id).verdict == "clear"
    assert found.answers("needs", term=book.term)["goals"] == [{"goal": "Choose between surgery and <b>medicine</b>"}]

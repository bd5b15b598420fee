"""The relationship form, screen by screen: short where it is meant to be, and nothing asked that cannot be answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bare_page import BarePage
from playwright.sync_api import expect

from mentorkit import Workbook, open_workbook
from mentorkit.content import load_content
from mentorkit.widgets.form import Form

SHEET = load_content().worksheet("relationship")
CHANGE = "[data-item='relationship.change']"


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return open_workbook(tmp_path)


def shown(book: Workbook, window: Callable[..., Any], **answers: str) -> Any:
    """The form about a mentor who has been met, with these answers to the first questions."""
    mentor = book.mentors[0].id if book.mentors else book.add_mentor("Dr. K")
    for item, value in answers.items():
        book.answer("relationship", f"relationship.{item}", value, mentor=mentor)
    bare = BarePage(window())
    bare.mount(Form(book, "relationship", mentor))
    return bare.page


def through(page: Any) -> list[list[str]]:
    """The headings of each screen, from the first to the last."""
    while page.get_by_role("button", name="Back").count():
        page.get_by_role("button", name="Back").click()
    screens = [headings(page)]
    while page.get_by_role("button", name="Next").count():
        page.get_by_role("button", name="Next").click()
        screens.append(headings(page))
    return screens


def headings(page: Any) -> list[str]:
    return page.get_by_role("heading", level=3).all_inner_texts()


def titles(*sections: str) -> list[str]:
    return [section.title for name in sections for section in SHEET.sections if section.id == name]


def test_the_short_form_is_five_screens(book, window):
    page = shown(book, window, meetings="4+", form="short")
    assert through(page) == [
        titles("before"),
        titles("expectations", "prepared", "followthrough", "feedback"),
        titles("appreciation", "professionalism", "reciprocity", "reassess"),
        titles("progress", "trust", "growth", "access"),
        titles("overall"),
    ]
    expect(page.get_by_text("Part 5 of 5")).to_be_visible()


def test_the_full_form_asks_one_topic_a_screen(book, window):
    page = shown(book, window, meetings="4+", form="full")
    assert through(page) == [[section.title] for section in SHEET.sections]


def test_after_one_meeting_the_short_form_is_three_screens(book, window):
    page = shown(book, window, meetings="one", form="short")
    assert through(page) == [
        titles("before"),
        titles("expectations", "prepared", "professionalism", "access"),
        titles("overall"),
    ]


def test_choosing_the_other_form_draws_the_screens_anew(book, window):
    page = shown(book, window, meetings="4+", form="full")
    while page.get_by_role("button", name="Back").count():
        page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("Part 1 of 14")).to_be_visible()
    page.get_by_role("radio", name="Short").check()
    expect(page.get_by_text("Part 1 of 5")).to_be_visible()
    page.get_by_role("radio", name="Full").check()
    expect(page.get_by_text("Part 1 of 14")).to_be_visible()


def test_a_screen_of_several_topics_is_left_by_keyboard_and_back_again(book, window):
    page = shown(book, window, meetings="4+", form="short")
    expect(page.get_by_role("heading", name="Coming prepared")).to_be_visible()
    page.get_by_role("radio").nth(7).focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Showing appreciation")).to_be_focused()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("heading", name="Clear expectations")).to_be_focused()


def test_a_first_look_at_a_mentor_is_compared_with_nothing(book, window):
    assert shown(book, window, meetings="4+", form="full").locator(CHANGE).count() == 0


def test_from_the_second_finished_term_on_the_change_is_asked(book, window):
    shown(book, window, meetings="4+", form="full")
    book.seal("relationship", mentor=book.mentors[0].id)
    assert shown(book, window, meetings="4+", form="full").locator(CHANGE).count() == 0  # the same term again
    book.term = book.content.calendar.after(book.term)
    assert shown(book, window, meetings="4+", form="full").locator(CHANGE).count() == 1

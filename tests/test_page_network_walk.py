"""Page 02 walked through in a real browser: on a desk and on a phone, light and dark, with many mentors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from made import says
from playwright.sync_api import expect
from serving import Served

from mentorkit import open_workbook
from mentorkit.content import load_content

CONTENT = load_content()
WORDS = CONTENT.words
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def served(serve: Callable[..., Served], tmp_path: Path) -> Served:
    return serve(home=tmp_path)


def part(page: Any, area: str) -> Any:
    return page.locator(f".mk-net-row[data-id='area.{area}']")


def add(page: Any, name: str, kind: str = "") -> None:
    here = page.locator("#network .mk-picker")
    if here.get_by_text(WORDS["mentor_title"], exact=True).count():
        here.get_by_text(WORDS["mentor_title"], exact=True).click()
    here.get_by_label(WORDS["mentor_name"]).fill(name)
    here.get_by_label(WORDS["mentor_kind"]).select_option(kind)
    here.get_by_role("button", name=WORDS["mentor_add"]).click()
    expect(here.get_by_role("radio", name=name)).to_be_checked()


def tick(page: Any, *areas: str) -> None:
    for area in areas:
        page.locator("#network").get_by_role("checkbox", name=CONTENT.areas[area].name).check()
    expect(page.locator("#network .mk-status")).to_contain_text("Saved")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_student_notes_who_helps_and_sees_what_stands_out(served: Served, visit: Callable[..., Any], width: int):
    colors = "light" if width > 1000 else "dark"
    page = visit(served, "network", viewport={"width": width, "height": 800}, color_scheme=colors)
    here = page.locator("#network")
    expect(here.get_by_text(WORDS["network_nobody"])).to_be_visible()

    add(page, "Sam", "peer")
    tick(page, "academic", "emotional", "career")
    expect(part(page, "academic").get_by_text("one person")).to_be_visible()
    expect(part(page, "academic").get_by_role("listitem").filter(has_text="Sam")).to_have_count(1)
    expect(here.get_by_text(WORDS["network_high_all"].format(name="Sam")).first).to_be_visible()
    expect(here.get_by_role("heading", name=WORDS["network_open_title"]).first).to_be_visible()

    add(page, "Dr. K", "faculty")
    tick(page, "academic", "clinical")
    expect(part(page, "academic").get_by_text("2 people")).to_be_visible()
    assert part(page, "academic").locator(".mk-who").all_inner_texts() == ["Sam", "Dr. K"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    here.get_by_text(WORDS["mentor_correct"].format(name="Dr. K")).click()
    here.get_by_label(WORDS["mentor_name"]).last.fill("Dr. Kim")
    here.get_by_label(WORDS["mentor_distance"]).select_option("remote")
    here.get_by_role("button", name=WORDS["mentor_save"]).click()
    expect(here.get_by_text(WORDS["mentor_corrected"]).first).to_be_attached()
    expect(here.get_by_role("radio", name="Dr. Kim")).to_be_checked()
    expect(here.get_by_text(WORDS["network_distances"].format(names=WORDS["distance_remote"])).first).to_be_visible()

    here.get_by_role("button", name=WORDS["mentor_leave"].format(name="Dr. Kim")).click()
    expect(part(page, "clinical").get_by_text("nobody yet")).to_be_visible()
    expect(here.get_by_role("radio", name="Sam")).to_be_checked()
    here.get_by_role("button", name=WORDS["mentor_undo"].format(name="Dr. Kim")).click()
    expect(part(page, "clinical").get_by_text("one person")).to_be_visible()
    expect(here.get_by_role("radio", name="Dr. Kim")).to_be_checked()
    assert page.problems == []


def test_the_page_to_show_has_names_only_when_the_student_says_so(served: Served, visit: Callable[..., Any]):
    book = open_workbook(served.home)
    says(book, book.add_mentor("Sam"), "academic")
    book.close()
    page = visit(served, "network")
    sheet = page.locator("#network [data-sheet-of=network-to-show]")
    sheet.get_by_text(WORDS["sheet_preview"]).click()
    expect(sheet.get_by_text("Academic guidance").first).to_be_visible()
    expect(sheet.get_by_text("Sam")).to_have_count(0)
    switch = page.get_by_role("button", name=WORDS["sheet_names_on"])
    switch.focus()
    page.keyboard.press("Enter")
    expect(sheet.get_by_text("Sam").first).to_be_visible()
    expect(page.get_by_role("button", name=WORDS["sheet_names_off"])).to_be_focused()


def test_last_semester_s_answer_is_said_again_and_the_next_one_follows(served: Served, visit: Callable[..., Any]):
    book = open_workbook(served.home)
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    for mentor in (sam, kim):
        says(book, mentor, "academic", term="2025-fall", often="weekly")
    book.close()
    page = visit(served, "network")
    here = page.locator("#network")
    carried = part(page, "academic").locator(".mk-carried")
    expect(carried).to_have_count(2)
    expect(carried.first).to_contain_text("Sam (Fall 2025)")
    here.get_by_role("button", name=WORDS["mentor_still"]).click()
    expect(here.get_by_role("checkbox", name="Academic guidance")).to_be_checked()
    expect(carried).to_have_count(1)
    here.get_by_role("button", name=WORDS["network_next_button"].format(name="Dr. K")).click()
    expect(here.get_by_role("radio", name="Dr. K")).to_be_checked()
    expect(here.get_by_text(WORDS["network_next_said"].format(name="Dr. K")).first).to_be_attached()
    expect(here.get_by_role("checkbox", name="Academic guidance")).not_to_be_checked()


def many(home: Path) -> None:
    """Nine mentors: one carried over, one closed, one off the list, one of whom nothing is known."""
    book = open_workbook(home)
    names = ("Sam", "Dr. K", "Prof. Hernandez-Whitfield (dean’s office)", "Anna", "Ben", "Cleo", "Dan", "Eve", "Finn")
    ids = [book.add_mentor(name, "peer", field="surgery", distance="both") for name in names]
    says(book, ids[0], "academic", "career", term="2025-fall")
    for mentor in ids[1:-1]:
        says(book, mentor, "academic", "clinical", often="rarely")
    book.answer("relationship", "relationship.meetings", "4+", mentor=ids[1])
    book.answer("relationship", "relationship.decision", "close", mentor=ids[1])
    book.seal("relationship", mentor=ids[1])
    book.change_mentor(ids[2], left=True)
    book.close()


@pytest.mark.parametrize("way", [(1280, "light"), (1280, "dark"), (390, "dark"), (320, "light")])
def test_with_everything_on_it_the_page_is_accessible_and_nothing_is_cut_off(
    served: Served, visit: Callable[..., Any], way: tuple[int, str]
):
    many(served.home)
    width, colors = way
    page = visit(served, "network", viewport={"width": width, "height": 800}, color_scheme=colors)
    here = page.locator("#network")
    expect(here.get_by_text(WORDS["mentor_closed"].format(name="Dr. K"))).to_be_visible()
    assert part(page, "academic").locator(".mk-who").count() == 7
    is_grid = here.locator(".mk-net-head").is_visible()
    assert is_grid == (width > 1000)
    assert here.locator(".mk-net-key").is_visible() == is_grid  # on a phone each chip says it in words
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_a_long_list_of_mentors_is_searched_and_ordered(served: Served, visit: Callable[..., Any]):
    many(served.home)
    page = visit(served, "network")
    picker = page.locator("#network .mk-picker")
    picker.get_by_label(WORDS["network_sort"]).select_option("open")
    expect(picker.locator(".mk-label").first).to_have_text("Sam")
    expect(picker.locator(".mk-label").nth(1)).to_have_text("Finn")
    picker.get_by_label(WORDS["network_find"]).fill("fin")
    expect(picker.locator(".mk-label:visible")).to_have_text(["Finn"])
    picker.get_by_role("radio", name="Finn").check()
    expect(picker.get_by_label(WORDS["network_find"])).to_have_value("fin")

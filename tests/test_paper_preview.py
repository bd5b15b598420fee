"""Sheets on the page: the preview in a browser, and what it prints."""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from pdf_reading import Markup, Read, no_spaces
from sample_sheets import COMPARISON, EVERY, NEEDS, REAL

from mentorkit.reports.paper import Bar, Bars, Sheet, as_html

by_id = {"argvalues": EVERY, "ids": lambda sheet: sheet.id}


def test_the_preview_has_headings_lists_and_tables_with_heads():
    found = Markup(as_html(NEEDS))
    assert found.elements[0] == ("article", {"class": "mk-paper", "lang": "en", "data-sheet": "needs"})
    assert [name for name in found.names() if re.fullmatch(r"h\d", name)] == ["h3", "h4", "h5"]
    table = Markup(as_html(COMPARISON)).elements
    assert [values["scope"] for name, values in table if name == "th"] == ["col"] * 5 + ["row"] * 3


def test_a_bar_is_drawn_for_the_eye_and_said_in_words():
    blocks = (Bars("b", (Bar("n", 37.5), Bar("o", None, "not asked"))),)
    found = Markup(as_html(Sheet("sheet", "A sheet", "", blocks, "")))
    drawn = [values for name, values in found.elements if name == "svg"]
    assert len(drawn) == 1 and drawn[0]["aria-hidden"] == "true"
    assert ("rect", "37.50%") in [(name, values.get("width")) for name, values in found.elements]
    assert "n38onotasked" in found.words


STYLES = "\n".join(
    (files("mentorkit.widgets") / "web" / name).read_text("utf-8") for name in ("tokens.css", "panel.css", "paper.css")
)


def preview(page: Any, sheet: Sheet, printing: bool = False) -> Any:
    """The sheet in a panel, as pages show it."""
    body = as_html(sheet).replace("<article ", "<article data-printing " if printing else "<article ", 1)
    page.set_content(
        "<!doctype html><html lang=en><title>A page</title><meta name=viewport content='width=device-width'>"
        f"<style>:root {{ color-scheme: light dark }} {STYLES}</style><p>Elsewhere</p>"
        f"<div class='mk mk-panel'><details open><summary>See it</summary>{body}</details></div>"
    )
    return page


@pytest.mark.parametrize("width", [320, 390, 900])
@pytest.mark.parametrize("sheet", **by_id)
def test_a_preview_never_makes_the_page_scroll_sideways(window: Callable[..., Any], sheet: Sheet, width: int):
    page = preview(window(viewport={"width": width, "height": 700}), sheet)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("format_", ["Letter", "A4"])
@pytest.mark.parametrize("sheet", **by_id)
def test_a_sheet_prints_whole_black_on_white_and_alone(window: Callable[..., Any], sheet: Sheet, format_: str):
    page = preview(window(color_scheme="dark", viewport={"width": 390, "height": 700}), sheet, printing=True)
    read = Read(page.pdf(format=format_))
    for place in range(len(read.pages)):
        left, _, right, bottom = read.inked(place)
        assert left > 0.05 and right < 0.95 and bottom < 0.97
    picture = read.pages[0].render(scale=0.5).to_pil()
    assert picture.getpixel((2, 2)) == (255, 255, 255)
    told = no_spaces("".join(one.get_textpage().get_text_bounded() for one in read.pages))
    assert "Elsewhere" not in told and no_spaces(sheet.title) in told
    assert len(told) >= len(Markup(as_html(sheet)).words)


def test_what_students_make_prints_on_one_page(window: Callable[..., Any]):
    page = window()
    for made in REAL:
        assert len(Read(preview(page, made, printing=True).pdf(format="Letter")).pages) == 1, made.id

"""The form in a real JupyterLab: keys pressed in it never reach the notebook, and a closed notebook loses nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from labs import jupyterlab
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mentorkit import open_workbook

CELLS = ["# A title", "from mentorkit.pages import goals", "goals.form()", "Some words below"]
JUPYTERLAB = ("-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a notebook with the form in it, and of the home behind it."""
    first, *code, last = CELLS
    notebook = new_notebook(cells=[new_markdown_cell(first), *map(new_code_cell, code), new_markdown_cell(last)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "tiny.ipynb")
    with jupyterlab(tmp_path, *JUPYTERLAB, MENTORKIT_HOME=str(tmp_path / "home")) as address:
        yield address.replace("/lab?", "/lab/tree/tiny.ipynb?")


@pytest.fixture
def page(lab: str, window: Any) -> Any:
    """JupyterLab with the notebook run from top to bottom."""
    opened = window(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(60_000)
    opened.goto(lab)
    opened.locator(".jp-Notebook .jp-Cell").nth(3).wait_for()
    opened.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    opened.get_by_role("menuitem", name="Run", exact=True).click()
    opened.get_by_text("Run All Cells", exact=True).click()
    opened.get_by_role("region", name="Academic guidance").wait_for()
    return opened


def cells(page: Any) -> list[str]:
    """What stands in the cells; those outside the window too, which JupyterLab does not draw."""
    return [text.strip() for text in page.locator(".jp-Cell .jp-InputArea").all_text_contents()]


def test_keys_pressed_in_the_form_never_reach_the_notebook(page: Any, tmp_path: Path) -> None:
    before = cells(page)
    question = page.get_by_role("group", name="Ways of studying that work")
    question.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "ArrowDown", "b", "a", "d", "d", "x", "z", "m", "y", "Space", "ArrowUp"):
        page.keyboard.press(key)
        assert question.locator(":focus").count() == 1, key
    page.locator(".mk-status", has_text=re.compile("^Saved")).wait_for()
    assert question.get_by_role("radio", name="1 A little").is_checked()
    page.get_by_role("button", name="Next: Clinical skills").focus()
    for key in ("b", "d", "d", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("heading", name="Clinical skills").wait_for()
    for key in ("b", "d", "d", "ArrowDown"):
        page.keyboard.press(key)
    assert cells(page) == before
    assert dict(open_workbook(tmp_path / "home").draft("needs")) == {"need.academic.strategies": 1}


def test_the_forms_own_shortcuts_never_run_a_cell_or_undo_in_the_notebook(page: Any, tmp_path: Path) -> None:
    def runs() -> list[str]:
        return [text.strip() for text in page.locator(".jp-InputPrompt").all_text_contents()]

    before, run = cells(page), runs()
    page.get_by_role("group", name="Ways of studying that work").locator(".mk-option").first.click()
    page.locator(".jp-Cell.jp-mod-active .mk-form").wait_for()  # the cell that would run
    page.keyboard.press("Control+Enter")
    heading = page.get_by_role("heading", name="Clinical skills")
    heading.wait_for()
    for keys in ("Shift+Enter", "Alt+Enter"):
        page.keyboard.press(keys)
        assert heading.evaluate("heading => heading === document.activeElement")
    page.keyboard.press("Control+z")
    page.get_by_role("heading", name="Academic guidance").wait_for()
    page.locator(".mk-status", has_text=re.compile("^Saved")).wait_for()
    page.locator(".mk-count", has_text=re.compile("^0 of")).wait_for()
    assert cells(page) == before and runs() == run and "[2]:" in run
    assert dict(open_workbook(tmp_path / "home").draft("needs")) == {}


def test_typing_in_the_form_writes_there_and_a_second_view_shows_it(page: Any, tmp_path: Path) -> None:
    before = cells(page)
    for _ in range(7):
        page.get_by_role("button", name="Next: ").click()
    field = page.get_by_label("Another area in which you want mentoring")
    field.click()
    page.keyboard.type("dabbed mazy")
    page.keyboard.press("Tab")
    page.locator(".mk-status", has_text=re.compile("^Saved")).wait_for()
    assert cells(page) == before
    assert dict(open_workbook(tmp_path / "home").draft("needs")) == {"area.own": "dabbed mazy"}
    page.locator(".mk-form").click(button="right", position={"x": 5, "y": 5})
    page.get_by_text("Create New View for Cell Output").click()
    second = page.locator(".jp-LinkedOutputView .mk-form")
    second.locator(".mk-count", has_text="0 of 31 answered").wait_for()
    assert second.locator("input[type=text]").first.input_value() == "dabbed mazy"

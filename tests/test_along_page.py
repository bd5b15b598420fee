"""Taking it along in the real app and in JupyterLab: files go out and come in, and everything is erased for good."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from labs import jupyterlab
from made import MARKED, fill, opened
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect
from serving import Served

from mentorkit import Workbook, load_content, open_workbook
from mentorkit.reports.exchange import as_json, read_export
from mentorkit.serve.notebooks import notebooks_folder
from mentorkit.store import Store

WORDS = load_content().words
STRATEGIES = "need.academic.strategies"
CELLS = ["from mentorkit.pages import along", "along.take_along()"]
START = """
import sys
from pathlib import Path
from mentorkit.serve.lab import open_lab
open_lab(Path(sys.argv[1]), None, False, False)
"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first page with this part alone, and the second as it is."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [new_markdown_cell("# What is this?\n\nTen minutes."), new_markdown_cell("## Keep it, move it, erase it")]
    notebook = new_notebook(cells=[*cells, *map(new_code_cell, CELLS)], metadata={"mentorkit": {"label": "Start"}})
    nbformat.write(notebook, folder / "00_start_here.ipynb")
    (folder / "01_goals.ipynb").write_bytes((notebooks_folder() / "01_goals.ipynb").read_bytes())
    return folder


def filled(home: Path) -> Workbook:
    book = opened(home)
    fill(book)
    return book


@pytest.fixture
def served(serve: Callable[..., Served], notebooks: Path, tmp_path: Path) -> Iterator[Served]:
    filled(tmp_path / "home").close()
    found = serve(home=tmp_path / "home", notebooks=notebooks)
    yield found
    found.stop()


@pytest.fixture
def export(served: Served, tmp_path: Path) -> Path:
    """A file from another computer on which something went on, and something was changed that was changed here too."""
    here, there = opened(served.home), opened(tmp_path / "there")
    there.add(list(read_export(as_json(here.content, here.records).encode(), here.content)))
    there.answer("needs", "need.clinical.reasoning", 3)
    for book, code in ((here, 2), (there, 4)):
        book.answer("needs", STRATEGIES, code)
        book.close()
    path = tmp_path / "export.json"
    path.write_text(as_json(there.content, there.records), "utf-8")
    return path


def press(page: Any, key: str) -> None:
    page.get_by_role("button", name=WORDS[key], exact=True).click()


def answer(page: Any) -> Any:
    return page.locator(".mk-answer")


def test_a_file_and_a_full_copy_go_out_through_the_browser(served: Served, visit: Callable[..., Any], tmp_path: Path):
    page = visit(served)
    with page.expect_download() as export:
        press(page, "along_save")
    export.value.save_as(tmp_path / "export.json")
    raw = (tmp_path / "export.json").read_bytes()
    assert read_export(raw, load_content()) and MARKED.encode() not in raw
    expect(answer(page)).to_have_text(WORDS["file_made"].format(name=export.value.suggested_filename))
    with page.expect_download() as copy:
        press(page, "along_copy")
    copy.value.save_as(tmp_path / "copy.sqlite")
    assert tuple(Store(tmp_path / "copy.sqlite").records) == open_workbook(served.home).records
    assert not list((served.home / "backups").glob(".*"))
    assert page.problems == []


def test_a_file_is_brought_in_by_keyboard_after_it_was_shown(served: Served, export: Path, visit: Callable[..., Any]):
    page = visit(served)
    page.get_by_label(WORDS["along_bring_label"]).set_input_files(export)
    page.get_by_role("button", name=WORDS["along_look"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=WORDS["along_would"])).to_be_focused()
    expect(page.get_by_text("“What do I need from mentoring now?”, Fall 2026: 1 answer")).to_be_visible()
    assert open_workbook(served.home).draft("needs").get("need.clinical.reasoning") is None
    assert Axe().run(page, options=RULES).violations_count == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="In the file: Cannot move on without it")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(answer(page)).to_have_text(WORDS["along_added"])
    expect(answer(page)).to_be_focused()
    book = open_workbook(served.home)
    assert (book.draft("needs")["need.clinical.reasoning"], book.draft("needs")[STRATEGIES]) == (3, 4)
    page.get_by_label(WORDS["along_bring_label"]).set_input_files(export)
    press(page, "along_look")
    expect(page.get_by_role("heading", name=WORDS["along_nothing"])).to_be_visible()
    press(page, "along_close")
    expect(answer(page)).to_have_text(WORDS["along_not_added"])
    assert page.problems == []


def test_a_wrong_file_is_one_sentence_and_the_workbook_goes_on(
    served: Served, visit: Callable[..., Any], tmp_path: Path
):
    page = visit(served)
    (tmp_path / "noise.bin").write_bytes(b"\x00\xff\x1f" * 700_000)  # one message of it would be too large for a socket
    page.get_by_label(WORDS["along_bring_label"]).set_input_files(tmp_path / "noise.bin")
    press(page, "along_look")
    expect(answer(page)).to_contain_text("The file is not readable as JSON")
    press(page, "along_look")
    expect(answer(page)).to_contain_text("The file is not readable as JSON")
    expect(page.locator(".mk-alert")).to_be_empty()


@pytest.mark.parametrize("way", [{"viewport": {"width": 320, "height": 640}}, {"color_scheme": "dark"}], ids=str)
def test_differences_fit_on_a_phone_and_in_the_dark(
    served: Served, export: Path, visit: Callable[..., Any], way: dict[str, Any]
):
    page = visit(served, **way)
    page.get_by_label(WORDS["along_bring_label"]).set_input_files(export)
    press(page, "along_look")
    expect(page.get_by_role("heading", name=WORDS["along_would"])).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def erase(page: Any, word: str) -> None:
    if not page.get_by_label(WORDS["along_erase_label"]).is_visible():
        page.locator("summary", has_text=WORDS["along_erase"]).click()
    page.get_by_label(WORDS["along_erase_label"]).fill(word)
    press(page, "along_erase")


def test_everything_is_erased_and_other_tabs_and_browsers_notice(served: Served, visit: Callable[..., Any]):
    page = visit(served)
    tab = page.context.new_page()
    tab.goto(served.base + "#goals")
    tab.locator(".mk-book[data-state=open]").wait_for(timeout=30_000)
    browser = visit(served, "goals")
    for shown in (tab, browser):
        expect(shown.locator(".mk-status").first).to_contain_text("Saved")
    page.evaluate("localStorage.setItem('mentorkit/place/item', 'an answer on its way')")

    erase(page, "no")
    expect(answer(page)).to_have_text(WORDS["along_erase_not"])
    assert open_workbook(served.home).records
    erase(page, "erase")
    expect(answer(page)).to_contain_text("Everything is erased", timeout=30_000)
    page.locator(".mk-book[data-state=open]").wait_for(timeout=30_000)
    expect(answer(page)).to_contain_text("Everything is erased")
    expect(answer(page)).to_be_in_viewport()
    expect(page.get_by_text(WORDS["along_none_yet"])).to_be_visible()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    left = {path.name: path.read_bytes() for path in served.home.rglob("*") if path.is_file()}
    assert set(left) == {"mentorkit.sqlite", "mentorkit.sqlite-journal", "stderr.txt"}  # the last is the test's own
    assert not any(word in data for data in left.values() for word in (b"need.", b"Lind", MARKED.encode()))

    expect(tab.locator(".mk-status").first).to_have_text(WORDS["not_started"], timeout=30_000)
    browser.get_by_role("radio", name=re.compile("Some")).first.click(force=True)
    expect(browser.locator(".mk-status").first).to_contain_text("erased or exchanged in another window")
    assert open_workbook(served.home).records == ()

    tab.get_by_role("radio", name=re.compile("A little")).first.click(force=True)
    expect(tab.locator(".mk-status").first).to_contain_text("Saved")
    assert len(open_workbook(served.home).records) == 1


def test_a_demonstration_is_erased_likewise(serve: Callable[..., Served], notebooks: Path, tmp_path: Path, visit: Any):
    filled(tmp_path / "demo").close()
    page = visit(serve(home=tmp_path / "demo", notebooks=notebooks, sample=True))
    erase(page, "erase")
    expect(answer(page)).to_contain_text("Everything is erased", timeout=30_000)
    assert open_workbook(tmp_path / "demo").records == ()


# In JupyterLab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """JupyterLab as “mentorkit open --lab” starts it: the student's home, and its address."""
    home = tmp_path / "home"
    filled(home).close()
    with jupyterlab(tmp_path, "-c", START, str(home)) as address:
        cells = [new_markdown_cell("# Take it along"), *map(new_code_cell, CELLS)]
        notebook = new_notebook(cells=cells)
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, home / "notebooks" / "mine.ipynb")
        yield home, address.replace("00_start_here.ipynb", "mine.ipynb")


def test_in_jupyterlab_too_files_go_out_and_come_in_and_everything_is_erased(
    lab: tuple[Path, str], window: Any, tmp_path: Path
):
    home, address = lab
    page = window(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page.set_default_timeout(60_000)
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").nth(2).wait_for()
    page.get_by_text(re.compile(r"Python 3 .*\| Idle")).wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.get_by_role("button", name=WORDS["along_save"]).wait_for()
    with page.expect_download() as export:
        press(page, "along_save")
    export.value.save_as(tmp_path / "export.json")
    with page.expect_download():
        press(page, "along_copy")
    erase(page, "erase")
    expect(answer(page)).to_contain_text("Everything is erased")
    expect(answer(page)).to_contain_text(WORDS["along_notebooks"])
    assert open_workbook(home).records == () and (home / "notebooks" / "00_start_here.ipynb").exists()
    page.get_by_label(WORDS["along_bring_label"]).set_input_files(tmp_path / "export.json")
    press(page, "along_look")
    expect(page.get_by_role("heading", name=WORDS["along_would"])).to_be_focused()
    press(page, "along_add")
    expect(answer(page)).to_have_text(WORDS["along_added"])
    assert len(open_workbook(home).mentors) == 2

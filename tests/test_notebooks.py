"""The notebooks are pages, not programs: what can be checked about that without reading them aloud."""

import json
import re
from html import escape
from importlib import import_module
from pathlib import Path

import nbclient
import nbformat
import pytest

from mentorkit.content import load_content
from mentorkit.pages import desk
from mentorkit.serve.notebooks import notebooks_folder, student_pages

PAGES = sorted(notebooks_folder().glob("*.ipynb"))
FOR_STUDENTS = student_pages(notebooks_folder())  # 9x are for advisors: tests/test_cohort_notebook.py
CALL = re.compile(r"[a-z]+\.[a-z_]+\(\)")
FORBIDDEN = ("http:", "https:", "<style", "<script", "%", "!pip", "display(")


def cells(path: Path, kind: str) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def words(text: str) -> int:
    return len(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def page(request) -> Path:
    return request.param


def test_a_page_is_a_valid_notebook(page: Path):
    nbformat.validate(nbformat.read(page, as_version=4))


def test_a_page_carries_no_outputs_counts_or_widget_state(page: Path):
    notebook = json.loads(page.read_text("utf-8"))
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "mentorkit"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_a_page_is_one_sitting(page: Path):
    assert len(cells(page, "markdown")) + len(cells(page, "code")) <= 25
    assert sum(words(text) for text in cells(page, "markdown")) <= 900


def test_a_page_opens_with_its_question_and_what_it_takes_keeps_and_shows(page: Path):
    first = cells(page, "markdown")[0]
    assert first.startswith("# ")
    assert first.splitlines()[0].endswith("?")
    assert "minute" in first
    assert "only you see" in first or "Nobody but you" in first or "never sees" in first


def test_a_page_sets_up_with_one_import_of_ours(page: Path):
    setup = cells(page, "code")[0]
    assert len(setup.splitlines()) <= 6
    assert all(line.startswith("from mentorkit.pages import ") for line in setup.splitlines())


def test_every_other_cell_is_one_call(page: Path):
    for source in cells(page, "code")[1:]:
        assert CALL.fullmatch(source), source


def test_the_code_is_hidden_and_readable(page: Path):
    for cell in nbformat.read(page, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.metadata.jupyter.source_hidden


def test_paragraphs_are_short(page: Path):
    for text in cells(page, "markdown"):
        for paragraph in re.split(r"\n\s*\n", text):
            assert words(paragraph) <= 60, paragraph


def test_a_page_reaches_out_to_nothing_and_dresses_nothing(page: Path):
    for source in (*cells(page, "markdown"), *cells(page, "code")):
        assert not [found for found in FORBIDDEN if found in source]


def test_a_page_with_a_form_asks_one_reflective_question_after_it(page: Path):
    if any("form" in source for source in cells(page, "code")):
        prose = cells(page, "markdown")
        assert sum(text.rstrip().endswith("?") and not text.startswith("#") for text in prose) == 1


def test_a_page_closes_with_something_to_say_a_next_step_and_the_way_to_erase(page: Path):
    if page.stem.startswith("00"):
        assert "mentorkit erase" in cells(page, "markdown")[-1]
        return
    last = cells(page, "markdown")[-1]
    assert last.startswith("## Before you go")
    assert "“" in last or "Send" in last
    assert ("To remove your answers" if page in FOR_STUDENTS else "To remove what this page opened") in last


@pytest.mark.parametrize("page", FOR_STUDENTS, ids=lambda path: path.stem)
def test_every_page_shows_the_texts_that_name_it(page: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path))
    desk.workbook.cache_clear()
    shown = import_module(
        cells(page, "code")[0].replace("from mentorkit.pages import ", "mentorkit.pages.")
    ).good_to_know()
    named = [text.title for text in load_content().texts.values() if page.stem in text.pages]
    assert named
    assert all(escape(title) in shown.html for title in named)
    assert any(source.endswith(".good_to_know()") for source in cells(page, "code"))


def test_a_page_runs_alone_from_top_to_bottom_and_again(page: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(page, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    with client.setup_kernel():
        for _ in range(2):
            for place, cell in enumerate(notebook.cells):
                client.execute_cell(cell, place, store_history=False)
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert shown
    assert all("application/vnd.jupyter.widget-view+json" in output.data for output in shown)
    made = {"home", "ipython"} if page in FOR_STUDENTS else {"ipython"}
    assert {path.name for path in tmp_path.iterdir()} == made

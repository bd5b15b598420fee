"""JupyterLab on the student's copy: no answer gets into a file, and no change of the student's is lost."""

import json
import re
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from labs import jupyterlab, until_said
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mentorkit.serve.lab import copy_notebooks
from mentorkit.serve.saving import strip_answers

START = """
import sys
from pathlib import Path
from mentorkit.serve import lab
lab.notebooks_folder = lambda: Path(sys.argv[2])
lab.open_lab(Path(sys.argv[1]), 0, False, False)
"""


def answered() -> Any:
    """A notebook as JupyterLab has it after a student has answered."""
    output = new_output("display_data", {"text/html": "my answer"})
    cell = new_code_cell("form()", outputs=[output], execution_count=3, metadata={"execution": {"iopub": "now"}})
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"x": "my answer"}}}
    return new_notebook(cells=[new_markdown_cell("# Goals"), cell], metadata={"widgets": state})


def shipped_in(folder: Path, text: str = "# Goals") -> Path:
    folder.mkdir(exist_ok=True)
    for name in ("00_start_here", "01_goals"):
        nbformat.write(new_notebook(cells=[new_markdown_cell(text), new_code_cell("form()")]), folder / f"{name}.ipynb")
    return folder


def test_a_saved_notebook_has_no_answer_no_output_and_no_count() -> None:
    model = {"type": "notebook", "content": answered()}
    strip_answers(model)
    assert "my answer" not in json.dumps(model)
    assert model["content"].cells[1].execution_count is None and model["content"].cells[1].source == "form()"


@pytest.mark.parametrize("model", [{"type": "file", "content": "x"}, {"type": "notebook"}, {"type": "directory"}])
def test_what_is_not_a_notebook_is_left_as_it_is(model: dict[str, Any]) -> None:
    before = dict(model)
    strip_answers(model)
    assert model == before


def test_a_notebook_that_the_student_changed_is_kept_and_named(tmp_path: Path) -> None:
    shipped, mine = shipped_in(tmp_path / "shipped"), tmp_path / "mine"
    assert copy_notebooks(shipped, mine) == []
    changed = new_notebook(cells=[new_markdown_cell("# My own words")])
    nbformat.write(changed, mine / "01_goals.ipynb")
    shipped_in(shipped, "# Goals, second edition")
    assert copy_notebooks(shipped, mine) == ["01_goals.ipynb"]
    assert "My own words" in (mine / "01_goals.ipynb").read_text()
    assert "second edition" in (mine / "00_start_here.ipynb").read_text()
    assert copy_notebooks(shipped, mine) == ["01_goals.ipynb"]


def test_what_jupyterlab_adds_when_it_saves_is_not_a_change(tmp_path: Path) -> None:
    shipped, mine = shipped_in(tmp_path / "shipped"), tmp_path / "mine"
    copy_notebooks(shipped, mine)
    saved = nbformat.read(mine / "01_goals.ipynb", as_version=4)
    saved.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(saved, mine / "01_goals.ipynb")
    shipped_in(shipped, "# Goals, second edition")
    assert copy_notebooks(shipped, mine) == []
    assert "second edition" in (mine / "01_goals.ipynb").read_text()


def test_a_broken_copy_is_not_overwritten_either(tmp_path: Path) -> None:
    shipped, mine = shipped_in(tmp_path / "shipped"), tmp_path / "mine"
    copy_notebooks(shipped, mine)
    (mine / "01_goals.ipynb").write_text("{ half of my work")
    assert copy_notebooks(shipped, mine) == ["01_goals.ipynb"]
    assert (mine / "01_goals.ipynb").read_text() == "{ half of my work"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a running JupyterLab on small notebooks."""
    with jupyterlab(tmp_path, "-c", START, str(tmp_path / "home"), str(shipped_in(tmp_path / "shipped"))) as address:
        yield address


def ask_lab(address: str, path: str, method: str = "GET", body: Any = None, token: bool = True) -> tuple[int, Any]:
    """Status and answer of JupyterLab."""
    base, key = re.match(r"(http://[^/]+).*token=(.+)", address).groups()  # type: ignore[union-attr]
    headers = {"Authorization": f"token {key}"} if token else {}
    request = urllib.request.Request(base + path, json.dumps(body).encode() if body else None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, None


def test_jupyterlab_asks_for_the_token_runs_this_python_and_saves_no_answer(lab: str, tmp_path: Path) -> None:
    assert ask_lab(lab, "/api/contents", token=False) == (403, None)
    status, listing = ask_lab(lab, "/api/kernelspecs")
    assert status == 200, (tmp_path / "jupyterlab.txt").read_text()
    assert [spec["spec"]["argv"][0] for spec in listing["kernelspecs"].values()] == [sys.executable]
    model = {"type": "notebook", "format": "json", "content": answered()}
    assert ask_lab(lab, "/api/contents/01_goals.ipynb", "PUT", model)[0] == 200
    written = (tmp_path / "home" / "notebooks" / "01_goals.ipynb").read_text()
    assert "form()" in written and "my answer" not in written


SLOW = """
import time
from nbconvert.exporters import base
base.get_export_names = lambda: print("Asked for formats.", flush=True) or time.sleep(1) or []
"""


def test_jupyterlab_that_is_closed_in_the_middle_of_its_work_ends(tmp_path: Path) -> None:
    shipped = str(shipped_in(tmp_path / "shipped"))
    with jupyterlab(tmp_path, "-c", SLOW + START, str(tmp_path / "home"), shipped) as address:
        host, port, key = re.match(r"http://([^:]+):(\d+).*token=(.+)", address).groups()  # type: ignore[union-attr]
        with socket.create_connection((host, int(port))) as asked:
            asked.sendall(f"GET /api/nbconvert?token={key} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            until_said(tmp_path / "jupyterlab.txt", "Asked for formats.")


def test_nobody_is_asked_about_news(lab: str, window: Callable[..., Any]):
    page = window(viewport={"width": 1280, "height": 900})
    page.goto(lab)
    page.locator(".jp-Notebook").wait_for(timeout=60_000)
    config = "JSON.parse(document.querySelector('#jupyter-config-data').textContent)"
    assert "@jupyterlab/apputils-extension:announcements" in page.evaluate(f"{config}.disabledExtensions")

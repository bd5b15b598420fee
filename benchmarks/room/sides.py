"""The apps that are compared, each with the command that its documentation gives for production."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from benchmarks.apps import App, free_port, started

ROOT = Path(__file__).parents[2]
APPS = Path(__file__).parent / "apps"
OUR_BIN = Path(sys.executable).parent
THEIR_BIN = ROOT / ".venv-bench" / "bin"
HERE = "127.0.0.1"
ASKED = "import json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in %r}))"
OWN_HOME = "import os, tempfile\nos.environ['MENTORKIT_HOME'] = tempfile.mkdtemp(dir=os.environ['ROOM_HOMES'])"

Command = Callable[[Path, int], list[object]]  # from the app's folder and a port


@dataclass(frozen=True)
class Side:
    """One app of the comparison."""

    key: str
    name: str
    client: str  # the module of benchmarks.room.clients that speaks its protocol
    command: Command
    package: str = ""  # whose version is told besides those of the project's own environment
    path: str | None = ""  # where the worksheet is; None: the app prints its address
    prepare: Callable[[Path], None] = lambda folder: None  # writes what the command needs into the folder

    @contextmanager
    def running(self) -> Iterator[App]:
        """The app, started anew in an empty folder and listening."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
            folder, port = Path(made), free_port()
            self.prepare(folder)
            address = "" if self.path is None else f"http://127.0.0.1:{port}/{self.path}"
            with started(self.key, self.command(folder, port), folder, _environment(folder), address) as app:
                yield app

    def said(self) -> str:
        """The command as one would type it."""
        words = [word.name if isinstance(word, Path) else str(word) for word in self.command(Path("FOLDER"), 8000)]
        return " ".join(words)


def _environment(folder: Path) -> dict[str, str]:
    given = {"ROOM_RECORDS": folder / "records.sqlite", "ROOM_HOMES": folder, "PYTHONPATH": APPS, "HOME": folder}
    return {**os.environ, **{name: str(value) for name, value in given.items()}}


def _write_core(folder: Path) -> None:
    code = (APPS / "voila_form.py").read_text("utf-8")
    nbformat.write(_notebook([nbformat.v4.new_code_cell(code)]), folder / "needs.ipynb")


def _write_ours(folder: Path) -> None:
    from mentorkit.serve.notebooks import joined, notebooks_folder

    cells = [nbformat.v4.new_code_cell(OWN_HOME), *joined(notebooks_folder()).cells]
    nbformat.write(_notebook(cells), folder / "workbook.ipynb")


def _voila(notebook: str) -> Command:
    return lambda folder, port: [OUR_BIN / "voila", folder / notebook, "--no-browser", f"--port={port}"]


def _notebook(cells: list[object]) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def _streamlit(folder: Path, port: int) -> list[object]:
    options = ["--server.headless=true", "--server.fileWatcherType=none", "--browser.gatherUsageStats=false"]
    return [THEIR_BIN / "streamlit", "run", APPS / "streamlit_app.py", f"--server.port={port}", *options]


def _panel(folder: Path, port: int) -> list[object]:
    options = [f"--port={port}", f"--allow-websocket-origin={HERE}:{port}"]
    return [THEIR_BIN / "panel", "serve", APPS / "panel_app.py", *options]


def _solara(folder: Path, port: int) -> list[object]:
    options = ["--production", "--no-open", f"--host={HERE}", f"--port={port}"]
    return [THEIR_BIN / "solara", "run", APPS / "solara_app.py", *options]


def _shiny(folder: Path, port: int) -> list[object]:
    return [THEIR_BIN / "shiny", "run", f"--host={HERE}", f"--port={port}", "--app-dir", APPS, "shiny_app:app"]


def _static(folder: Path, port: int) -> list[object]:
    return [THEIR_BIN / "uvicorn", f"--host={HERE}", f"--port={port}", "--log-level=warning", "static_page:app"]


def _ours(folder: Path, port: int) -> list[object]:
    options = ["--students=300", f"--home={folder / 'home'}", f"--port={port}", "--no-browser", "--here-only"]
    return [OUR_BIN / "mentorkit", "orientation", *options]


SIDES = (
    Side("ours", "Mentorkit, a room", "ours", _ours, path=None),
    Side("voila", "Voilà, core ipywidgets, pandas", "voila", _voila("needs.ipynb"), prepare=_write_core),
    Side("notebook", "Voilà, our notebook, its kernels", "ours", _voila("workbook.ipynb"), prepare=_write_ours),
    Side("streamlit", "Streamlit", "streamlit", _streamlit, "streamlit"),
    Side("panel", "Panel", "panel", _panel, "panel", "panel_app"),
    Side("solara", "Solara", "solara", _solara, "solara"),
    Side("shiny", "Shiny for Python", "shiny", _shiny, "shiny"),
    Side("static", "a static page (the floor)", "static", _static, "starlette"),
)


def versions() -> dict[str, str]:
    """The versions of the other frameworks."""
    names = [side.package for side in SIDES if side.package] + ["uvicorn"]
    told = subprocess.run([THEIR_BIN / "python", "-c", ASKED % names], capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))

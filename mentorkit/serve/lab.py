"""JupyterLab on one's own copy of the notebooks, which never hold an answer: for students, and the one for advisors."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import nbformat

from mentorkit.serve.keys import keys_in
from mentorkit.serve.notebooks import advisor_pages, notebooks_folder, student_pages
from mentorkit.serve.open import has_display, listen, student_env

SHIPPED = ".shipped.json"
SETTINGS = Path(__file__).parent / "jupyter"  # nobody is asked about news: they would be fetched from another host


def open_lab(home: Path, port: int | None, browser: bool, sample: bool) -> None:
    """Serve JupyterLab on 127.0.0.1 until Ctrl-C, on `<home>/notebooks`.

    Notebooks that the student has changed stay as they are, and that is said. Raises MentorkitError when the wanted
    port is taken.
    """
    os.environ |= student_env(home, sample)
    _serve(home, student_pages, port, browser)


def open_advisors_lab(home: Path) -> None:
    """The same with what is for advisors, on the copy in a folder of their own."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _serve(home, advisor_pages, None, browser=True)


def _serve(home: Path, pages: Callable[[Path], list[Path]], port: int | None, browser: bool) -> None:
    from jupyterlab.labapp import LabApp

    folder, first = home / "notebooks", pages(notebooks_folder())[0].name
    for name in copy_notebooks(notebooks_folder(), folder, pages):
        print(f"{name} stays as you changed it. Rename your copy to get the new one next time.")
    (held,) = listen(port)
    chosen = held.getsockname()[1]
    held.close()
    token = keys_in(home).token
    os.environ["JUPYTER_TOKEN"] = token
    own = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (own, str(SETTINGS))))
    address = f"http://127.0.0.1:{chosen}/lab/tree/{first}?token={token}"
    print(f"In a moment the notebooks are at {address} (Ctrl-C closes them)", flush=True)
    LabApp.launch_instance(lab_arguments(folder, first, chosen, browser and has_display()))
    _end()


def _end() -> NoReturn:
    """End the process although Jupyter's worker threads may stay: one that worked when the server closed is never told
    to end, and would be waited for. They read and list only; files are written in the main thread (see `saving`).
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def lab_arguments(folder: Path, first: str, port: int, browser: bool) -> list[str]:
    """What JupyterLab is told; the token goes by the environment, since arguments are visible to other users."""
    told = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": browser,
        "ServerApp.root_dir": folder.absolute(),
        "ServerApp.allow_remote_access": False,
        "ServerApp.kernel_spec_manager_class": "mentorkit.serve.kernels.OwnPython",
        "ServerApp.contents_manager_class": "mentorkit.serve.saving.NoAnswers",
        "LabApp.default_url": f"/lab/tree/{first}",
        "LabApp.news_url": None,  # no request to another host
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "ServerApp.allow_root": True,  # a container has no other user
        "Application.log_level": "ERROR",
    }
    return [f"--{name}={value}" for name, value in told.items()]


def copy_notebooks(shipped: Path, folder: Path, pages: Callable[[Path], list[Path]] = student_pages) -> list[str]:
    """Bring `folder` up to date with the shipped notebooks; the names of those left alone as they were changed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    marks = _read_marks(folder / SHIPPED)
    kept = []
    for source in pages(shipped):
        copy, mark = folder / source.name, fingerprint(source)
        if not copy.exists() or fingerprint(copy) == marks.get(source.name):
            shutil.copyfile(source, copy)
        elif fingerprint(copy) != mark:
            kept.append(source.name)
            continue
        marks[source.name] = mark
    (folder / SHIPPED).write_text(json.dumps(marks, indent=1), "utf-8")
    return kept


def fingerprint(path: Path) -> str:
    """What a reader would call the notebook's content: its cells. JupyterLab rewrites the rest when it saves."""
    try:
        cells = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
    except (OSError, ValueError, KeyError, AttributeError):
        return "unreadable"
    text = json.dumps([[cell.cell_type, cell.source] for cell in cells])
    return hashlib.sha256(text.encode()).hexdigest()


def _read_marks(path: Path) -> dict[str, str]:
    try:
        marks = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}

"""The command `mentorkit open`."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from mentorkit.cli.options import HomeOption
from mentorkit.errors import BadFile
from mentorkit.store import find_home


def open_(
    home: HomeOption = None,
    lab: Annotated[bool, typer.Option("--lab", help="In JupyterLab, notebook by notebook.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="A made-up student, thrown away at the end.")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port on this computer.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
) -> None:
    """Open the workbook in your browser.

    It runs on this computer only, and Ctrl-C closes it.

    Example: mentorkit open --demo
    """
    if demo and home:
        raise BadFile("--demo makes a folder of its own: leave --home out.")
    from mentorkit.serve.lab import open_lab
    from mentorkit.serve.open import open_app

    start = open_lab if lab else open_app
    if not demo:
        start(find_home(home).path, port, browser, sample=False)
        return
    from mentorkit.simulate import simulate_student

    with tempfile.TemporaryDirectory(prefix="mentorkit-demo-") as folder:
        simulate_student(Path(folder)).close()
        start(Path(folder), port, browser, sample=True)

"""The commands `mentorkit simulate` and `mentorkit check`: made-up students, and whether all is in order."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mentorkit.cli.options import HomeOption
from mentorkit.errors import BadFile


def simulate(
    folder: Annotated[Path, typer.Argument(help="An empty or new folder.")],
    students: Annotated[int, typer.Option(min=1, max=5000, help="How many students.")] = 1,
    terms: Annotated[int, typer.Option(min=1, max=16, help="Over how many semesters.")] = 4,
    seed: Annotated[int, typer.Option(help="The same seed makes the same students.")] = 7,
) -> None:
    """Make up students over several semesters.

    Example: mentorkit simulate made-up --students 3 --terms 4
    """
    from mentorkit.simulate import simulate_students

    with _undone_when_stopped(folder):
        made = simulate_students(folder, students=students, terms=terms, seed=seed)
        with typer.progressbar(made, length=students, label="Making up students", file=sys.stderr) as homes:
            count = sum(1 for _ in homes)
    typer.echo(f"Made up {count} {'student' if count == 1 else 'students'} over {terms} terms in {folder}.")


def check(home: HomeOption = None) -> None:
    """Say what is wrong, and what to do.

    It looks at the content files, the records and the installation.

    Example: mentorkit check
    """
    from mentorkit.health import examine

    findings = examine(home)
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.good else 'FIX '} {finding.sentence}")
    if wrong := sum(not finding.good for finding in findings):
        raise BadFile(f"{wrong} of {len(findings)} things looked at need fixing.")


@contextmanager
def _undone_when_stopped(folder: Path) -> Iterator[None]:
    """Leave a folder that was empty or not there as it was when anything stops us, Ctrl-C included."""
    was_there, was_empty = folder.exists(), not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    try:
        yield
    except BaseException:
        if was_empty:
            for made in folder.iterdir() if was_there else ():
                shutil.rmtree(made) if made.is_dir() else made.unlink()
            if not was_there:
                shutil.rmtree(folder, ignore_errors=True)
        raise

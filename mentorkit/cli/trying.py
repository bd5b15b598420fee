"""The commands `mentorkit simulate` and `mentorkit check`: made-up students, and whether all is in order."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from mentorkit.cli.options import HomeOption
from mentorkit.errors import BadFile


def simulate(
    folder: Annotated[Path | None, typer.Argument(help="An empty or new folder, for a home of each student.")] = None,
    students: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many students.")] = 1,
    terms: Annotated[int, typer.Option(min=1, max=16, help="Over how many semesters.")] = 4,
    seed: Annotated[int, typer.Option(help="The same seed makes the same students.")] = 7,
    shares: Annotated[Path | None, typer.Option(help="Share files instead, in an empty or new folder.")] = None,
    items: Annotated[Path | None, typer.Option(help="Item rows instead, in a .parquet or .csv file.")] = None,
) -> None:
    """Make up students over several semesters.

    A folder gets a home for each, which “mentorkit open” opens. For those who compare cohorts, --shares writes what the
    students would hand in, and --items the rows of their answers; the true figures stand beside them, in a file that
    ends in -truth.json.

    Example: mentorkit simulate --students 200 --terms 4 --shares made-up
    """
    if sum(place is not None for place in (folder, shares, items)) != 1:
        raise BadFile("Say where the students go, and once: a folder of homes, --shares a folder or --items a file.")
    if folder:
        _homes(folder, students, terms, seed)
    elif shares:
        _shares(shares, students, terms, seed)
    elif items:
        _items(items, students, terms, seed)


def _homes(folder: Path, students: int, terms: int, seed: int) -> None:
    from mentorkit.simulate import simulate_students

    _expect_at_most(5_000, students, "homes")
    with _undone_when_stopped(folder):
        made = simulate_students(folder, students=students, terms=terms, seed=seed)
        with typer.progressbar(made, length=students, label="Making up students", file=sys.stderr) as homes:
            count = sum(1 for _ in homes)
    typer.echo(f"Made up {_counted(count)} over {terms} terms in {folder}.")


def _shares(folder: Path, students: int, terms: int, seed: int) -> None:
    from mentorkit.cohort.simulation import write_shares

    _expect_at_most(50_000, students, "share files")
    with _undone_when_stopped(folder), _counting(students) as said:
        count, truth = write_shares(folder, students, _semesters(terms), seed, said=said)
    typer.echo(f"Made up {_counted(students)} over {terms} terms: {count} share files in {folder}.")
    typer.echo(f"The true figures are in {truth}.")


def _items(file: Path, students: int, terms: int, seed: int) -> None:
    from mentorkit.cohort.simulation import write_items

    with _counting(students) as said:
        truth = write_items(file, students, _semesters(terms), seed, said=said)
    typer.echo(f"Made up {_counted(students)} over {terms} terms: item rows in {file}.")
    typer.echo(f"The true figures are in {truth}.")


def _semesters(count: int) -> list[str]:
    from mentorkit.content import load_content
    from mentorkit.simulate import terms_up_to

    content = load_content()
    return terms_up_to(content, content.calendar.at(date.today()), count)


def _expect_at_most(most: int, students: int, what: str) -> None:
    if students > most:
        raise BadFile(
            f"{students} students are too many for {what}: make up at most {most}, or item rows with --items."
        )


def _counted(students: int) -> str:
    return "1 student" if students == 1 else f"{students} students"


@contextmanager
def _counting(students: int) -> Iterator[Callable[[int], None]]:
    with typer.progressbar(length=students, label="Making up students", file=sys.stderr) as bar:
        yield bar.update


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

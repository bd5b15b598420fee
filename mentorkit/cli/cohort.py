"""The command `mentorkit cohort`: from what students shared to a release, its tables and its report."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mentorkit.cli.options import Force, printable, tell_what_was_left
from mentorkit.errors import BadFile, NotSaved

if TYPE_CHECKING:
    from mentorkit.cohort import Collected, Release
    from mentorkit.content import Content

FILES = typer.Argument(help="Share files, folders of them, REDCap exports, or item rows.", show_default=False)
TERMS = typer.Option(metavar="A B", help="The two terms to compare (else the last two).")
BY = typer.Option(help="class_year or mentor_type, once for each.")
MINIMUM = typer.Option(help="Nothing is said about fewer students; at least 5.")
ANYWAY = "Freeze it even if most is withheld because of earlier releases."
LEDGER = typer.Option(help="Where releases are frozen (else one place for all cohorts).")


def cohort(
    files: Annotated[list[Path] | None, FILES] = None,
    room: Annotated[Path | None, typer.Option(help="The folder of a room, for what was shared in it.")] = None,
    terms: Annotated[tuple[str, str] | None, TERMS] = None,
    term: Annotated[str | None, typer.Option(help="One term alone.")] = None,
    by: Annotated[list[str] | None, BY] = None,
    invited: Annotated[int | None, typer.Option(min=1, help="How many students were asked.")] = None,
    minimum: Annotated[int, MINIMUM] = 10,
    name: Annotated[str, typer.Option("--cohort", help="What the cohort is called, in the report.")] = "",
    ledger: Annotated[Path | None, LEDGER] = None,
    out: Annotated[Path, typer.Option(help="The folder for the files; a new or empty one.")] = Path("cohort-release"),
    force: Force = False,
    anyway: Annotated[bool, typer.Option("--anyway", help=ANYWAY)] = False,
    lab: Annotated[bool, typer.Option("--lab", help="Open the notebook that does all this, in JupyterLab.")] = False,
) -> None:
    """Compare how a cohort's needs and relationships stand and change, without being able to see anyone.

    It says what was read and what was refused, freezes a release in the ledger, and writes it as tables and a report.
    Numbers about few students are withheld, also where they could be worked out from others, or from what was released
    before. Not for the evaluation of students or mentors.

    Example: mentorkit cohort handed-in --terms 2026-spring 2026-fall
    """
    from mentorkit.cohort import Ledger, files_of, release, usual_ledger
    from mentorkit.cohort.files import expect_enough_invited
    from mentorkit.takeaway import write_files

    if lab:
        from mentorkit.serve.lab import open_advisors_lab

        open_advisors_lab(usual_ledger().path.parent.parent / "advisor")
        return
    _expect_options(terms, by, minimum)
    if terms and term:
        raise BadFile("Name two terms with --terms, or one with --term.")
    _expect_room_for_files(out, force)
    collected = _read(files or [], room)
    _tell(collected)
    kept = Ledger(ledger) if ledger else usual_ledger()
    typer.echo("Checking what may be published …", err=True)
    chosen = terms or ((term,) if term else ())
    content = collected.content
    look = partial(expect_enough_invited, content=content, invited=invited)
    made = release(collected, chosen, by=by or (), minimum=minimum, name=name, ledger=kept, anyway=anyway, look=look)
    missing: list[str] = []
    texts = files_of(made, content, invited, missing.append)
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise NotSaved(f"{out} cannot be made ({error.strerror}): choose another place with --out.") from error
    write_files({out / file: text for file, text in texts.items()}, force=True)
    if missing:
        (out / "report.pdf").unlink(missing_ok=True)  # of another release
    for line in [*_counts(made, content), f"Wrote {', '.join(texts)} to {out}.", *missing]:
        typer.echo(printable(line))
    typer.echo(printable(f"Release {made.number} is frozen in {kept.path}. Keep that file: the next one needs it."))


def _expect_options(terms: tuple[str, str] | None, by: list[str] | None, minimum: int) -> None:
    """Before anything is read."""
    from mentorkit.cohort.disclosure import LEAST
    from mentorkit.cohort.members import GROUPINGS

    if terms and any(term.startswith("-") for term in terms):
        raise BadFile("--terms takes two terms, such as 2026-spring 2026-fall; --term takes one.")
    if strange := [name for name in by or () if name not in GROUPINGS]:
        raise BadFile(f"There is no grouping {strange[0]}: write --by {' or --by '.join(GROUPINGS)}.")
    if minimum < LEAST:
        raise BadFile(f"Nothing is said about fewer than {LEAST} students: write --minimum {LEAST} or more.")


def _expect_room_for_files(out: Path, force: bool) -> None:
    """Before anything is frozen: nothing is written over, and a mistyped place is told at once."""
    if out.exists() and not out.is_dir():
        raise BadFile(f"{out} is a file: name a folder with --out.")
    if out.exists() and any(out.iterdir()) and not force:
        raise BadFile(f"{out} has something in it: choose another folder with --out, or add --force to write over it.")
    if not out.absolute().parent.is_dir():
        raise BadFile(f"There is no folder {out.absolute().parent}: make it first, or choose another place.")


def _read(files: list[Path], room: Path | None) -> "Collected":
    from mentorkit.cohort.members import GROUPINGS
    from mentorkit.cohort.reading import files_in, read

    if named := [path.name for path in files if path.name in GROUPINGS and not path.exists()]:
        raise BadFile(f"Write --by {named[0]}: each grouping needs a --by of its own.")
    every = files_in(files)
    with typer.progressbar(length=len(every), label="Reading", file=sys.stderr) as bar:
        return read(every, room=room, said=bar.update)


def _tell(collected: "Collected") -> None:
    """What was read, and one sentence for each file that was not, or not as a whole."""
    folders = sorted({str(Path(one).parent) for one in collected.read})
    for folder in folders:
        typer.echo(printable(f"Read from {folder}."))
    tell_what_was_left(collected)


def _counts(release: "Release", content: "Content") -> list[str]:
    """How many students, as far as that is published."""
    calendar, lines = content.calendar, []
    for table in release.tables:
        what, _, term = table.partition(" ")
        number = release.at(table)
        if what == "needs" and " " not in term and number:
            lines.append(f"{calendar.name(term)}: {_students(number.text)}.")
    parts = [(dict(number.group)["part"], number) for number in release.rows("part") if number.group]
    return [*lines, *(f"{part.capitalize()}: {_students(one.text)}." for part, one in parts), *release.notes]


def _students(text: str) -> str:
    return "how many students is withheld" if text == "withheld" else f"{text} students"

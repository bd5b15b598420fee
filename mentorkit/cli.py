"""The command line: one thing a command, an example in its help; bad input is one sentence and exit code 2."""

import io
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from mentorkit import __version__
from mentorkit.errors import BadFile, MentorkitError
from mentorkit.serve.room import commands as room
from mentorkit.store import Home, find_home, home_at
from mentorkit.store.disk import make_private
from mentorkit.takeaway import expect_file, expect_free, read_file, write_files

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no “ shows a ?
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one command: 0, or 2 after one sentence on standard error."""
    about: dict[str, Path | None] = {}
    try:
        code = app(arguments, prog_name="mentorkit", standalone_mode=False, obj=about)
        return _refuse("Stopped.") if code == 130 else code or 0
    except typer.Abort:
        return _refuse("Stopped. Nothing was changed.")
    except MentorkitError as refusal:
        return _refuse(str(refusal))
    except Exception as error:
        if said := getattr(error, "format_message", None):  # how Click and Typer tell a mistake in the arguments
            where = getattr(getattr(error, "ctx", None), "command_path", "mentorkit")
            return _refuse(f"{said().rstrip('.?')}: see {where} --help.")
        return _refuse(f"Something went wrong in Mentorkit itself: it is written down in {_log(about.get('home'))}.")


def _refuse(sentence: str) -> int:
    print(f"mentorkit: {_printable(sentence)}", file=sys.stderr)
    return 2


def _printable(sentence: str) -> str:
    """On one line, and without what could steer a terminal."""
    return "".join(char if char.isprintable() else "?" for char in " ".join(sentence.split()))


def _log(home: Path | None) -> Path:
    """Write down the exception at hand, where only the student can read it and “erase” removes it."""
    try:
        log = find_home(home).path / "mentorkit.log"
        make_private(log)
    except (MentorkitError, OSError):
        log = Path(tempfile.mkdtemp(prefix="mentorkit-")) / "mentorkit.log"
    with suppress(OSError), log.open("a", encoding="utf-8", errors="replace") as file:
        traceback.print_exc(file=file)
    return log


def _remember(context: typer.Context, home: Path | None) -> Path | None:
    context.ensure_object(dict)["home"] = home
    return home


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mentorkit {__version__}")
        raise typer.Exit


VERSION = typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
HomeOption = Annotated[
    Path | None,
    typer.Option(callback=_remember, help="The folder of your records (else MENTORKIT_HOME, else your own data's)."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over an existing file.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.callback(invoke_without_command=True)
def mentorkit(
    context: typer.Context,
    version: Annotated[bool, VERSION] = False,
) -> None:
    """Mentorkit: what you need from mentoring, who could help, and what really changed.

    Example: mentorkit open
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(name="open")
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


app.command()(room.orientation)
app.command()(room.bots)


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="The file to write: .json everything, .csv scores, .ics dates.")],
    home: HomeOption = None,
    force: Force = False,
) -> None:
    """Take your answers along in one file.

    A JSON file has everything but what is marked “only you see this”, which “mentorkit backup” has too. A CSV file
    has the scores, with a codebook beside it. An ICS file has meetings, follow-ups and the end of the semester.

    Example: mentorkit export my-answers.json
    """
    from mentorkit.reports.exchange import as_json
    from mentorkit.reports.tables import codebook_csv, scores_csv
    from mentorkit.workbook import open_workbook

    book = open_workbook(_home_with_records(home).path)
    match target.suffix.lower():
        case ".json":
            write_files({target: as_json(book.content, book.records)}, force)
            typer.echo(f"Wrote all but what is private to {target}.")
        case ".csv":
            codebook = target.with_name(f"{target.stem}-codebook.csv")
            write_files({target: scores_csv(book), codebook: codebook_csv(book)}, force)
            typer.echo(f"Wrote the scores to {target} and what they mean to {codebook}.")
        case ".ics":
            from mentorkit.reports.calendar import calendar_file

            write_files({target: calendar_file(book).decode()}, force)
            typer.echo(f"Wrote what lies ahead to {target}: open it with your calendar.")
        case _:
            raise BadFile(f"{target} ends in none of .json (everything), .csv (scores) and .ics (dates): rename it.")


@app.command(name="import")
def import_(
    source: Annotated[Path, typer.Argument(help="A file made by “mentorkit export”.")],
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    yes: Yes = False,
) -> None:
    """Add the answers of an exported file.

    What goes on from what is here is added, and the earlier answers stay in the history. What was changed in both
    places stays as it is here: this asks first, and on the page “Start” you can choose which one counts.

    Example: mentorkit import my-answers.json --dry-run
    """
    from mentorkit.merging import bring_in, in_words, plan
    from mentorkit.reports.along import left_line, lines, namesake_lines
    from mentorkit.reports.exchange import LARGEST, read_export
    from mentorkit.workbook import open_workbook

    raw = read_file(source, LARGEST)
    book = open_workbook(home)
    content, records = book.content, read_export(raw, book.content, [person.id for person in book.people])
    merge = plan(book, records)
    news = in_words(content, merge)
    left = (left_line(content, one) for one in news.differing)
    for line in (*lines(content, news), *left, *namesake_lines(content, news)):
        typer.echo(f"- {_printable(line)}")
    if dry_run:
        typer.echo(f"Would add {len(merge.add)} records; {merge.same} say nothing new. Nothing was changed.")
        return
    if merge.differing and not yes:
        typer.confirm("Add what is new, and leave what differs as it is here?", abort=True)
    merge = bring_in(book, records)
    typer.echo(f"Added {len(merge.add)} records; {merge.same} say nothing new.")


@app.command()
def backup(
    target: Annotated[Path | None, typer.Argument(help="The file to write (else one in the backups folder).")] = None,
    home: HomeOption = None,
    force: Force = False,
) -> None:
    """Save a verified copy of everything.

    It has what is marked “only you see this” too: keep it where only you can read it.

    Example: mentorkit backup my-copy.sqlite
    """
    from mentorkit.store import Store, back_up, backups, write_copy

    place = _home_with_records(home)
    store = Store(place.records)
    if target is None:
        back_up(place, store, insist=True)
        typer.echo(f"The last verified copy is {backups(place)[-1]}.")
        return
    if target.resolve() == place.records.resolve():
        raise BadFile(f"{target} is the file of your records itself: choose another name.")
    expect_free(target, force)
    write_copy(store, target)
    typer.echo(f"Saved {len(store.records)} records to {target}.")


@app.command()
def restore(
    source: Annotated[Path | None, typer.Argument(help="A backup (else the last good one).")] = None,
    home: HomeOption = None,
    yes: Yes = False,
) -> None:
    """Bring back a backup after damage.

    Every record of the present file that still verifies is kept too, and the file itself is set aside.

    Example: mentorkit restore --yes
    """
    from mentorkit.store import restore as bring_back

    place = find_home(home)
    if source:
        expect_file(source)
    if not yes:
        typer.confirm(f"Bring back {source or 'the last good backup'} in {place.path}?", abort=True)
    found = bring_back(place, source)
    typer.echo(f"Restored {found.records} records, {found.from_backup} of them from the backup.")
    if found.set_aside:
        typer.echo(f"The file that was there is kept as {found.set_aside}.")


@app.command()
def erase(home: HomeOption = None, yes: Yes = False) -> None:
    """Remove everything from this computer, for good.

    That is answers, scorecards, backups and notebook copies. Files are deleted, not overwritten: until the disk uses
    their space again, special tools may find traces. Copies that you, a sync service or the system's own backups made
    elsewhere stay.

    Example: mentorkit erase --yes
    """
    from mentorkit.store import erase as remove

    place = home_at(home)
    if not place.path.is_dir():
        raise BadFile(f"There is no folder {place.path}, so there is nothing to erase.")
    if not yes:
        typer.echo(f"This removes everything Mentorkit keeps in {place.path}, backups included. It cannot be undone.")
        if typer.prompt("Type “erase” to go on").strip(" “”\"'").lower() != "erase":
            raise BadFile("Nothing was erased.")
    removed = remove(place)
    typer.echo(f"Erased {removed} files. Copies you made elsewhere are still there.")
    if place.path.is_dir() and (left := sorted(file.name for file in place.path.iterdir())):
        typer.echo(f"Not ours, and still in {place.path}: {', '.join(left)}.")


@app.command()
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


@app.command()
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


def _home_with_records(home: Path | None) -> Home:
    """The home, which is not made when it is not there: a mistyped folder stays out of being."""
    place = home_at(home)
    if not place.records.exists() and not place.found_backups():
        raise BadFile(f"There is nothing saved in {place.path} yet: check the folder.")
    return find_home(home)


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

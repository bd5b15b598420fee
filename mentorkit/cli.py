"""The command line: each command does one thing, with an example in its help; bad input is one sentence and exit code 2."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from mentorkit.errors import BadFile, MentorkitError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Mentorkit: what you need from mentoring, who could help, and what really changed.",
)

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The folder of your records (else MENTORKIT_HOME, else your data folder).")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def main() -> None:
    """Run the command line; every refusal of ours is one sentence on standard error and exit code 2."""
    try:
        app()
    except MentorkitError as refusal:
        print(f"mentorkit: {refusal}", file=sys.stderr)
        sys.exit(2)


@app.command(name="open")
def open_(
    home: HomeOption = None,
    lab: Annotated[bool, typer.Option("--lab", help="In JupyterLab, notebook by notebook.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="A made-up student over four semesters, thrown away at the end.")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port on this computer.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
) -> None:
    """Open the workbook in your browser, on this computer only. Ctrl-C closes it.

    Example: mentorkit open --demo
    """
    from mentorkit.serve.open import open_app, open_lab
    from mentorkit.store import find_home

    start = open_lab if lab else open_app
    if not demo:
        start(find_home(home).path, port, browser, sample=False)
        return
    from mentorkit.simulate import simulate_student

    with tempfile.TemporaryDirectory(prefix="mentorkit-demo-") as folder:
        simulate_student(Path(folder), terms=4, seed=7).close()
        start(Path(folder), port, browser, sample=True)


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="The file to write; a .csv gets the scores, with a codebook beside it.")],
    home: HomeOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Write everything to one JSON file to take along (without private flags and notes), or the scores to a CSV file.

    Example: mentorkit export my-answers.json
    """
    from mentorkit.reports.exchange import as_json
    from mentorkit.reports.tables import codebook_csv, scores_csv
    from mentorkit.workbook import open_workbook

    book = open_workbook(home)
    if target.suffix == ".csv":
        codebook = target.with_name(f"{target.stem}-codebook.csv")
        _write(target, scores_csv(book), force)
        _write(codebook, codebook_csv(book), force)
        typer.echo(f"Wrote the scores to {target} and what they mean to {codebook}.")
    else:
        _write(target, as_json(book.content, book.records), force)
        typer.echo(f"Wrote {len(book.records)} records to {target}. Private flags and notes were left out: “mentorkit backup” keeps those too.")


@app.command(name="import")
def import_(
    source: Annotated[Path, typer.Argument(help="A file made by “mentorkit export”.")],
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
) -> None:
    """Add the answers of an exported file. What is here already stays as it is; what differs is named.

    Example: mentorkit import my-answers.json --dry-run
    """
    from mentorkit.merging import plan
    from mentorkit.reports.exchange import LARGEST, read_export
    from mentorkit.workbook import open_workbook

    book = open_workbook(home)
    merge = plan(book, read_export(_read(source, LARGEST), book.content))
    typer.echo(f"{'Would add' if dry_run else 'Added'} {len(merge.add)} records; {merge.same} were here already.")
    for differing in merge.differing:
        typer.echo(f"Left as it is here, because the file has something else: {differing}.")
    if merge.add and not dry_run:
        book.add(list(merge.add))


@app.command()
def backup(
    target: Annotated[Path | None, typer.Argument(help="The file to write (else one in the backups folder).")] = None,
    home: HomeOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Save a verified copy of everything, private notes included. Keep it where only you can read it.

    Example: mentorkit backup /media/stick/mentorkit-copy.sqlite
    """
    from mentorkit.store import Store, back_up, backups, find_home, write_copy

    place = find_home(home)
    store = Store(place.records)
    if target is None:
        back_up(place, store)
        kept = backups(place)
        typer.echo(f"The last verified copy is {kept[-1]}." if kept else "There is nothing to copy yet.")
        return
    _expect_free(target, force)
    write_copy(store, target)
    typer.echo(f"Saved {len(store.records)} records to {target}.")


@app.command()
def restore(
    source: Annotated[Path | None, typer.Argument(help="A backup (else the last good one).")] = None,
    home: HomeOption = None,
    yes: Yes = False,
) -> None:
    """Bring back a backup, together with every record of the present file that still verifies; that file is set aside.

    Example: mentorkit restore
    """
    from mentorkit.store import find_home
    from mentorkit.store import restore as bring_back

    place = find_home(home)
    if not yes:
        typer.confirm(f"Bring back {source or 'the last good backup'} in {place.path}?", abort=True)
    found = bring_back(place, source)
    typer.echo(f"Restored {found.records} records: {found.from_backup} from the backup, {found.salvaged} from the file that was there.")
    if found.set_aside:
        typer.echo(f"That file is kept as {found.set_aside}.")


@app.command()
def erase(home: HomeOption = None, yes: Yes = False) -> None:
    """Remove all answers, scorecards and backups from this computer, for good.

    Example: mentorkit erase
    """
    from mentorkit.store import find_home
    from mentorkit.store.home import erase as remove

    place = find_home(home)
    if not yes:
        typer.echo(f"This removes everything Mentorkit keeps in {place.path}, backups included. It cannot be undone.")
        if typer.prompt("Type “erase” to go on").strip() != "erase":
            raise BadFile("Nothing was erased.")
    removed = remove(place)
    typer.echo(f"Erased {removed} files. Copies you made elsewhere are still there.")


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="An empty or new folder.")],
    students: Annotated[int, typer.Option(min=1, max=5000, help="How many students.")] = 1,
    terms: Annotated[int, typer.Option(min=1, max=16, help="Over how many semesters.")] = 4,
    seed: Annotated[int, typer.Option(help="The same seed makes the same students.")] = 7,
) -> None:
    """Make up students over several semesters, for demonstrations and tests.

    Example: mentorkit simulate made-up --students 20 --terms 4
    """
    from mentorkit.simulate import simulate_student

    if folder.exists() and any(folder.iterdir()):
        raise BadFile(f"{folder} has something in it. Choose an empty folder for made-up students.")
    homes = [folder / f"student-{number:03d}" for number in range(1, students + 1)] if students > 1 else [folder]
    with typer.progressbar(list(enumerate(homes)), label="Making up students", file=sys.stderr) as numbered:
        for number, home in numbered:
            simulate_student(home, terms=terms, seed=seed + number).close()
    typer.echo(f"Made up {students} students over {terms} terms in {folder}.")


@app.command()
def check(home: HomeOption = None) -> None:
    """Check the content files, the records and the installation, and say what to do about what is wrong.

    Example: mentorkit check
    """
    from mentorkit.health import examine

    findings = examine(home)
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.good else 'FIX '} {finding.sentence}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(2)


def _write(target: Path, text: str, force: bool) -> None:
    _expect_free(target, force)
    try:
        part = target.with_name(f".{target.name}.part")
        part.write_text(text, "utf-8")
        part.chmod(0o600)
        shutil.move(part, target)
    except OSError as error:
        raise BadFile(f"{target} cannot be written ({error.strerror}): choose another place.") from error


def _expect_free(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise BadFile(f"{target} exists already: choose another name, or add --force to write over it.")
    if not target.absolute().parent.is_dir():
        raise BadFile(f"There is no folder {target.absolute().parent}: make it first, or choose another place.")


def _read(source: Path, largest: int) -> bytes:
    try:
        with source.open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        raise BadFile(f"{source} cannot be read ({error.strerror}): check its name.") from error

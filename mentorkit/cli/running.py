"""A command is run: bad input is one sentence on standard error and exit code 2; what is our fault goes into a log."""

import io
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

import typer

from mentorkit.cli.commands import app
from mentorkit.cli.options import printable
from mentorkit.errors import MentorkitError
from mentorkit.store import find_home
from mentorkit.store.disk import make_private


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
    print(f"mentorkit: {printable(sentence)}", file=sys.stderr)
    return 2


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

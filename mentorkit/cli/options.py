"""What several commands ask for and look at in the same way."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mentorkit.errors import BadFile
from mentorkit.store import Home, find_home, home_at

if TYPE_CHECKING:
    from mentorkit.cohort import Collected


def _remember(context: typer.Context, home: Path | None) -> Path | None:
    context.ensure_object(dict)["home"] = home
    return home


HomeOption = Annotated[
    Path | None,
    typer.Option(callback=_remember, help="The folder of your records (else MENTORKIT_HOME, else your own data's)."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over an existing file.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def printable(sentence: str) -> str:
    """On one line, and without what could steer a terminal."""
    return "".join(char if char.isprintable() else "?" for char in " ".join(sentence.split()))


def tell_what_was_left(collected: "Collected") -> None:
    """One sentence for each file that was not read, or not as a whole."""
    for told in collected.refused:
        typer.echo(printable(f"Refused {told}"))
    for told in collected.notes:
        typer.echo(printable(f"Note on {told}"))


def home_with_records(home: Path | None) -> Home:
    """The home, which is not made when it is not there: a mistyped folder stays out of being."""
    place = home_at(home)
    if not place.records.exists() and not place.found_backups():
        raise BadFile(f"There is nothing saved in {place.path} yet: check the folder.")
    return find_home(home)

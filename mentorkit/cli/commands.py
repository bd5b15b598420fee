"""All commands in the order in which the help lists them; what one needs is imported when it runs."""

from typing import Annotated

import typer

from mentorkit import __version__
from mentorkit.cli import cohort, exchanging, keeping, norms, opening, share, trying
from mentorkit.serve.room import commands as room

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mentorkit {__version__}")
        raise typer.Exit


VERSION = typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")


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


app.command(name="open")(opening.open_)
app.command()(room.orientation)
app.command()(room.bots)
app.command()(exchanging.export)
app.command(name="import")(exchanging.import_)
app.command()(share.share)
app.command()(cohort.cohort)
app.command()(norms.norms)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(keeping.erase)
app.command()(trying.simulate)
app.command()(trying.check)

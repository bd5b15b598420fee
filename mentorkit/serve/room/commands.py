"""The commands `mentorkit orientation` and `mentorkit bots`; what they need is imported when they run."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from mentorkit.errors import MentorkitError

ROOM = Path("mentorkit-room")  # where a room keeps what it keeps, unless it is told otherwise


def _expect_room() -> None:
    """Raise `MentorkitError` when what a room needs besides the workbook is not installed."""
    if not all(map(find_spec, ("cryptography", "segno"))):
        raise MentorkitError("A room needs two more packages. Install them: pip install 'mentorkit[room]'")


def orientation(
    students: Annotated[int, typer.Option(min=1, max=2000, help="How many may come.")] = 300,
    cohort: Annotated[str, typer.Option(help="A name to show, such as “Class of 2030”.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on this computer; 0 is any.")] = 8872,
    home: Annotated[Path, typer.Option(help="The folder of the room: sealed records and the room's keys.")] = ROOM,
    tls_cert: Annotated[Path | None, typer.Option(help="A certificate, for an encrypted connection.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key.")] = None,
    address: Annotated[str | None, typer.Option(help="What students type, when a proxy stands before it.")] = None,
    host: Annotated[list[str] | None, typer.Option(help="A further name of this computer; can be repeated.")] = None,
    here_only: Annotated[bool, typer.Option("--here-only", help="Only from this computer, to try it out.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open your own page.")] = True,
    while_stdin_open: Annotated[bool, typer.Option("--while-stdin-open", help="End when standard input does.")] = False,
) -> None:
    """Open the workbook for a whole room: students scan a code, and nobody but they can read their answers.

    It runs on this computer until Ctrl-C, and opens again where it was.

    Example: mentorkit orientation --students 300 --cohort "Class of 2030"
    """
    _expect_room()
    from mentorkit.serve.room.orientation import Asked, open_room

    hosts = tuple(host or ())
    asked = Asked(students, cohort, port, home, address, tls_cert, tls_key, hosts, here_only, while_stdin_open)
    open_room(asked, browser)


def bots(
    address: Annotated[str | None, typer.Argument(help="The join address of a room; else one is started.")] = None,
    students: Annotated[int, typer.Option(min=1, max=2000, help="How many come.")] = 300,
    browsers: Annotated[int, typer.Option(min=0, max=50, help="How many real browsers come as well.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same answers.")] = 1,
    within: Annotated[float, typer.Option(min=0, help="Seconds until all have come.")] = 60,
    think: Annotated[float, typer.Option(min=0.01, help="Seconds between two answers, on average.")] = 5,
    work: Annotated[float, typer.Option(min=1, help="Seconds that they work, from the first arrival.")] = 180,
    kill_server_at: Annotated[float | None, typer.Option(min=0, help="Kill the server after so many seconds.")] = None,
    drop_network: Annotated[float | None, typer.Option(min=0, help="Each loses the network for so long, once.")] = None,
) -> None:
    """Fill a room with simulated students, and check that every acknowledged answer is there at the end.

    Run it the evening before, on the computer that will serve the room.

    Example: mentorkit bots --students 300 --kill-server-at 90
    """
    _expect_room()
    from mentorkit.serve.bots.run import Order, run_bots

    order = Order(address, students, browsers, seed, within, think, work, kill_server_at, drop_network)
    raise typer.Exit(run_bots(order))

"""`mentorkit bots`: a room full of simulated students, the evening before."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from mentorkit.errors import MentorkitError
from mentorkit.serve.bots.campaign import Campaign, Outcome, Plan, report
from mentorkit.serve.bots.rooms import OwnRoom

BAR = 30  # characters


@dataclass(frozen=True)
class Order:
    """What the command was asked for; times are in seconds."""

    address: str | None  # the join address of a room that runs; None starts one
    students: int
    browsers: int
    seed: int
    arrive_within: float
    think: float
    work: float
    kill_server_at: float | None
    drop_network: float | None


def run_bots(order: Order) -> int:
    """Play it, with progress; 0 when nothing was lost and everybody worked, else 1. Raises `MentorkitError`."""
    if order.address is not None and order.kill_server_at is not None:
        raise MentorkitError("--kill-server-at works on a room that the bots start themselves: leave the address out.")
    with _room(order) as (address, join, server):
        plan = Plan(
            address=address, join=join, students=order.students, seed=order.seed, arrive_within=order.arrive_within,
            think=order.think, work=order.work, kill_server_at=order.kill_server_at, server=server,
            drop_network=order.drop_network,
        )  # fmt: skip
        outcome = asyncio.run(_both(plan, order.browsers))
    print(report(outcome))
    return 0 if outcome.good else 1


async def _both(plan: Plan, browsers: int) -> Outcome:
    campaign = Campaign(plan, progress)
    if not browsers:
        return await campaign.run()
    from mentorkit.serve.bots.browsers import in_browsers

    outcome, seen = await asyncio.gather(campaign.run(), in_browsers(plan, browsers))
    return replace(outcome, browsers=seen)


@contextmanager
def _room(order: Order) -> Iterator[tuple[str, str, Callable[[], int] | None]]:
    if order.address is not None:
        yield (*join_of(order.address), None)
        return
    with tempfile.TemporaryDirectory(prefix="mentorkit-bots-") as folder, OwnRoom(Path(folder), order.students) as room:
        yield (*join_of(room.join_address), room.server_pid)


def join_of(address: str) -> tuple[str, str]:
    """The room's address and its join code, from the address that students scan; raises `MentorkitError`."""
    parts = urlsplit(address)
    base, found, join = address.rpartition("/join/")
    if parts.scheme not in ("http", "https") or not found or not join:
        raise MentorkitError("Give the join address as it was printed, such as http://192.168.1.20:8872/join/K7FM2Q.")
    return f"{base}/", join


def progress(what: str, done: int, total: int) -> None:
    """A bar on a terminal; on anything else a line at the end of each part."""
    if sys.stderr.isatty():
        full = BAR * done // max(1, total)
        end = "\n" if done >= total else ""
        print(f"\r{'█' * full}{'·' * (BAR - full)} {done} of {total} {what}   ", end=end, file=sys.stderr, flush=True)
    elif done >= total:
        print(f"{done} of {total} {what}", file=sys.stderr, flush=True)

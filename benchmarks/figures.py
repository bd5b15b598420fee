"""One run of everything: our app and the stock page by turns, then what only ours has."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from benchmarks import apps, insides, visits
from benchmarks.apps import App
from benchmarks.browser import chromium
from benchmarks.visits import Visit

Say = Callable[[str], None]


@dataclass
class Side:
    """What was measured of one of the two apps."""

    first: list[Visit] = field(default_factory=list)  # the visit right after the command
    later: list[Visit] = field(default_factory=list)  # with the app at rest before it
    kernel_mb: list[float] = field(default_factory=list)

    def of(self, what: str) -> float:
        """The median of one value of the later visits."""
        return float(median(getattr(visit, what) for visit in self.later))

    def stage(self, name: str) -> float:
        """The median of one stage."""
        return float(median(visit.stages[name] for visit in self.later))

    def from_command(self) -> float:
        """Seconds from the command to the usable page."""
        return float(median(visit.started for visit in self.first))


@dataclass
class Measured:
    """All that was measured."""

    ours: Side = field(default_factory=Side)
    stock: Side = field(default_factory=Side)
    clicks: list[float] = field(default_factory=list)  # milliseconds
    turns: list[float] = field(default_factory=list)  # milliseconds
    inside: dict[str, insides.Measured] = field(default_factory=dict)


def measure(rounds: int, say: Say) -> Measured:
    """Measure everything; each round starts both apps anew, ours first in one and second in the next."""
    found = Measured()
    with chromium() as browser:
        for number in range(rounds):
            say(f"Round {number + 1} of {rounds}: first page, ours and stock by turns …")
            _round(browser, found, swapped=number % 2 == 1)
        say("Answers and page turns …")
        _inside_the_app(browser, found)
    say("Imports, cells, ranking, saving …")
    for what in insides.MEASUREMENTS:
        found.inside[what] = _median([insides.measured(what) for _ in range(rounds)])
    return found


def _round(browser: Browser, found: Measured, swapped: bool) -> None:
    pair = [
        (found.ours, apps.ours, visits.visit_ours),
        (found.stock, apps.stock, visits.visit_stock),
    ]
    with ExitStack() as stack:
        running = []
        for side, start, visit in reversed(pair) if swapped else pair:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            app = stack.enter_context(start(folder))
            side.first.append(visit(browser, app))
            running.append((side, app, visit))
        for side, app, visit in running + running:
            _calm(running)
            side.later.append(visit(browser, app))
        for side, app, _ in running:
            side.kernel_mb += app.memory_of_kernels()


def _calm(running: list[tuple[Side, App, object]]) -> None:
    for _, app, _ in running:
        app.settle()


def _inside_the_app(browser: Browser, found: Measured) -> None:
    with tempfile.TemporaryDirectory() as folder, apps.ours(Path(folder)) as app:
        app.settle()
        found.clicks = visits.clicks(browser, app)
        app.settle()
        found.turns = visits.turns(browser, app)


def _median(runs: list[insides.Measured]) -> insides.Measured:
    return {name: float(median(run[name] for run in runs)) for name in runs[0]}

"""The measurements: one more visitor with a browser, and a crowd without. One app at a time, started anew for each."""

import json
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error

from benchmarks.apps import App
from benchmarks.browser import window
from benchmarks.room.figures import Crowd, Found, Visit
from benchmarks.room.sides import ROOT, THEIR_BIN, Side
from benchmarks.room.visits import visit

LONGEST = 30_000.0  # milliseconds until a page that does not acknowledge is loaded once more


def pss(app: App) -> float:
    """Megabytes of the server and its children; what several of them share is counted once (PSS)."""
    total = 0
    for process in app.family():
        try:
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        except OSError:  # it ended meanwhile
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / 1e6


def alone(side: Side, browser: Browser, visits: int, found: Found) -> None:
    """One more visitor: time, bytes, processor time and memory, while earlier visitors keep their pages open."""
    with side.running() as app, ExitStack() as pages:
        visitors = _Visitors(side, app, browser, pages, found)
        visitors.come()  # files are read and templates compiled before the first is counted
        app.settle()
        cpu, memory = app.cpu_seconds(), pss(app)
        for _ in range(visits):
            found.visits.append(visitors.come())
            app.settle()
        found.cpu.append((app.cpu_seconds() - cpu) / visits)
        found.megabytes.append((pss(app) - memory) / visits)


@dataclass(frozen=True)
class _Visitors:
    side: Side
    app: App
    browser: Browser
    pages: ExitStack
    found: Found

    def come(self) -> Visit:
        """A visit; once more, and that is kept in mind, when the page does not acknowledge."""
        try:
            return self._once()
        except Error as error:
            self.found.trouble.append(f"a page was loaded again: {str(error).splitlines()[0]}")
            return self._once()

    def _once(self) -> Visit:
        page, wire = self.pages.enter_context(window(self.browser))
        page.set_default_timeout(LONGEST)
        return visit(page, wire, self.side.client, self.app.address)


def crowd(side: Side, size: int, seconds: int, found: Found) -> None:
    """Visitors at once; then, if all are at work, each answers once a second for so many seconds."""
    with side.running() as app:
        words = [THEIR_BIN / "python", "-m", "benchmarks.room.crowd", side.client, app.address, size, seconds]
        with subprocess.Popen(
            [str(word) for word in words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as visitors:
            _told(visitors)
            app.settle()
            spent, memory = app.cpu_seconds(), pss(app)
            gathered = _go_on(visitors)
            cost = {"cpu": app.cpu_seconds() - spent, "before": memory, "megabytes": pss(app)}
            found.crowds.append(Crowd(size=size, **gathered, **cost, **_go_on(visitors)))


def _go_on(visitors: Any) -> dict[str, Any]:
    visitors.stdin.write("\n")
    visitors.stdin.flush()
    return _told(visitors)


def _told(visitors: Any) -> dict[str, Any]:
    line = visitors.stdout.readline()
    if not line:
        raise RuntimeError("the visitors stopped")
    told: dict[str, Any] = json.loads(line)
    return told

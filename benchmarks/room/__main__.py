"""`python -m benchmarks.room` measures and prints; `--write` also writes docs/performance.md; `--quick`: 3 minutes."""

import argparse
import sys
from collections.abc import Callable

from benchmarks import machine
from benchmarks.browser import chromium
from benchmarks.room import document, measure
from benchmarks.room.figures import Found, Run, kept
from benchmarks.room.sides import ROOT, SIDES, THEIR_BIN, Side, versions
from benchmarks.room.table import as_text, tables

KEPT = ROOT / "build" / "room.json"  # what was measured last, also by a run that was interrupted


def main() -> int:
    """The exit code: 0. Figures that miss a goal are said, and fail nothing."""
    asked = _asked()
    if not THEIR_BIN.exists():
        raise SystemExit("The other frameworks are not installed: `make bench` installs them in .venv-bench.")
    run = kept(KEPT) if asked.again else _measured(asked)
    about = run.machine
    print(f"\n{about.computer}\n{about.software}\n{document.versions(run)}", *filter(None, [about.busy]), sep="\n")
    print(as_text(tables(run.room)), "", document.verdict(run.room), sep="\n")
    if asked.write:
        print(f"\nWritten to {document.write(run)}")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.room", description="A room at once, beside others.")
    parser.add_argument("--rounds", type=int, default=3, help="each visits every app and brings a small crowd")
    parser.add_argument("--visits", type=int, default=2, help="with a browser, in each round")
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 100, 300], help="visitors at once")
    parser.add_argument("--seconds", type=int, default=20, help="in which each of a crowd answers once a second")
    parser.add_argument("--only", nargs="+", choices=[side.key for side in SIDES], help="these apps only")
    parser.add_argument("--quick", action="store_true", help="one round, one visit, 20 at once, 5 seconds")
    parser.add_argument("--again", action="store_true", help="measure nothing: the figures of the last run")
    parser.add_argument("--write", action="store_true", help=f"write {document.DOCUMENT.name} and the picture in docs/")
    asked = parser.parse_args()
    if asked.quick:
        asked.rounds, asked.visits, asked.sizes, asked.seconds = 1, 1, [20], 5
    return asked


def _measured(asked: argparse.Namespace) -> Run:
    sides = [side for side in SIDES if not asked.only or side.key in asked.only]
    about = machine.describe(machine.load())
    run = Run(asked.rounds, asked.visits, asked.seconds, about, versions(), {side.key: Found() for side in sides})
    small, *larger = sorted(asked.sizes)
    for number in range(asked.rounds):
        seconds = asked.seconds if number == asked.rounds - 1 else 0
        for side in sides[number % len(sides) :] + sides[: number % len(sides)]:
            _say(f"Round {number + 1} of {asked.rounds}, {side.name}: one more visitor, then {small} at once …")
            _try(run, side, lambda side=side: _alone(side, run))
            _try(run, side, lambda side=side, seconds=seconds: measure.crowd(side, small, seconds, run.room[side.key]))
    for size in larger:
        for side in (one for one in sides if all(crowd.fits for crowd in run.room[one.key].crowds)):
            _say(f"{side.name}: {size} at once …")
            _try(run, side, lambda side=side, size=size: measure.crowd(side, size, run.seconds, run.room[side.key]))
    return run


def _alone(side: Side, run: Run) -> None:
    with chromium() as browser:
        measure.alone(side, browser, run.visits, run.room[side.key])


def _try(run: Run, side: Side, work: Callable[[], None]) -> None:
    """An app that fails is said so, and the others are measured all the same."""
    try:
        work()
    except (Exception, SystemExit) as failure:
        said = str(failure).strip().splitlines() or [type(failure).__name__]
        run.room[side.key].trouble.append(f"a measurement failed: {said[-1]}"[:200])
        _say(f"  failed: {failure}")
    run.keep(KEPT)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.cohort` measures and prints; `--write` also writes docs/performance.md; `--quick`: a minute."""

import argparse
import json
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks import machine
from benchmarks.cohort import document
from benchmarks.cohort.figures import Once, Run, differences, kept
from benchmarks.cohort.sides import SIDES, TERMS, Side
from benchmarks.cohort.table import tables
from benchmarks.room.table import as_text

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "build" / "cohort"  # the item rows, which are made once
KEPT = FOLDER / "run.json"  # what was measured last, also by a run that was interrupted
SIZES = ("1e5", "1e6", "1e7", "1e8")
ROWS_EACH = 204  # of a made-up student over the four terms, on average
SEED = 7


def main() -> int:
    """The exit code: 0. Figures that miss a goal are said, and fail nothing."""
    asked = _asked()
    run = kept(KEPT) if asked.again else _measured(asked)
    print(f"\n{run.machine.computer}\n{document.versions(run)}", *filter(None, [run.machine.busy]), sep="\n")
    print(as_text(tables(run)), "", document.verdict(run), *run.trouble, sep="\n")
    if asked.write:
        print(f"\nWritten to {document.write(run)}")
    return 0


def _asked() -> argparse.Namespace:
    about = "How the measure of a cohort grows, beside SQL and pandas by hand."
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cohort", description=about)
    parser.add_argument("--rows", nargs="+", default=list(SIZES), choices=SIZES, help="item rows")
    parser.add_argument("--rounds", type=int, default=5, help="of each size; one with 1e8 rows takes minutes")
    parser.add_argument("--quick", action="store_true", help="1e5 and 1e6 rows, three rounds")
    parser.add_argument("--further", action="store_true", help="add to the figures of the last run")
    parser.add_argument("--again", action="store_true", help="measure nothing: the figures of the last run")
    parser.add_argument("--write", action="store_true", help=f"write {document.COHORT!r} in docs/performance.md")
    asked = parser.parse_args()
    if asked.quick:
        asked.rows, asked.rounds = ["1e5", "1e6"], 3
    return asked


def _measured(asked: argparse.Namespace) -> Run:
    packages = {name: version(name) for name in ("pandas", "narwhals", "duckdb", "numpy")}
    new = Run(machine.describe(machine.load()), {"Python": platform.python_version(), **packages})
    run = kept(KEPT) if asked.further else new
    for size in sorted(asked.rows, key=float):
        file = _items(size)
        run.rows[size], run.megabytes[size] = _rows(file), file.stat().st_size / 1e6
        sides = [side for side in SIDES if float(size) <= side.most]
        for number in range(asked.rounds):
            for side in sides[number % len(sides) :] + sides[: number % len(sides)]:
                _say(f"{size} rows, round {number + 1} of {asked.rounds}: {side.name} …")
                _try(run, size, side, file)
                run.keep(KEPT)
        run.trouble += differences(run.found.get(size, {}))
        run.rows = dict(sorted(run.rows.items(), key=lambda one: one[1]))
        run.keep(KEPT)
    return run


def _items(size: str) -> Path:
    """The item rows, made when they are not there yet."""
    from mentorkit.cohort.simulation import write_items

    file = FOLDER / f"items-{size}.parquet"
    if not file.exists():
        _say(f"Making up {size} item rows …")
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.with_name(f"{file.stem}-truth.json").unlink(missing_ok=True)
        write_items(file, round(float(size) / ROWS_EACH), TERMS, SEED)
    return file


def _rows(file: Path) -> int:
    import duckdb

    return len(duckdb.read_parquet(str(file)))


def _try(run: Run, size: str, side: Side, file: Path) -> None:
    """One measurement in a process of its own; a failure is said, and the others are measured all the same."""
    command = [sys.executable, "-m", "benchmarks.cohort.once", side.key, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        run.trouble.append(f"{side.name} failed with {size} rows: {said[-1]}"[:200])
        return
    run.found.setdefault(size, {}).setdefault(side.key, []).append(Once(**json.loads(done.stdout)))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

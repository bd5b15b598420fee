"""`python -m benchmarks` measures and prints; `--write` also writes docs/performance.md; `--rounds 2` is shorter."""

import argparse
import sys

from benchmarks import document, machine
from benchmarks.figures import measure
from benchmarks.table import as_text, rows


def main() -> int:
    """The exit code: 0. Figures that miss a goal are said, and fail nothing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the workbook is.")
    parser.add_argument("--rounds", type=int, default=5, help="each starts both apps and visits them three times")
    parser.add_argument("--write", action="store_true", help=f"write {document.DOCUMENT.name} in docs/")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be at least 1")
    before = machine.load()
    parts = rows(measure(asked.rounds, lambda line: print(line, file=sys.stderr, flush=True)))
    found = machine.describe(before)
    print(f"\n{found.computer}\n{found.software}", *filter(None, [found.busy]), "", as_text(parts), sep="\n")
    if asked.write:
        print(f"\nWritten to {document.write(parts, found, asked.rounds)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

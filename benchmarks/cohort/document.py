"""The part of docs/performance.md about a cohort."""

from pathlib import Path

from benchmarks.cohort.figures import Run
from benchmarks.cohort.table import Goal, goals, tables
from benchmarks.document import COHORT, put
from benchmarks.room.table import as_markdown

MET = {True: "met", False: "**MISSED**", None: "not measured"}

TOP = """{heading}

What `make bench` measured on {day}; `python -m benchmarks.cohort --write` measures again and writes this part.
{computer}. {versions}.
{busy}

{verdict}

The work: item rows of a made-up cohort (`mentorkit simulate --items`, both worksheets, four terms) become a table of
scores, and that the sums of every scale by term and class year, and over all pairs of terms of the same students.

"""

BOTTOM = """### How it is measured

Each figure is the median of {rounds}; in each round the sides go by turns, each in a process of its own. Time counts
from the rows to the sums: with pandas from a frame in memory, with DuckDB from a Parquet file ({files}).
Memory is the most that the process had, with the frame and what it imports; DuckDB may take {memory} and then goes to
the disk. The sums of all sides are compared in the same run, and must agree to 1e-9{agreed}.

*By hand* are `benchmarks/cohort/sql_by_hand.py` and `pandas_by_hand.py`: the quickest that we could write. The SQL has
a column for each scale, as ours has; with a row for each score it takes about three times as long. They check nothing;
ours looks for items that were answered twice and for relationships of two kinds.
{trouble}"""


def write(run: Run) -> Path:
    """Write the part; the rest of the page stays."""
    return put(COHORT, part(run))


def part(run: Run) -> str:
    """The part of the page."""
    from benchmarks.cohort.sides import MEMORY

    known = {"heading": COHORT, "versions": versions(run), "verdict": verdict(run)}
    about = {key: value for key, value in vars(run.machine).items() if key in ("day", "computer", "busy")}
    top = TOP.format(**about, **known).replace("\n\n\n", "\n\n")
    files = ", ".join(f"{run.megabytes[size]:,.1f} MB for {rows:,} rows" for size, rows in run.rows.items())
    rounds = max((len(times) for sides in run.found.values() for times in sides.values()), default=0)
    trouble = "".join(f"\n- {line}." for line in run.trouble)
    agreed = "" if run.trouble else ", which they did"
    bottom = BOTTOM.format(rounds=rounds, files=files, memory=MEMORY, agreed=agreed, trouble=trouble)
    return top + as_markdown(tables(run)) + "\n" + bottom


def versions(run: Run) -> str:
    """What it ran on."""
    return ", ".join(f"{name} {version}" for name, version in run.versions.items())


def verdict(run: Run) -> str:
    """What was reached of each goal, plainly."""
    return "\n".join(["The goals:", "", *map(_line, goals(run))])


def _line(goal: Goal) -> str:
    return f"- {goal.what}: {goal.found}, goal {goal.goal}: {MET[goal.met]}"

"""The figures as tables, and whether the goals are met."""

from dataclasses import dataclass
from itertools import pairwise

from benchmarks.cohort.figures import Run
from benchmarks.cohort.sides import BY_KEY, SIDES, Side

NONE = "–"
TIMES = 1.5  # beside SQL by hand
LINEAR = 1.1  # the time for ten times the rows, divided by ten times the time; the tenth is for scatter

Table = tuple[str, list[list[str]]]  # a title; a row of headings and then a row for each side


@dataclass(frozen=True)
class Goal:
    """One goal; `met` is None when it was not measured."""

    what: str
    found: str
    goal: str
    met: bool | None


def tables(run: Run) -> list[Table]:
    """All tables."""
    sizes = list(run.rows)
    headings = ["", *(f"{run.rows[size]:,} rows" for size in sizes)]
    return [
        ("From item rows to sums (medians)", [headings, *(_each(run, side, "seconds", "{:.2f} s") for side in SIDES)]),
        ("Beside the same by hand", [headings, *(_ratios(run, side, sizes) for side in SIDES if side.beside)]),
        ("The most memory", [headings, *(_each(run, side, "megabytes", "{:,.0f} MB") for side in SIDES)]),
        ("Time a million rows", [headings, *(_a_million(run, side) for side in SIDES)]),
    ]


def goals(run: Run) -> list[Goal]:
    """What the issue asks for: near hand-written SQL, and no more than linear growth."""
    return [
        *(_near(run, size) for size in run.rows),
        *(goal for side in SIDES if side.beside for goal in _grows(run, side)),
    ]


def _near(run: Run, size: str) -> Goal:
    ratio = _ratio(run, size, BY_KEY["ours_duckdb"])
    met = None if ratio is None else ratio <= TIMES
    return Goal(f"DuckDB beside SQL by hand, {run.rows[size]:,} rows", _figure(ratio, "{:.2f} ×"), f"≤ {TIMES} ×", met)


def _grows(run: Run, side: Side) -> list[Goal]:
    found = []
    for one, ten in pairwise(size for size in run.rows if run.rows[size] <= 1.1 * side.most):
        before, after = run.of(one, side.key, "seconds"), run.of(ten, side.key, "seconds")
        growth = None if before is None or after is None else after / before / (run.rows[ten] / run.rows[one])
        met = None if growth is None else growth <= LINEAR
        what = f"{side.name}, from {run.rows[one]:,} to {run.rows[ten]:,} rows, time a row"
        found.append(Goal(what, _figure(growth, "{:.2f} ×"), f"≤ {LINEAR} ×", met))
    return found


def _each(run: Run, side: Side, what: str, form: str) -> list[str]:
    return [side.name, *(_figure(run.of(size, side.key, what), form) for size in run.rows)]


def _ratios(run: Run, side: Side, sizes: list[str]) -> list[str]:
    return [side.name, *(_figure(_ratio(run, size, side), "{:.2f} ×") for size in sizes)]


def _a_million(run: Run, side: Side) -> list[str]:
    times = {size: run.of(size, side.key, "seconds") for size in run.rows}
    each = (None if second is None else second * 1e6 / run.rows[size] for size, second in times.items())
    return [side.name, *(_figure(value, "{:.3f} s") for value in each)]


def _ratio(run: Run, size: str, side: Side) -> float | None:
    own, other = run.of(size, side.key, "seconds"), run.of(size, side.beside or "", "seconds")
    return own / other if own is not None and other else None


def _figure(value: float | None, form: str) -> str:
    return NONE if value is None else form.format(value)

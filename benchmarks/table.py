"""The figures as rows, for the terminal and for docs/performance.md."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Measured, Side
from benchmarks.insides import percentile

START_GOAL = 1.5  # times the stock page
WEIGHT_GOAL = 1.5  # megabytes
HEADINGS = ("", "ours", "stock", "ratio", "goal")


@dataclass(frozen=True)
class Row:
    """One figure: ours, the stock page's where there is one, and whether the goal is met."""

    what: str
    ours: str
    stock: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None  # None: there is no goal

    def cells(self) -> tuple[str, ...]:
        """Its text, column by column."""
        verdict = "" if self.met is None else " met" if self.met else " MISSED"
        return (self.what, self.ours, self.stock, self.ratio, self.goal + verdict)


Parts = dict[str, list[Row]]


def rows(found: Measured) -> Parts:
    """All rows, by part."""
    return {
        "From navigation to the first page (medians)": list(_start(found.ours, found.stock)),
        "Over the wire, first visit, no cache": list(_wire(found)),
        "Inside the app": list(_inside(found)),
        "The Python side": list(_python(found)),
    }


def _seconds(what: str, ours: float, stock: float, goal: float | None = None) -> Row:
    ratio = ours / stock
    wanted = f"≤ {goal:.1f} ×" if goal else ""
    return Row(what, f"{ours:.2f} s", f"{stock:.2f} s", f"{ratio:.2f} ×", wanted, ratio <= goal if goal else None)


def _start(ours: Side, stock: Side) -> Iterator[Row]:
    yield _seconds("the first page can be used", ours.of("shown"), stock.of("shown"), START_GOAL)
    ratios = sorted(one.shown / other.shown for one, other in zip(ours.later, stock.later, strict=True))
    yield Row("· lowest and highest ratio of two visits in turn", "", "", f"{ratios[0]:.2f}–{ratios[-1]:.2f} ×")
    yield _seconds("the first answer came back (ours: saved on disk)", ours.of("answered"), stock.of("answered"))
    for name in ("first byte", "document ended", "last script"):
        yield _seconds(f"· {name}", ours.stage(name), stock.stage(name))
    yield _seconds("from the command to the first page", ours.from_command(), stock.from_command())
    yield _seconds("processor time of server and kernels, a visit", ours.of("cpu"), stock.of("cpu"))


def _wire(found: Measured) -> Iterator[Row]:
    ours, stock = found.ours.later[-1].wire, found.stock.later[-1].wire
    yield Row(
        "files and websocket",
        f"{ours.megabytes:.2f} MB",
        f"{stock.megabytes:.2f} MB",
        f"{ours.megabytes / stock.megabytes:.2f} ×",
        f"< {WEIGHT_GOAL} MB",
        ours.megabytes < WEIGHT_GOAL,
    )
    yield Row("· files", f"{ours.http / 1e6:.2f} MB", f"{stock.http / 1e6:.2f} MB")
    yield Row("· websocket messages", f"{ours.socket / 1e6:.2f} MB", f"{stock.socket / 1e6:.2f} MB")
    yield Row("requests", str(ours.requests), str(stock.requests))
    elsewhere = max(len(visit.wire.elsewhere) for visit in found.ours.first + found.ours.later)
    yield Row("requests to other hosts", str(elsewhere), str(len(stock.elsewhere)), "", "0", elsewhere == 0)


def _inside(found: Measured) -> Iterator[Row]:
    clicks, turns = found.clicks, found.turns
    yield Row(f"from a click to “Saved”, {len(clicks)} answers, p50", f"{percentile(clicks, 50):.0f} ms")
    yield Row("· p95", f"{percentile(clicks, 95):.0f} ms")
    yield Row(f"another page drawn, {len(turns)} turns, p50", f"{percentile(turns, 50):.0f} ms")
    yield Row("· p95", f"{percentile(turns, 95):.0f} ms")
    kernels = sorted(found.ours.kernel_mb), sorted(found.stock.kernel_mb)
    if all(kernels):  # a page that has closed has taken its kernel with it, and the spare one comes later
        ours, stock = (percentile(side, 50) for side in kernels)
        yield Row("memory of a kernel, not shared", f"{ours:.0f} MB", f"{stock:.0f} MB", f"{ours / stock:.2f} ×")


def _python(found: Measured) -> Iterator[Row]:
    pages, pandas, cells = (found.inside[what] for what in ("imports", "pandas", "cells"))
    yield Row("importing what the pages need, processor time", f"{pages['cpu_ms']:.0f} ms")
    yield Row("· peak memory", f"{pages['mb']:.0f} MB")
    without = not pages["pandas"]
    yield Row("· is pandas among it?", "no" if without else "yes", "", "", "no", without)
    yield Row("pandas alone, for comparison", f"{pandas['cpu_ms']:.0f} ms, {pandas['mb']:.0f} MB")
    yield Row("reading and checking the content, once", f"{cells['content_ms']:.0f} ms")
    yield Row("all cells of all pages", f"{cells['ms']:.0f} ms")
    yield Row("· the slowest", f"{cells['slowest_ms']:.0f} ms")
    yield Row("ranking with 10,000 draws, every area answered", f"{found.inside['ranking']['ms']:.0f} ms")
    yield Row("a save, until it is on disk, p50", f"{found.inside['saves']['p50_ms']:.1f} ms")
    yield Row("· p99", f"{found.inside['saves']['p99_ms']:.1f} ms")


def as_text(parts: Parts) -> str:
    """For the terminal: aligned columns."""
    every = [HEADINGS, *(row.cells() for part in parts.values() for row in part)]
    widths = [max(len(cells[at]) for cells in every) for at in range(len(HEADINGS))]
    lines = [_aligned(HEADINGS, widths)]
    for title, part in parts.items():
        lines += ["", title, *(_aligned(row.cells(), widths) for row in part)]
    return "\n".join(lines)


def as_markdown(parts: Parts) -> str:
    """For the documentation: a table a part."""
    lines: list[str] = []
    for title, part in parts.items():
        lines += [f"## {title}", "", "| | ours | stock | ratio | goal |", "|---|---:|---:|---:|---|"]
        lines += ["| " + " | ".join(row.cells()) + " |" for row in part]
        lines.append("")
    return "\n".join(lines)


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *middle, last = cells
    columns = [text.rjust(width) for text, width in zip(middle, widths[1:-1], strict=True)]
    return "  ".join(["  " + first.ljust(widths[0]), *columns, last]).rstrip()

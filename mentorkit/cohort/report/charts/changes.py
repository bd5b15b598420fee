"""Two terms side by side: where students stood in each, and how far those of both moved, with the interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mentorkit.cohort.disclosure import Published
from mentorkit.cohort.report.charts.canvas import (
    LINE,
    WIDE,
    Axis,
    Canvas,
    block,
    brief,
    dot,
    key,
    known,
    line,
    lines,
    paragraph,
    said,
    scale,
)
from mentorkit.reports.html import Html, join

REACH = 40.0  # points up or down that the picture of changes shows; an interval beyond it ends there


@dataclass(frozen=True)
class ChangeRow:
    """One scale: its mean in each term, and the change of the students who answered in both."""

    name: str
    before: Published | None  # mean of the earlier term, 0–100
    after: Published | None
    change: Published | None  # mean difference
    low: Published | None  # its 95 % interval
    high: Published | None
    is_detectable: bool | None  # None: the verdict is withheld or was not asked
    is_rise: bool | None = None  # the direction of a detectable change, where the verdict says it


def changes(canvas: Canvas, rows: Sequence[ChangeRow], words: Mapping[str, str], style: str = "") -> Html:
    """A row a scale; `words` are before, after, level, change, change_short, detectable, not_detectable, withheld."""
    return _narrow(canvas, rows, words, style) if canvas.is_narrow else _wide(canvas, rows, words, style)


def _wide(canvas: Canvas, rows: Sequence[ChangeRow], words: Mapping[str, str], style: str) -> Html:
    level, moved = Axis(208, 436), Axis(476, 636, -REACH, REACH)
    entries, y = key(canvas, 0, _entries(canvas, words))
    y += 26
    parts = [entries]
    parts += [said(level.left, y - 8, words["level"], "small"), said(moved.left, y - 8, words["change"], "small")]
    top, drawn = y, []
    for row in rows:
        name = lines(row.name, 190)
        height = max(34, 12 + LINE * len(name))
        middle = y + height / 2
        drawn.append(paragraph(0, middle + 4.5 - LINE * (len(name) - 1) / 2, name, "name"))
        drawn.append(_level(canvas, level, middle, row))
        drawn.append(_change(canvas, moved, middle, row))
        drawn.append(said(WIDE, middle + 4.5, _number(row), "strong end" if row.is_detectable else "text end"))
        y += height
    grid = [scale(level, top, y, (0, 25, 50, 75, 100)), scale(moved, top, y, (-REACH, -20, 0, 20, REACH), signed=True)]
    return canvas.drawn(y + 22, parts, grid, line(moved.at(0), top, moved.at(0), y, "zero"), drawn, style=style)


def _narrow(canvas: Canvas, rows: Sequence[ChangeRow], words: Mapping[str, str], style: str) -> Html:
    level, moved = Axis(8, 156), Axis(202, 302, -REACH, REACH)
    head, y = key(canvas, 0, _entries(canvas, words))
    y += 22
    labels = [said(level.left, y - 8, words["level"], "small"), said(moved.left, y - 8, words["change_short"], "small")]
    top, drawn = y, []
    for row in rows:
        name = lines(row.name, 236)
        drawn.append(paragraph(0, y + 16, name, "name"))
        drawn.append(said(canvas.width, y + 16, _number(row), "strong end" if row.is_detectable else "text end"))
        y += LINE * len(name) + 5
        drawn += [_grid_line(level, y), _grid_line(moved, y), _level(canvas, level, y + 13, row)]
        drawn += [line(moved.at(0), y, moved.at(0), y + 26, "zero"), _change(canvas, moved, y + 13, row)]
        y += 32
    ends = [scale(level, y, y, (0, 50, 100)), scale(moved, y, y, (-REACH, 0, REACH), signed=True)]
    return canvas.drawn(y + 22, head, labels, drawn, ends, line(0, top, canvas.width, top, "axis"), style=style)


def _grid_line(axis: Axis, y: float) -> Html:
    return line(axis.left, y + 13, axis.right, y + 13, "axis")


def _level(canvas: Canvas, axis: Axis, y: float, row: ChangeRow) -> Html:
    """Both means; a withheld one is missing, and nothing is drawn in its place."""
    before, after = known(row.before), known(row.after)
    if before is None and after is None:
        return canvas.hatched(axis.left, y - 7, axis.right - axis.left, 14)
    link = None
    if before is not None and after is not None and before != after:
        link = line(axis.at(before), y, axis.at(after), y, "link")
    first = dot(axis.at(before), y, "before", 8 if before == after else 6) if before is not None else None
    return join(
        link, first, dot(axis.at(after), y, "after", 4.5 if before == after else 6) if after is not None else None
    )


def _change(canvas: Canvas, axis: Axis, y: float, row: ChangeRow) -> Html:
    change, low, high = known(row.change), known(row.low), known(row.high)
    if change is None:
        return canvas.hatched(axis.left, y - 7, axis.right - axis.left, 14)
    interval = None
    if low is not None and high is not None:
        ends = [line(axis.at(end), y - 4, axis.at(end), y + 4, "interval") for end in (low, high) if abs(end) <= REACH]
        interval = join(line(axis.at(low), y, axis.at(high), y, "interval"), ends)
    mark = block(axis.at(change) - 4.5, y - 4.5, 9, 9, "mc-clear" if row.is_detectable else "mc-before")
    return join(interval, mark)


def _number(row: ChangeRow) -> str:
    value = known(row.change)
    if value is None or row.change is None:
        return "–"
    return f"+{brief(row.change)}" if value > 0 and row.change.mark == "rounded" else brief(row.change)


def _entries(canvas: Canvas, words: Mapping[str, str]) -> list[tuple[Html, str]]:
    square = {
        kind: join(line(0, 7, 22, 7, "interval"), block(6.5, 2.5, 9, 9, f"mc-{kind}")) for kind in ("clear", "before")
    }
    return [
        (dot(11, 7, "before"), words["before"]),
        (dot(11, 7, "after"), words["after"]),
        (square["clear"], words["detectable"]),
        (square["before"], words["not_detectable"]),
        (canvas.hatched(0, 0, 22, 14), words["withheld"]),
    ]

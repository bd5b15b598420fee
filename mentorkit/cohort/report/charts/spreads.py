"""How students are spread over bands: bars that part at the middle band, low to the left and high to the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mentorkit.cohort.disclosure import Published
from mentorkit.cohort.report.charts.canvas import (
    LINE,
    Axis,
    Canvas,
    block,
    brief,
    key,
    known,
    line,
    lines,
    paragraph,
    said,
)
from mentorkit.reports.html import Html

STUB = 10  # pixels of hatching where a band is withheld: its width says nothing
BAR = 22
LOOKS = {2: ("low2", "high2"), 3: ("low2", "mid", "high2"), 4: ("low2", "low1", "high1", "high2")}
FIVE = ("low2", "low1", "mid", "high1", "high2")
DEEP = ("low2", "high2")


@dataclass(frozen=True)
class SpreadRow:
    """One bar: the share of students in each band, in percent, from low to high."""

    name: str
    shares: tuple[Published | None, ...]


def spreads(
    canvas: Canvas, bands: Sequence[str], rows: Sequence[SpreadRow], words: Mapping[str, str], style: str = ""
) -> Html:
    """A bar a row. A withheld band is a hatched stub of no meaning in its width: what lies beyond it is shifted."""
    left = 0 if canvas.is_narrow else 200
    axis = Axis(left, canvas.width, -100, 100)
    entries = [
        (block(0, 0, 22, 14, f"mc-{look} mc-axis"), band) for look, band in zip(looks(len(bands)), bands, strict=True)
    ]
    parts, y = key(canvas, 0, [*entries, (canvas.hatched(0, 0, 22, 14), words["withheld"])])
    top, bars = y + 6, []
    y = top
    for row in rows:
        name = lines(row.name, canvas.width if canvas.is_narrow else 190)
        height = BAR + 12.0
        if canvas.is_narrow:
            bars.append(paragraph(0, y + 15, name, "name"))
            y += LINE * len(name)
        else:
            height = max(height, LINE * len(name) + 6)
            bars.append(paragraph(0, y + height / 2 + 4.5 - LINE * (len(name) - 1) / 2, name, "name"))
        bars += _bar(canvas, axis, y + (height - BAR) / 2, row)
        y += height
    return canvas.drawn(y + 2, parts, line(axis.at(0), top, axis.at(0), y, "zero"), bars, style=style)


def looks(bands: int) -> tuple[str, ...]:
    """The look of each band, from low to high."""
    if bands in LOOKS:
        return LOOKS[bands]
    half = bands // 2
    low = tuple("low2" if place < half - 1 else "low1" for place in range(half))
    high = tuple("high1" if place == 0 else "high2" for place in range(half))
    return FIVE if bands == 5 else (*low, *(("mid",) if bands % 2 else ()), *high)


def _bar(canvas: Canvas, axis: Axis, y: float, row: SpreadRow) -> list[Html]:
    count = len(row.shares)
    kinds, half, middle = looks(count), count // 2, axis.at(0)
    unit = (axis.right - axis.left) / 200
    left, right = list(range(half - 1, -1, -1)), list(range(half + count % 2, count))
    marks: list[Html] = []
    start = 0.0
    if count % 2:
        start = _width(row.shares[half], unit) / 2
        marks += _part(canvas, middle - start, y, 2 * start, kinds[half], row.shares[half])
    for places, direction in ((left, -1), (right, 1)):
        x = middle + direction * start
        for place in places:
            width = _width(row.shares[place], unit)
            marks += _part(canvas, x if direction > 0 else x - width, y, width, kinds[place], row.shares[place])
            x += direction * width
    return marks


def _width(share: Published | None, unit: float) -> float:
    value = known(share)
    return STUB if value is None else value * unit


def _part(canvas: Canvas, x: float, y: float, width: float, look: str, share: Published | None) -> list[Html]:
    if known(share) is None:
        return [canvas.hatched(x, y, width, BAR)]
    words = brief(share)
    field = block(x, y, width, BAR, f"mc-{look} mc-part")
    fits = width >= 7 * len(words) + 4
    kind = f"small middle on-{'deep' if look in DEEP else 'pale'}"
    return [field, said(x + width / 2, y + BAR / 2 + 4.2, words, kind)] if fits else [field]

"""A map of numbers: rows by columns, darker where the number is larger, with the number in every field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mentorkit.cohort.disclosure import Published
from mentorkit.cohort.report.charts.canvas import LINE, Canvas, block, brief, key, known, lines, paragraph, said
from mentorkit.reports.html import Html

EDGES = (10, 20, 30, 40)  # points of 100 from which the next darker step begins
CELL = 34


@dataclass(frozen=True)
class HeatRow:
    """One row: a number for each column; None where it was not asked."""

    name: str
    numbers: tuple[Published | None, ...]


def heat_map(
    canvas: Canvas, columns: Sequence[str], rows: Sequence[HeatRow], words: Mapping[str, str], style: str = ""
) -> Html:
    """The map; `words` are withheld, under, from and over (each with {low} and {high})."""
    left = 0 if canvas.is_narrow else 200
    width = (canvas.width - left) / max(1, len(columns))
    parts, y = key(canvas, 0, _entries(canvas, words))
    y += 6
    marks: list[Html] = [parts]
    heads = [lines(column, width - 4, 6.0) for column in columns]
    for place, head in enumerate(heads):
        start = y + 12 + LINE * (max(map(len, heads)) - len(head))
        marks.append(paragraph(left + width * (place + 0.5), start, head, "small middle"))
    y += LINE * max(map(len, heads), default=0) + 4
    for row in rows:
        name = lines(row.name, canvas.width if canvas.is_narrow else 190)
        high = float(CELL) if canvas.is_narrow else max(float(CELL), LINE * len(name) + 6)
        if canvas.is_narrow:
            marks.append(paragraph(0, y + 15, name, "name"))
            y += LINE * len(name) + 5
        else:
            marks.append(paragraph(0, y + high / 2 + 4.5 - LINE * (len(name) - 1) / 2, name, "name"))
        for place, number in enumerate(row.numbers):
            marks += _cell(canvas, left + width * place, y, width, high, number)
        y += high + (4 if canvas.is_narrow else 0)
    return canvas.drawn(y + 2, marks, style=style)


def step(number: float) -> int:
    """The step of darkness of a number, 1 to 5."""
    return 1 + sum(number >= edge for edge in EDGES)


def _cell(canvas: Canvas, x: float, y: float, width: float, height: float, number: Published | None) -> list[Html]:
    if number is None:
        return []
    value = known(number)
    if value is None:
        return [canvas.hatched(x + 1, y + 1, width - 2, height - 2)]
    found = step(value)
    kind = f"strong middle on-{'deep' if found > 3 else 'pale'}"
    return [
        block(x, y, width, height, f"mc-heat{found} mc-cell"),
        said(x + width / 2, y + height / 2 + 4.5, brief(number), kind),
    ]


def _entries(canvas: Canvas, words: Mapping[str, str]) -> list[tuple[Html, str]]:
    ranges = [words["under"].format(high=EDGES[0])]
    ranges += [words["from"].format(low=low, high=high) for low, high in pairwise(EDGES)]
    ranges.append(words["over"].format(low=EDGES[-1]))
    fields = [(block(0, 0, 22, 14, f"mc-heat{place} mc-axis"), said_) for place, said_ in enumerate(ranges, 1)]
    return [*fields, (canvas.hatched(0, 0, 22, 14), words["withheld"])]

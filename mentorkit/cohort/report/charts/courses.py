"""Courses over terms: one small picture a scale, a dot a term, and no line across a term that is withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mentorkit.cohort.disclosure import Published
from mentorkit.cohort.report.charts.canvas import (
    LINE,
    Axis,
    Canvas,
    brief,
    dot,
    key,
    known,
    line,
    lines,
    paragraph,
    said,
)
from mentorkit.reports.html import Html, join

HIGH = 96  # pixels from 0 to 100
GAP = 28
LEFT = 32  # pixels for the numbers of the axis


@dataclass(frozen=True)
class Course:
    """One scale over the terms, earliest first: the mean of each; None where it was not asked for."""

    name: str
    means: tuple[Published | None, ...]


def courses(
    canvas: Canvas, terms: Sequence[str], found: Sequence[Course], words: Mapping[str, str], style: str = ""
) -> Html:
    """All courses on one scale from 0 to 100."""
    across = min(3, max(1, len(found))) if not canvas.is_narrow else 2 if len(terms) < 4 else 1
    width = (canvas.width - GAP * (across - 1)) / across
    heads, y = key(canvas, 0, [(canvas.hatched(0, 0, 22, 14), words["withheld"])])
    marks, y = [heads], y + 4
    for first in range(0, len(found), across):
        row = found[first : first + across]
        names = [lines(course.name, width) for course in row]
        head = LINE * max(map(len, names)) + 14
        labels = [lines(term, (width - LEFT) / len(terms), 6.2) for term in terms]
        for place, (course, name) in enumerate(zip(row, names, strict=True)):
            x = place * (width + GAP)
            marks += [paragraph(x, y + 14, name, "name"), _one(canvas, x, y + head, width, labels, course)]
        y += head + HIGH + 12 + LINE * max(map(len, labels)) + 12
    return canvas.drawn(y, marks, style=style)


def _one(canvas: Canvas, x: float, y: float, width: float, labels: Sequence[list[str]], course: Course) -> Html:
    up = Axis(y + HIGH, y)
    step = (width - LEFT) / len(labels)
    at = [x + LEFT + step * (place + 0.5) for place in range(len(labels))]
    grid = [line(x + LEFT, up.at(value), x + width, up.at(value), "axis") for value in (0, 50, 100)]
    numbers = [said(x + LEFT - 6, up.at(value) + 4, value, "small end") for value in (0, 50, 100)]
    values = [known(mean) for mean in course.means]
    links = [
        line(at[place], up.at(one), at[place + 1], up.at(two), "course")
        for place, (one, two) in enumerate(pairwise(values))
        if one is not None and two is not None
    ]
    marks: list[Html | None] = []
    for place, value in enumerate(values):
        if value is None:
            marks.append(canvas.hatched(at[place] - 9, y, 18, HIGH) if course.means[place] is not None else None)
            continue
        marks += [dot(at[place], up.at(value), "after", 4.5)]
        marks.append(said(at[place], up.at(value) - 8, brief(course.means[place]), "strong middle"))
    below = [paragraph(place, y + HIGH + 18, label, "small middle") for place, label in zip(at, labels, strict=True)]
    return join(grid, numbers, links, marks, below)

"""A report as a value: sections of sentences, pictures and tables. How it is written down is elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from mentorkit.cohort.report.charts.canvas import Canvas
from mentorkit.reports.html import Html

Drawing = Callable[[Canvas, str], Html]  # a canvas and the rules of its looks → the SVG


@dataclass(frozen=True)
class Words:
    """Running text, a paragraph each."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Points:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table; its first column heads its rows, the others hold numbers as text."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.heads) for row in self.rows):
            raise ValueError(f"the table “{self.caption}” has a row that is not as long as its heads")


@dataclass(frozen=True)
class Shown:
    """A table with the sentence that it bears, and a picture of it where there is one."""

    id: str  # permanent, unique in the report
    finding: str  # one sentence
    who: str  # who is in it, and how to read it
    grid: Grid
    draw: Drawing | None = None


Block = Words | Points | Shown


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """All that the report on one release says."""

    title: str
    about: str  # one line: which cohort, which terms, when
    not_for: str  # the sentence on every page
    mark: str  # what else stands on every page, for example that the students are made up; may be empty
    lang: str  # of its words, for example en-US
    sections: tuple[Section, ...]
    foot: str  # which release it is, on every page of paper
    as_table: str  # what opens the table of a picture

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Every table and picture, in order."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Shown))

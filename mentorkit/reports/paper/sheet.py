"""A sheet of paper as a value: its title, what stands on it, and in which language. Only text, never markup."""

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.dataclasses import dataclass

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufdd0-\ufdef\ufffe\uffff]")
BROKEN = re.compile(r"[\ud800-\udfff]")  # half a character: no file could hold it
NUMBER = re.compile(r"[+\-–−±]? ?\d[\d.,]* ?%?|[–—]|")
FROZEN = ConfigDict(extra="forbid")


def _text(typed: str) -> str:
    lines = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", typed)
    return BROKEN.sub("\N{REPLACEMENT CHARACTER}", UNPRINTABLE.sub("", lines)).strip()


def _line(typed: str) -> str:
    return re.sub(r"[ \t\n]+", " ", _text(typed))


def _filled(typed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in typed if item)


Text = Annotated[str, AfterValidator(_text)]  # several lines; a blank line starts a paragraph
Line = Annotated[str, AfterValidator(_line)]  # one line, however it was typed
SHOWN = StringConstraints(pattern=r"\S")
Name = Annotated[Line, SHOWN]  # one line that is not empty


@dataclass(frozen=True, config=FROZEN)
class Heading:
    """A heading: level 1 starts a part of the sheet, level 2 a part within one."""

    text: Name
    level: Literal[1, 2] = 1


@dataclass(frozen=True, config=FROZEN)
class Words:
    """Running text; a blank line starts a paragraph, a line break stays one."""

    text: Text


@dataclass(frozen=True, config=FROZEN)
class Points:
    """A list with bullets; an empty item is left out."""

    items: Annotated[tuple[Text, ...], AfterValidator(_filled)]


@dataclass(frozen=True, config=FROZEN)
class Pairs:
    """Labels, each with what belongs to it; a value may have several lines."""

    rows: tuple[tuple[Name, Text], ...]


@dataclass(frozen=True, config=FROZEN)
class Grid:
    """A table: the first row and the first column head the others. Every row is as long as `heads`."""

    caption: Name
    heads: tuple[Name, ...]
    rows: tuple[tuple[Text, ...], ...]

    @model_validator(mode="after")
    def _is_even(self) -> "Grid":
        if not self.heads or {len(row) for row in self.rows} - {len(self.heads)}:
            raise ValueError("every row of a grid has a cell for each head")
        return self

    @property
    def numbers(self) -> tuple[bool, ...]:
        """For each column whether all its cells are numbers, which stand best at the right."""
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.heads)
        return tuple(bool(cells) and all(NUMBER.fullmatch(cell) for cell in cells) for cells in columns)


@dataclass(frozen=True, config=FROZEN)
class Ruled:
    """Empty lines (1–40) under a label, to write on by hand."""

    label: Name
    lines: Annotated[int, Field(ge=1, le=40)]


@dataclass(frozen=True, config=FROZEN)
class Bar:
    """One value of 0–100, or None; `words` stand behind the number, and in its place where there is none."""

    name: Name
    value: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None
    words: Line = ""

    @model_validator(mode="after")
    def _says_something(self) -> "Bar":
        if self.value is None and not self.words:
            raise ValueError("a bar without a value needs words that say why")
        return self

    @property
    def number(self) -> str:
        """The value without decimals."""
        return "" if self.value is None else str(math.floor(self.value + 0.5))  # 62.5 is shown as 63

    @property
    def said(self) -> str:
        """The number, and the words."""
        return " · ".join(part for part in (self.number, self.words) if part)


@dataclass(frozen=True, config=FROZEN)
class Bars:
    """Values of 0–100 under one another, each drawn as a bar and said as a number."""

    caption: Name
    rows: tuple[Bar, ...]


Block = Heading | Words | Points | Pairs | Grid | Ruled | Bars
FILLED: Mapping[type, str] = {Words: "text", Points: "items", Pairs: "rows", Grid: "rows", Bars: "rows"}


@dataclass(frozen=True, config=FROZEN)
class Sheet:
    """One thing to print: `about` says in one line for whom and when, `foot` what the sheet is and is not."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Name
    about: Line
    blocks: tuple[Block, ...]
    foot: Line
    lang: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en"

    @model_validator(mode="after")
    def _has_steps(self) -> "Sheet":
        levels = [0, *(block.level for block in self.blocks if isinstance(block, Heading))]
        if any(after - before > 1 for before, after in pairwise(levels)):
            raise ValueError("a heading of level 2 stands under one of level 1")
        return self

    @property
    def shown(self) -> tuple[Block, ...]:
        """The blocks that have something in them."""
        return tuple(block for block in self.blocks if getattr(block, FILLED.get(type(block), ""), True))


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph."""
    parts = re.split(r"\n[ \t]*\n\s*", text)
    return [[re.sub(r"[ \t]+", " ", line).strip() for line in part.split("\n")] for part in parts if part]

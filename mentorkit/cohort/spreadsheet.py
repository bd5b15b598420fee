"""Published tables as a spreadsheet: XLSX with a sheet a table. Cells hold text and numbers, no formulas."""

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from mentorkit.content import Content
from mentorkit.errors import BadFile, MentorkitError
from mentorkit.interchange.codebook import Entry, codebook

Cell = str | int | float | None
NOT_FOR_EVALUATION = "Not for the evaluation of students or mentors."
LONGEST_CELL, LONGEST_NAME = 32_767, 31  # characters that Excel takes
WIDEST = 60  # characters across
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold


@dataclass(frozen=True)
class Table:
    """One table, as plain as it is shown: what may be in it was decided before."""

    title: str
    note: str  # one sentence that says what it shows
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"the table “{self.title}” has a row that is not as long as its columns")


def codebook_table(content: Content, columns: Mapping[str, str]) -> Table:
    """The codebook as a table: what each column means, and each item with its text, options and range."""
    names = tuple(field.name for field in fields(Entry))
    rows = tuple(astuple(entry) for entry in codebook(content, columns))
    return Table("Codebook", "What every column and every question means.", names, rows)


def as_xlsx(title: str, about: Sequence[str], tables: Sequence[Table], codebook: Table) -> bytes:
    """A workbook: a first sheet that says what it is, a sheet a table, and the codebook.

    `about` are sentences for the first sheet: the cohort, the terms, the minimum, the date. Every text is a text cell,
    whatever it begins with. Raises `MentorkitError` when openpyxl is not installed, `BadFile` for a text of more than
    32,767 characters, which Excel would cut.
    """
    try:
        from openpyxl import Workbook
    except ImportError as missing:
        raise MentorkitError("Spreadsheets need openpyxl. Install it: pip install 'mentorkit[cohort]'") from missing
    book = Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.title = "Mentorkit", _clean(title)
    every = (*tables, codebook)
    names = _sheet_names(["About", *(table.title for table in every)])
    _fill(book.create_sheet(names[0]), _first(title, about, every, names[1:]))
    for name, table in zip(names[1:], every, strict=True):
        sheet = book.create_sheet(name)
        _fill(sheet, [(table.title,), (table.note,), (), table.columns, *table.rows], head=4)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _first(title: str, about: Sequence[str], tables: Sequence[Table], names: Sequence[str]) -> list[tuple[Cell, ...]]:
    """What it is, and what is in it."""
    listed = [(name, table.title, table.note) for name, table in zip(names, tables, strict=True)]
    return [(title,), *((said,) for said in (*about, NOT_FOR_EVALUATION)), (), *listed]


def _fill(sheet: Any, rows: Sequence[Sequence[Cell]], head: int = 0) -> None:
    """Put the rows into a sheet; the row `head` is what columns are called, and stays in sight."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = {}
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            _write(sheet.cell(number, place), value)
            if number in {1, head}:
                sheet.cell(number, place).font = Font(bold=True)
            if number >= head > 0:
                widths[place] = max(widths.get(place, 8), len(str(value or "")) + 2)
                sheet.cell(number, place).alignment = Alignment(vertical="top", wrap_text=True)
    for place, width in widths.items():
        sheet.column_dimensions[get_column_letter(place)].width = min(width, WIDEST)
    if head:
        sheet.freeze_panes = sheet.cell(head + 1, 1)


def _write(cell: Any, value: Cell) -> None:
    """A number as a number; everything else as text that stays text, also when somebody edits the cell."""
    found = _figure(value)
    if found is None or found == "":
        return
    if not isinstance(found, str):
        cell.value = found
        return
    cell.value = _clean(found)
    cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    cell.number_format = "@"
    cell.quotePrefix = True


def _figure(value: Cell) -> Cell:
    """The value as a cell has it: nothing for what is not a number, text for what is neither text nor number."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return str(value)
    return str(value) if isinstance(value, float) and math.isinf(value) else value


def _clean(text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise BadFile(f"A text has {len(text)} characters, and a cell takes at most {LONGEST_CELL}: shorten it.")
    return CONTROLS.sub("\ufffd", text)


def _sheet_names(titles: Iterable[str]) -> list[str]:
    """Names that Excel takes: 31 characters, without []:*?/\\, no apostrophe at an end, no two alike, not “History”."""
    plain = (" ".join(re.sub(r"[\[\]:*?/\\]", " ", CONTROLS.sub("", title)).split()).strip("'") for title in titles)
    found, taken = [], {"history"}
    for title in plain:
        short = title[:LONGEST_NAME].strip("' ") or "Table"
        name, number = short, 1
        while name.casefold() in taken:
            number += 1
            name = f"{short[: LONGEST_NAME - len(str(number)) - 1].rstrip()} {number}"
        taken.add(name.casefold())
        found.append(name)
    return found

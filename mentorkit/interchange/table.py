"""A CSV file as a table of texts: encoding and delimiter are found out, and rows that do not fit are told."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mentorkit.errors import BadFile

LARGEST = 200_000_000  # bytes; REDCap's records of 5,000 students over eight terms are about 50 million
DELIMITERS = ",;\t|^"  # those that REDCap offers


@dataclass(frozen=True)
class Refused:
    """Something in the file that was not taken; everything else was."""

    row: int  # as a spreadsheet counts: the head is row 1
    column: str  # empty for a whole row
    sentence: str

    def __str__(self) -> str:
        place = f"Row {self.row}, column {self.column}" if self.column else f"Row {self.row}"
        return f"{place}: {self.sentence}"


@dataclass(frozen=True)
class Row:
    """One row of the file."""

    number: int  # as a spreadsheet counts
    cells: Mapping[str, str]  # by column, without blanks around them; empty ones are left out

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """The file."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]  # rows with too many or too few cells


def read_table(raw: bytes, known: Collection[str], needed: Collection[str], otherwise: str) -> Table:
    """The file's rows; raises `BadFile` when it cannot be read as a whole.

    `known` are columns that may be there: by them the delimiter is told. `needed` are those that must be; `otherwise`
    says where such a file comes from.
    """
    if len(raw) > LARGEST:
        raise BadFile(f"The file is larger than {LARGEST // 1_000_000} MB: divide it.")
    lines, columns = _opened(raw, known)
    _expect_head(columns, known, needed, otherwise)
    rows, refused = [], []
    for number, cells in lines:
        found = {column: cell for column, cell in zip(columns, map(str.strip, cells), strict=False) if cell}
        if len(cells) != len(columns) and any(map(str.strip, cells)):
            refused.append(Refused(number, "", f"It has {len(cells)} cells where the head has {len(columns)}."))
        elif found:
            rows.append(Row(number, found))
    return Table(columns, tuple(rows), tuple(refused))


def head(raw: bytes, known: Collection[str]) -> tuple[str, ...]:
    """The columns of such a file; raises `BadFile` when it cannot be read."""
    return _opened(raw, known)[1]


def _opened(raw: bytes, known: Collection[str]) -> tuple[Iterator[tuple[int, Sequence[str]]], tuple[str, ...]]:
    """The lines after the head, numbered, and the columns that the head names."""
    text = re.sub(r"\Asep=.\r?\n", "", _decoded(raw))
    lines = _lines(text, _delimiter(text, known))
    _, first = next(lines, (1, []))
    return lines, tuple(cell.strip().lower() for cell in first)


def _decoded(raw: bytes) -> str:
    """UTF-8 as REDCap writes it, UTF-16 with its mark, else what Windows writes in western Europe and America."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _delimiter(text: str, known: Collection[str]) -> str:
    """The delimiter by which most of the head's cells are known columns."""

    def found(delimiter: str) -> int:
        try:
            _, head = next(_lines(text, delimiter), (0, []))
        except BadFile:
            return -1
        return sum(cell.strip().lower() in known for cell in head)

    return max(DELIMITERS, key=found)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            yield number, next(lines)
        except StopIteration:
            return
        except csv.Error:
            raise BadFile(
                f"From row {number} on, the file cannot be read: a quotation mark is not closed. Export it again."
            ) from None
        number += 1


def _expect_head(columns: Sequence[str], known: Collection[str], needed: Collection[str], otherwise: str) -> None:
    for column in needed:
        if column not in columns:
            raise BadFile(f"The file has no column {column}: {otherwise}.")
    for column in columns:
        if columns.count(column) > 1 and column in known:
            raise BadFile(f"The column {column} stands in the file twice: take one away.")

"""Comma-separated values in which no cell is something that a spreadsheet would run."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

RUN = frozenset("=+-@−")  # what a spreadsheet takes for the beginning of a formula; U+2212 is a minus to some
PASSED_OVER = frozenset("\"'`´‘’‚“”„«»‹›＂＇")  # quotes that an import may take away before it looks


def inert(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet could take it for a formula.

    That is text that begins with = + - @ or one of their full-width forms, also after blanks, quotes and invisible
    characters, and text that begins with a tab or a line break.
    """
    if text[:1] in {"\t", "\r", "\n"}:
        return f"'{text}"
    for char in text:
        if char in PASSED_OVER or unicodedata.category(char)[0] in "ZC":
            continue
        return f"'{text}" if RUN & set(unicodedata.normalize("NFKC", char)) else text
    return text


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated values with a head; None is an empty cell."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([inert(column) for column in columns])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def _cell(cell: object) -> object:
    return inert(cell) if isinstance(cell, str) else cell

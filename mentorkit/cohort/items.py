"""Item rows as a frame: from REDCap's record exports and from tidy CSV files."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from mentorkit.content import Content
from mentorkit.interchange.redcap import MISSING, read_records
from mentorkit.interchange.rows import ItemRow, Reading
from mentorkit.interchange.table import Refused
from mentorkit.interchange.tidy import read_item_rows

KINDS = {
    "student": "string", "term": "string", "class_year": "string", "relationship": "Int64", "mentor_type": "string",
    "item": "string", "value": "float64",
}  # fmt: skip


@dataclass(frozen=True)
class Items:
    """Item rows that were read, and what was not."""

    frame: pd.DataFrame  # student, term, class_year, relationship, mentor_type, item, value (0–4, NaN = not counted)
    students: int  # with at least one row
    cards: int  # each the needs of one term, or one relationship in one term
    refused: tuple[Refused, ...]  # cells and rows, in the order of the file
    notes: tuple[str, ...]  # what was passed over as a whole, a sentence each


def from_redcap(raw: bytes, content: Content, *, term: str | None = None, missing: Collection[str] = MISSING) -> Items:
    """The items of a REDCap record export in CSV; raises `BadFile` when it is none. See `read_records`."""
    return _items(read_records(raw, content, term=term, missing=missing))


def from_csv(raw: bytes, content: Content) -> Items:
    """The items of a tidy CSV file; raises `BadFile` when it is another."""
    return _items(read_item_rows(raw, content))


def frame_of(rows: Iterable[ItemRow]) -> pd.DataFrame:
    """Item rows as a frame with the columns and kinds that cohort work expects."""
    return pd.DataFrame(list(rows), columns=list(ItemRow._fields)).astype(KINDS)


def _items(read: Reading) -> Items:
    return Items(frame_of(read.rows), read.students, read.cards, read.refused, read.notes)

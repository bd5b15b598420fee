"""Item rows, which cohort work starts from, and what is told beside them when they were read from a file."""

from dataclasses import dataclass
from typing import NamedTuple

from mentorkit.interchange.leaving import open_items
from mentorkit.interchange.table import Refused
from mentorkit.worksheet import Worksheet

OWN = "own"  # the area in a student's own words is for nobody else: even that there is one


class ItemRow(NamedTuple):
    """One item that was asked, about one relationship or about a student's needs, in one term."""

    student: str  # the record id
    term: str
    class_year: str | None
    relationship: int | None  # the number of the mentor within student and term; none for needs
    mentor_type: str | None
    item: str  # the permanent id
    value: float | None  # 0–4; none when not answered, or answered with what is not counted


@dataclass(frozen=True)
class Reading:
    """What was read, and what was not."""

    rows: tuple[ItemRow, ...]
    students: int  # with at least one card
    cards: int  # each the needs of one term, or one relationship in one term
    refused: tuple[Refused, ...]  # cells and rows, in the order of the file
    notes: tuple[str, ...]  # what was passed over as a whole, a sentence each


def scored_items(sheet: Worksheet) -> frozenset[str]:
    """The items of a worksheet that are scored and may be compared between students."""
    scales = [scale for scale in sheet.subscales if scale.id.partition(".")[2] != OWN]
    return frozenset(item for scale in scales for item in scale.items) & {item.id for item in open_items(sheet)}

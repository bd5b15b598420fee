"""Tidy CSV: one row an answer, of one student; and one row an item of many students, the input of cohort work."""

from collections.abc import Iterable, Iterator, Mapping

from mentorkit.content import Content
from mentorkit.errors import Unknown
from mentorkit.interchange.cards import Card, Student
from mentorkit.interchange.cells import as_csv
from mentorkit.interchange.codebook import OF_ANSWERS, OF_ITEM_ROWS
from mentorkit.interchange.leaving import open_items
from mentorkit.interchange.rows import ItemRow, Reading, scored_items
from mentorkit.interchange.table import Refused, Row, read_table
from mentorkit.scoring import CODES
from mentorkit.worksheet import Group, Item, Value

ELSE = "item rows have the columns " + ", ".join(OF_ITEM_ROWS)
KEYS = ("student", "term", "item", "value")
NO_NUMBER = "The question is about one mentor: number each student's mentors 1, 2, 3."
A_NUMBER = "The question is about no single mentor: leave the number empty."


def answers_csv(content: Content, student: Student) -> str:
    """Every answer of one student that is not private: what was finished, and what is kept up to date."""
    return as_csv(list(OF_ANSWERS), (row for card in student.cards for row in _rows(content, student, card)))


def _rows(content: Content, student: Student, card: Card) -> Iterator[tuple[Value, ...]]:
    about = (card.worksheet, card.term, card.mentor, card.mentor_type)
    for item in open_items(content.worksheet(card.worksheet)):
        for entry, part, value in _values(item, card.answers.get(item.id), student):
            yield (*about, item.id, entry, part, value)


def _values(item: Item, value: Value, student: Student) -> Iterator[tuple[int | None, str | None, Value]]:
    if value is None:
        return
    if isinstance(item, Group):
        for number, entry in enumerate(value, start=1):
            yield from ((number, part, said) for part, said in entry.items())
        return
    numbers = (student.numbers or {}) if getattr(item, "options_from", None) == "mentors" else None
    for one in value if isinstance(value, list) else [value]:
        if numbers is None or one in numbers:
            yield None, None, one if numbers is None else numbers[one]


def item_rows_csv(rows: Iterable[ItemRow]) -> str:
    """Item rows as a file, for `read_item_rows`."""
    return as_csv(ItemRow._fields, rows)


def read_item_rows(raw: bytes, content: Content) -> Reading:
    """Item rows from a file; what cannot be is refused row by row. Raises `BadFile` when the file is another."""
    table = read_table(raw, OF_ITEM_ROWS, KEYS, ELSE)
    scored = {item: sheet.id for sheet in content.worksheets.values() for item in scored_items(sheet)}
    found: dict[tuple[object, ...], ItemRow] = {}
    refused = list(table.refused)
    for row in table.rows:
        try:
            one = _item_row(content, row, scored)
        except _Bad as bad:
            refused.append(Refused(row.number, bad.column, str(bad)))
            continue
        key = (one.student, one.term, one.relationship, one.item)
        if key in found:
            refused.append(Refused(row.number, "item", "An earlier row is about the same item; only that one is read."))
        else:
            found[key] = one
    strange = [column for column in table.columns if column not in OF_ITEM_ROWS]
    notes = (f"Passed over columns that are not of item rows: {', '.join(strange[:5])}.",) if strange else ()
    rows = tuple(found.values())
    students, cards = len({row.student for row in rows}), len({(r.student, r.term, r.relationship) for r in rows})
    return Reading(rows, students, cards, tuple(sorted(refused, key=lambda one: one.row)), notes)


class _Bad(Exception):
    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _item_row(content: Content, row: Row, scored: Mapping[str, str]) -> ItemRow:
    if not row["student"]:
        raise _Bad("student", "Nobody knows whose it is.")
    try:
        content.calendar.key(row["term"])
    except Unknown as unknown:
        raise _Bad("term", str(unknown)) from None
    if row["item"] not in scored:
        raise _Bad("item", "It is not the permanent id of a question that is scored.")
    kind = row["mentor_type"] or None
    if kind not in {None, *content.types}:
        raise _Bad("mentor_type", f"It takes one of {', '.join(content.types)}, or nothing.")
    relationship = row["relationship"].removesuffix(".0")
    if relationship and not (relationship.isascii() and relationship.isdigit() and len(relationship) < 10):
        raise _Bad("relationship", "It takes a number such as 1, 2 or 3, or nothing.")
    number = int(relationship) if relationship else None
    if (number is not None) != (scored[row["item"]] == "relationship"):
        raise _Bad("relationship", NO_NUMBER if number is None else A_NUMBER)
    return ItemRow(row["student"], row["term"], row["class_year"] or None, number, kind, row["item"], _value(row))


def _value(row: Row) -> float | None:
    text = row["value"]
    if text.lower() in {"", "na", "nan", "null"}:
        return None
    whole = text.removesuffix(".0").replace("-0", "0")
    if whole not in {str(code) for code in CODES}:
        raise _Bad("value", "It takes 0, 1, 2, 3 or 4, or nothing.")
    return float(whole)

"""The codebook: every column and every item of our files, with text, options, codes, range, and what missing means."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields

from mentorkit.content import Content
from mentorkit.interchange.cells import as_csv
from mentorkit.interchange.leaving import open_items
from mentorkit.interchange.rows import scored_items
from mentorkit.worksheet import Choice, Choices, Clock, Day, Group, Item, Rating, Text, Worksheet

NOT_THERE = "no row: not asked, or not answered"
OF_ANSWERS: Mapping[str, str] = {
    "worksheet": "the id of the worksheet",
    "term": "the term of the scorecard, year and season: 2026-fall; empty for what is kept up to date",
    "mentor": "the student's own number for the mentor; no name; empty when it is about nobody",
    "mentor_type": "the type of the mentor, one of the codes of the item “type”; empty when not given",
    "item": "the permanent id of the question",
    "entry": "of a list: 1, 2, 3 …; else empty",
    "part": "of an entry in a list: which part of it; else empty",
    "value": "the answer: a code, a text, a date; a row for each of several answers",
}
OF_ITEM_ROWS: Mapping[str, str] = {
    "student": "a random id, or the record id of the system that it comes from; no name",
    "term": "year and season: 2026-fall",
    "class_year": "as the school calls it; empty when not given",
    "relationship": "tells the relationships of one student in one term apart: 1, 2, 3 …; empty for needs",
    "mentor_type": "the type of the mentor, one of the codes of the item “type”; empty for needs or when not given",
    "item": "the permanent id of a question that was asked; one that was not asked has no row",
    "value": "0 to 4; empty when it was not answered, or answered with what is not counted",
}


@dataclass(frozen=True)
class Entry:
    """One line of the codebook."""

    kind: str  # column or item
    name: str  # the column's name, or the item's permanent id
    worksheet: str  # in which the item is asked
    text: str  # the question as asked; of a column what it holds
    scale: str  # of a rating: the scale's id
    options: str  # codes and labels, in order: 0 = Not at all; 1 = A little; …
    range: str  # what the values can be
    missing: str  # what an absent value means
    scored: str  # yes when the item enters a score


def codebook(content: Content, columns: Mapping[str, str]) -> tuple[Entry, ...]:
    """The columns of a file, and every item that may leave; each part of a list is a line of its own."""
    return (*(_column(name, meaning) for name, meaning in columns.items()), *_entries(content))


def codebook_csv(content: Content, columns: Mapping[str, str] = OF_ANSWERS) -> str:
    """The codebook as a CSV file."""
    head = [field.name for field in fields(Entry)]
    return as_csv(head, (astuple(entry) for entry in codebook(content, columns)))


def _column(name: str, meaning: str) -> Entry:
    return Entry("column", name, "", meaning, "", "", "", "", "")


def _entries(content: Content) -> Iterator[Entry]:
    types = "; ".join(f"{kind.id} = {kind.name}" for kind in content.types.values())
    yield Entry("item", "type", "", "What kind of mentor is this?", "", types, "one of the codes", "not given", "")
    for sheet in content.worksheets.values():
        for item in open_items(sheet):
            if isinstance(item, Group):
                yield from (_entry(sheet, part, f"{item.id}.{part.id}", f"{item.text}: ") for part in item.items)
            else:
                yield _entry(sheet, item, item.id)


def _entry(sheet: Worksheet, item: Item, name: str, before: str = "") -> Entry:
    options = "; ".join(f"{option.code} = {option.label}" for option in getattr(item, "options", ()))
    scale = item.scale if isinstance(item, Rating) else ""
    scored = "yes" if name in scored_items(sheet) else ""
    return Entry("item", name, sheet.id, before + item.text, scale, options, _range(item), _missing(item), scored)


def _range(item: Item) -> str:
    match item:
        case Rating():
            codes = [option.code for option in item.options if isinstance(option.code, int)]
            return f"{min(codes)} to {max(codes)}"
        case Choice():
            return "one of the codes"
        case Choices(options_from="mentors"):
            return "the student's own numbers for mentors"
        case Choices():
            return f"any of the codes, {item.at_most} at most" if item.at_most else "any of the codes"
        case Day():
            return "a date: 2026-11-22"
        case Clock():
            return "a time of day: 14:30"
        case Text():
            return f"words, {item.at_most} characters at most"
    return f"a list, {item.at_most} at most"


def _missing(item: Item) -> str:
    apart = [option.label for option in getattr(item, "options", ()) if isinstance(item, Rating) and not option.counted]
    return "; ".join((NOT_THERE, *(f"na = {label}: answered, and not counted" for label in apart)))

"""Made-up answers to the real worksheets, as cards for other systems; and what must come of them, told plainly."""

import csv
import io
from collections.abc import Iterable

from hypothesis import strategies as st

from mentorkit.content import load_content
from mentorkit.interchange.cards import Card, Student
from mentorkit.interchange.leaving import open_answers
from mentorkit.interchange.rows import ItemRow
from mentorkit.worksheet import Answers, Choice, Choices, Clock, Day, Group, Item, Rating, Text, Worksheet

CONTENT = load_content()
TERMS = ("2025-fall", "2026-spring", "2026-fall")
MENTORS = {"m-0a1b2c": 1, "m-0a1b2d": 2, "m-0a1b2e": 7}
HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", '"=1', "'=1", "“=1", "‘@x",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "−1", "\u200b=1", "＂＝1", "=HYPERLINK(\"http://x\",\"y\")",
    "=cmd|' /C calc'!A0", "' \u202e=1",
)  # fmt: skip
TAME = ("", "a", "3", "(a)", "¿qué?", "😀", "a=b", "'", "—", "…=", "O'Hara", "1-2", "…and")
SAID = (*HOSTILE, *TAME[1:], 'zwei\nZeilen; mit, allem\t"', "x" * 60)
WORDS = st.one_of(st.sampled_from(SAID), st.text(max_size=40))
SHEETS = list(CONTENT.worksheets.values())


def values(item: Item) -> st.SearchStrategy:
    """What can be answered."""
    match item:
        case Rating() | Choice():
            return st.sampled_from([option.code for option in item.options])
        case Choices(options_from="mentors"):
            return st.lists(st.sampled_from(sorted(MENTORS)), min_size=1, unique=True)
        case Choices():
            codes = [option.code for option in item.options]
            return st.lists(st.sampled_from(codes), min_size=1, max_size=item.at_most, unique=True)
        case Text():
            return WORDS.filter(lambda said: said.strip() and _keeps(item, said))
        case Day():
            return st.dates().map(lambda day: day.isoformat())
        case Clock():
            return st.times().map(lambda time: f"{time:%H:%M}")
        case Group():
            parts = {part.id: values(part) for part in item.items}
            entry = st.fixed_dictionaries({}, optional=parts).filter(bool)
            return st.lists(entry, min_size=1, max_size=min(item.at_most, 4))
    raise TypeError(item)


def _keeps(item: Text, said: str) -> bool:
    try:
        return item.check(said) == said
    except Exception:
        return False


@st.composite
def answers(draw: st.DrawFn, sheet: Worksheet) -> Answers:
    """Answers to some items, private ones and unasked ones among them."""
    given = {}
    ratings = st.sampled_from([0, 1, 2, 3, 4, None])
    for item in sheet:
        if isinstance(item, Rating) and item.scale == "practice":
            code = draw(ratings)
            given |= {} if code is None else {item.id: code}
        elif draw(st.booleans()):
            given[item.id] = draw(values(item))
    return given


def few(one: st.SearchStrategy) -> st.SearchStrategy:
    """One or two different ones."""
    return st.lists(one, min_size=1, max_size=2, unique=True)


@st.composite
def students(draw: st.DrawFn) -> Student:
    """A student with cards of some worksheets, at most one about the same thing."""
    cards = []
    for sheet in draw(st.lists(st.sampled_from(SHEETS), max_size=3, unique_by=lambda sheet: sheet.id)):
        terms = [None] if sheet.standing else draw(few(st.sampled_from(TERMS)))
        about = draw(few(st.integers(1, 9))) if sheet.per_mentor else [None]
        for term in terms:
            for number in [1] if sheet.per_meeting else about:
                kind = draw(st.sampled_from([None, *CONTENT.types])) if sheet.per_mentor else None
                kept = open_answers(sheet, draw(answers(sheet)))
                cards.append(Card(sheet.id, kept, term, number, kind))
    record, year = draw(st.sampled_from(["1", "17", "s-009"])), draw(st.sampled_from([None, "m2", "2030"]))
    return Student(record, tuple(card for card in cards if card.answers), year, MENTORS)


def item_rows(student: Student) -> set[ItemRow]:
    """The item rows that a student's cards are, told from the worksheets alone."""
    found = set()
    for card in student.cards:
        sheet = CONTENT.worksheet(card.worksheet)
        scales = [scale for scale in sheet.subscales if not scale.id.endswith(".own")]
        scored = {item for scale in scales for item in scale.items}
        for item in sheet.asked(card.answers):
            if item.id in scored:
                code = card.answers.get(item.id)
                value = None if code in (None, "na") else float(code)
                about = (student.record, card.term, student.class_year, card.mentor, card.mentor_type)
                found.add(ItemRow(*about, item.id, value))
    return found


def table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def file(rows: Iterable[dict[str, str]], **how: str) -> bytes:
    """Rows as a CSV file again."""
    rows = list(rows)
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]), **how)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()

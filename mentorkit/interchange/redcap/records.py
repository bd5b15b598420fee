"""Scorecards as records that REDCap imports: a row for the student, and a row for each card."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mentorkit.content import Content
from mentorkit.interchange.cards import Card, Student
from mentorkit.interchange.cells import as_csv
from mentorkit.interchange.redcap.form import CLASS_YEAR, INSTANCE, INSTRUMENT, RECORD, STUDENT, Field, Form
from mentorkit.interchange.redcap.laying import forms_of
from mentorkit.worksheet import Value

COMPLETE, INCOMPLETE = "2", "0"  # REDCap's own codes
Cells = dict[str, Any]


def records_csv(content: Content, students: Iterable[Student]) -> str:
    """The CSV file for REDCap's “Data Import Tool”, in a project that has our data dictionary.

    In that project every form but `student` is set up as a repeating instrument. Instances count 1, 2, 3 … in the order
    of the cards. A text that a spreadsheet would run gets an apostrophe before it.
    """
    forms = {form.name: form for form in forms_of(content)}
    every = (column for form in forms.values() for column in _columns(form))
    head = [RECORD, INSTRUMENT, INSTANCE, CLASS_YEAR, f"{STUDENT}_complete", *every]
    rows = (row for student in students for row in _rows(forms, student))
    return as_csv(head, ([row.get(column) for column in head] for row in rows))


def _columns(form: Form) -> Iterator[str]:
    for field in form.fields:
        yield from field.columns
    yield form.complete


def _rows(forms: Mapping[str, Form], student: Student) -> Iterator[Cells]:
    yield {RECORD: student.record, CLASS_YEAR: student.class_year, f"{STUDENT}_complete": COMPLETE}
    counted: Counter[str] = Counter()
    for card in student.cards:
        counted[card.worksheet] += 1
        instance = {RECORD: student.record, INSTRUMENT: card.worksheet, INSTANCE: counted[card.worksheet]}
        form = forms[card.worksheet]
        yield instance | _about(form, card) | _answers(form, card, student.numbers or {})


def _about(form: Form, card: Card) -> Cells:
    year, _, season = (card.term or "").partition("-")
    done = INCOMPLETE if form.sheet.standing else COMPLETE
    values = {form.year: year, form.season: season, form.mentor: card.mentor, form.mentor_type: card.mentor_type}
    found: Cells = {form.complete: done}
    for field in form.fields:
        if (value := values.get(field.variable)) not in (None, ""):
            found[field.variable] = field.codes[value] if field.codes else value
    return found


def _answers(form: Form, card: Card, numbers: Mapping[str, int]) -> Cells:
    found: Cells = {}
    for field in form.fields:
        value = card.answers.get(field.item)
        if field.entry:
            value = value[field.entry - 1].get(field.part) if value and len(value) >= field.entry else None
        if value is not None:
            found |= _cells(field, value, numbers)
    return found


def _cells(field: Field, value: Value, numbers: Mapping[str, int]) -> Cells:
    """A code that the content no longer has is left out: REDCap would refuse the whole file for it."""
    if field.kind == "checkbox":
        return {column: int(code in value) for column, code in field.columns.items()}
    if field.kind == "radio":
        return {field.variable: field.codes[value]} if value in field.codes else {}
    if isinstance(value, list):
        known = sorted(numbers[mentor] for mentor in value if mentor in numbers)
        return {field.variable: " ".join(map(str, known))}
    return {field.variable: value}

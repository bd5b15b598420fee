"""REDCap's record exports as item rows, the input of cohort work. What cannot be read is told; the rest is kept."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from mentorkit.content import Content
from mentorkit.interchange.redcap.answering import MISSING, Asked, BadCell, number, short
from mentorkit.interchange.redcap.form import CLASS_YEAR, EVENT, INSTANCE, INSTRUMENT, RECORD, STUDENT, Form
from mentorkit.interchange.redcap.laying import forms_of
from mentorkit.interchange.redcap.terms import term_of
from mentorkit.interchange.rows import ItemRow, Reading, scored_items
from mentorkit.interchange.table import Refused, Row, Table, read_table
from mentorkit.scoring import CODES
from mentorkit.worksheet import Answers, Value

ELSE = "export the records from REDCap as CSV, with variable names as headers"
T = TypeVar("T")


@dataclass(frozen=True)
class _Card:
    form: Form
    row: Row
    term: str
    number: int | None  # of the mentor, as the student gave it
    type: str | None
    answers: Answers


def read_records(
    raw: bytes, content: Content, *, term: str | None = None, missing: Collection[str] = MISSING
) -> Reading:
    """The item rows of a record export in CSV, with raw codes or with labels; raises `BadFile` when it is none.

    A card's term is in its own fields, else it is the event's if that is named like a term, else `term`. `missing` are
    the project's missing-data codes. Worksheets that are not scored are passed over, and so is a question that the
    file has no column for: a school may ask less.
    """
    default = content.calendar.parse(term) if term else None
    return _Reader(content, default, frozenset(missing)).read(raw)


@dataclass
class _Reader:
    content: Content
    term: str | None
    missing: Collection[str]
    refused: list[Refused] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.every = forms_of(self.content)
        self.scored = {form.name: items for form in self.every if (items := scored_items(form.sheet))}
        self.forms = {form.name: form for form in self.every if form.name in self.scored}
        self.variables = {one.item: one.variable for form in self.forms.values() for one in form.fields}
        choosing = (one for form in self.forms.values() for one in form.fields if one.codes)
        self.asked = {one.variable: Asked(one, self.missing) for one in choosing}

    def read(self, raw: bytes) -> Reading:
        ours = {column for form in self.every for one in form.fields for column in one.columns}
        known = ours.union({RECORD, CLASS_YEAR, EVENT, INSTRUMENT, INSTANCE})
        table = read_table(raw, known, [RECORD], ELSE)
        self.refused += table.refused
        years = self._class_years(table)
        cards = [card for row in table.rows for card in self._cards(row)]
        there = set(table.columns)
        rows = [row for card, about in self._numbered(cards) for row in self._item_rows(there, card, about, years)]
        return Reading(
            rows=tuple(rows),
            students=len({row.student for row in rows}),
            cards=len({row[:5] for row in rows}),
            refused=tuple(sorted(self.refused, key=lambda one: one.row)),
            notes=tuple(_notes(table, known, self.every, self._gone(there))),
        )

    def _class_years(self, table: Table) -> dict[tuple[str, str], str]:
        """By record and event."""
        found: dict[tuple[str, str], str] = {}
        for row in table.rows:
            about, year = (row[RECORD], row[EVENT]), row[CLASS_YEAR].removesuffix(".0")
            if year and found.setdefault(about, year) != year:
                self._refuse(row, CLASS_YEAR, f"Another class year stands further up: “{short(found[about])}”.")
        return found

    def _cards(self, row: Row) -> Iterator[_Card]:
        if not row[RECORD]:
            self._refuse(row, RECORD, "The row has no record id, so nobody knows whose it is.")
            return
        named = _instrument(row)
        for form in self.forms.values():
            if named in ("", form.name) and (answers := self._answers(form, row)):
                try:
                    yield self._card(form, row, answers)
                except BadCell as bad:
                    self._refuse(row, bad.column, str(bad))

    def _card(self, form: Form, row: Row, answers: Answers) -> _Card:
        term = term_of(self.content.calendar, form, row, self.asked[form.season]) or self.term
        if term is None:
            raise BadCell(form.year, "Nothing says which term this is about: fill in the year and the season.")
        if not form.about_mentor:
            return _Card(form, row, term, None, None, answers)
        given = self._kept(row, partial(number, form.mentor, missing=self.missing))
        kind = self._kept(row, self.asked[form.mentor_type].chosen)
        return _Card(form, row, term, given, None if kind is None else str(kind), answers)

    def _answers(self, form: Form, row: Row) -> Answers:
        """By item; of a text or a group only that there is something."""
        found: dict[str, Value] = {}
        for one in (one for one in form.fields if one.item):
            value: Value = row[one.variable]
            if one.kind == "checkbox":
                value = self._kept(row, self.asked[one.variable].checked)
            elif one.kind == "radio":
                value = self._kept(row, self.asked[one.variable].chosen)
            if value not in (None, "", []):
                found[one.item] = value
        return found

    def _numbered(self, cards: Sequence[_Card]) -> Iterator[tuple[_Card, int | None]]:
        """The cards with the numbers of their relationships; the second card about the same is refused."""
        taken: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
        numbers: dict[int, int] = {}
        for place, card in enumerate(cards):
            wanted = card.number if card.form.about_mentor else 0
            about = taken[card.form.name, card.row[RECORD], card.term]
            if wanted is not None and wanted in about:
                self._refuse(card.row, "", f"An earlier row is about the same in {card.term}; only that one is read.")
            elif wanted is not None:
                about.add(wanted)
                numbers[place] = wanted
        for place, card in enumerate(cards):
            if card.number is None and card.form.about_mentor:
                about = taken[card.form.name, card.row[RECORD], card.term]
                numbers[place] = next(free for free in range(1, len(about) + 2) if free not in about)
                about.add(numbers[place])
        yield from ((cards[place], numbers[place] or None) for place in sorted(numbers))

    def _item_rows(
        self, columns: Collection[str], card: _Card, number: int | None, years: dict[tuple[str, str], str]
    ) -> Iterator[ItemRow]:
        record, scored = card.row[RECORD], self.scored[card.form.name]
        year = years.get((record, card.row[EVENT])) or years.get((record, ""))
        for item in card.form.sheet.asked(card.answers):
            if item.id in scored and self.variables[item.id] in columns:
                code = card.answers.get(item.id)
                value = float(code) if type(code) is int and code in CODES else None
                yield ItemRow(record, card.term, year, number, card.type, item.id, value)

    def _gone(self, columns: Collection[str]) -> list[str]:
        """The variables of scored questions that the file has no column for."""
        fields = [(one, self.scored[form.name]) for form in self.forms.values() for one in form.fields]
        return [one.variable for one, scored in fields if one.item in scored and one.variable not in columns]

    def _kept(self, row: Row, read: Callable[[Row], T]) -> T | None:
        """What a cell says, or nothing and a refusal."""
        try:
            return read(row)
        except BadCell as bad:
            self._refuse(row, bad.column, str(bad))
            return None

    def _refuse(self, row: Row, column: str, sentence: str) -> None:
        self.refused.append(Refused(row.number, column, sentence))


def _instrument(row: Row) -> str:
    """The unique name of the row's repeating instrument; labels have capitals and blanks."""
    return row[INSTRUMENT].lower().replace(" ", "_")


def _notes(table: Table, known: Collection[str], every: Sequence[Form], gone: Sequence[str]) -> Iterator[str]:
    own = {*known, f"{STUDENT}_complete", *(form.complete for form in every)}
    strange = [name for name in table.columns if name not in own and not name.startswith("redcap_")]
    strange = [name for name in strange if not name.endswith("_timestamp")]
    if strange:
        yield f"Columns that are not of these worksheets were passed over, {len(strange)} of them: {_some(strange)}."
    forms = {form.name for form in every} | {STUDENT, ""}
    others = sorted({name for row in table.rows if (name := _instrument(row)) not in forms})
    if others:
        yield f"Rows of instruments that are not of these worksheets were passed over: {_some(others)}."
    if gone:
        yield f"Questions without a column count as not asked, {len(gone)} of them: {_some(gone)}."


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(short(name) for name in names[:5]) + more

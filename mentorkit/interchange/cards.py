"""What one student takes to another system: scorecards, and what is kept up to date; nothing private."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from mentorkit.interchange.leaving import open_answers
from mentorkit.workbook import Workbook
from mentorkit.worksheet import Answers, Worksheet


@dataclass(frozen=True)
class Card:
    """The answers to one worksheet, in one term or as they now stand, about one mentor or none."""

    worksheet: str
    answers: Answers
    term: str | None = None  # none for what is kept up to date across terms
    mentor: int | None = None  # the student's number for the mentor; a mentor's name and id stay at home
    mentor_type: str | None = None
    at: datetime | None = None  # when it was finished or last saved; UTC


@dataclass(frozen=True)
class Student:
    """One student's cards, under the record id that the other system knows the student by."""

    record: str
    cards: tuple[Card, ...]
    class_year: str | None = None
    numbers: Mapping[str, int] | None = None  # of mentors, by the ids that answers name them by


def student_of(workbook: Workbook, record: str = "1", class_year: str | None = None, *, texts: bool = False) -> Student:
    """The last scorecard of each worksheet, term and mentor, and what is kept up to date as it now stands.

    Words of the student's own are there only with `texts`. Mentors are numbered in the order in which they were added,
    so the numbers stay when the workbook goes on.
    """
    numbers = {person.id: number for number, person in enumerate(workbook.people, start=1)}
    sheets = workbook.content.worksheets.values()
    cards = (card for sheet in sheets for card in _cards(workbook, sheet, numbers, texts))
    return Student(record, tuple(card for card in cards if card.answers), class_year, numbers)


def _cards(workbook: Workbook, sheet: Worksheet, numbers: Mapping[str, int], texts: bool) -> Iterator[Card]:
    found = _standing(workbook, sheet, numbers) if sheet.standing else _sealed(workbook, sheet, numbers)
    for about, term, answers, at in found:
        number, kind = _mentor(workbook, about, numbers)
        yield Card(sheet.id, open_answers(sheet, answers, texts), term, number, kind, at)


Found = tuple[str | None, str | None, Answers, datetime | None]  # about whom, the term, the answers, when


def _sealed(workbook: Workbook, sheet: Worksheet, numbers: Mapping[str, int]) -> Iterator[Found]:
    for about in numbers if sheet.per_mentor else (None,):
        for card in workbook.sealed(sheet.id, mentor=about):
            yield about, card.term, card.answers, card.sealed_at


def _standing(workbook: Workbook, sheet: Worksheet, numbers: Mapping[str, int]) -> Iterator[Found]:
    meetings = [meeting.id for mentor in numbers for meeting in workbook.meetings(mentor)]
    for about in meetings if sheet.per_meeting else numbers if sheet.per_mentor else (None,):
        draft = workbook.draft(sheet.id, mentor=about)
        yield about, None, draft.answers, draft.saved_at


def _mentor(workbook: Workbook, about: str | None, numbers: Mapping[str, int]) -> tuple[int | None, str | None]:
    if about is None:
        return None, None
    mentor = about.partition("/")[0]
    return numbers[mentor], workbook.mentor(mentor).type

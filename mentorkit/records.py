"""What the records say: drafts, scorecards, mentors and settings, folded in order of revision."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from mentorkit.content import Content
from mentorkit.errors import BadAnswer, BadContent, Unknown
from mentorkit.scorecard import Draft, Mentor, Scorecard
from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed, Setting
from mentorkit.worksheet import Value

Key = tuple[str, str | None, str | None]
"""A worksheet's id, a term (none for what is kept across terms), and the id of a mentor or a meeting, or none."""

LONGEST = {"name": 80, "field": 200, "distance": 40}  # characters noted about a mentor


class Records:
    """The student's records as they now stand. `read` adds what is new; nothing is ever taken away."""

    def __init__(self, records: Iterable[AnyRecord] = ()) -> None:
        self.drafts: dict[Key, Draft] = {}
        self.cards: dict[Key, list[Scorecard]] = {}
        self.mentors: dict[str, Mentor] = {}
        self.settings: dict[str, Value] = {}
        self.since: dict[str, datetime] = {}  # when each person was noted, or became a mentor after being approached
        self.read(records)

    def read(self, records: Iterable[AnyRecord]) -> None:
        """Take in further records, in order of arrival."""
        for record in records:
            match record:
                case Answered():
                    self._answered(record)
                case Sealed():
                    self._sealed(record)
                case MentorNoted():
                    self.mentors[record.subject] = mentor_of(record)
                    self.since.setdefault(record.subject, record.at)
                case Setting():
                    self.settings[record.key] = record.value

    def terms(self) -> set[str]:
        """The terms in which anything was answered or sealed."""
        return {term for _, term, _ in (*self.drafts, *self.cards) if term is not None}

    def chosen_terms(self) -> set[str]:
        """The term that the student chose to work on, if any."""
        match self.settings.get("term"):
            case {"term": str(chosen), "during": str(during)}:
                return {chosen, during}
        return set()

    def _answered(self, record: Answered) -> None:
        draft = self.drafts.get(key_of(record), Draft())
        self.drafts[key_of(record)] = draft.with_answer(record.item, record.value, record.revision, record.at)
        if record.item == "approach.state" and record.value == "mentor" and record.subject:
            self.since[record.subject] = record.at

    def _sealed(self, record: Sealed) -> None:
        card = Scorecard(
            worksheet=record.worksheet,
            version=record.version,
            term=record.term,
            mentor=record.subject,
            revision=record.revision,
            answers=record.answers,
            sealed_at=record.at,
        )
        self.cards.setdefault(key_of(record), []).append(card)


def key_of(record: Answered | Sealed) -> Key:
    """What an answer or a scorecard belongs to."""
    return record.worksheet, record.term, record.subject


def mentor_of(record: MentorNoted) -> Mentor:
    """The mentor as noted."""
    return Mentor(record.subject, record.name, record.type, record.field, record.distance, record.left)


def checked_mentor(mentor: Mentor, types: Collection[str]) -> Mentor:
    """The mentor as it will be saved; raises `BadAnswer` for what cannot be noted about one."""
    if not isinstance(mentor.name, str) or not mentor.name.strip():
        raise BadAnswer("Give the mentor a name or a nickname.")
    for what, most in LONGEST.items():
        text = getattr(mentor, what)
        if not isinstance(text, str) or len(text) > most or any(map(_breaks_a_line, text)):
            raise BadAnswer(f"A mentor's {what} takes at most {most} characters on one line.")
    if mentor.type is not None and mentor.type not in types:
        raise BadAnswer(f"A mentor's type is one of {', '.join(types)}, or none.")
    return replace(mentor, name=mentor.name.strip(), left=bool(mentor.left))


def _breaks_a_line(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def expect_content_for(standing: Records, content: Content) -> None:
    """Refuse content that a school edited until it no longer knows a term or a kind of mentor in the records."""
    try:
        content.calendar.sort(standing.terms() | standing.chosen_terms())
    except Unknown as unknown:
        raise BadContent(f"terms.toml lacks a term that has answers: put it back. {unknown}") from None
    for kind in {mentor.type for mentor in standing.mentors.values()} - {None, *content.types}:
        raise BadContent(f"types.toml lacks {kind}, which one of the mentors is: put it back.")

"""What the records say: drafts, scorecards, mentors and settings, folded in order of revision."""

from collections.abc import Iterable

from mentorkit.scorecard import Draft, Mentor, Scorecard
from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed, Setting
from mentorkit.worksheet import Value

Key = tuple[str, str, str | None]
"""A worksheet's id, a term, and a mentor's id or none."""


class Records:
    """The student's records as they now stand. `read` adds what is new; nothing is ever taken away."""

    def __init__(self) -> None:
        self.drafts: dict[Key, Draft] = {}
        self.cards: dict[Key, list[Scorecard]] = {}
        self.mentors: dict[str, Mentor] = {}
        self.settings: dict[str, Value] = {}

    def read(self, records: Iterable[AnyRecord]) -> None:
        """Take in further records, in order of arrival."""
        for record in records:
            match record:
                case Answered():
                    self._answered(record)
                case Sealed():
                    self._sealed(record)
                case MentorNoted():
                    noted = record.model_dump(include={"name", "type", "field", "distance", "left"})
                    self.mentors[record.subject] = Mentor(record.subject, **noted)
                case Setting():
                    self.settings[record.key] = record.value

    def terms(self) -> set[str]:
        """The terms in which anything was answered or sealed."""
        return {term for _, term, _ in (*self.drafts, *self.cards)}

    def _answered(self, record: Answered) -> None:
        key = (record.worksheet, record.term, record.subject)
        draft = self.drafts.get(key, Draft())
        self.drafts[key] = draft.with_answer(record.item, record.value, record.revision, record.at)

    def _sealed(self, record: Sealed) -> None:
        key = (record.worksheet, record.term, record.subject)
        card = Scorecard(
            worksheet=record.worksheet,
            version=record.version,
            term=record.term,
            mentor=record.subject,
            revision=record.revision,
            answers=record.answers,
            sealed_at=record.at,
        )
        self.cards.setdefault(key, []).append(card)

"""Answers to one worksheet in one term: a draft while it is worked on, a scorecard when it is sealed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mentorkit.worksheet import Answers, Value


@dataclass(frozen=True)
class Draft(Mapping[str, Value]):
    """The answers so far, by item id. It says when it was last saved and what was answered last."""

    answers: Answers = field(default_factory=dict)
    revision: int = 0  # counts every saved answer; 0 when nothing was ever answered
    revisions: Mapping[str, int] = field(default_factory=dict)  # the revision at which each item was last answered
    saved_at: datetime | None = None  # UTC; shown to people, never used to order answers

    def __getitem__(self, item: str) -> Value:
        return self.answers[item]

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def with_answer(self, item: str, value: Value, revision: int, saved_at: datetime) -> "Draft":
        """The draft after one more answer; None as the value clears the item."""
        answers = {name: kept for name, kept in self.answers.items() if name != item}
        if value is not None:
            answers[item] = value
        return Draft(answers, revision, {**self.revisions, item: revision}, saved_at)


@dataclass(frozen=True)
class Scorecard:
    """The answers of one finished worksheet, never changed. A correction is another card with the next `revision`."""

    worksheet: str  # the worksheet's id
    version: int  # the worksheet's version when it was answered
    term: str  # "2026-fall"
    mentor: str | None  # the mentor's id, for worksheets about one mentor
    revision: int  # 1, 2 … within one worksheet, term and mentor; the highest one counts
    answers: Answers
    sealed_at: datetime  # UTC; shown to people, never used to order cards


@dataclass(frozen=True)
class Mentor:
    """Someone who supports the student, or might, by a name or nickname of the student's own."""

    id: str
    name: str
    type: str | None  # the id of a mentor type, when the student gave one
    field: str = ""
    distance: str = ""
    left: bool = False  # no longer a mentor; what was sealed about them stays


@dataclass(frozen=True)
class Meeting:
    """One meeting with a mentor, planned or held."""

    id: str  # the mentor's id, a slash and the meeting's own: m-…/d-…
    mentor: str  # the mentor's id
    answers: Answers  # to the worksheet "meeting"

    @property
    def day(self) -> str:
        """The day as ISO 8601 text; empty when none is set."""
        return str(self.answers.get("meeting.day", ""))

    @property
    def state(self) -> str:
        """`planned` until the student says that it was `held` or `cancelled`."""
        return str(self.answers.get("meeting.state", "planned"))

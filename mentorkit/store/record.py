"""The records: what a student did, as JSON documents that pydantic validates."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, TypeAdapter

from mentorkit.worksheet import Part


def now() -> datetime:
    """The time to write on a record: shown to people, never used to order records."""
    return datetime.now(UTC).replace(microsecond=0)


class _Record(Part):
    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: int = Field(ge=1)
    at: AwareDatetime = Field(default_factory=now)


class _AboutWorksheet(_Record):
    worksheet: str = Field(max_length=100)
    version: int = Field(ge=1)
    term: str | None = Field(max_length=20)  # none for what is kept up to date across terms
    subject: str | None = Field(default=None, max_length=80)  # a mentor's id, a meeting's, or none


class Answered(_AboutWorksheet):
    """One item was answered; a `value` of null clears the answer."""

    kind: Literal["answer"] = "answer"
    item: str = Field(max_length=100)
    value: JsonValue

    @property
    def stream(self) -> str:
        """All answers to one worksheet, in one term or across terms, about one mentor, one meeting or none."""
        return f"answer/{self.worksheet}/{self.subject or ''}/{self.term or ''}"


class Sealed(_AboutWorksheet):
    """A worksheet was finished; the highest revision is the one that counts, all stay."""

    kind: Literal["scorecard"] = "scorecard"
    term: str = Field(max_length=20)
    answers: dict[str, JsonValue]

    @property
    def stream(self) -> str:
        """The scorecards of one worksheet in one term, about one mentor or none."""
        return f"scorecard/{self.worksheet}/{self.subject or ''}/{self.term}"


class MentorNoted(_Record):
    """What the student noted about a mentor; the highest revision is the one that counts."""

    kind: Literal["mentor"] = "mentor"
    subject: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    type: str | None = Field(default=None, max_length=40)
    field: str = Field(default="", max_length=200)
    distance: str = Field(default="", max_length=40)
    left: bool = False  # no longer a mentor; earlier scorecards stay

    @property
    def stream(self) -> str:
        """One mentor."""
        return f"mentor/{self.subject}"


class Setting(_Record):
    """A choice about the workbook itself, for example the term worked on."""

    kind: Literal["setting"] = "setting"
    key: str = Field(max_length=40)
    value: JsonValue

    @property
    def stream(self) -> str:
        """One setting."""
        return f"setting/{self.key}"


Record = Annotated[Answered | Sealed | MentorNoted | Setting, Field(discriminator="kind")]
AnyRecord = Answered | Sealed | MentorNoted | Setting

RECORD: TypeAdapter[AnyRecord] = TypeAdapter(Record)
"""Reads, writes and describes (`json_schema()`) every kind of record."""

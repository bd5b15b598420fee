"""One documented JSON file with everything a student may take along; private flags and notes stay at home."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError
from pydantic.json_schema import models_json_schema

from mentorkit.consent import is_choice
from mentorkit.content import Content
from mentorkit.errors import BadAnswer, BadFile, MentorkitError
from mentorkit.records import checked_mentor, mentor_of
from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed, Setting, now
from mentorkit.store.record import Record
from mentorkit.worksheet import Choices, Item, Part, ResponseOption, Value, Worksheet, is_empty

FORMAT = "mentorkit-export"
VERSION = 1
LARGEST = 20_000_000  # bytes; four semesters make about 150,000
YEARS = range(2000, 2200)
MENTOR_ID = re.compile(r"m-[0-9a-f]{4,38}")
MEETING_ID = re.compile(r"/d-[0-9a-f]{4,38}")


class ExportFile(Part):
    """The file: what it is, when it was made, and the records in order of arrival."""

    format: Literal["mentorkit-export"] = "mentorkit-export"
    version: Literal[1] = 1
    made_at: AwareDatetime = Field(default_factory=now)
    records: tuple[Record, ...]


def as_json(content: Content, records: Iterable[AnyRecord], made_at: datetime | None = None) -> str:
    """The records as an export file, without the items that are private."""
    found = ExportFile(records=shareable(content, records), made_at=made_at or now())
    return found.model_dump_json(indent=1) + "\n"


def shareable(content: Content, records: Iterable[AnyRecord]) -> tuple[AnyRecord, ...]:
    """The records without private answers, and without a sign of where there were any.

    Revisions count 1, 2, 3 … again, and a scorecard corrected in private items alone is not there twice.
    """
    private = {item.id for sheet in content.worksheets.values() for item in sheet if item.private}
    count: dict[str, int] = {}
    last: dict[str, Sealed] = {}
    found = []
    for record in records:
        if isinstance(record, Answered) and record.item in private:
            continue
        if isinstance(record, Sealed):
            before, last[record.stream] = last.get(record.stream), record
            record = record.model_copy(update={"answers": _open(record, private)})
            if before and before.answers != last[record.stream].answers and _open(before, private) == record.answers:
                continue
        count[record.stream] = count.get(record.stream, 0) + 1
        found.append(record.model_copy(update={"revision": count[record.stream]}))
    return tuple(found)


def _open(card: Sealed, private: Collection[str]) -> dict[str, Value]:
    return {item: value for item, value in card.answers.items() if item not in private}


def read_export(raw: bytes, content: Content, mentors: Collection[str] = ()) -> tuple[AnyRecord, ...]:
    """The records of an export file, each checked against the worksheets; raises `BadFile` with one sentence.

    `mentors` are the ids of mentors who are known here, and so need not be in the file.
    """
    text = _text_of_ours(raw)
    try:
        found = ExportFile.model_validate_json(text, strict=True).records
    except ValidationError as mistakes:
        first = mistakes.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part)[:40] for part in first["loc"])
        raise BadFile(f"The file is damaged at {place or 'its start'}: {_short(first['msg'])}.") from None
    check = _Check(content, {*mentors, *(record.subject for record in found if isinstance(record, MentorNoted))})
    for number, record in enumerate(found, start=1):
        try:
            check.record(record)
        except MentorkitError as mistake:
            raise BadFile(f"Record {number} of the file does not fit: {_short(str(mistake).rstrip('.'))}.") from None
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema of an export file and of each kind of record, as Mentorkit writes them: with every key."""
    kinds = (ExportFile, Answered, Sealed, MentorNoted, Setting)
    title = "Mentorkit's export file, and the records in it and in the file at home"
    _, found = models_json_schema([(kind, "serialization") for kind in kinds], title=title)
    for part in found["$defs"].values():
        if "properties" in part:
            part["required"] = sorted(part["properties"])
    one_of = [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "anyOf": one_of}


def _text_of_ours(raw: bytes) -> str:
    if len(raw) > LARGEST:
        raise BadFile(f"The file is larger than {LARGEST // 1_000_000} MB, so it is not a Mentorkit export.")
    try:
        text = raw.decode("utf-8-sig")
        head = json.loads(text, object_pairs_hook=_each_key_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadFile("The file is not readable as JSON: export it again and take the whole file.") from None
    version = head.get("version") if isinstance(head, dict) and head.get("format") == FORMAT else None
    if type(version) is not int:
        raise BadFile("The file is not a Mentorkit export: make one with “mentorkit export”.")
    if version > VERSION:
        raise BadFile("The file was made by a newer Mentorkit: update this one first. Nothing was changed.")
    return text


def _short(said: str) -> str:
    """What is wrong, without more of what the file holds than fits a line or two."""
    return said if len(said) <= 200 else f"{said[:200]}…"


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


class _Check:
    """Whether records are as this workbook would have written them, one after another."""

    def __init__(self, content: Content, mentors: set[str]) -> None:
        options = tuple(ResponseOption(code=mentor, label=mentor) for mentor in sorted(mentors))
        self._content = content
        self._mentors = mentors
        self._sheets = {s.id: s.with_options("mentors", options) for s in content.worksheets.values()}
        self._revisions: dict[str, int] = {}

    def record(self, record: AnyRecord) -> None:
        """Raise what is wrong with the next record, if anything is."""
        last = self._revisions.get(record.stream, 0)
        if record.revision != last + 1:
            raise BadFile("it is out of order. Export again and take the whole file.")
        if record.at.year not in YEARS or "at" not in record.model_fields_set:
            raise BadFile("it has no time that can be.")
        self._revisions[record.stream] = record.revision
        match record:
            case Answered():
                self._answers(record, {} if record.value is None else {record.item: record.value})
                self._item(self._sheets[record.worksheet], record.item)
            case Sealed():
                self._answers(record, record.answers)
            case MentorNoted():
                self._mentor(record)
            case Setting():
                self._setting(record)

    def _answers(self, record: Answered | Sealed, answers: Mapping[str, Value]) -> None:
        sheet = self._sheets[self._content.worksheet(record.worksheet).id]
        if sheet.standing != (record.term is None):
            raise BadFile(f"“{sheet.id}” {'belongs to no term' if sheet.standing else 'has no term'}.")
        if record.term is not None:
            self._content.calendar.key(record.term)
        if record.version > sheet.version:
            raise BadFile("its questions are newer than these. Update Mentorkit first.")
        self._subject(sheet, record.subject)
        for item, value in answers.items():
            _expect_as_written(self._item(sheet, item), value)

    def _subject(self, sheet: Worksheet, subject: str | None) -> None:
        if (sheet.per_mentor or sheet.per_meeting) != (subject is not None):
            raise BadFile(f"“{sheet.id}” is {'not about one mentor' if subject else 'about a mentor'}.")
        if subject is None:
            return
        mentor, slash, meeting = subject.partition("/")
        if mentor not in self._mentors:
            raise BadFile("it is about a mentor who is neither in the file nor here.")
        if sheet.per_meeting != bool(MEETING_ID.fullmatch(slash + meeting)) or (slash and not sheet.per_meeting):
            raise BadFile("its meeting has no id of ours.")

    def _item(self, sheet: Worksheet, item_id: str) -> Item:
        if sheet.item(item_id).private:
            raise BadFile("it holds something private, which an export never does.")
        return sheet.item(item_id)

    def _mentor(self, record: MentorNoted) -> None:
        if not MENTOR_ID.fullmatch(record.subject):
            raise BadFile("its mentor has no id of ours.")
        if checked_mentor(mentor_of(record), self._content.types) != mentor_of(record):
            raise BadFile("its mentor's name has blanks around it.")

    def _setting(self, record: Setting) -> None:
        match record.value:
            case {"term": str(chosen), "during": str(during), **rest} if record.key == "term" and not rest:
                self._content.calendar.sort({chosen, during})
            case value if is_choice(record.key, value, self._content):
                pass
            case _:
                raise BadFile("it is a setting that is not known here.")


def _expect_as_written(item: Item, value: Value) -> None:
    """Raise `BadAnswer` unless the value is one that this item keeps as it is; a list of choices in any order."""
    kept = item.check(value)
    given = sorted(value) if isinstance(item, Choices) and isinstance(value, list) else value
    if given != (sorted(kept) if isinstance(item, Choices) else kept) or is_empty(value):
        raise BadAnswer(f"“{item.text}” has an answer that Mentorkit would write differently.")


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2, ensure_ascii=False))

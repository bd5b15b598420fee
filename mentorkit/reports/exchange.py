"""One documented JSON file with everything a student may take along; private flags and notes stay at home."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field, ValidationError

from mentorkit.content import Content
from mentorkit.errors import BadFile, MentorkitError
from mentorkit.store import Answered, AnyRecord, Sealed, now
from mentorkit.store.record import Record
from mentorkit.worksheet import Choices, Part

FORMAT = "mentorkit-export"
VERSION = 1
LARGEST = 20_000_000  # bytes


class ExportFile(Part):
    """The file: what it is, when it was made, and the records in order of arrival."""

    format: Literal["mentorkit-export"] = "mentorkit-export"
    version: Literal[1] = 1
    made_at: AwareDatetime = Field(default_factory=now)
    records: tuple[Record, ...]


def as_json(content: Content, records: Iterable[AnyRecord], made_at: datetime | None = None) -> str:
    """The records as an export file, without the items that are private."""
    private = {item.id for sheet in content.worksheets.values() for item in sheet if item.private}
    kept = tuple(_open(record, private) for record in records if not (isinstance(record, Answered) and record.item in private))
    return ExportFile(records=_renumbered(kept), made_at=made_at or now()).model_dump_json(indent=1) + "\n"


def _open(record: AnyRecord, private: set[str]) -> AnyRecord:
    if not isinstance(record, Sealed):
        return record
    return record.model_copy(update={"answers": {item: v for item, v in record.answers.items() if item not in private}})


def _renumbered(records: tuple[AnyRecord, ...]) -> tuple[AnyRecord, ...]:
    """Revisions 1, 2, 3 … again in each stream, where a private answer left a gap."""
    last: dict[str, int] = {}
    found = []
    for record in records:
        last[record.stream] = last.get(record.stream, 0) + 1
        found.append(record.model_copy(update={"revision": last[record.stream]}))
    return tuple(found)


def read_export(raw: bytes, content: Content) -> tuple[AnyRecord, ...]:
    """The records of an export file, each checked against the worksheets; raises `BadFile` with one sentence."""
    if len(raw) > LARGEST:
        raise BadFile(f"The file is larger than {LARGEST // 1_000_000} MB, so it is not a Mentorkit export.")
    _expect_ours(raw)
    try:
        found = ExportFile.model_validate_json(raw).records
    except ValidationError as mistakes:
        first = mistakes.errors(include_url=False, include_input=False)[0]
        raise BadFile(f"The file is damaged at {'.'.join(map(str, first['loc'])) or 'its start'}: {first['msg']}.") from None
    for place, record in enumerate(found):
        _expect_known(place, record, content)
    return _in_order(found)


def _expect_ours(raw: bytes) -> None:
    try:
        head = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadFile("The file is not readable as JSON: export it again and take the whole file.") from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadFile("The file is not a Mentorkit export: make one with “mentorkit export”.")
    version = head.get("version")
    if isinstance(version, int) and version > VERSION:
        raise BadFile("The file was made by a newer Mentorkit: update this one first. Nothing was changed.")


def _expect_known(place: int, record: AnyRecord, content: Content) -> None:
    try:
        if isinstance(record, Answered | Sealed):
            sheet = content.worksheet(record.worksheet)
            content.calendar.key(record.term)
            given = record.answers if isinstance(record, Sealed) else {record.item: record.value}
            for item, value in given.items():
                asked = sheet.item(item)
                if value is not None and not (isinstance(asked, Choices) and asked.options_from):
                    asked.check(value)
    except MentorkitError as mistake:
        raise BadFile(f"Record {place + 1} of the file does not fit: {mistake}") from None


def _in_order(records: tuple[AnyRecord, ...]) -> tuple[AnyRecord, ...]:
    last: dict[str, int] = {}
    for place, record in enumerate(records, start=1):
        if record.revision != last.get(record.stream, 0) + 1:
            raise BadFile(f"Record {place} of the file is out of order: export it again and take the whole file.")
        last[record.stream] = record.revision
    return records

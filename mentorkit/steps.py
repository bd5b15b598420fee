"""What was agreed with one mentor: the steps still open, and those finished since the two last met."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mentorkit.scorecard import Meeting
from mentorkit.store import Answered
from mentorkit.workbook import Workbook
from mentorkit.worksheet import Value

State = Literal["open", "done", "dropped"]


@dataclass(frozen=True)
class Step:
    """Something that one of the two said they would do."""

    what: str
    mine: bool  # the student does it, not the mentor
    by: date | None
    state: State
    came: str  # what came of it, in the student's words

    @property
    def title(self) -> str:
        """What it is, without the period at its end."""
        return self.what.rstrip(". ") or self.what

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.state == "open"

    def is_late(self, today: date) -> bool:
        """Whether it is open and its day has passed."""
        return self.is_open and self.by is not None and self.by < today


def steps(book: Workbook, mentor_id: str) -> tuple[Step, ...]:
    """Every step that was put in words, as the student listed them; raises `Unknown`."""
    return _read(book.answers("actions", mentor=mentor_id).get("actions.list", ()))


def open_steps(book: Workbook, mentor_id: str) -> tuple[Step, ...]:
    """The open steps, the earliest day first, those without a day last."""
    found = (step for step in steps(book, mentor_id) if step.is_open)
    return tuple(sorted(found, key=lambda step: step.by or date.max))


def last_held(book: Workbook, mentor_id: str, before: str = "") -> Meeting | None:
    """The last meeting that took place, `before` a day (ISO 8601) if one is given."""
    held = [m for m in book.meetings(mentor_id) if m.state == "held" and m.day and (not before or m.day < before)]
    return held[-1] if held else None


def news(book: Workbook, mentor_id: str, before: str = "") -> tuple[Step, ...]:
    """The steps finished since the two last met: after the day of that meeting, or ever when they have not met yet."""
    met = last_held(book, mentor_id, before)
    known = _finished_by(book, mentor_id, date.fromisoformat(met.day)) if met else frozenset()
    return tuple(step for step in steps(book, mentor_id) if not step.is_open and step.what.casefold() not in known)


def _finished_by(book: Workbook, mentor_id: str, day: date) -> frozenset[str]:
    """What stood as finished at the end of a day: the two could talk about it when they met."""
    lists = [
        record.value
        for record in book.records
        if isinstance(record, Answered)
        and (record.item, record.subject) == ("actions.list", mentor_id)
        and record.at.astimezone().date() <= day
    ]
    return frozenset(step.what.casefold() for step in _read(lists[-1] if lists else ()) if not step.is_open)


def _read(entries: Value) -> tuple[Step, ...]:
    listed: Iterable[Mapping[str, str]] = entries or ()
    return tuple(_step(entry) for entry in listed if entry.get("what", "").strip())


def _step(entry: Mapping[str, str]) -> Step:
    state = entry.get("state")
    return Step(
        what=entry["what"].strip(),
        mine=entry.get("owner") != "mentor",
        by=date.fromisoformat(entry["by"]) if "by" in entry else None,
        state="done" if state == "done" else "dropped" if state == "dropped" else "open",
        came=entry.get("came", "").strip(),
    )

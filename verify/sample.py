"""A student's records, each told by its place alone: what must lie there is known without asking the store."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed, Setting, Store

AT = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
WORKSHEETS = ("needs", "relationship", "goals")
WORDS = "I want someone who has been through this: exams, night shifts, and the doubts in between. Ærlig talt 😀 "


def record_at(place: int) -> AnyRecord:
    """The record that lies at a place (1, 2, 3 …)."""
    about = {"worksheet": WORKSHEETS[place % 3], "version": 1, "term": "2026-fall", "at": AT}
    revision = (place - 1) // 3 + 1
    if place % 50 == 0:
        return MentorNoted(revision=1, subject=f"m-{place}", name=f"Dr. {place}", at=AT)
    if place % 50 == 25:
        return Setting(revision=1, key=f"setting-{place}", value={"place": place}, at=AT)
    if place % 50 == 49:
        answers = {f"item-{number}": number % 5 for number in range(20)}
        return Sealed(revision=1, answers=answers, subject=f"m-{place}", **about)
    kept_out = sum(1 for other in range(place % 3 or 3, place, 3) if other % 50 in (0, 25, 49))
    return Answered(revision=revision - kept_out, item=f"item-{place % 40}", value=value_at(place), **about)


def value_at(place: int) -> object:
    """A rating, a text, a long text that fills several pages, or a cleared answer."""
    if place % 34 == 0:
        return WORDS * 60
    return (place % 5, f"{place}: {WORDS}", None, ["a", "b"], {"first step": WORDS})[place % 5]


def records(first: int, last: int) -> list[AnyRecord]:
    """The records from one place to another, both included."""
    return [record_at(place) for place in range(first, last + 1)]


def groups() -> Iterator[tuple[int, int]]:
    """How they are saved: mostly one by one, every fifth time three at once. First and last place."""
    place, number = 1, 0
    while True:
        number += 1
        size = 3 if number % 5 == 0 else 1
        yield place, place + size - 1
        place += size


def ends(up_to: int) -> set[int]:
    """The places at which a group ends, and 0."""
    found = {0}
    for _, last in groups():
        if last > up_to:
            return found
        found.add(last)
    raise AssertionError


def what_is_wrong(found: list[AnyRecord], acknowledged: int, whole_groups: bool = True) -> str | None:
    """A sentence when acknowledged records are missing or any record is not the one that was given."""
    if len(found) < acknowledged:
        return f"{acknowledged} records were acknowledged, {len(found)} are there"
    if found != records(1, len(found)):
        return "a record is not as it was given, or not in its place"
    if whole_groups and len(found) not in ends(len(found)):
        return f"{len(found)} records are there: some were saved without those that belong to them"
    return None


def fill(store: Store, last: int) -> None:
    """Save every record from the next place to the last one, together."""
    store.append(*records(len(store.records) + 1, last))


def scratch() -> Path | None:
    """A folder in memory for thousands of small files, where there is one."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None

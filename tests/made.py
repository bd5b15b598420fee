"""Records to test with, made through the workbook: of one student with everything in them, private things marked."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from mentorkit import Workbook, load_content, open_workbook
from mentorkit.reports.exchange import as_json
from mentorkit.store import AnyRecord

TODAY = date(2026, 11, 22)
MARKED = "SECRET-occasion"
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # thousands of small saves


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder where a save is quick, and gone at the end."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        yield Path(folder)


@contextmanager
def scratch_home() -> Iterator[Path]:
    with scratch() as folder:
        yield folder / "home"


def opened(home: Path) -> Workbook:
    return open_workbook(home, today=lambda: TODAY)


def says(book: Workbook, mentor: str, *areas: str, term: str | None = None, **more: str) -> None:
    """What a mentor helps with: areas, and further items of the network worksheet by name, in a term."""
    now = book.term
    book.term = term or now
    book.answer("network", "network.areas", list(areas), mentor=mentor)
    for item, value in more.items():
        book.answer("network", f"network.{item}", value, mentor=mentor)
    book.term = now


def fill(book: Workbook) -> None:
    """Two terms, a correction, a cleared answer, a draft in progress, two mentors (one left), and private things."""
    sam, lind = book.add_mentor("Sam", "peer"), book.add_mentor("Prof. Lind (lab)", "research", field="genetics")
    book.term = "2026-spring"
    for item, value in {
        "need.academic.strategies": 3, "need.academic.resources": 2, "need.academic.subjects": "na",
        "support.academic": 1,
        "support.academic.from": [sam], "area.own": "=being the first in my family", "need.own.overall": 4,
        "top.areas": ["academic", "own"], "goals": [{"goal": "Ærlig talt 😀", "by": "2026-12-01"}],
    }.items():  # fmt: skip
        book.answer("needs", item, value)
    book.seal("needs")
    book.answer("needs", "support.academic", 2)
    book.seal("needs")
    book.term = "2026-fall"
    book.answer("needs", "need.academic.strategies", 1)
    book.answer("needs", "area.own", "something")
    book.answer("needs", "area.own", None)
    for item, value in {
        "relationship.occasion": MARKED, "relationship.meetings": "4+", "relationship.form": "short",
        "practice.prepared.topics": 4, "practice.feedback.asked": "na", "relationship.decision": "adjust",
    }.items():  # fmt: skip
        book.answer("relationship", item, value, mentor=lind)
    book.seal("relationship", mentor=lind)
    book.answer("relationship", "relationship.flags", ["boundary"], mentor=lind)
    book.seal("relationship", mentor=lind)  # a correction in nothing but a private flag
    book.change_mentor(lind, left=True)


@cache
def records() -> tuple[AnyRecord, ...]:
    with scratch_home() as home:
        book = opened(home)
        fill(book)
        book.close()
        return book.records


@cache
def exported() -> str:
    return as_json(load_content(), records())

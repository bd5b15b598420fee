"""Answers, and processes that give them, for the tests of the store."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mentorkit.store import Answered, MentorNoted, Store


def answer(revision: int, value: object = "words", worksheet: str = "needs") -> Answered:
    """One answer to an item of a worksheet."""
    return Answered(revision=revision, worksheet=worksheet, version=1, term="2026-fall", item="area.own", value=value)


def answers(first: int, last: int) -> list[Answered]:
    """Answers with the revisions from `first` to `last`."""
    return [answer(revision) for revision in range(first, last + 1)]


def mentor(revision: int = 1, name: str = "Dr. Ito") -> MentorNoted:
    """A note about a mentor."""
    return MentorNoted(revision=revision, subject="m-1", name=name)


def damage(path: Path, within: bytes) -> None:
    """Flip one bit in the middle of the first place where these bytes stand."""
    content = bytearray(path.read_bytes())
    content[content.index(within) + len(within) // 2] ^= 1
    path.write_bytes(content)


def change(path: Path, *statements: str) -> None:
    """What somebody with another program, or a failing disk, may do to a file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)


def everything_in(folder: Path) -> bytes:
    """All bytes of all files in a folder."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def saved(path: Path) -> list[object]:
    """What a newly opened store shows."""
    store = Store(path)
    store.close()
    return list(store.records)


def in_other_process(work: Callable[[], None]) -> int:
    """Start a process that does one piece of work; `finished` tells how it went."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def finished(child: int) -> bool:
    """Wait for a process, and tell whether its work went well."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

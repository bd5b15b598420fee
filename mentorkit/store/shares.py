"""The shares in a room's file: who may put one where, how one is really removed, and how they are read beside a room.

A share is kept apart from the sealed rows, under a key that only its student's records hold. Nothing in the file joins
the two: no number, no time, and not the order, which is made anew when the keeper ends.
"""

import hashlib
import secrets
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from mentorkit.errors import BadFile, Damaged, NotSaved
from mentorkit.store.changes import Outcome, Shared, Withdrawn
from mentorkit.store.disk import make_private
from mentorkit.store.lockers_file import FILE, log_of, refuse_by_header, said, share_hash, verify
from mentorkit.store.sqlite import connect

KEY = 32  # bytes
PURPOSE = b"mentorkit share\n"
MOST_TERMS = 12  # that one locker may share in one run of its keeper
TRIES = 50  # to read the file while nothing is written to it
BUSY = "The room is writing all the time: try again in a moment."

Run = Callable[..., list[Any]]
"""Runs a statement with values and gives its rows."""


def place_of(key: bytes) -> bytes:
    """Where a share lies that is handed in under this key. Who reads the file cannot tell the key."""
    return hashlib.sha256(PURPOSE + key).digest()


class Shares:
    """The table of shares, as its keeper uses it. One locker may have one share of a term, as long as it runs.

    Which locker that is, is known in memory alone.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._places: dict[bytes, dict[str, bytes]] = {}  # of each locker, by term

    def put(self, change: Shared) -> Outcome:
        """Put a share at its place, in place of the one that lies there."""
        place, mine = change.place, self._places.setdefault(change.locker, {})
        before = mine.get(change.term, place)
        if before != place and self._has(before) and not self._has(place):
            return Outcome.ANOTHER
        if len(mine | {change.term: place}) > MOST_TERMS:
            return Outcome.TOO_MUCH
        mine[change.term] = place
        digest = share_hash(place, change.document.encode())
        self._run("INSERT OR REPLACE INTO share VALUES (?, ?, ?)", place, change.document, digest)
        return Outcome.DONE

    def remove(self, change: Withdrawn) -> None:
        """Remove the share at a place, if there is one."""
        self._run("DELETE FROM share WHERE place = ?", change.place)

    def at(self, place: bytes) -> str | None:
        """The share at a place, if there is one; raises `Damaged`."""
        for document, digest in self._run("SELECT document, hash FROM share WHERE place = ?", place):
            if not isinstance(document, str) or digest != share_hash(place, document.encode()):
                raise Damaged("What you shared in this room is damaged, so it is not shown. Share it again.")
            return document
        return None

    def _has(self, place: bytes) -> bool:
        return bool(self._run("SELECT 1 FROM share WHERE place = ?", place))

    def forget_order(self) -> None:
        """Put the rows at random into the pages that they take, which were taken in the order of arrival."""
        rows = self._run("SELECT place, document, hash FROM share")
        self._run("DELETE FROM share")
        secrets.SystemRandom().shuffle(rows)
        for row in rows:
            self._run("INSERT INTO share VALUES (?, ?, ?)", *row)


def is_room(path: Path) -> bool:
    """Whether it is a room's folder or the file in it."""
    return path.name == FILE if path.is_file() else (path / FILE).is_file()


def shares(path: Path) -> list[str]:
    """The shares in a room's folder or file, each as JSON text, in alphabetical order.

    The file is only read, also while the room runs. Raises `BadFile` when there is none, `StoreRefused` when it is
    foreign, newer or damaged, and `NotSaved` when it cannot be read.
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise BadFile(f"There is no room in {path}: check its name.")
    try:
        refuse_by_header(file)
        with tempfile.TemporaryDirectory(prefix="mentorkit-") as folder:
            copy = _snapshot(file, Path(folder))
            with closing(connect(str(copy))) as connection:
                return _read(connection, file)
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise said(error, file) from error


def _read(connection: sqlite3.Connection, file: Path) -> list[str]:
    connection.execute("PRAGMA trusted_schema=0")
    if verify(connection, file) < 2:  # a room of before anything was shared
        return []
    return sorted(document for (document,) in connection.execute("SELECT document FROM share"))


def _snapshot(file: Path, folder: Path) -> Path:
    """A copy of the file and its log as they were at one moment, though a keeper writes to them."""
    copy = folder / FILE
    for one in (copy, log_of(copy)):
        make_private(one)
    for _ in range(TRIES):
        before, log = file.read_bytes(), _bytes_of(log_of(file))
        if file.read_bytes() == before and _bytes_of(log_of(file))[:_HEAD] == log[:_HEAD]:
            copy.write_bytes(before)
            log_of(copy).write_bytes(log)
            return copy
    raise NotSaved(BUSY)


_HEAD = 32  # bytes at the log's beginning, which are others when it is begun anew; till then it only grows


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""

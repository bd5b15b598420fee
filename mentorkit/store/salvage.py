"""What can still be read in a damaged file: every row that verifies, and nothing else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError

from mentorkit.store.record import AnyRecord
from mentorkit.store.row import verified
from mentorkit.store.saying import IN_USE, newer, reason_code, translated
from mentorkit.store.schema import MIGRATIONS, fresh
from mentorkit.store.sqlite import BUSY_MS, ROW, connect

_SMALLEST_ROW = 64  # bytes; bounds the places that a file can hold, whatever a damaged number says
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)


def readable_rows(path: Path) -> list[tuple[int, AnyRecord]]:
    """Every row of a damaged file that can still be read and verified, with its place.

    Raises `NewerFile` when a row is whole but only a later version understands it.
    """
    with held(path) as connection:
        return salvaged_rows(connection, path)


@contextmanager
def held(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that keeps other writers away, if the file is whole enough for that; raises `NotSaved`."""
    with closing(connect(str(path))) as connection:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        try:
            connection.execute("PRAGMA writable_schema=ON")  # SQLite then reads a file that was cut short
            connection.execute("BEGIN EXCLUSIVE")
        except _UNREADABLE as error:
            if reason_code(error) in {*IN_USE, sqlite3.SQLITE_FULL}:  # a journal could not be played back
                raise translated(error, path) from error
        yield connection


def salvaged_rows(connection: sqlite3.Connection, path: Path) -> list[tuple[int, AnyRecord]]:
    """The rows that verify, found through a connection or, when its first page is broken, with a new first page."""
    try:
        places = range(1, path.stat().st_size // _SMALLEST_ROW + 2)
        found = list(_rows(connection, places))
        if not found:
            with suppress(*_UNREADABLE, OSError), closing(_with_new_first_page(path.read_bytes())) as mended:
                found = list(_rows(mended, places))
    except ValidationError:
        raise newer(path) from None
    return found


def _rows(connection: sqlite3.Connection, places: range) -> Iterator[tuple[int, AnyRecord]]:
    for place in places:  # one by one: a broken page stops a scan, but not the next look
        with suppress(*_UNREADABLE):
            row = connection.execute(f"{ROW} WHERE id = ?", (place,)).fetchone()
            record = verified(row) if row else None
            if record:
                yield place, record


def _with_new_first_page(raw: bytes) -> sqlite3.Connection:
    """The file in memory, its first page (header and schema) taken from an empty file of records."""
    with closing(fresh(MIGRATIONS)) as model:
        size = model.execute("PRAGMA page_size").fetchone()[0]
        first = bytearray(model.serialize()[:size])
    first[28:32] = (len(raw) // size).to_bytes(4)
    mended = connect(":memory:")
    mended.execute("PRAGMA writable_schema=ON")
    mended.deserialize(bytes(first) + raw[size:])
    return mended

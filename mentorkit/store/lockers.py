"""The keeper's file: sealed rows in lockers, many requests in one transaction. What the rows say is not known here."""

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mentorkit.store.changes import (
    LIFE,
    Added,
    Change,
    Counts,
    Emptied,
    Finished,
    Opened,
    Outcome,
    Rows,
    Shared,
    Withdrawn,
)
from mentorkit.store.lockers_file import (
    copied,
    erased_in_copy,
    opened_file,
    row_hash,
    said,
    unverified,
    withdrawn_in_copy,
)
from mentorkit.store.saying import reason_code
from mentorkit.store.shares import Shares

MOST_IN_A_LOCKER = 16 * 1024 * 1024  # bytes; a student's records of several years are a hundredth of it
PAGE = 1024 * 1024  # bytes of rows that are given at a time


class Lockers:
    """All lockers of a room, in one file that this object alone holds.

    `write` returns when everything is on disk (WAL, synchronous FULL). Opening raises `ForeignFile`, `NewerFile` or
    `Damaged` and leaves the file as it is, and `NotSaved` when another keeper holds it. Every other method raises
    `NotSaved` when the disk refuses, and works again when the disk does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._shares = Shares(self._run)
        with self._speaking():
            self.salt = bytes(self._run("SELECT salt FROM room")[0][0])

    def write(self, batch: Sequence[Change]) -> list[Outcome]:
        """Make all changes in one transaction; each is judged by itself, and made as a whole or not at all."""
        with self._speaking():
            with self._transaction():
                outcomes = [self._made(change) for change in batch]
            if any(isinstance(change, Emptied | Shared | Withdrawn) for change in batch):
                self._run("PRAGMA wal_checkpoint(TRUNCATE)")  # the log held what was erased, and the order of shares
            for change in batch:
                if isinstance(change, Emptied):
                    erased_in_copy(self.path, change.locker)
                if isinstance(change, Withdrawn):
                    withdrawn_in_copy(self.path, change.place)
        return outcomes

    def shared(self, place: bytes) -> str | None:
        """The share that lies at a place, if any; raises `Damaged`."""
        with self._speaking():
            return self._shares.at(place)

    def rows(self, locker: bytes, after: int = 0) -> Rows:
        """The rows after a place, about one megabyte at a time; raises `Damaged` when one is not as it was written.

        A locker that is not there has no rows and no life.
        """
        with self._speaking():
            found = self._found(locker)
            if found is None:
                return Rows(b"", (), more=False)
            number, life, last, _ = found
            sealed = tuple(self._verified(locker, life, number, range(after + 1, last + 1)))
        return Rows(life, sealed, more=after + len(sealed) < last)

    def has(self, locker: bytes) -> bool:
        """Whether this locker was ever opened here."""
        with self._speaking():
            return self._found(locker) is not None

    def counts(self) -> Counts:
        """How many lockers there are, how many hold rows, and in how many each page is finished."""
        with self._speaking():
            lockers, with_rows = self._run("SELECT count(*), coalesce(sum(last > 0), 0) FROM locker")[0]
            pages = self._run("SELECT page, count(*) FROM finished GROUP BY page ORDER BY page")
        return Counts(lockers, with_rows, dict(pages))

    def back_up(self) -> Path:
        """Make a copy beside the file, verified before it takes the place of the one before; raises `NotSaved`.

        What is erased later is erased in the copy too.
        """
        with self._speaking():
            return copied(self.path, lambda target: self._run("VACUUM INTO ?", str(target)))

    def close(self) -> None:
        """Let go of the file, in which then nothing tells in which order the shares came."""
        with suppress(sqlite3.Error):  # it matters less than that it ends
            if self._connection:
                with self._transaction():
                    self._shares.forget_order()
        self._let_go()

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    # Changes

    def _made(self, change: Change) -> Outcome:
        match change:
            case Opened(locker):
                self._number(locker)
            case Finished(locker, pages):
                number = self._number(locker)
                self._run("DELETE FROM finished WHERE locker = ?", number)
                self._each("INSERT INTO finished VALUES (?, ?)", [(number, page) for page in sorted(set(pages))])
            case Emptied(locker):
                number = self._number(locker)
                self._run("DELETE FROM sealed_row WHERE locker = ?", number)
                self._run("DELETE FROM finished WHERE locker = ?", number)
                self._run("UPDATE locker SET life = ?, last = 0, size = 0 WHERE number = ?", _life(), number)
            case Added():
                return self._added(change)
            case Shared():
                return self._shares.put(change)
            case Withdrawn():
                self._shares.remove(change)
        return Outcome.DONE

    def _added(self, change: Added) -> Outcome:
        found = self._found(change.locker)
        if found is None or (change.life, change.after) != found[1:3]:
            return Outcome.STALE
        number, life, last, size = found
        size += sum(map(len, change.sealed))
        if size > MOST_IN_A_LOCKER:
            return Outcome.TOO_MUCH
        rows = [
            (number, place, sealed, row_hash(change.locker, life, place, sealed))
            for place, sealed in enumerate(change.sealed, last + 1)
        ]
        self._each("INSERT INTO sealed_row VALUES (?, ?, ?, ?)", rows)
        self._run("UPDATE locker SET last = ?, size = ? WHERE number = ?", last + len(rows), size, number)
        return Outcome.DONE

    def _number(self, locker: bytes) -> int:
        self._run("INSERT OR IGNORE INTO locker (id, life, last, size) VALUES (?, ?, 0, 0)", locker, _life())
        return int(self._run("SELECT number FROM locker WHERE id = ?", locker)[0][0])

    def _found(self, locker: bytes) -> tuple[int, bytes, int, int] | None:
        """A locker's number, life, last place and size."""
        found = self._run("SELECT number, life, last, size FROM locker WHERE id = ?", locker)
        return found[0] if found else None

    # Reading

    def _verified(self, locker: bytes, life: bytes, number: int, places: range) -> Iterator[bytes]:
        """The rows at these places, as they were written, until they make up a page."""
        given = 0
        sql = "SELECT sealed, hash FROM sealed_row WHERE locker = ? AND place >= ? ORDER BY place"
        rows = self._open.execute(sql, (number, places.start))
        for place in places:
            sealed, digest = rows.fetchone() or (b"", b"")  # a missing row leaves another in its place, or none
            if digest != row_hash(locker, life, place, sealed):
                raise unverified()
            yield sealed
            given += len(sealed)
            if given >= PAGE:
                return

    # The connection

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = opened_file(self.path)
        return self._connection

    def _run(self, sql: str, *values: Any) -> list[Any]:
        return self._open.execute(sql, values).fetchall()

    def _each(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        self._open.executemany(sql, rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            if self._connection and self._connection.in_transaction:  # a full disk ends it by itself
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Let people hear what happened in words, and trust no connection on which the disk failed."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if reason_code(error) != sqlite3.SQLITE_FULL:
                with suppress(sqlite3.Error):
                    self._let_go()
            raise said(error, self.path) from error


def _life() -> bytes:
    return secrets.token_bytes(LIFE)

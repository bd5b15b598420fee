"""An append-only file of records that verifies all it reads. Only this module and `salvage` query it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mentorkit.errors import NotSaved
from mentorkit.store.disk import make_private, make_private_folder, sync_file, sync_folder
from mentorkit.store.home import Home
from mentorkit.store.record import AnyRecord
from mentorkit.store.row import Row, document_of, row_hash, verified
from mentorkit.store.saying import IN_USE, damaged, foreign, gone, newer, reason_code, replaced, translated
from mentorkit.store.schema import APPLICATION_ID, MIGRATIONS, SHAPE, expected_shape, fresh, shape, statements

BUSY_MS = 1500  # another program may hold the file this long; then the student is told
SAFE = {"journal_mode": "truncate", "synchronous": 3, "fullfsync": 1, "trusted_schema": 0}
ROW = "SELECT id, CAST(stream AS BLOB), revision, CAST(document AS BLOB), hash FROM record"

Connect = Callable[[str], Any]


class Stale(NotSaved):
    """Another writer wrote to the stream first: look again, then decide."""


def connect(path: str) -> sqlite3.Connection:
    """A connection in which every transaction is begun and ended in words."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def connect_to_copy(path: str) -> sqlite3.Connection:
    """A connection to a copy in memory: the file itself is only read."""
    connection = connect(":memory:")
    connection.deserialize(Path(path).read_bytes())
    return connection


class Store:
    """The records in one SQLite file. `records` holds all of them, verified, in order of arrival.

    `append` returns only when the records are on disk (TRUNCATE journal, synchronous EXTRA). Raises
    `ForeignFile`, `NewerFile` or `Damaged` on opening, and `NotSaved` when a record cannot be written.
    When the file was replaced by another (a restore), the store reads that one from its start; `opened` tells.
    """

    def __init__(self, path: Path, connect: Connect = connect):
        self.path = path
        self._connect = connect
        self.records: list[AnyRecord] = []
        self._revisions: dict[str, int] = {}
        self._open()

    def append(self, *records: AnyRecord) -> None:
        """Write records in one transaction, all or none; raises `Stale` when a revision is not the next one."""
        documents = [document_of(record) for record in records]
        self._reopen_if_replaced()
        with self._speaking(), self._transaction("IMMEDIATE"):
            self._catch_up()
            self._expect_next(records)
            for place, (record, document) in enumerate(zip(records, documents, strict=True), len(self.records) + 1):
                row = (place, record.stream, record.revision, document.decode(), row_hash(place, document))
                self._run("INSERT INTO record VALUES (?, ?, ?, ?, ?)", *row)
        if self._identity() != self.opened:
            raise replaced(self.path)
        self._remember(records)

    def refresh(self) -> None:
        """Read what other writers added."""
        self._reopen_if_replaced()
        with self._speaking(), self._transaction("DEFERRED"):
            self._catch_up()

    def revision(self, stream: str) -> int:
        """The last revision known of a stream; 0 when there is none."""
        return self._revisions.get(stream, 0)

    def copy_to(self, target: Path) -> None:
        """Write a copy of the whole file, without its journal, to a file that is empty or not there."""
        with self._speaking():
            self._run("VACUUM INTO ?", str(target))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def begin_anew(self) -> None:
        """Open what lies at the path now, an empty file when nothing does; raises as when it is first opened."""
        self.close()
        self.records, self._revisions = [], {}
        self._open()

    # Opening

    def _open(self) -> None:
        self.opened: tuple[int, int] | None = None
        with self._speaking():
            self._refuse_unopened()
            make_private_folder(self.path.parent)
            make_private(self.path)
            identity = self._identity()  # before connecting: a file swapped in between is then found out
            self._connection = self._connect(str(self.path))
            try:
                self._prepare()
                sync_file(self.path.with_name(f"{self.path.name}-journal"))  # a killed program may have left both
                sync_folder(self.path.parent)  # undone: what is shown from now on stays
            except BaseException:
                with suppress(Exception):
                    self._connection.close()
                raise
        self.opened = identity

    def _prepare(self) -> None:
        self._run(f"PRAGMA busy_timeout={BUSY_MS}")
        with self._transaction("DEFERRED"):
            version = self._accepted_version()
        for name, value in SAFE.items():
            self._run(f"PRAGMA {name}={value}")
            if self._pragma(name) not in (value, "memory"):
                raise NotSaved(f"{self.path.name}: this SQLite cannot promise to keep an answer ({name}).")
        with self._transaction("DEFERRED" if version == len(MIGRATIONS) else "IMMEDIATE"):
            self._migrate()
            self._verify()

    def _refuse_unopened(self) -> None:
        if not self.path.exists() and self._had_records():
            raise damaged(self.path)
        if self.path.with_name(f"{self.path.name}-wal").exists():  # never ours, and opening would write to it
            header = _header(self.path)
            self._judge(int.from_bytes(header[68:72]), int.from_bytes(header[60:64]))

    def _accepted_version(self) -> int:
        try:
            made_by, version = self._pragma("application_id"), self._pragma("user_version")
            blank = not (made_by or version or self._run("SELECT count(*) FROM sqlite_master")[0][0])
        except Exception as error:
            if reason_code(error) == sqlite3.SQLITE_NOTADB:
                self._judge(int.from_bytes(_header(self.path)[68:72]), 0)
            raise
        if not blank or self._had_records():
            self._judge(made_by, version)
        return int(version)

    def _judge(self, made_by: int, version: int) -> None:
        if made_by != APPLICATION_ID and not self._had_records():
            raise foreign(self.path)
        if made_by != APPLICATION_ID or version < 1:
            raise damaged(self.path)
        if version > len(MIGRATIONS):
            raise newer(self.path)

    def _had_records(self) -> bool:
        home = Home(self.path.parent)
        return self.path == home.records and bool(home.found_backups())

    def _migrate(self) -> None:
        done = self._pragma("user_version")
        if done < len(MIGRATIONS):
            for statement in statements(MIGRATIONS[done:]):
                self._run(statement)
            self._run(f"PRAGMA application_id={APPLICATION_ID}")
            self._run(f"PRAGMA user_version={len(MIGRATIONS)}")

    def _verify(self) -> None:
        as_made = expected_shape(MIGRATIONS) <= shape(self._run(SHAPE))
        if not as_made or self._pragma("integrity_check(1)") != "ok":
            raise damaged(self.path)
        self.records, self._revisions = [], {}
        self._catch_up()

    # Reading and writing

    def _catch_up(self) -> None:
        known = self.records[-1:]
        first = len(self.records) - len(known) + 1
        rows = self._run(f"{ROW} WHERE id >= ? ORDER BY id", first)
        head = self._run("SELECT seq FROM sqlite_sequence WHERE name = 'record'")
        found = [self._verified(row) for row in rows]
        in_line = [row[0] for row in rows] == list(range(first, (head[0][0] if head else 0) + 1))
        if not in_line or None in found or found[: len(known)] != known:
            raise damaged(self.path)
        self._remember(tuple(record for record in found[len(known) :] if record))

    def _verified(self, row: Row) -> AnyRecord | None:
        try:
            return verified(row)
        except ValidationError:
            raise newer(self.path) from None

    def _remember(self, records: tuple[AnyRecord, ...]) -> None:
        for record in records:
            self.records.append(record)
            self._revisions[record.stream] = record.revision

    def _expect_next(self, records: tuple[AnyRecord, ...]) -> None:
        last = dict(self._revisions)
        for record in records:
            if record.revision != last.get(record.stream, 0) + 1:
                raise Stale("This was changed somewhere else in the meantime.")
            last[record.stream] = record.revision

    def _run(self, sql: str, *values: Any) -> list[Any]:
        return list(self._connection.execute(sql, values).fetchall())

    def _pragma(self, name: str) -> Any:
        return self._run(f"PRAGMA {name}")[0][0]

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        self._run(f"BEGIN {kind}")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        try:
            self._run("ROLLBACK")
        except Exception:
            self.opened = None  # SQLite rolled back by itself, or could not: read the whole file again

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Let people hear what happened in words that they can act on."""
        try:
            yield
        except Exception as error:
            said = translated(error, self.path)
            if said is error:
                raise
            if reason_code(error) not in IN_USE:
                self.opened = None  # a connection that failed, or could only read, is not used again
            raise said from error

    # The file at the path

    def _identity(self) -> tuple[int, int] | None:
        """Which file lies at the path; None when there is none, or one that was emptied."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size or not self.records else None

    def _reopen_if_replaced(self) -> None:
        now = self._identity()
        if now is None:
            raise gone(self.path)
        if now != self.opened:
            self.close()
            self._open()


def file_of(records: Iterable[AnyRecord]) -> bytes:
    """A file of these records as `write_copy` writes one, made in memory: nothing of it touches a disk."""
    with closing(fresh(MIGRATIONS)) as model:
        for place, record in enumerate(records, 1):
            document = document_of(record)
            row = (place, record.stream, record.revision, document.decode(), row_hash(place, document))
            model.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", row)
        model.execute(f"PRAGMA application_id={APPLICATION_ID}")
        model.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
        model.commit()
        return model.serialize()


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100)

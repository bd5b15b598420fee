"""Opening, verifying and copying the keeper's file; what is said when it cannot be used."""

import errno
import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from mentorkit.errors import Damaged, MentorkitError, NotSaved
from mentorkit.store.changes import LIFE
from mentorkit.store.disk import keep_from_others, make_private, make_private_folder, sync_file, sync_folder
from mentorkit.store.saying import IN_USE, NOT_TEXT, foreign, newer, reason_code
from mentorkit.store.schema import SHAPE, expected_shape, shape, statements
from mentorkit.store.sqlite import connect

APPLICATION_ID = 0x4D4B524D  # "MKRM", in the file's header
FILE = "lockers.sqlite"  # in the room's folder
MIGRATIONS: tuple[str, ...] = ("lockers.sql", "shares.sql")  # appended to, never edited
SAFE = {
    "locking_mode": "exclusive",  # before the log: a second keeper is then refused, and no memory is shared
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit returns when it is on the disk
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}
MAGIC = b"SQLite format 3\0"
SALT = 16  # bytes
IN_USE_MS = 500  # a keeper that was just killed may still be letting go
FULL = "The room's computer has no space left, so nothing is saved just now. Free some; answers are kept in the pages."
FAILS = "The disk of the room's computer reports an error, so nothing is saved just now. Answers are kept in the pages."
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR}


def opened_file(path: Path) -> sqlite3.Connection:
    """The file, verified as a whole and held alone; made when there is none. Raises `StoreRefused` or `NotSaved`."""
    try:
        make_private_folder(path.parent)
        refuse_by_header(path)
        make_private(path)
        keep_from_others(path)
        for file in (path, log_of(path)):
            sync_file(file)  # what a killed keeper had not yet synced is not shown before it is
        connection = connect(str(path))
    except (sqlite3.Error, OSError) as error:
        raise said(error, path) from error
    try:
        _prepare(connection, path)
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        connection.close()
        raise said(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def row_hash(locker: bytes, life: bytes, place: int, sealed: bytes) -> bytes:
    """The SHA-256 that stands beside a sealed row."""
    return hashlib.sha256(b"%d\n%b%b%b" % (place, locker, life, sealed)).digest()


def share_hash(place: bytes, document: bytes) -> bytes:
    """The SHA-256 that stands beside a share."""
    return hashlib.sha256(b"%b\n%b" % (place, document)).digest()


def copied(path: Path, write: Callable[[Path], object]) -> Path:
    """Put a verified copy in place of the one before; raises `NotSaved` or `Damaged`."""
    target = copy_of(path)
    fresh = path.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        make_private(fresh)
        write(fresh)
        sync_file(fresh)
        with closing(connect(str(fresh))) as copy:
            verify(copy, fresh)
        fresh.replace(target)
        sync_folder(path.parent)
    finally:
        for left in path.parent.glob(f"{fresh.name}*"):
            left.unlink()
    return target


def erased_in_copy(path: Path, locker: bytes) -> None:
    """Erase a locker's rows in the copy too; a copy in which that fails is removed. Raises `OSError`."""
    with _copy_to_erase_in(path) as connection:
        if connection:
            number = "(SELECT number FROM locker WHERE id = ?)"
            for table in ("sealed_row", "finished"):
                connection.execute(f"DELETE FROM {table} WHERE locker = {number}", (locker,))
            connection.execute("UPDATE locker SET last = 0, size = 0, life = ? WHERE id = ?", (_random(LIFE), locker))


def withdrawn_in_copy(path: Path, place: bytes) -> None:
    """Remove a share from the copy too; a copy in which that fails is removed. Raises `OSError`."""
    with _copy_to_erase_in(path) as connection:
        if connection and _pragma(connection, "user_version") > 1:
            connection.execute("DELETE FROM share WHERE place = ?", (place,))


@contextmanager
def _copy_to_erase_in(path: Path) -> Iterator[sqlite3.Connection | None]:
    """The copy, if there is one, in a transaction that leaves nothing of what it deletes."""
    copy = copy_of(path)
    if not copy.exists():
        yield None
        return
    try:
        with closing(connect(str(copy))) as connection:
            connection.executescript("PRAGMA secure_delete=1; PRAGMA journal_mode=memory; BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
    except sqlite3.Error:
        copy.unlink()


def said(error: Exception, path: Path) -> MentorkitError:
    """An error of SQLite or of the system, as a sentence for whoever reads it: a student, or who runs the room."""
    if isinstance(error, MentorkitError):
        return error
    if isinstance(error, OSError) and error.errno != errno.ENOSPC:
        return NotSaved(f"{path} cannot be used ({error.strerror or error}): choose another folder with --home.")
    code = reason_code(error)
    if code in IN_USE:
        return NotSaved(f"{path} is held by another keeper: end the room that is running, or choose another --home.")
    if code in _DAMAGE or (code is None and isinstance(error, NOT_TEXT)):
        return damaged(path)
    return NotSaved(FULL if code == sqlite3.SQLITE_FULL or isinstance(error, OSError) else FAILS)


def damaged(path: Path) -> Damaged:
    """The file as a whole does not verify."""
    return Damaged(
        f"Some records in {path} are damaged or missing, so it is not opened and was left as it is. Put a good copy in "
        f"its place, such as {copy_of(path).name}, or choose another folder with --home."
    )


def unverified() -> Damaged:
    """One student's rows do not verify; the others' are not concerned."""
    return Damaged("Some of your records in this room are damaged, so none is shown. Tell whoever runs the room.")


# Opening


def refuse_by_header(path: Path) -> None:
    """Judge a file by its first bytes, before SQLite may write to it; raises `StoreRefused` or `OSError`."""
    if not _size(path) and copy_of(path).exists():
        raise damaged(path)
    cut_short = _size(path.with_name(f"{path.name}-journal"))  # while it was made; SQLite plays that back
    if cut_short or not _size(path):
        return
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(MAGIC):
        raise foreign(path)
    _judge(int.from_bytes(header[68:72]), int.from_bytes(header[60:64]), path)


def _judge(made_by: int, version: int, path: Path) -> None:
    if made_by != APPLICATION_ID:
        raise foreign(path)
    if version < 1:
        raise damaged(path)
    if version > len(MIGRATIONS):
        raise newer(path)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA busy_timeout={IN_USE_MS}")
    connection.execute(f"PRAGMA locking_mode={SAFE['locking_mode']}")
    connection.execute("BEGIN EXCLUSIVE")
    _migrate(connection, path)
    connection.execute("COMMIT")
    for name, value in SAFE.items():
        connection.execute(f"PRAGMA {name}={value}")
        if _pragma(connection, name) != value:
            raise NotSaved(f"{path.name}: this SQLite cannot promise to keep an answer ({name}).")
    verify(connection, path)
    sync_folder(path.parent)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    blank = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    done = _pragma(connection, "user_version")
    if not blank:
        _judge(_pragma(connection, "application_id"), done, path)
    for statement in statements(MIGRATIONS[done:]):
        connection.execute(statement)
    if blank:
        connection.execute("INSERT INTO room VALUES (?)", (_random(SALT),))
    if done < len(MIGRATIONS):
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")


def verify(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the file, when all in it is as it was written; raises `Damaged`."""
    version = int(_pragma(connection, "user_version"))
    as_made = expected_shape(MIGRATIONS[:version]) <= shape(connection.execute(SHAPE).fetchall())
    whole = as_made and _pragma(connection, "integrity_check(1)") == "ok"
    if not whole or not _all_there(connection) or (version > 1 and not _shares_hold(connection)):
        raise damaged(path)
    return version


def _all_there(connection: sqlite3.Connection) -> bool:
    """Whether every locker has all its rows, each as it was written, and there is one salt."""
    lockers = {number: rest for number, *rest in connection.execute("SELECT number, id, life, last FROM locker")}
    seen = dict.fromkeys(lockers, 0)
    sql = "SELECT locker, place, sealed, hash FROM sealed_row ORDER BY locker, place"
    for number, place, sealed, digest in connection.execute(sql):
        if number not in lockers or place != seen[number] + 1:
            return False
        locker, life, _ = lockers[number]
        if not isinstance(sealed, bytes) or digest != row_hash(locker, life, place, sealed):
            return False
        seen[number] = place
    salts = [len(salt) for (salt,) in connection.execute("SELECT salt FROM room")]
    return salts == [SALT] and seen == {number: last for number, (_, _, last) in lockers.items()}


def _shares_hold(connection: sqlite3.Connection) -> bool:
    rows = connection.execute("SELECT place, CAST(document AS BLOB), hash FROM share")
    return all(digest == share_hash(place, document) for place, document, digest in rows)


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def copy_of(path: Path) -> Path:
    """Where the copy of a file lies."""
    return path.with_name(f"{path.stem}-copy{path.suffix}")


def log_of(path: Path) -> Path:
    """Where the write-ahead log of a file lies."""
    return path.with_name(f"{path.name}-wal")


def _random(size: int) -> bytes:
    return os.urandom(size)

"""What is said when the records cannot be opened or written: one sentence, and what to do next."""

import sqlite3
from pathlib import Path

from mentorkit.errors import Damaged, ForeignFile, MentorkitError, NewerFile, NotSaved

_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full. Free some space; your answer is kept in the page meanwhile",
    sqlite3.SQLITE_READONLY: "the file cannot be written to. Make it writable; your answer is kept in the page",
    sqlite3.SQLITE_BUSY: "another program is using the file. Your answer is kept in the page and sent again",
    sqlite3.SQLITE_LOCKED: "another program is using the file. Your answer is kept in the page and sent again",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened. Check that its folder is there and is yours",
    sqlite3.SQLITE_PERM: "this account may not write the file. Make it writable",
    sqlite3.SQLITE_IOERR: "the disk reports an error. Your answer is kept in the page; check the disk",
}
IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
NOT_TEXT = (sqlite3.OperationalError, UnicodeDecodeError)
"""What Python raises, without a code of SQLite, when damage stands where text should."""

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}


def damaged(path: Path) -> Damaged:
    """A file of ours in which something does not verify."""
    return Damaged(
        f"Some records in {path} are damaged or missing, so none of them is shown. Run “mentorkit restore”: it brings "
        "back the last good backup and every record that still verifies, and keeps the damaged file."
    )


def newer(path: Path) -> NewerFile:
    """A file that a later version wrote."""
    return NewerFile(f"{path} was made by a newer Mentorkit. Update Mentorkit to open it; nothing was changed.")


def foreign(path: Path) -> ForeignFile:
    """A file of another program."""
    return ForeignFile(f"{path} was not made by Mentorkit. Move it away, or choose another folder with --home.")


def gone(path: Path) -> NotSaved:
    """The file was deleted or emptied while it was open."""
    return NotSaved(f"The file {path} is no longer there. Put it back, or open the workbook anew.")


def replaced(path: Path) -> NotSaved:
    """The file was exchanged for another at the very moment of saving."""
    return NotSaved(f"The file {path} was replaced while it was written. Your answer is kept in the page.")


def translated(error: Exception, path: Path) -> Exception:
    """An error of SQLite or of the system as one of ours; any other error as it is."""
    if isinstance(error, MentorkitError):
        return error
    if isinstance(error, OSError):
        return NotSaved(f"{path}: {error.strerror or error}.")
    code = reason_code(error)
    if _extended(error) == sqlite3.SQLITE_READONLY_DBMOVED:
        return replaced(path)
    if code in _BROKEN or (code is None and isinstance(error, NOT_TEXT)):
        return damaged(path)
    if code is None:
        return error
    return NotSaved(f"{path.name}: {_REASONS.get(code, f'SQLite says: {error}')}.")


def reason_code(error: Exception) -> int | None:
    """SQLite's primary result code, from the standard library's errors and from apsw's."""
    extended = _extended(error)
    return None if extended is None else extended & 0xFF


def _extended(error: Exception) -> int | None:
    code = getattr(error, "sqlite_errorcode", None) or getattr(error, "extendedresult", None)
    return code if isinstance(code, int) else None

"""Verified copies of the records, and the way back to them. A damaged file is set aside, never thrown away."""

import hashlib
import logging
import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mentorkit.errors import BadFile, Damaged, ForeignFile, MentorkitError, NotSaved
from mentorkit.store.disk import make_private, make_private_folder, sync_file, sync_folder
from mentorkit.store.home import Home
from mentorkit.store.record import RECORD, AnyRecord
from mentorkit.store.salvage import held, salvaged_rows
from mentorkit.store.saying import damaged, translated
from mentorkit.store.sqlite import Store, connect_to_copy

KEEP = 5
ABANDONED = 3600  # seconds after which an unfinished copy is no longer being written
_BESIDE = ("-journal", "-wal", "-shm")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Restored:
    """What a restore brought back."""

    records: int  # in the new file
    from_backup: int  # of those, found in the backup
    salvaged: int  # of those, found only in the file that was replaced, or in a later backup
    set_aside: Path | None  # where the file that was replaced now lies


def back_up(home: Home, store: Store, *, insist: bool = False) -> Path | None:
    """Copy the records and read the copy back; the newest five are kept. None when nothing is new since the last.

    A disk that has no room for a backup raises `NotSaved` when the caller insists; else it is written to the log,
    because the answers themselves are saved. Raises `Damaged` when the records on disk no longer verify.
    """
    try:
        return _next_backup(home, store)
    except NotSaved:
        if insist:
            raise
        log.warning("There is no new backup in %s", home.backups, exc_info=True)
        return None


def write_copy(store: Store, target: Path) -> Path:
    """Write a verified copy of the records to `target`, all of it or nothing; raises `NotSaved` or `Damaged`."""
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        make_private(partial)
        store.copy_to(partial)
        sync_file(partial)
        _expect_copied(store, partial)
        partial.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise translated(error, target) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return target


def copy_bytes(home: Home) -> bytes:
    """A verified copy of the records, to be handed on; raises `NotSaved`, `Damaged`, or what opening raises.

    It lies in the folder of backups only while it is read, and is removed with the half ones should that be cut short.
    """
    store = Store(home.records)
    try:
        make_private_folder(home.backups)
        copy = write_copy(store, home.backups / f".{secrets.token_hex(4)}.part")
        try:
            return copy.read_bytes()
        finally:
            copy.unlink(missing_ok=True)
    except OSError as error:
        raise translated(error, home.backups) from error
    finally:
        store.close()


def backups(home: Home) -> list[Path]:
    """The backups, the newest last."""
    return home.found_backups()


def restore(home: Home, backup: Path | None = None) -> Restored:
    """Bring back a backup (the last good one unless named), and add what else still verifies: nothing is lost.

    The present file is set aside under another name. Raises `BadFile` when there is nothing good to go back to,
    `NewerFile` when a later version wrote the present file, and `NotSaved` when it is in use or the disk fails.
    """
    named = _chosen(backup) if backup else None
    last = _last_good(home)
    try:
        if not home.records.exists():
            return _put_back(home, [named or last, last, []])
        with held(home.records) as connection:
            before = _state(home)
            present = [record for _, record in salvaged_rows(connection, home.records)]
            if os.name == "nt":
                connection.close()  # Windows exchanges no file that is open
            return _put_back(home, [named or last, last, present], before)
    except OSError as error:
        raise translated(error, home.records) from error


def _next_backup(home: Home, store: Store) -> Path | None:
    found = backups(home)
    mark = _mark(store.records)
    if not store.records or (found and found[-1].stem.endswith(mark)):
        return None
    number = int(found[-1].stem.split("-")[1]) + 1 if found else 1
    try:
        make_private_folder(home.backups)
        target = write_copy(store, home.backups / f"records-{number:06d}-{mark}.sqlite")
        _prune(home)
    except OSError as error:
        raise translated(error, home.backups) from error
    return target


def _mark(records: list[AnyRecord]) -> str:
    """Tells two histories apart, also two of the same length."""
    return hashlib.sha256(b"\n".join(map(RECORD.dump_json, records))).hexdigest()[:12]


def _expect_copied(store: Store, copy: Path) -> None:
    try:
        copied = _read(copy)
    except Damaged:
        raise damaged(store.path) from None
    if copied[: len(store.records)] != store.records:  # another tab may have added to it meanwhile
        raise damaged(store.path)


def _put_back(home: Home, sources: list[list[AnyRecord]], before: object = None) -> Restored:
    merged = _merged(sources)
    if not merged:
        raise BadFile("There is no backup to go back to, and no record in the present file can be read.")
    fresh = home.path / f".restored-{secrets.token_hex(4)}.sqlite"
    try:
        store = Store(fresh)
        store.append(*merged)
        store.close()
        aside = None if before is None else _set_aside_and_replace(home, fresh, before)
        if before is None:
            fresh.replace(home.records)
        sync_folder(home.path)
    finally:
        for left in home.path.glob(f"{fresh.name}*"):
            left.unlink()
    return Restored(len(merged), len(sources[0]), len(merged) - len(sources[0]), aside)


def _merged(sources: list[list[AnyRecord]]) -> list[AnyRecord]:
    """All of the first source, then whatever each further one has besides, continuing its stream."""
    merged: list[AnyRecord] = []
    known: set[bytes] = set()
    last: dict[str, int] = {}
    for source in sources:
        for record in source:
            document = RECORD.dump_json(record)
            if document not in known:
                known.add(document)
                last[record.stream] = last.get(record.stream, 0) + 1  # a lost row leaves a gap: later ones move up
                merged.append(record.model_copy(update={"revision": last[record.stream]}))
    return merged


def _chosen(backup: Path) -> list[AnyRecord]:
    try:
        return _read(backup)
    except (Damaged, ForeignFile) as error:
        raise BadFile(f"{backup} is not a good backup: choose another. Nothing was changed.") from error


def _last_good(home: Home) -> list[AnyRecord]:
    for path in reversed(backups(home)):
        with suppress(MentorkitError):
            return _read(path)
    return []


def _read(path: Path) -> list[AnyRecord]:
    """The records of a copy, verified; the copy is not touched."""
    if not path.is_file() or not path.stat().st_size:
        raise BadFile(f"There is no backup at {path}.")
    copy = Store(path, connect_to_copy)
    copy.close()
    return copy.records


def _set_aside_and_replace(home: Home, fresh: Path, before: object) -> Path:
    """Put the fresh file in place of the records, which are under another name by then and so never away."""
    aside = _free_name(home)
    moved = []
    try:
        _keep_under(aside, home.records)
        if before != _state(home):
            raise NotSaved(f"{home.records} is being written to: close other windows with the workbook, and try again.")
        for suffix in _BESIDE:  # they must not be played back into the fresh file
            beside = home.records.with_name(home.records.name + suffix)
            if beside.exists() and beside.stat().st_size:
                moved.append((beside.replace(aside.with_name(aside.name + suffix)), beside))
        sync_folder(home.path)
        fresh.replace(home.records)
    except (OSError, NotSaved):
        for there, beside in moved:
            there.replace(beside)
        aside.unlink(missing_ok=True)
        raise
    return aside


def _keep_under(aside: Path, records: Path) -> None:
    try:
        os.link(records, aside)
    except OSError:  # a file system without links
        make_private(aside)
        shutil.copyfile(records, aside)
        sync_file(aside)


def _free_name(home: Home) -> Path:
    number = 1
    while (aside := home.path / f"set-aside-{number}.sqlite").exists():
        number += 1
    return aside


def _state(home: Home) -> tuple[int, int, int]:
    found = home.records.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _prune(home: Home) -> None:
    for old in backups(home)[:-KEEP]:
        old.unlink(missing_ok=True)
    for left in home.backups.glob(".*.part*"):
        if left.stat().st_mtime < time.time() - ABANDONED:
            left.unlink(missing_ok=True)

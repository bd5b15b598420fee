"""Whether the content, the records and the installation are in order, and what to do where they are not."""

import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from mentorkit.content import load_content
from mentorkit.content.loader import ENVIRONMENT
from mentorkit.errors import BadContent, MentorkitError
from mentorkit.records import Records, expect_content_for
from mentorkit.store import Home, Store, find_home, home_at
from mentorkit.store.sqlite import connect_to_copy

PYTHON, SQLITE = (3, 11), (3, 31)  # from the latter on, SQLite knows every setting that the store relies on
BOUND = re.compile(r"([\w.-]+)>=([\d.]+)$")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; the sentence says what to do when it is not good."""

    good: bool
    sentence: str


def examine(home: Path | str | None = None) -> list[Finding]:
    """Look at everything. Nothing is changed, but an empty home is made ready, and one open to others is closed."""
    return [*_content(), *_records(home), *_packages(), *_versions()]


def _content() -> Iterator[Finding]:
    folder = os.environ.get(ENVIRONMENT)
    try:
        count = len(load_content().ids())
    except MentorkitError as mistake:
        yield Finding(False, str(mistake))
    else:
        edits = f", with the edits in {folder}" if folder else ""
        yield Finding(True, f"The content is in order: {count} ids{edits}.")


def _records(home: Path | str | None) -> Iterator[Finding]:
    was_open = _open_to_others(home_at(home))
    try:
        place = find_home(home)
        store = Store(place.records)
        store.close()
    except MentorkitError as refusal:
        yield Finding(False, str(refusal))
        return
    yield Finding(True, f"The records in {place.records} verify: {len(store.records)} of {len(store.records)}.")
    yield from _asked_about(store)
    yield _last_backup(place)
    yield _closed(place, was_open)


def _asked_about(store: Store) -> Iterator[Finding]:
    """A finding when the content lacks what the records are about; its own mistakes are told elsewhere."""
    try:
        content = load_content()
    except BadContent:
        return
    try:
        expect_content_for(Records(store.records), content)
    except BadContent as mistake:
        yield Finding(False, str(mistake))


def _last_backup(place: Home) -> Finding:
    kept = place.found_backups()
    if not kept:
        return Finding(True, "There is no backup yet: the first is made when a worksheet is finished.")
    try:
        Store(kept[-1], connect_to_copy).close()
    except MentorkitError:
        return Finding(False, f"The backup {kept[-1]} is damaged: delete it. Then “mentorkit backup” makes a new one.")
    return Finding(True, f"The last backup verifies: {kept[-1].name}.")


def _closed(place: Home, was_open: bool) -> Finding:
    if _open_to_others(place):
        return Finding(False, f"Others on this computer can look into {place.path}: run chmod 700 on it.")
    if was_open:
        said = "is closed now. If others use this computer, they may have read it: nothing else needs doing"
        return Finding(False, f"The folder {place.path} was open to others and {said}.")
    return Finding(True, f"Only you can open {place.path}.")


def _open_to_others(place: Home) -> bool:
    return os.name == "posix" and place.path.is_dir() and bool(place.path.stat().st_mode & 0o077)


def _packages() -> Iterator[Finding]:
    try:
        bounds = [found for line in requires("mentorkit") or () if (found := BOUND.match(line))]
    except PackageNotFoundError:
        yield Finding(False, "Mentorkit itself is not installed: run pip install on its folder.")
        return
    for name, least in (bound.groups() for bound in bounds):
        yield _package(name, least)


def _package(name: str, least: str) -> Finding:
    try:
        found = version(name)
    except PackageNotFoundError:
        return Finding(False, f"{name} is missing: run pip install “{name}>={least}”.")
    if _numbers(found) < _numbers(least):
        return Finding(False, f"{name} {found} is too old: run pip install “{name}>={least}”.")
    return Finding(True, f"{name} {found}")


def _versions() -> Iterator[Finding]:
    said = f"Python {sys.version.split()[0]} with SQLite {sqlite3.sqlite_version}"
    fine = sys.version_info >= PYTHON and sqlite3.sqlite_version_info >= SQLITE
    yield Finding(fine, said if fine else f"{said} is too old: install a newer Python, and Mentorkit in it.")


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text.split("+")[0])]

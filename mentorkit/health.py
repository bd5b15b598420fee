"""Whether the content, the records and the installation are in order, and what to do where they are not."""

import os
import sqlite3
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mentorkit.content import load_content
from mentorkit.errors import MentorkitError
from mentorkit.store import Store, backups, find_home

PACKAGES = ("anywidget", "ipywidgets", "jupyterlab", "pandas", "pydantic", "voila")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    sentence: str


def examine(home: Path | None = None) -> list[Finding]:
    """Look at everything; nothing is changed but an empty home, which is made ready."""
    return [_content(), *_records(home), *(_package(name) for name in PACKAGES), _python()]


def _content() -> Finding:
    try:
        content = load_content()
    except MentorkitError as mistake:
        return Finding(False, str(mistake))
    folder = os.environ.get("MENTORKIT_CONTENT")
    return Finding(True, f"The content is in order: {len(content.ids())} ids{f', with the edits in {folder}' if folder else ''}.")


def _records(home: Path | None) -> list[Finding]:
    try:
        place = find_home(home)
        store = Store(place.records)
    except MentorkitError as refusal:
        return [Finding(False, str(refusal))]
    count = len(store.records)
    store.close()
    kept = backups(place)
    found = [Finding(True, f"The records in {place.records} verify: {count} of {count}.")]
    found.append(Finding(True, f"The last backup is {kept[-1].name}." if kept else "There is no backup yet; one is made at the next start."))
    if os.name == "posix":
        open_to = place.path.stat().st_mode & 0o077
        found.append(Finding(not open_to, f"Only you can open {place.path}." if not open_to else f"Others can open {place.path}: run chmod 700 on it."))
    return found


def _package(name: str) -> Finding:
    try:
        return Finding(True, f"{name} {version(name)}")
    except PackageNotFoundError:
        return Finding(False, f"{name} is missing: install mentorkit again.")


def _python() -> Finding:
    return Finding(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")

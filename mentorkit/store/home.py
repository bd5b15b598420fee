"""The folder on the student's machine: where the records and their backups lie, and who may open it."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from mentorkit.errors import NotSaved
from mentorkit.store.disk import keep_from_others, make_private_folder, sync_folder


@dataclass(frozen=True)
class Home:
    """One student's folder: readable by its owner alone."""

    path: Path

    @property
    def records(self) -> Path:
        """The SQLite file with the records."""
        return self.path / "mentorkit.sqlite"

    @property
    def backups(self) -> Path:
        """The folder of verified backups."""
        return self.path / "backups"

    def found_backups(self) -> list[Path]:
        """The backups, the newest last."""
        return sorted(self.backups.glob("records-*.sqlite"))


def find_home(path: Path | str | None = None) -> Home:
    """The home folder: as given, else `MENTORKIT_HOME`, else the user's data folder. It is made when missing.

    Raises `NotSaved` when it cannot be made, or is a folder that everyone shares.
    """
    chosen = Path(path or os.environ.get("MENTORKIT_HOME") or platformdirs.user_data_dir("mentorkit", appauthor=False))
    home = Home(chosen.expanduser().absolute())
    try:
        make_private_folder(home.path)
        if home.path.stat().st_mode & stat.S_ISVTX:  # /tmp: to close it would lock out everyone else
            raise NotSaved(f"The folder {home.path} is shared by everyone: choose one of your own with --home.")
        for place in (home.path, home.records):
            if place.exists():
                keep_from_others(place)
    except OSError as error:
        reason = error.strerror or error
        raise NotSaved(f"The folder {home.path} cannot be used ({reason}): choose another with --home.") from error
    return home


def erase(home: Home) -> int:
    """Remove the records, every backup and whatever was set aside, for good; returns the number of files.

    Raises `NotSaved` when a file cannot be removed.
    """
    kept = ("backups/*", "backups/.*", "set-aside-*", ".restored-*", f"{home.records.name}-*", home.records.name)
    files = [file for pattern in kept for file in home.path.glob(pattern)]  # the records last
    try:
        for file in files:
            file.unlink()
        sync_folder(home.path)
        for folder in (home.backups, home.path):
            with suppress(OSError):  # not empty: there is something in it that is not ours
                folder.rmdir()
    except OSError as error:
        raise NotSaved(f"{error.filename} cannot be removed ({error.strerror}): close other windows.") from error
    return len(files)

"""The folder on the student's machine: where the records and their backups lie, and who may open it."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from mentorkit.errors import NotSaved
from mentorkit.store.disk import keep_from_others, make_private_folder


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

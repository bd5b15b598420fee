"""The folder on the student's machine: where the records and their backups lie, and who may open it."""

import json
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

    @property
    def notebooks(self) -> Path:
        """The folder of the student's copies of the notebooks, when JupyterLab was used."""
        return self.path / "notebooks"

    @property
    def is_usual(self) -> bool:
        """Whether it is the folder that is taken when none is named."""
        return self.path == _usual()

    def found_backups(self) -> list[Path]:
        """The backups, the newest last."""
        return sorted(self.backups.glob("records-*.sqlite"))


def home_at(path: Path | str | None = None) -> Home:
    """The home folder: as given, else `MENTORKIT_HOME`, else the user's data folder. It need not be there yet."""
    chosen = Path(path or os.environ.get("MENTORKIT_HOME") or _usual())
    return Home(chosen.expanduser().absolute())


def _usual() -> Path:
    return Path(platformdirs.user_data_dir("mentorkit", appauthor=False)).absolute()


def find_home(path: Path | str | None = None) -> Home:
    """The home folder, as in `home_at`. It is made when missing, and closed to others.

    Raises `NotSaved` when it cannot be made, or is a folder that everyone shares.
    """
    home = home_at(path)
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


def erase(home: Home, notebooks: bool = True) -> int:
    """Remove what Mentorkit made in the home, and nothing else, for good; returns the number of files.

    That is the records, every backup, whatever was set aside, the keys and the log, and the copies of the notebooks
    (these hold no answers, and may be open in JupyterLab: without `notebooks` they stay).
    Files are deleted, not overwritten: on a solid-state disk or a file system that copies on writing, overwriting would
    not reach the old blocks. Raises `NotSaved` when a file cannot be removed.
    """
    made = ("backups/*", "set-aside-*", ".restored-*", "app-keys.json", ".app-keys.json.*", "mentorkit.log")
    found = [file for pattern in (*made, f"{home.records.name}-*") for file in home.path.glob(pattern)]
    copies = _notebook_copies(home) if notebooks else []
    files = [file for file in (*found, *copies, home.records) if file.is_file() or file.is_symlink()]
    try:
        for file in files:  # the records last: they are there until everything else is gone
            file.unlink()
        sync_folder(home.path)
        for folder in (home.backups, home.notebooks / ".ipynb_checkpoints", home.notebooks, home.path):
            with suppress(OSError):  # not empty: there is something in it that is not ours
                folder.rmdir()
    except OSError as error:
        raise NotSaved(f"{error.filename} cannot be removed ({error.strerror}): close other windows.") from error
    return len(files)


def _notebook_copies(home: Home) -> list[Path]:
    """The notebooks that were copied here for JupyterLab, its checkpoints of them, and the list of them."""
    listed = home.notebooks / ".shipped.json"
    try:
        names = [name for name in json.loads(listed.read_text("utf-8")) if Path(name).name == name]
    except (OSError, ValueError, TypeError):
        names = []
    copies = [home.notebooks / name for name in names]
    return [*copies, *(home.notebooks / ".ipynb_checkpoints").glob("*-checkpoint.ipynb"), listed]

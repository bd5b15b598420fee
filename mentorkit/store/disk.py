"""Files and folders that only their owner may read, and that a power cut leaves in place."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

_DISK_FAILS = {errno.EIO, errno.ENOSPC, errno.EDQUOT}


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it, where missing; raises `OSError`."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for made in missing:
        sync_folder(made.parent)


def make_private(path: Path) -> None:
    """Make an empty file when there is none; raises `OSError`."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def keep_from_others(path: Path) -> None:
    """Take away what others may do with a file or folder; raises `OSError`."""
    allowed = stat.S_IMODE(path.stat().st_mode)
    if allowed & 0o077:
        path.chmod(allowed & 0o700)


def sync_file(path: Path) -> None:
    """Return when the content of a file, if there is one, is on the disk; raises `OSError`."""
    with suppress(FileNotFoundError, PermissionError), path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk; raises `OSError`. Windows does so by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno in _DISK_FAILS:  # else a file system that cannot sync a folder, as in the browser
            raise
    finally:
        os.close(descriptor)

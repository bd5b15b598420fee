"""A folder for one kernel's sockets: short enough for their addresses, closed to others, removed with its server."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

LONGEST = 107 - len("/s-5")  # bytes of a Unix socket's path, less what jupyter_client appends
PREFIX = "fork-"
_ours: Path | None = None


def own_place(uid: int = 0) -> Path:
    """A new folder that only this user (0: our own) may enter."""
    place = Path(tempfile.mkdtemp(dir=_of_this_server()))
    if uid:
        os.chown(place, uid, uid)
    return place


def _of_this_server() -> Path:
    global _ours
    if _ours is None or not _ours.is_dir():
        parent = _parent()
        _sweep(parent)
        _ours = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
        _ours.chmod(0o711)  # another user's kernel must get through to its own
    return _ours


def _parent() -> Path:
    """The system's folder for temporary files, unless its name is too long for a socket in it."""
    usual = Path(tempfile.gettempdir())
    longest = usual / f"{PREFIX}4194304-12345678" / "tmp12345678"
    return usual if len(os.fsencode(longest)) <= LONGEST else Path("/tmp")


def _sweep(parent: Path) -> None:
    """Remove what servers left that were killed: their sockets lead nowhere."""
    for left in parent.glob(f"{PREFIX}*-*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if pid.isdigit() and left.stat().st_uid == os.getuid() and not Path("/proc", pid).exists():
                shutil.rmtree(left, ignore_errors=True)

"""Make a forked process its own: session, descriptors, environment, chance."""

import atexit
import os
import random
import signal
import sys
import weakref
from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

STANDARD = {0, 1, 2}
MOST_DESCRIPTORS = 2**20  # numbers that an open file may have, at the very most


def open_descriptors() -> set[int]:
    """The descriptors of this process."""
    listed = {int(path.name) for path in Path("/proc/self/fd").iterdir()}
    return {number for number in listed if _is_open(number)}  # the listing's own is closed by now


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def named(descriptors: Collection[int]) -> str:
    """What these descriptors are, for a message: `/some/file`, `socket:[123]`."""
    return ", ".join(str(Path(f"/proc/self/fd/{number}").readlink()) for number in sorted(descriptors))


def own_session(keep: Collection[int]) -> None:
    """A session of its own, ordinary signals, nothing to do at the end, and no descriptor but these."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for first, next_kept in pairwise([*sorted(STANDARD | set(keep)), MOST_DESCRIPTORS]):
        os.closerange(first + 1, next_kept)
    _forget_endings()


def _forget_endings() -> None:
    """What was to be done at the forker's end, say to remove its temporary folder, is not this process's to do."""
    atexit._clear()
    finalize: Any = weakref.finalize
    finalize._registry.clear()
    finalize._registered_with_atexit = False


def own_place(environment: Mapping[str, str], folder: str) -> None:
    """Another environment and working folder."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder if Path(folder).is_dir() else "/")


def own_chance() -> None:
    """Random numbers that no other fork has, in the modules that hold a state."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "multiprocessing.process" in sys.modules:
        process = sys.modules["multiprocessing.process"].current_process()
        process.authkey = os.urandom(32)

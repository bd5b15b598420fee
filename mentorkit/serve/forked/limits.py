"""What binds a process: its starter's life, an amount of memory, another user, no eyes on its memory."""

import ctypes
import fcntl
import os
import resource
import select
import signal
import sys
from pathlib import Path

SET_DUMPABLE = 4  # of prctl(2)
MB = 1024 * 1024


def end_with(lifeline: int) -> None:
    """Have the system kill this process when the last writer of the pipe is gone, whatever it is doing then.

    Unlike a death signal it is bound to the starter's process, not to one of its threads and not to the parent.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if _has_ended(lifeline):  # before we asked
        os._exit(1)


def _has_ended(lifeline: int) -> bool:
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    return bool(poll.poll(0))


def keep_private() -> None:
    """No other process of the same user may read this one's memory, and no core file is written."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)


def limit_memory(megabytes: int) -> None:
    """At most so many MB more than now; more is a MemoryError. It cannot be raised again.

    Data, not address space: that would count each library that is merely mapped, and what the fork shares.
    """
    if megabytes > 0:
        most = data_size() + megabytes * MB
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def data_size() -> int:
    """Bytes of this process that count as data: heap, anonymous maps, thread stacks."""
    lines = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmData"))
    return int(line.split()[1]) * 1024


def become(uid: int) -> None:
    """Go on as this user and group, for good. PermissionError unless we are root; 0 changes nothing."""
    if uid > 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)

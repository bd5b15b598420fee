"""Whether kernels can be forked on this machine, and the choice that follows."""

import os
import socket
import sys
from dataclasses import dataclass

FORKED = "mentorkit-forked"
STOCK = "local-provisioner"


def can_fork() -> str | None:
    """None where kernels can be forked; else the reason why not, in one sentence."""
    if sys.platform == "darwin":
        return "Kernels are not forked on macOS: its own frameworks do not survive a fork."
    if sys.platform != "linux":
        return "Kernels are forked on Linux only: other systems lack what it takes."
    if not hasattr(socket, "AF_UNIX") or not hasattr(os, "memfd_create"):
        return "Kernels are not forked here: this Python was built without Unix sockets or anonymous memory."
    return _no_pidfd()


def _no_pidfd() -> str | None:
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return "Kernels are not forked here: this system cannot watch a process by descriptor (Linux 5.3 or later can)."
    return None


@dataclass(frozen=True)
class Choice:
    """Which kernel provisioner to use here, and why, in one sentence for a log or a screen."""

    provisioner: str
    why: str


def provisioner_for_here() -> Choice:
    """Forked kernels where they work, stock start-up elsewhere."""
    reason = can_fork()
    if reason:
        return Choice(STOCK, f"{reason} Each kernel starts by itself, which takes longer.")
    return Choice(FORKED, "Kernels are forked from one warmed process.")


def is_root() -> bool:
    """Whether this process may go on as another user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0

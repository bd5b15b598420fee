"""Room for hundreds of kernels in one server: zmq sockets and open files."""

from typing import Any

import zmq
import zmq.asyncio

from mentorkit.errors import MentorkitError

SOCKETS = 8  # zmq sockets that a server needs for one kernel with a page; zmq's own limit is 1,023 in all
FILES = 26  # descriptors for the same
BESIDE = 256  # of both, for everything else


class TooManyKernels(MentorkitError):
    """The system does not allow that many open files; the sentence says what to set."""


def allow_many_kernels(count: int, context: Any = None) -> Any:
    """A zmq context with room for `count` kernels, and as many open files as that takes.

    Before the first kernel: `manager.context = allow_many_kernels(300, manager.context)`. A context that already has
    sockets cannot grow any more; without one, a new one is made for asyncio. TooManyKernels when the system allows too
    few open files.
    """
    _allow_files(count * FILES + BESIDE)
    context = context or zmq.asyncio.Context()
    context.set(zmq.MAX_SOCKETS, max(count * SOCKETS + BESIDE, context.get(zmq.MAX_SOCKETS)))
    return context


def _allow_files(needed: int) -> None:
    import resource  # not on Windows, where the question does not arise

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise TooManyKernels(
            f"This system allows {hard} open files; {needed} are needed. Raise it: ulimit -Hn {needed}."
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

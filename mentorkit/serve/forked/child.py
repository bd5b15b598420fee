"""A process that was just forked becomes a kernel, and never returns."""

import atexit
import contextlib
import os
import socket
import sys
import threading
import traceback
from typing import Any

from mentorkit.serve.forked.fresh import own_chance, own_place, own_session
from mentorkit.serve.forked.lean import LeanKernelApp
from mentorkit.serve.forked.limits import become, end_with, keep_private, limit_memory
from mentorkit.serve.forked.recipe import Birth
from mentorkit.serve.forked.sheet import read_sheet, say

THREAD_STACK = 1024 * 1024  # bytes; the usual 8 MB would count against the memory limit


def live(app: LeanKernelApp, arrive: Any, line: socket.socket, lifeline: int, sheet: int) -> None:
    """Run a kernel as the sheet says, and leave the process with its exit code."""
    code = 1
    try:
        end_with(lifeline)
        own_session({line.fileno(), lifeline, sheet})
        _settle(app, arrive, line, Birth.from_bytes(read_sheet(sheet)))
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException as error:
        _report(line, error)
    finally:
        _leave(code)


def _settle(app: LeanKernelApp, arrive: Any, line: socket.socket, birth: Birth) -> None:
    become(birth.uid)
    keep_private()
    own_place(birth.environment, birth.folder)
    own_chance()
    sys.argv[1:] = ["-f", birth.connection_file]  # as in a kernel that was started by itself
    threading.stack_size(THREAD_STACK)
    limit_memory(birth.memory)
    if arrive is not None:
        arrive(birth.given.value)
    app.answer(birth.connection_file, birth.connection, lambda: _announce(line))


def _announce(line: socket.socket) -> None:
    """The last word on this line: what runs from now on shall not speak to the server there."""
    say(line, {"ready": True})
    line.close()


def _report(line: socket.socket, error: BaseException) -> None:
    """Say where it failed, not with which words: they may hold what was given."""
    places = "".join(traceback.format_tb(error.__traceback__))
    print(f"A forked kernel did not start. {type(error).__name__} at:\n{places}", file=sys.__stderr__)
    with contextlib.suppress(OSError):
        say(line, {"failed": type(error).__name__})


def _leave(code: int) -> None:
    """Without taking the interpreter apart: that would copy all that is shared, to throw it away."""
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(BaseException):
            stream.flush()  # type: ignore[union-attr]
    os._exit(code)

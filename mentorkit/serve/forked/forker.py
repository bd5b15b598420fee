"""The process that warms up once and then forks a kernel for each request."""

import gc
import json
import os
import selectors
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from mentorkit.serve.forked.child import live
from mentorkit.serve.forked.fresh import STANDARD, named, open_descriptors
from mentorkit.serve.forked.lean import LeanKernelApp
from mentorkit.serve.forked.limits import end_with, keep_private
from mentorkit.serve.forked.recipe import Recipe
from mentorkit.serve.forked.sheet import hear, say, write_sheet
from mentorkit.serve.forked.warming import warm_up


class CannotFork(Exception):
    """What was preloaded or warmed cannot be forked; the text says what to change."""


def main() -> None:
    """Arguments: the descriptors of the control socket and of the lifeline, and the recipe."""
    control, lifeline = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    end_with(lifeline)
    kept = {control.fileno(), lifeline}
    try:
        app, arrive, warmed = warm_up(Recipe.from_json(sys.argv[3]))
        check(kept)
    except Exception as error:
        say(control, {"failed": f"{type(error).__name__}: {error}"[:4000]})
        raise
    keep_private()
    _hand_over(control, warmed)
    Forker(app, arrive, control).serve()


def check(kept: set[int]) -> None:
    """One thread, no zmq context, no descriptor but ours; else CannotFork says what stands in the way."""
    if sum(1 for _ in Path("/proc/self/task").iterdir()) > 1:
        names = ", ".join(thread.name for thread in threading.enumerate()[1:]) or "a library's own"
        raise CannotFork(f"Threads were started before the fork ({names}). Start them in `arrive`.")
    if any(type(one).__name__ == "Context" and type(one).__module__.startswith("zmq") for one in gc.get_objects()):
        raise CannotFork("A zmq context was made before the fork. Make it in `arrive`.")
    left = open_descriptors() - STANDARD - kept
    if left:
        raise CannotFork(f"Left open before the fork: {named(left)}. Close it in `warm`, or open it in `arrive`.")


def _hand_over(control: socket.socket, warmed: Any) -> None:
    raw = isinstance(warmed, bytes)
    sheet = write_sheet(warmed if raw else json.dumps(warmed).encode())
    say(control, {"warm": True, "raw": raw}, sheet)
    os.close(sheet)


class Forker:
    """Forks on request, and tells each kernel's starter how it ended."""

    def __init__(self, app: LeanKernelApp, arrive: Any, control: socket.socket):
        self._app, self._arrive, self._control = app, arrive, control
        self._lines: dict[int, socket.socket] = {}

    def serve(self) -> None:
        """Until the starter is gone."""
        woken, waker = socket.socketpair()
        woken.setblocking(False)
        waker.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno())
        gc.collect()
        gc.freeze()
        with selectors.DefaultSelector() as watch:
            watch.register(self._control, selectors.EVENT_READ, self._request)
            watch.register(woken, selectors.EVENT_READ, lambda: self._bury(woken))
            while True:
                for key, _ in watch.select():
                    key.data()

    def _request(self) -> None:
        word, descriptors = hear(self._control)
        if not word:
            os._exit(0)
        line, lifeline, sheet = descriptors
        self._fork(socket.socket(fileno=line), lifeline, sheet)

    def _fork(self, line: socket.socket, lifeline: int, sheet: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            gc.enable()
            live(self._app, self._arrive, line, lifeline, sheet)
        os.close(lifeline)
        os.close(sheet)
        watched = os.pidfd_open(pid)
        self._lines[pid] = line
        _tell(line, {"pid": pid}, watched)
        os.close(watched)

    def _bury(self, woken: socket.socket) -> None:
        woken.recv(4096)
        while self._lines:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            line = self._lines.pop(pid)
            _tell(line, {"code": os.waitstatus_to_exitcode(status)})
            line.close()


def _tell(line: socket.socket, word: dict[str, Any], *descriptors: int) -> None:
    """A starter that no longer listens must not stop the forker."""
    try:
        line.setblocking(False)
        say(line, word, *descriptors)
    except OSError:
        pass


if __name__ == "__main__":
    main()

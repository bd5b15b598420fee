"""`mentorkit orientation`: starts the keeper and the server, starts again what dies, and ends everything in order."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from mentorkit.errors import MentorkitError
from mentorkit.serve.app import socket_folder
from mentorkit.serve.forked.here import is_root
from mentorkit.serve.room.keys import RoomKeys
from mentorkit.serve.room.room import Setup

LOOK_EVERY = 0.2  # seconds
SOON = 5.0  # seconds: a process that ends sooner than that did not start well
TRIES = 5  # bad starts in a row until the room is given up
PATIENCE = 20.0  # seconds that a process may take to end

Say = Callable[[str], None]


@dataclass
class Part:
    """One process of the room."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    bad_starts: int = 0

    def look(self, say: Say) -> None:
        """Start it, if it does not run; raises `MentorkitError` when it ends at once again and again."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self.bad_starts = self.bad_starts + 1 if time.monotonic() - self.began < SOON else 0
            if self.bad_starts >= TRIES:
                raise MentorkitError(f"The {self.name} does not start: look at what it said above.")
            say(f"The {self.name} had ended and is started again. What was shown as saved is safe.")
        self.process, self.began = self.start(), time.monotonic()

    def stop(self) -> None:
        """End it in order."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
            return
        self.process.kill()
        self.process.wait()


class Supervisor:
    """The room as a whole. `run` returns when it is told to end."""

    def __init__(self, setup: Setup, keys: RoomKeys, listener: socket.socket, say: Say = print) -> None:
        self._setup, self._keys, self._listener, self._say = setup, keys, listener, say
        self._folder = tempfile.mkdtemp(prefix="mk", dir=socket_folder())
        os.chmod(self._folder, 0o711)  # noqa: PTH101  # kernels of other users reach the socket, and list nothing
        self._ends = False
        self.parts = (Part("keeper", self._keeper), Part("server", self._server))

    @property
    def keeper_address(self) -> str:
        """Where the keeper listens."""
        return f"unix:{self._folder}/keeper" if hasattr(socket, "AF_UNIX") else "tcp:127.0.0.1:0"

    def run(self) -> None:
        """Keep everything running until SIGTERM or Ctrl-C; raises `MentorkitError` when it cannot."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: self.end())
        try:
            while not self._ends:
                for part in self.parts:
                    part.look(self._say)
                time.sleep(LOOK_EVERY)
        finally:
            for part in reversed(self.parts):
                part.stop()
            for left in Path(self._folder).iterdir():
                left.unlink(missing_ok=True)
            Path(self._folder).rmdir()

    def end(self) -> None:
        """Let `run` return soon; safe to call from a signal handler."""
        self._ends = True

    def _keeper(self) -> subprocess.Popen[bytes]:
        where = ["--home", str(self._setup.home), "--address", self.keeper_address]
        command = ["mentorkit.serve.keeper", *where, "--while-stdin-open"]
        if is_root():
            command += ["--socket-mode", "0666"]  # its capability admits a kernel, whatever its user
        return _told([sys.executable, "-m", *command], self._keys.keeper)

    def _server(self) -> subprocess.Popen[bytes]:
        setup = {**asdict(self._setup), "home": str(self._setup.home), "keeper": self.keeper_address}
        said = json.dumps({"setup": setup, "sockets": [self._listener.fileno()]})
        return _told([sys.executable, "-m", "mentorkit.serve.room"], said, (self._listener.fileno(),))


def _told(command: list[str], said: str, sockets: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """Start a program and tell it something that no one else is to see."""
    environment = {"MALLOC_MMAP_THRESHOLD_": "1000000", **os.environ}  # what a return code takes goes back at once
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, pass_fds=sockets, start_new_session=True, env=environment
    )
    stdin: IO[bytes] | None = process.stdin
    assert stdin is not None
    with suppress(BrokenPipeError):  # it ended at once: `look` will say so
        stdin.write(said.encode() + b"\n")
        stdin.flush()
    return process  # the pipe stays open: a part ends when it closes, and so with this process

"""The server of a room: `python -m mentorkit.serve.room` reads its setup from standard input."""

import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

from mentorkit.serve.forked import can_fork
from mentorkit.serve.forked.limits import end_with
from mentorkit.serve.notebooks import compose, notebooks_folder
from mentorkit.serve.room.app import RoomApp
from mentorkit.serve.room.room import Setup, room_of


def main() -> None:
    """Serve until SIGTERM. The listening socket is inherited, so that visitors wait while a server is replaced."""
    said = json.loads(sys.stdin.readline())
    if can_fork() is None:
        end_with(sys.stdin.fileno())  # whoever started this server holds the other end
    setup = Setup(**{**said["setup"], "home": Path(said["setup"]["home"]), "hosts": tuple(said["setup"]["hosts"])})
    sockets = [socket.socket(fileno=fd) for fd in said["sockets"]]
    with tempfile.TemporaryDirectory(prefix="mentorkit-") as folder:
        notebook = compose(notebooks_folder(), Path(folder))
        env = {"IPYTHONDIR": str(Path(folder) / "ipython")}
        app = RoomApp(lambda kernels, run: room_of(setup, kernels, run), notebook, sockets, setup.base, env)
        app.initialize([])
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: app.stop_soon())
        app.start()


if __name__ == "__main__":
    if hasattr(os, "setsid") and os.getpid() != os.getsid(0):
        os.setsid()  # Ctrl-C in the terminal is the command's, which then ends everything in order
    main()

"""`mentorkit open`: the workbook in the browser, on this computer, until Ctrl-C."""

import errno
import os
import signal
import socket
import sys
import tempfile
import webbrowser
from pathlib import Path

from mentorkit.errors import MentorkitError
from mentorkit.serve.keys import keys_in
from mentorkit.serve.notebooks import compose, notebooks_folder

USUAL_PORT = 8871
TRIES = 50


def open_app(home: Path, port: int | None, browser: bool, sample: bool, notebooks: Path | None = None) -> None:
    """Serve the workbook of `home` on 127.0.0.1 until Ctrl-C or SIGTERM, and open the browser if there is one.

    Without a `port` it is 8871, or the next free one. Raises MentorkitError when the wanted port is taken.
    """
    from mentorkit.serve.app import Workbook

    sockets = listen(port)
    with tempfile.TemporaryDirectory(prefix="mentorkit-") as folder:
        notebook = compose(notebooks or notebooks_folder(), Path(folder))
        nobodys_settings = {"IPYTHONDIR": str(Path(folder) / "ipython")}
        app = Workbook(notebook, sockets, keys_in(home), student_env(home, sample) | nobodys_settings)
        app.initialize([])
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: app.stop_soon())
        print(f"The workbook is open at {app.address} (Ctrl-C closes it)", flush=True)
        if browser and has_display():
            webbrowser.open(app.address)
        app.start()


def listen(port: int | None) -> list[socket.socket]:
    """Listen on `port`, or on 8871 or the next free one; on the loopback interface only."""
    for candidate in [port] if port is not None else range(USUAL_PORT, USUAL_PORT + TRIES):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if port is None and error.errno == errno.EADDRINUSE:
                continue
            raise MentorkitError(f"Port {candidate} cannot be used ({error.strerror}). Choose another port.") from error
        listener.setblocking(False)
        return [listener]
    raise MentorkitError(f"No port from {USUAL_PORT} to {USUAL_PORT + TRIES - 1} is free. Choose one with --port.")


def student_env(home: Path, sample: bool) -> dict[str, str]:
    """What the notebooks are told: whose records, and whether they are invented."""
    env = {"MENTORKIT_HOME": str(home.absolute())}
    return {**env, "MENTORKIT_SAMPLE": "1"} if sample else env


def has_display() -> bool:
    """Whether a browser window could appear."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

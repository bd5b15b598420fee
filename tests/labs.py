"""A JupyterLab of a test's own: its address, once somebody listens there, and its end."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWN = ("JUPYTER_CONFIG", "JUPYTER_DATA", "JUPYTER_RUNTIME", "JUPYTERLAB_SETTINGS", "JUPYTERLAB_WORKSPACES")


@contextmanager
def jupyterlab(folder: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """The address that `python <arguments>` prints, with its token; settings and a log of its own are in `folder`.

    The address is told a moment before the server listens, so both are waited for.
    """
    log = folder / "jupyterlab.txt"
    folders = {f"{name}_DIR": str(folder / name) for name in OWN}
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder, env={**os.environ, **folders, **environment}, stdout=written, stderr=written,
        )  # fmt: skip
    try:
        give_up, address = time.monotonic() + 60, None
        while not (address and _listens(int(address[2]))):
            assert process.poll() is None and time.monotonic() < give_up, log.read_text()
            time.sleep(0.1)
            address = re.search(r"(http://[^/\s]+:(\d+)/\S*token=\S+)", log.read_text())
        yield address[1]
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()  # one that did not end is not left behind


def until_said(log: Path, words: str) -> None:
    """Wait until the server has written the words."""
    give_up = time.monotonic() + 60
    while words not in log.read_text():
        assert time.monotonic() < give_up, log.read_text()
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return not asked.connect_ex(("127.0.0.1", port))

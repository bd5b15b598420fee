"""The two apps that are compared: ours as a student starts it, and a stock Voilà page with one text field."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import psutil

from mentorkit.serve.kernels import SPARE_AFTER

BIN = Path(sys.executable).parent
PATIENCE = 60  # seconds until an app that does not start is given up
QUIET = 0.03  # of one core, over QUIET_FOR seconds: then an app has nothing more to do
QUIET_FOR = 0.5
LONGEST_WAIT = 40.0

CELL = """
import ipywidgets
said = ipywidgets.Text(description="Say")
heard = ipywidgets.Label()
said.observe(lambda change: setattr(heard, "value", f"heard {change.new}"), "value")
ipywidgets.VBox([said, heard])
"""


@dataclass(frozen=True)
class App:
    """A running app."""

    name: str
    address: str
    asked_at: float  # perf_counter when its command was given
    process: psutil.Popen
    quiet_for: float = QUIET_FOR  # seconds

    def family(self) -> list[psutil.Process]:
        """The server and its kernels."""
        return [self.process, *self.process.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """Spent so far by the server and its kernels, those that have ended included."""
        return sum(sum(times[:4]) for times in _each(self.family(), "cpu_times"))

    def memory_of_kernels(self) -> list[float]:
        """Megabytes of each kernel that nobody else uses."""
        return [found.uss / 1e6 for found in _each(self.process.children(recursive=True), "memory_full_info")]

    def settle(self) -> None:
        """Wait until it has nothing more to do, so that it takes nothing from what is measured next."""
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            before = self.cpu_seconds()
            time.sleep(self.quiet_for)
            if self.cpu_seconds() - before < QUIET * self.quiet_for:
                return


@contextmanager
def ours(folder: Path) -> Iterator[App]:
    """`mentorkit open` with an empty home. It is at rest when it has started a kernel for the next tab, too."""
    command = [BIN / "mentorkit", "open", "--no-browser", "--home", folder / "home", f"--port={free_port()}"]
    with started("mentorkit", command, folder) as app:
        yield replace(app, quiet_for=SPARE_AFTER + 2 * QUIET_FOR)


@contextmanager
def stock(folder: Path) -> Iterator[App]:
    """`voila` with its own template, its own settings and one ipywidgets.Text."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "text.ipynb")
    command = [BIN / "voila", folder / "text.ipynb", "--no-browser", f"--port={free_port()}"]
    with started("voila", command, folder) as app:
        yield app


@contextmanager
def started(
    name: str, command: list[object], folder: Path, env: dict[str, str] | None = None, address: str = ""
) -> Iterator[App]:
    """The app behind a command, as soon as it has printed its address, or answers at `address` when that is known."""
    log = folder / f"{name}.log"
    with log.open("w") as said:
        asked_at = time.perf_counter()
        words = [str(part) for part in command]
        process = psutil.Popen(words, stdout=said, stderr=subprocess.STDOUT, cwd=folder, env=env)
    try:
        yield App(name, _address(log, process, address), asked_at, process)
    finally:
        _end(process)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _address(log: Path, process: psutil.Popen, known: str) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if known:
            if _answers(known):
                return known
        elif found := re.search(r"http://\S+", log.read_text("utf-8")):
            return found[0].replace("localhost", "127.0.0.1")
        time.sleep(0.01)
    raise SystemExit(f"{process.args[0]} did not start:\n{log.read_text('utf-8')}")


def _answers(address: str) -> bool:
    host, port = address.split("/")[2].split(":")
    with socket.socket() as tried:
        return tried.connect_ex((host, int(port))) == 0


def _end(process: psutil.Popen) -> None:
    """End the server and the kernels it started, and nothing else."""
    family = [process]
    with suppress(psutil.NoSuchProcess):  # it has ended by itself
        family += process.children(recursive=True)
        process.terminate()
    _, alive = psutil.wait_procs(family, timeout=10)
    for one in alive:
        one.kill()
    psutil.wait_procs(alive, timeout=5)


def _each(processes: list[psutil.Process], what: str) -> list[object]:
    found = []
    for process in processes:
        try:
            found.append(getattr(process, what)())
        except psutil.Error:  # it ended meanwhile
            continue
    return found

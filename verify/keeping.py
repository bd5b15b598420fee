"""A keeper in a process of its own, for campaigns and tests: started, killed, started again, ended."""

import asyncio
import secrets
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mentorkit.serve.keeper import KeptStore, Locker, Operator, RoomCounts, grant

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "mentorkit.serve.keeper"]


def some_locker() -> Locker:
    """A locker as a return code would open it, without the time that takes."""
    return Locker(secrets.token_bytes(16), secrets.token_bytes(32))


class Keeping:
    """One room's keeper. `start` returns when it is ready; `log` is what it said on standard error."""

    def __init__(self, home: Path, address: str | None = None, *options: str) -> None:
        self.home = home
        self.secret = secrets.token_bytes(32)
        self._sockets = tempfile.TemporaryDirectory(prefix="mk")
        self.wanted = address or f"unix:{self._sockets.name}/keeper"
        self.options = options
        self.command = COMMAND
        self.address = ""
        self.process: Any = None
        self.log_file = Path(self._sockets.name) / "log"

    @property
    def file(self) -> Path:
        return self.home / "lockers.sqlite"

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    @property
    def operator(self) -> Operator:
        return Operator(self.address, self.secret)

    def start(self) -> "Keeping":
        command = [*self.command, "--home", str(self.home), "--address", self.wanted, *self.options]
        with self.log_file.open("a") as log:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
            self.process = subprocess.Popen(command, text=True, cwd=ROOT, **pipes)
        self.process.stdin.write(self.secret.hex() + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        assert said.startswith("ready "), said + self.log
        self.address = said.split()[1]
        return self

    def kill(self) -> None:
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """End it cleanly, if it still runs; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def restart(self) -> None:
        self.kill()
        self.start()

    def storage(self, locker: Locker) -> KeptStore:
        return KeptStore(self.address, locker, grant(self.secret, locker.id))

    def counts(self) -> RoomCounts:
        with ThreadPoolExecutor(1) as thread:  # this one may have a loop already
            return thread.submit(asyncio.run, self.operator.counts()).result()

    def _ended(self) -> int:
        code = self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()
        return int(code)

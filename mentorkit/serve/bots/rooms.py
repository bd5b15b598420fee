"""A room of the bots' own, on this computer, started by the command that advisors use."""

import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from mentorkit.errors import MentorkitError

PATIENCE = 30.0  # seconds that a room may take to end
HERE = ("--port", "0", "--here-only", "--no-browser", "--while-stdin-open")
COMMAND = "from mentorkit.cli import main; main()"


class OwnRoom:
    """A room at a free port; `with OwnRoom(folder, 300) as room` opens and ends it."""

    def __init__(self, home: Path, students: int, *arguments: str) -> None:
        self._home, self._students, self._arguments = home, students, arguments
        self._process: subprocess.Popen[str] | None = None
        self.join_address = ""
        self.advisor_address = ""
        self.said: list[str] = []

    def __enter__(self) -> "OwnRoom":
        room = ["--home", str(self._home), "--students", str(self._students), *HERE]
        self._process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "orientation", *room, *self._arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        lines = self._process.stdout
        assert lines is not None
        for line in lines:
            self._note(line)
            if self.join_address and self.advisor_address:
                break
        else:
            raise MentorkitError(f"The room did not open: {' '.join(self.said)[-300:]}")
        threading.Thread(target=self._listen, args=(lines,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    @property
    def pid(self) -> int:
        """The process of the command, which starts the others."""
        assert self._process is not None
        return self._process.pid

    def server_pid(self) -> int:
        """The process of the server, to be killed; raises `MentorkitError` while there is none."""
        return self._part("mentorkit.serve.room")

    def keeper_pid(self) -> int:
        """The process of the keeper; raises `MentorkitError` while there is none."""
        return self._part("mentorkit.serve.keeper")

    def _part(self, module: str) -> int:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().split(b"\0")
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):  # it ended meanwhile
                continue
            if parent == self.pid and module.encode() in command:
                return int(folder.name)
        raise MentorkitError(f"{module} does not run here, or this system does not tell.")

    def _note(self, line: str) -> None:
        self.said.append(line.rstrip())
        for name, found in re.findall(r"(join at|projector:) (http\S+)", line):
            setattr(self, "join_address" if name == "join at" else "advisor_address", found)

    def _listen(self, lines: IO[str]) -> None:
        for line in lines:
            self._note(line)

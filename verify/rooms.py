"""Rooms to attack: ours, and ones that were made worse on purpose in one place."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from mentorkit.serve.bots.rooms import OwnRoom

WORSE = {
    "says “saved” and saves nothing": (
        "import mentorkit.serve.keeper.kept as kept\n"
        "def append(self, *records):\n"
        "    self.records.extend(records)\n"
        "    self._revisions.update({record.stream: record.revision for record in records})\n"
        "kept.KeptStore.append = append\n"
    ),
    "lets anybody at any kernel": (
        "import mentorkit.serve.room.doors as doors\n"
        "doors.Owners.is_authorized = lambda self, handler, user, action, resource: True\n"
    ),
    "passes every message on": (
        "import mentorkit.serve.room.comms as comms\n"
        "comms.RoomComms.admits = lambda self, channel, header, content: True\n"
    ),
    "looks at no Host": (
        "import mentorkit.serve.guard as guard\n"
        "guard.GuardedApplication.find_handler = guard.web.Application.find_handler\n"
    ),
}
ONLY_IN = "import sys\nif any('mentorkit' in one for one in sys.orig_argv):\n"


@contextmanager
def room(students: int, worse: str | None = None) -> Iterator[OwnRoom]:
    """A room with a home of its own; with what stands in `WORSE` under this name, in all of its processes."""
    with tempfile.TemporaryDirectory(prefix="mentorkit-verify-") as folder:
        env = {}
        if worse:
            lines = "".join(f"    {line}\n" for line in WORSE[worse].splitlines())
            site = Path(folder) / "site"
            site.mkdir()
            (site / "sitecustomize.py").write_text(ONLY_IN + lines, "utf-8")
            env["PYTHONPATH"] = str(site)
        with patch.dict(os.environ, env), OwnRoom(Path(folder) / "home", students) as opened:
            yield opened

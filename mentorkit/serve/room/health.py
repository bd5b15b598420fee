"""How the machine bears the room: memory of all its processes, and how long the server takes to answer."""

import asyncio
import os
import time
from collections import deque
from pathlib import Path

LOOK_EVERY = 1.0  # seconds
WEIGH_EVERY = 15  # looks
KEPT = 15  # looks


class Health:
    """Looks at itself once a second: the longest delay of late is what a request would have waited."""

    def __init__(self) -> None:
        self._delays: deque[float] = deque([0.0], maxlen=KEPT)
        self.memory = 0  # MB
        self.limit = _memory_limit()  # MB

    @property
    def answer(self) -> int:
        """Milliseconds that an answer has waited at most, of late."""
        return round(1000 * max(self._delays))

    async def watch(self) -> None:
        """Look, again and again."""
        looks = 0
        while True:
            before = time.monotonic()
            await asyncio.sleep(LOOK_EVERY)
            self._delays.append(max(0.0, time.monotonic() - before - LOOK_EVERY))
            if looks % WEIGH_EVERY == 0:
                self.memory = await asyncio.to_thread(memory_of_family, os.getppid())
            looks += 1


def memory_of_family(pid: int) -> int:
    """Megabytes (PSS: what is shared counts once) of a process and all that it started; 0 where nobody says."""
    parents = _parents()
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return round(sum(map(_pss, family)) / 1024)


def _parents() -> dict[int, int]:
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):  # it ended meanwhile
            continue
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _memory_limit() -> int:
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20)
    except (ValueError, OSError, AttributeError):
        return 0

"""Many visitors at once, without browsers: `python -m benchmarks.room.crowd voila http://127.0.0.1:8866/ 20 20`.

Lets one visitor answer, so that everything is warm, prints a line and waits for one; brings all to work, prints who is,
as JSON, and waits for a line; lets each answer once a second for as long as asked; prints the latencies. Runs in the
environment of the other frameworks, whose own classes it uses where that is easier than to speak their protocol.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.room.clients.wire import make_ready

PATIENCE = 300.0  # seconds until all must be at work
STILL = 60.0  # seconds without one more at work after which it is clear that no more will be
LEAST_FREE = 2e9  # bytes of memory below which it is clear too
AGAIN = 1.0  # seconds until a visitor who was turned away loads the page again
OVERTIME = 40.0  # seconds that late answers are waited for


@dataclass
class Crowd:
    """The visitors and when they had their first answer acknowledged."""

    client: Any
    address: str
    size: int
    visitors: list[Any] = field(default_factory=list)
    at_work: list[float] = field(default_factory=list)  # seconds from the start
    turned_away: int = 0
    last_trouble: str = ""

    async def gather(self) -> str:
        """Bring all to work; gives why not all are, or nothing."""
        start = time.perf_counter()
        coming = [asyncio.create_task(self._one(start)) for _ in range(self.size)]
        why = await self._watch(start)
        for one in coming:
            one.cancel()
        await asyncio.gather(*coming, return_exceptions=True)
        return why

    async def _one(self, start: float) -> None:
        while True:
            try:
                visitor = await self.client.come(self.address)
                await visitor.answer(0)
            except Exception as trouble:  # whatever it was, a student would load the page again
                self.turned_away += 1
                self.last_trouble = f"{type(trouble).__name__}: {trouble}"[:300]
                await asyncio.sleep(AGAIN)
            else:
                self.visitors.append(visitor)
                self.at_work.append(time.perf_counter() - start)
                return

    async def _watch(self, start: float) -> str:
        while len(self.at_work) < self.size:
            await asyncio.sleep(0.1)
            now = time.perf_counter() - start
            if now > PATIENCE:
                return f"not all within {PATIENCE:.0f} s"
            if now - max(self.at_work, default=0.0) > STILL:
                return f"no more within {STILL:.0f} s"
            if free() < LEAST_FREE:
                return "the memory was used up"
        return ""

    async def work(self, seconds: float) -> list[float]:
        """Each answers once a second; seconds from when an answer was due until it was acknowledged."""
        taken: list[float] = []
        start = time.perf_counter() + 0.5
        working = [asyncio.create_task(_answer(visitor, start, seconds, taken)) for visitor in self.visitors]
        await asyncio.wait(working, timeout=seconds + OVERTIME)
        for one in working:
            one.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        return taken


async def _answer(visitor: Any, start: float, seconds: float, taken: list[float]) -> None:
    due = start + random.random()
    for number in range(1, int(seconds) + 1):
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await visitor.answer(number)
        taken.append(time.perf_counter() - due)
        due += 1.0


def free() -> float:
    """Bytes of memory that can still be had."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("MemAvailable")).split()[1]) * 1024


async def main(client: str, address: str, size: int, seconds: float) -> None:
    """Bring the crowd to work and let it answer."""
    make_ready(size)
    crowd = Crowd(import_module(f"benchmarks.room.clients.{client}"), address, size)
    warm = await crowd.client.come(address)
    await warm.answer(0)
    await _go_on({})
    why = await crowd.gather()
    about = {"why": why, "turned_away": crowd.turned_away, "trouble": crowd.last_trouble}
    await _go_on({"at_work": sorted(crowd.at_work), **about})
    taken = await crowd.work(seconds) if seconds and not why else []
    print(json.dumps({"taken": taken, "asked": int(seconds) * len(crowd.visitors)}), flush=True)
    for visitor in [warm, *crowd.visitors]:
        visitor.leave()
    await asyncio.sleep(0.2)


async def _go_on(told: dict[str, Any]) -> None:
    """Tell, and wait until that was read."""
    print(json.dumps(told), flush=True)
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))

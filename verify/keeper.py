"""Many students save at a room's keeper, which is killed again and again: whatever was acknowledged is there."""

import asyncio
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from mentorkit.errors import MentorkitError, NotSaved
from mentorkit.serve.keeper import KeptStore, Locker
from mentorkit.serve.keeper.group import GroupCommit
from mentorkit.serve.keeper.process import main
from mentorkit.store import Stale
from mentorkit.store.changes import Added, Change, Outcome
from mentorkit.store.lockers import Lockers
from verify.campaign import Campaign, progress
from verify.campaign import Outcome as Found
from verify.keeping import Keeping, some_locker
from verify.sample import groups, records, what_is_wrong

EAGER = 40  # writers who save without a pause while the keeper is killed
ROOM, PAUSE, MEASURED = 300, 1.0, 10.0  # writers, mean seconds between two saves of one, seconds that are measured
OURS = "-m", "mentorkit.serve.keeper"
CARELESS = "-c", "from verify.keeper import careless; careless()"
BLIND = "-c", "from verify.keeper import blind; blind()"


class Early(GroupCommit):
    """Worse: says “saved” before it saves."""

    async def make(self, change: Change) -> Outcome:
        if not isinstance(change, Added):
            return await super().make(change)
        self.later = asyncio.ensure_future(super().make(change))
        return Outcome.DONE


def careless() -> None:
    sys.exit(main(commits=Early))


def blind() -> None:
    """Worse: what is sent again is written again."""
    judged = Lockers._added

    def added(self: Lockers, change: Added) -> Outcome:
        found = self._found(change.locker)
        return judged(self, replace(change, after=found[2]) if found else change)

    with patch.object(Lockers, "_added", added):
        sys.exit(main())


class Writer(threading.Thread):
    """One student: saves what is next, and remembers what was acknowledged and how long that took."""

    def __init__(self, keeping: Keeping, stop: threading.Event, pause: float = 0.0, seed: int = 0) -> None:
        super().__init__(daemon=True)
        self.locker: Locker = some_locker()
        self.acknowledged = 0
        self.waits: list[tuple[float, float]] = []  # when it was acknowledged, and after how many seconds
        self.wrong: str | None = None
        self._keeping, self._enough, self._pause, self._rng = keeping, stop, pause, random.Random(seed)

    def run(self) -> None:
        try:
            self._save(self._keeping.storage(self.locker))
        except MentorkitError as error:
            self.wrong = f"{type(error).__name__}: {error}"

    def _save(self, store: KeptStore) -> None:
        for first, last in groups():
            if self._enough.wait(self._rng.random() * 2 * self._pause):
                return
            while self.acknowledged < last and not self._enough.is_set():
                self._try(store, first, last)

    def _try(self, store: KeptStore, first: int, last: int) -> None:
        """One save, and after a refusal what the workbook does: look again."""
        start = time.perf_counter()
        try:
            store.append(*records(first, last))
        except Stale:
            store.refresh()
            if self.acknowledged > len(store.records):
                raise
        except NotSaved:
            return
        now = time.perf_counter()
        self.acknowledged = last
        self.waits.append((now, now - start))


def play(times: int, seed: int, program: Sequence[str] = OURS) -> Found:
    """Kill the keeper `times` times while students save, then look at every locker; then measure a room of 300."""
    found = Found(trials=times)
    with _room(program) as keeping:
        _killed(keeping, times, random.Random(seed), found)
    if program is OURS:
        with _room(program) as keeping:
            _measured(keeping, min(MEASURED, times), found)
    return found


@contextmanager
def _room(program: Sequence[str]) -> Iterator[Keeping]:
    with tempfile.TemporaryDirectory(prefix="mentorkit-keeper-") as folder:
        keeping = Keeping(Path(folder) / "home")
        keeping.command = [sys.executable, *program]
        keeping.start()
        try:
            yield keeping
        finally:
            keeping.kill()


def _killed(keeping: Keeping, times: int, rng: random.Random, found: Found) -> None:
    stop = threading.Event()
    writers = [Writer(keeping, stop) for _ in range(EAGER)]
    for writer in writers:
        writer.start()
    for _ in progress(range(times), times):
        time.sleep(rng.random() * 0.5)
        keeping.restart()
    stop.set()
    for writer in writers:
        writer.join()
    keeping.restart()
    for number, writer in enumerate(writers, 1):
        found.counts["acknowledged records"] += writer.acknowledged
        if wrong := writer.wrong or _look(keeping, writer):
            found.broken.append(f"student {number}: {wrong}")
    longest = max((wait for writer in writers for _, wait in writer.waits), default=0)
    found.counts["ms was the longest wait across a kill"] = round(longest * 1000)


def _look(keeping: Keeping, writer: Writer) -> str | None:
    try:
        there = keeping.storage(writer.locker).records
    except MentorkitError as error:
        return f"{type(error).__name__}: {error}"
    return what_is_wrong(there, writer.acknowledged)


def _measured(keeping: Keeping, seconds: float, found: Found) -> None:
    stop = threading.Event()
    writers = [Writer(keeping, stop, PAUSE, seed) for seed in range(ROOM)]
    for writer in writers:
        writer.start()
    time.sleep(2 * PAUSE)  # all have come
    start, before = time.perf_counter(), keeping.counts().commits
    time.sleep(seconds)
    commits = keeping.counts().commits - before
    stop.set()
    for writer in writers:
        writer.join()
    waits = sorted(wait for writer in writers for moment, wait in writer.waits if moment >= start)
    found.broken += [writer.wrong for writer in writers if writer.wrong]
    found.counts[f"saves a second of {ROOM} students"] = round(len(waits) / seconds)
    found.counts["commits a second"] = round(commits / seconds)
    for share in (50, 99):
        wait = waits[min(len(waits) * share // 100, len(waits) - 1)]
        found.counts[f"ms until {share} % were acknowledged"] = round(wait * 1000, 1)  # type: ignore[assignment]


CAMPAIGN = Campaign(
    "keeper",
    "is anything lost that a room's keeper acknowledged when it is killed (kill -9) while 40 students save?",
    60,
    play,
    {
        "worse: says “saved” before it saves": lambda times, seed: play(times, seed, CARELESS),
        "worse: what is sent again is written again": lambda times, seed: play(times, seed, BLIND),
    },
    worse_times=6,
)

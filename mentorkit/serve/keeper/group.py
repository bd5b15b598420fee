"""Group commit: whatever waits goes into one transaction, and nothing is acknowledged before it is on the disk."""

import asyncio
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from mentorkit.errors import MentorkitError, NotSaved
from mentorkit.serve.keeper.health import Health
from mentorkit.store.changes import Change, Outcome
from mentorkit.store.lockers import Lockers

MOST = 500  # changes in one transaction
NOTHING_SAVED = "Nothing can be saved in this room just now. Answers are kept in the pages; tell whoever runs it."
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Waiting:
    change: Change
    outcome: asyncio.Future[Outcome]
    since: float


class GroupCommit:
    """Makes changes together and answers questions, one after the other, beside the loop that hears the kernels."""

    def __init__(self, lockers: Lockers) -> None:
        self._lockers = lockers
        self._disk = ThreadPoolExecutor(1, "disk")
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._ending = False
        self.health = Health()

    @property
    def waiting(self) -> int:
        """Changes that are not yet on disk."""
        return len(self._waiting)

    async def make(self, change: Change) -> Outcome:
        """Return when the change is on disk, or was judged; raises `NotSaved` when the disk refuses."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(change, outcome, time.perf_counter()))
        self._wake.set()
        return await outcome

    async def ask(self, question: Callable[[Lockers], Answer]) -> Answer:
        """Something about what is on disk; raises `MentorkitError`."""
        return await asyncio.get_running_loop().run_in_executor(self._disk, question, self._lockers)

    async def run(self) -> None:
        """Make what waits, until `end`; a disk that refuses is tried again with whatever comes next."""
        while self._waiting or not self._ending:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch = self._waiting[:MOST]
                await self._commit(batch)
                del self._waiting[: len(batch)]

    def end(self) -> None:
        """Let `run` return when nothing waits any more."""
        self._ending = True
        self._wake.set()

    def close(self) -> None:
        """Let go of the file, once `run` has returned."""
        self._disk.submit(self._lockers.close).result()
        self._disk.shutdown()

    async def _commit(self, batch: list[_Waiting]) -> None:
        changes = [waiting.change for waiting in batch]
        try:
            outcomes = await self.ask(lambda lockers: lockers.write(changes))
        except Exception as error:
            self._refused(batch, error)
            return
        if self.health.failing_since:
            tell("Records are saved again.")
        self.health.committed([waiting.since for waiting in batch])
        for waiting, outcome in zip(batch, outcomes, strict=True):
            with suppress(asyncio.InvalidStateError):  # whoever asked is gone
                waiting.outcome.set_result(outcome)

    def _refused(self, batch: list[_Waiting], error: Exception) -> None:
        if not self.health.failing_since:
            tell(str(error) if isinstance(error, MentorkitError) else f"Nothing is saved: {type(error).__name__}.")
        self.health.failed()
        sentence = str(error) if isinstance(error, NotSaved) else NOTHING_SAVED
        for waiting in batch:
            with suppress(asyncio.InvalidStateError):
                waiting.outcome.set_exception(NotSaved(sentence))


def tell(sentence: str) -> None:
    """Write a sentence to standard error, which may lie on the disk that is full."""
    with suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)

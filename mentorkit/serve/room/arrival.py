"""A kernel is handed to a student: it opens their locker, and tells from then on which pages are done."""

import asyncio
import json

from mentorkit.pages.start import steps
from mentorkit.serve.keeper import KeptStore, Locker
from mentorkit.serve.keeper.sealing import Sealer
from mentorkit.serve.room.drawn import draw, hand_over
from mentorkit.serve.room.states import States
from mentorkit.workbook import Workbook

PAUSE = 1.0  # seconds after the last answer
ALWAYS_DONE = "what-changed"  # a page that asks for nothing


_states: list[States] = []  # at most one


def get_ready() -> str:
    """Once, before anybody comes: draw all pages; gives the joined notebook as JSON."""
    Sealer(Locker(bytes(16), bytes(32))).sealed(b"", b"", 1)  # so that the cipher is loaded
    notebook = draw()
    _states[:] = [States()]
    return notebook


def kept(given: bytes) -> KeptStore:
    """The locker that was handed over; raises as a storage does on opening."""
    said = json.loads(given)
    locker = Locker(bytes.fromhex(said["locker"]), bytes.fromhex(said["key"]))
    return KeptStore(said["keeper"], locker, bytes.fromhex(said["capability"]))


def arrive(given: bytes) -> None:
    """Hand the drawn pages over; called in the fork, before it hears the page."""
    store = kept(given)
    book = hand_over(store)
    Progress(book, store)
    for states in _states:
        states.serve()


class Progress:
    """Tells the keeper which pages are finished, by name, some time after it changed."""

    def __init__(self, book: Workbook, store: KeptStore) -> None:
        self._book, self._store = book, store
        self._told: frozenset[str] = frozenset()
        self._due: asyncio.TimerHandle | None = None
        book.on_change(self._later)

    def _later(self) -> None:
        if self._due:
            self._due.cancel()
        self._due = asyncio.get_running_loop().call_later(PAUSE, self._tell)

    def _tell(self) -> None:
        done = frozenset(step.page for step in steps(self._book) if step.done and step.page != ALWAYS_DONE)
        if done != self._told:
            self._store.report_finished(sorted(done))
            self._told = done

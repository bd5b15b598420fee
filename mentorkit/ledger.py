"""The records of one file as they now stand, and the way to add to them: drawn up from what is there, then on disk."""

import logging
from collections.abc import Callable

from mentorkit.errors import NotSaved
from mentorkit.records import Records
from mentorkit.store import RECORD, AnyRecord, Stale, Storage

Listener = Callable[[], None]
ANOTHER = (
    "Everything here was erased or exchanged in another window, so nothing more is saved in this one. Reload the page "
    "to go on (in JupyterLab, restart the kernel)."
)
log = logging.getLogger(__name__)


class Ledger:
    """A storage, folded into drafts, scorecards, mentors and settings; several of them may share one file."""

    def __init__(self, store: Storage) -> None:
        self._store = store
        self._listeners: list[Listener] = []
        self._movers: list[Listener] = []
        self._start_over()
        self._take_in()

    @property
    def storage(self) -> Storage:
        """Where the records are kept."""
        return self._store

    def go_on_with(self, store: Storage, anew: bool = True) -> None:
        """Take the records from another place from now on, and write there.

        Without `anew`, the records say what those before said: only who listens to moves hears of it.
        """
        self._store = store
        self._start_over()
        self._read_new()
        self._tell(self._listeners if anew else self._movers)

    @property
    def records(self) -> tuple[AnyRecord, ...]:
        """Every record, verified, in order of arrival."""
        return tuple(self._store.records)

    def on_change(self, listener: Listener, moves: bool = False) -> None:
        """Call `listener` after anything was saved or read anew; with `moves`, also when only the place is another."""
        self._listeners.append(listener)
        if moves:
            self._movers.append(listener)

    def refresh(self) -> None:
        """Take in what another window saved; a file that was replaced is read from its start.

        Raises `NotSaved` when that one has nothing of what was shown here: it was erased, or is somebody else's.
        """
        self._store.refresh()
        self._take_in()

    def write(self, draw_up: Callable[[], AnyRecord | None]) -> None:
        """Add the record that is drawn up from the latest state; None adds nothing.

        It is drawn up again when another writer was first. Raises `NotSaved`, and whatever `draw_up` raises.
        """
        self.refresh()
        while record := draw_up():
            try:
                self._store.append(record.model_copy(update={"revision": self._store.revision(record.stream) + 1}))
                break
            except Stale:
                self.refresh()
        self._take_in()

    def add(self, records: list[AnyRecord]) -> None:
        """Add records with the revisions they have, all or none; raises `NotSaved`."""
        self._store.append(*records)
        self._take_in()

    def back_up(self) -> None:
        """Make a verified copy when there is anything new, where the storage has copies."""
        self._store.back_up()

    def erase(self, notebooks: bool = True) -> int:
        """Remove everything for good, and go on empty; returns how many files were removed.

        Without `notebooks`, the student's copies of these stay. Raises `NotSaved`.
        """
        try:
            return self._store.erase(notebooks)
        finally:
            self._start_over()
            self._read_new()
            self._tell(self._listeners)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _start_over(self) -> None:
        self.standing, self._taken, self._read_from = Records(), 0, self._store.opened
        self._shown = self._store.records  # grows as they do; another file has a list of its own

    def _expect_the_same(self) -> None:
        """An answer typed beside answers that are gone is not the beginning of another workbook."""
        shown, there = (set(map(_said, records)) for records in (self._shown, self._store.records))
        if shown and not shown & there:
            raise NotSaved(ANOTHER)

    def _take_in(self) -> None:
        if self._read_new():
            self._tell(self._listeners)

    def _read_new(self) -> bool:
        """Read what is not yet known; whether there was any, or the records are others."""
        replaced = self._read_from != self._store.opened
        if replaced:  # what was read of the other file no longer holds
            self._expect_the_same()
            self._start_over()
        new = self._store.records[self._taken :]
        self.standing.read(new)
        self._taken = len(self._store.records)
        return bool(new) or replaced

    def _tell(self, listeners: list[Listener]) -> None:
        for listener in tuple(listeners):
            try:
                listener()
            except Exception:  # whoever shows an answer must not make a saved one look unsaved
                log.exception("What was saved is saved, but could not be shown.")


def _said(record: AnyRecord) -> bytes:
    """What a record says, whatever its number: a restore may have moved it up."""
    return RECORD.dump_json(record.model_copy(update={"revision": 1}))

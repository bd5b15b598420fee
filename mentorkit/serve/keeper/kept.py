"""A student's records in a room: sealed here, kept by the keeper, opened and verified here."""

import hashlib
from contextlib import suppress

from pydantic import ValidationError

from mentorkit.errors import Damaged, NewerFile, NotSaved
from mentorkit.serve.keeper.address import read_address
from mentorkit.serve.keeper.keys import Locker
from mentorkit.serve.keeper.line import Line
from mentorkit.serve.keeper.messages import Message
from mentorkit.serve.keeper.sealing import Sealer
from mentorkit.store.changes import Outcome
from mentorkit.store.record import RECORD, AnyRecord
from mentorkit.store.row import document_of
from mentorkit.store.sqlite import Stale

DAMAGED = "Some of your records in this room are damaged, so none is shown. Tell whoever runs the room."
NEWER = "Your records were written by a newer Mentorkit. Whoever runs the room has to update it; nothing was changed."
TOO_MUCH = "You have saved as much as one person can keep in this room. Take your answers along, or erase some."
SHARED = "You have shared this semester here already, from another workbook: take that back there first."
STALE = "This was changed somewhere else in the meantime."
PLACE = b"mentorkit place"


class KeptStore:
    """A `Storage` at a keeper. Several of them may be open on one locker, on several devices.

    Opening raises `StoreRefused` when the capability is not for this locker, `Damaged` or `NewerFile` for rows that
    are not shown, and `NotSaved` when the keeper does not answer, as every other method does.
    """

    home = None

    def __init__(self, address: str, locker: Locker, capability: bytes) -> None:
        self._sealer = Sealer(locker)
        self._line = Line(read_address(address), locker.id, capability)
        self._place = hashlib.sha256(PLACE + locker.id).hexdigest()[:32]
        self._life = b""
        self._times = 0
        self._start_over()
        self.refresh()

    @property
    def opened(self) -> object:
        """Another value when the records that were read before are gone."""
        return self._life, self._times

    @property
    def place(self) -> str:
        """Names the locker for the browser, and opens nothing."""
        return self._place

    def append(self, *records: AnyRecord) -> None:
        """Write records, all or none; raises `Stale` when a revision is not the next one, or `NotSaved`."""
        documents = [document_of(record) for record in records]
        while records:
            self._expect_next(records)
            first = len(self.records) + 1
            rows = [self._sealer.sealed(document, self._life, place) for place, document in enumerate(documents, first)]
            if self._arrived(rows):
                self._remember(list(records), rows)
                return
            self.refresh()

    def refresh(self) -> None:
        """Read what other pages added; everything anew when the locker was emptied meanwhile."""
        known = len(self.records)
        life, rows = self._rows_after(max(known - 1, 0))
        if known and (life, rows[:1]) != (self._life, [self._last]):
            self._start_over()
            known, (life, rows) = 0, self._rows_after(0)
        self._life = life
        new = rows[1:] if known else rows
        self._remember([self._opened(row, place) for place, row in enumerate(new, known + 1)], new)

    def revision(self, stream: str) -> int:
        """The last revision known of a stream; 0 when there is none."""
        return self._revisions.get(stream, 0)

    def report_finished(self, pages: list[str]) -> None:
        """Let the keeper count these pages, and no others, as finished; nothing else is told. Raises `NotSaved`."""
        self._line.ask({"do": "finished", "pages": pages})

    def share(self, key: bytes, text: str) -> None:
        """Put a share under a key, in place of the one that lies there; raises `NotSaved`."""
        match self._line.ask({"do": "share", "key": key.hex()}, [text.encode()]).head.get("outcome"):
            case Outcome.ANOTHER:
                raise NotSaved(SHARED)
            case Outcome.TOO_MUCH:
                raise NotSaved(TOO_MUCH)

    def shared(self, key: bytes) -> str | None:
        """The share that lies under a key, if any; raises `NotSaved`."""
        pieces = self._line.ask({"do": "shared", "key": key.hex()}).pieces
        return pieces[0].decode() if pieces else None

    def withdraw(self, key: bytes) -> None:
        """Remove the share that lies under a key, if any, for good; raises `NotSaved`."""
        self._line.ask({"do": "withdraw", "key": key.hex()})

    def back_up(self) -> None:
        """Copies are made of the whole room, by whoever runs it."""

    def erase(self, notebooks: bool = True) -> int:
        """Erase all rows of this locker for good and go on empty; returns how many records there were."""
        with suppress(Damaged, NewerFile):  # what cannot be read can still be erased
            self.refresh()
        erased = len(self.records)
        self._line.ask({"do": "erase"})
        self._start_over()
        self.refresh()
        return erased

    def close(self) -> None:
        """Hang up; a further request connects again."""
        self._line.close()

    def _start_over(self) -> None:
        self.records: list[AnyRecord] = []
        self._revisions: dict[str, int] = {}
        self._last = b""
        self._times += 1

    def _remember(self, records: list[AnyRecord], rows: list[bytes]) -> None:
        for record in records:
            self.records.append(record)
            self._revisions[record.stream] = record.revision
        self._last = rows[-1] if rows else self._last

    def _expect_next(self, records: tuple[AnyRecord, ...]) -> None:
        if not self._follow(records):
            self.refresh()
            if not self._follow(records):
                raise Stale(STALE)

    def _follow(self, records: tuple[AnyRecord, ...]) -> bool:
        last = dict(self._revisions)
        for record in records:
            if record.revision != last.get(record.stream, 0) + 1:
                return False
            last[record.stream] = record.revision
        return True

    def _arrived(self, rows: list[bytes]) -> bool:
        """Whether these rows are on disk, behind those that are known here; False when others are there.

        The same rows are sent again when their acknowledgement was lost. If they lie there already, they are found.
        """
        known = len(self.records)
        answer = self._line.ask({"do": "append", "life": self._life.hex(), "after": known}, rows)
        match answer.head.get("outcome"):
            case Outcome.DONE:
                return True
            case Outcome.TOO_MUCH:
                raise NotSaved(TOO_MUCH)
        life, there = self._rows_after(known)
        return life == self._life and there[: len(rows)] == rows

    def _rows_after(self, place: int) -> tuple[bytes, list[bytes]]:
        """The life of the locker and all its rows after a place."""
        page = self._page(place)
        life, rows = page.raw("life"), list(page.pieces)
        while page.head["more"]:
            page = self._page(place + len(rows))
            if page.raw("life") != life:  # it was emptied in between
                return self._rows_after(place)
            rows += page.pieces
        return life, rows

    def _page(self, after: int) -> Message:
        return self._line.ask({"do": "read", "after": after})

    def _opened(self, row: bytes, place: int) -> AnyRecord:
        document = self._sealer.opened(row, self._life, place)
        if document is None:
            raise Damaged(DAMAGED)
        try:
            return RECORD.validate_json(document)
        except ValidationError:
            raise NewerFile(NEWER) from None

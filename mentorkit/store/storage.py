"""What a workbook needs of the place where its records are kept, whichever it is. No SQL, no disk, no network."""

from typing import Protocol, runtime_checkable

from mentorkit.errors import NotSaved
from mentorkit.store.home import Home
from mentorkit.store.record import AnyRecord


class Storage(Protocol):
    """The records of one student, append-only and verified: in a file at home, or kept by a keeper for a room.

    `records` holds all of them in order of arrival. `opened` has another value when they are no longer the ones that
    were read before (a file was replaced): then all of `records` is to be read anew. `place` names the records for the
    browser, which keeps unsaved answers under it: two students never have the same one. `home` is the folder on this
    computer; None where another process keeps the records.
    """

    records: list[AnyRecord]

    @property
    def opened(self) -> object: ...  # noqa: D102

    @property
    def place(self) -> str: ...  # noqa: D102

    @property
    def home(self) -> Home | None: ...  # noqa: D102

    def append(self, *records: AnyRecord) -> None:
        """Write records, all or none, and return when they are on disk; raises `Stale` or `NotSaved`."""

    def refresh(self) -> None:
        """Read what other writers added."""

    def revision(self, stream: str) -> int:
        """The last revision known of a stream; 0 when there is none."""

    def back_up(self) -> None:
        """Make a verified copy when there is anything new and this place has copies."""

    def erase(self, notebooks: bool = True) -> int:
        """Remove everything for good and go on empty; returns how many files (or records) were removed."""

    def close(self) -> None:
        """Let go of the place."""


@runtime_checkable
class TakesShares(Protocol):
    """A storage in a room, where what a student shares is handed in as well: in plain text, and apart from the records.

    It lies under a random key of the student's own. Every method raises `NotSaved`.
    """

    def share(self, key: bytes, text: str) -> None:
        """Put a share there, in place of the one that lies there, and return when it is on disk."""

    def shared(self, key: bytes) -> str | None:
        """The share that lies there, if any."""

    def withdraw(self, key: bytes) -> None:
        """Remove the share that lies there, if any, for good."""


class Nothing:
    """No records yet, and nowhere to keep any: what pages are drawn from before somebody came."""

    opened = None
    place = ""
    home = None

    def __init__(self) -> None:
        self.records: list[AnyRecord] = []

    def append(self, *records: AnyRecord) -> None:
        """Refuse, since nothing would be kept."""
        raise NotSaved("Nobody has opened this workbook yet: reload the page.")

    def refresh(self) -> None:
        """Nobody else writes here."""

    def revision(self, stream: str) -> int:
        """There is none."""
        return 0

    def back_up(self) -> None:
        """There is nothing to copy."""

    def erase(self, notebooks: bool = True) -> int:
        """There is nothing to remove."""
        return 0

    def close(self) -> None:
        """There is nothing to let go of."""

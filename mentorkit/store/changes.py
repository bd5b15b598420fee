"""What may be asked of the keeper's file, and what came of it; values only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

ID = 16  # bytes of a locker's id
LIFE = 8  # bytes that tell a locker's rows from those before it was emptied


@dataclass(frozen=True)
class Opened:
    """A locker is to be there; nothing happens when it is."""

    locker: bytes = field(repr=False)


@dataclass(frozen=True)
class Added:
    """Sealed rows follow the last one that their writer knows: `after` is its place, `life` the life it is of."""

    locker: bytes = field(repr=False)
    life: bytes = field(repr=False)
    after: int
    sealed: Sequence[bytes] = field(repr=False)


@dataclass(frozen=True)
class Finished:
    """These pages, and no others, are finished."""

    locker: bytes = field(repr=False)
    pages: Sequence[str] = field(repr=False)


@dataclass(frozen=True)
class Emptied:
    """Everything in a locker is erased for good; the locker stays, empty and with another life."""

    locker: bytes = field(repr=False)


@dataclass(frozen=True)
class Shared:
    """A share lies at this place from now on, instead of the one that lay there."""

    locker: bytes = field(repr=False)
    place: bytes = field(repr=False)
    term: str
    document: str = field(repr=False)


@dataclass(frozen=True)
class Withdrawn:
    """The share at this place, if any, is removed for good."""

    place: bytes = field(repr=False)


Change = Opened | Added | Finished | Emptied | Shared | Withdrawn


class Outcome(StrEnum):
    """What came of one change."""

    DONE = "done"
    STALE = "stale"  # another writer was first, or the locker was emptied: look again
    TOO_MUCH = "too much"  # the locker holds as much as one student may keep
    ANOTHER = "another"  # this locker has shared this term already, at another place


@dataclass(frozen=True)
class Rows:
    """Rows of one locker in order; `more` when there are further ones after these."""

    life: bytes = field(repr=False)
    sealed: tuple[bytes, ...] = field(repr=False)
    more: bool


@dataclass(frozen=True)
class Counts:
    """How many, never who."""

    lockers: int
    with_rows: int
    finished: dict[str, int]  # lockers in which a page is finished, by page

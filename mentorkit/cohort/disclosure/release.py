"""A release: the only form in which numbers about a cohort leave this package."""

import json
from collections.abc import Iterator
from dataclasses import InitVar, dataclass
from hashlib import sha256
from typing import Any

_SEAL = object()  # known to this module alone: who wants to publish goes through `publish`


@dataclass(frozen=True)
class Published:
    """One thing that may be said about one group of students."""

    table: str
    group: tuple[tuple[str, str], ...]  # (column, level); empty for all students of the table
    what: str  # the column or figure; "students" for their number
    statistic: str  # "n", "mean", "sd", "low" and "high" of an interval, "share", "figure", "verdict"
    band: str  # of a share; else empty
    number: float | None  # None when withheld, or said in a word
    mark: str  # "rounded"; "at most", "at least"; "about" (fewer than the minimum more or fewer); "withheld"; "word"
    word: str  # of a verdict; else empty
    n: int | None  # students behind the number, rounded, as far as it may be said
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        _only_here(seal)

    @property
    def text(self) -> str:
        """As a reader sees it: `50`, `at most 10`, `withheld`."""
        if self.mark == "withheld":
            return "withheld"
        if self.number is None:
            return self.word
        return f"{self.number:g}" if self.mark == "rounded" else f"{self.mark} {self.number:g}"


@dataclass(frozen=True)
class Release:
    """Tables about a cohort that were judged together and will never change."""

    number: int  # in its ledger, from 1
    cohort: str
    minimum: int  # nothing is said about fewer students
    on: str  # the date of freezing, 2026-12-18
    numbers: tuple[Published, ...]  # in the order of the tables
    notes: tuple[str, ...]  # how to read them, a sentence each
    digest: str  # SHA-256 of the published bytes
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        _only_here(seal)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, in order."""
        return tuple(dict.fromkeys(number.table for number in self.numbers))

    @property
    def withheld(self) -> int:
        """How many numbers are withheld."""
        return sum(number.mark == "withheld" for number in self.numbers)

    def rows(self, table: str) -> Iterator[Published]:
        """The numbers of one table."""
        return (number for number in self.numbers if number.table == table)

    def at(
        self, table: str, what: str = "students", statistic: str = "n", band: str = "", **group: str
    ) -> Published | None:
        """One number, or None when it was not asked for; the group's columns as keywords."""
        wanted = set(group.items())
        for number in self.rows(table):
            if (number.what, number.statistic, number.band) == (what, statistic, band) and set(number.group) == wanted:
                return number
        return None

    def published(self) -> bytes:
        """The release as JSON: the bytes that `digest` is about, the same for ever."""
        return _bytes(
            {
                "schema": "mentorkit-release/1",
                "number": self.number,
                "cohort": self.cohort,
                "minimum": self.minimum,
                "on": self.on,
                "notes": list(self.notes),
                "numbers": [_plain(number) for number in self.numbers],
            }
        )


def _only_here(seal: object) -> None:
    if seal is not _SEAL:
        raise TypeError("Numbers about a cohort are made by mentorkit.cohort.disclosure.publish alone.")


def _plain(number: Published) -> dict[str, Any]:
    return {
        "table": number.table,
        "group": [list(pair) for pair in number.group],
        "what": number.what,
        "statistic": number.statistic,
        "band": number.band,
        "number": number.number,
        "mark": number.mark,
        "word": number.word,
        "n": number.n,
    }


def _bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sealed(document: dict[str, Any]) -> Release:
    """The release that a published document is; for `publish` and the ledger alone."""
    numbers = tuple(
        Published(**{**row, "group": tuple((column, level) for column, level in row["group"])}, seal=_SEAL)
        for row in document["numbers"]
    )
    kept = {key: document[key] for key in ("number", "cohort", "minimum", "on")}
    digest = sha256(_bytes(document)).hexdigest()
    return Release(**kept, numbers=numbers, notes=tuple(document["notes"]), digest=digest, seal=_SEAL)

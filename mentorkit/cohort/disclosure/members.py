"""The students of a release as codes and fingerprints: enough to compare two releases.

Levels and bands are told plainly; ids and scores are fingerprints, which whoever has the ledger's salt can try out
where few are possible. So a ledger is as private as what was handed in.
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import Any

import numpy as np
import pandas as pd

from mentorkit.cohort.disclosure.question import OR, Ask, Figure, Mean, Shares, Table, Verdict, levels_of
from mentorkit.errors import MentorkitError

STUDENTS = ""  # the content of a plain number of students
NOT_GIVEN = "not given"  # the level of a student without one
Codes = np.ndarray[Any, np.dtype[np.int64]]
Prints = np.ndarray[Any, np.dtype[np.uint64]]
Answers = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class Members:
    """Who is in a release: levels of the columns, and for each content a fingerprint a student (0: has none)."""

    levels: dict[str, tuple[str, ...]]  # of each column, in order
    codes: dict[str, Codes]  # the position of each student's level
    prints: dict[str, Prints]  # of each content; `STUDENTS` is who they are

    @property
    def digest(self) -> str:
        """The same students with the same levels and scores have the same digest, in whatever order they came."""
        whole = sha256()
        for name, levels in sorted(self.levels.items()):
            whole.update(repr(("levels", name, levels)).encode())
        for kind, arrays in (("codes", self.codes), ("prints", self.prints)):
            for name, numbers in sorted(arrays.items()):
                whole.update(repr((kind, name)).encode() + numbers.astype("<u8").tobytes())
        return whole.hexdigest()

    def where(self, content: str, levels: Sequence[tuple[str, str]]) -> Mask:
        """The students with these levels who have that content."""
        mask: Mask = self.prints[content] != 0
        for column, level in levels:
            mask = mask & np.isin(self.codes[column], self.places(column, level))
        return mask

    def places(self, column: str, level: str) -> list[int]:
        """The positions of a level, or of several that `either` put together, among those of its column."""
        meant = {level} if level in self.levels[column] else levels_of(level)
        return [place for place, one in enumerate(self.levels[column]) if one in meant]

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "levels": {column: list(levels) for column, levels in self.levels.items()},
            "codes": {column: _packed(codes.astype("<i4")) for column, codes in self.codes.items()},
            "prints": {content: _packed(prints.astype("<u8")) for content, prints in self.prints.items()},
        }

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Members":
        """From what `stored` gave."""
        return cls(
            {column: tuple(levels) for column, levels in stored["levels"].items()},
            {column: _unpacked(text, "<i4").astype(np.int64) for column, text in stored["codes"].items()},
            {content: _unpacked(text, "<u8").astype(np.uint64) for content, text in stored["prints"].items()},
        )


def take(frame: pd.DataFrame, tables: Sequence[Table], salt: bytes) -> tuple[Members, pd.DataFrame]:
    """The members of a frame with one row a student, and the frame in the same order; raises `MentorkitError`."""
    asks = list(dict.fromkeys(ask for table in tables for ask in table.asks))
    columns = list(dict.fromkeys(column for table in tables for column in table.columns))
    _check(frame, columns, asks)
    numbers = {column: _numbers(frame[column]) for ask in asks if isinstance(ask, Mean) for column in _used(ask)}
    frame = frame.assign(student=[_word(student) for student in frame["student"].tolist()], **numbers)
    who = np.array([_print(salt, student) for student in frame["student"]], dtype=np.uint64)
    order = np.argsort(who)
    frame = frame.iloc[order].reset_index(drop=True)
    students = frame["student"].tolist()
    found = {column: _levels(frame[column]) for column in columns}
    found |= {ask.band_column: _bands(frame[ask.column], ask) for ask in asks if isinstance(ask, Shares)}
    prints = {STUDENTS: who[order]}
    for ask in asks:
        if isinstance(ask, Figure) and ask.content not in prints:
            prints[ask.content] = _content(frame, students, ask.columns, ask.fewest, salt)
        for column in () if isinstance(ask, Figure) else (ask.column, *((isinstance(ask, Mean) and ask.change) or ())):
            if column not in prints:
                prints[column] = _content(frame, students, [column], 1, salt)
    levels = {column: its_levels for column, (its_levels, _) in found.items()}
    return Members(levels, {column: codes for column, (_, codes) in found.items()}, prints), frame


def _check(frame: pd.DataFrame, columns: Sequence[str], asks: Sequence[Ask]) -> None:
    if "student" not in frame.columns:
        raise MentorkitError("The rows of a cohort need a column student, with one row a student.")
    if not frame.columns.is_unique:
        raise MentorkitError("Two columns of the cohort have the same name: give each its own.")
    if frame["student"].isna().any() or frame["student"].map(_word).duplicated().any():
        raise MentorkitError("A student stands in several rows or has no id: student means come first, one row each.")
    needed = [*columns, *(column for ask in asks for column in _used(ask))]
    if missing := [column for column in dict.fromkeys(needed) if column not in frame.columns]:
        raise MentorkitError(f"The rows of the cohort have no column {', '.join(missing)}.")
    means = {(ask.column, ask.low, ask.high, ask.step) for ask in asks if isinstance(ask, Mean)}
    if twice := [column for column, *_ in means if sum(column == other for other, *_ in means) > 1]:
        raise MentorkitError(f"The mean of {twice[0]} is asked with two roundings: ask it with one.")
    for ask in asks:
        if isinstance(ask, Mean):
            numbers = _numbers(frame[ask.column])
            if ((numbers < ask.low - 1e-9) | (numbers > ask.high + 1e-9)).any():
                raise MentorkitError(f"{ask.column} has values outside {ask.low:g} to {ask.high:g}.")


def _numbers(series: pd.Series) -> pd.Series:
    try:
        return pd.to_numeric(series).astype(float)
    except (TypeError, ValueError) as error:
        raise MentorkitError(f"{series.name} has values that are no numbers.") from error


def _used(ask: Ask) -> tuple[str, ...]:
    """The columns with students' numbers that an ask needs."""
    if isinstance(ask, Figure):
        return ask.columns
    if isinstance(ask, Verdict):
        return ask.column, *ask.family
    return (ask.column, *(ask.change or ())) if isinstance(ask, Mean) else (ask.column,)


def _levels(series: pd.Series) -> tuple[tuple[str, ...], Codes]:
    """The levels in their order, and each row's position; without a level last."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        levels = [_word(level) for level in series.cat.categories]
    else:
        levels = sorted({_word(value) for value in series.dropna().tolist()}, key=_in_order)
        levels = ["no", "yes"] if set(levels) <= {"no", "yes"} else levels
    words = [NOT_GIVEN if pd.isna(value) else _word(value) for value in series.tolist()]
    if NOT_GIVEN in words and NOT_GIVEN not in levels:
        levels.append(NOT_GIVEN)
    if strange := [level for level in levels if OR in level]:
        raise MentorkitError(f"A group is called “{strange[0]}”: call it something without “{OR.strip()}”.")
    place = {level: position for position, level in enumerate(levels)}
    return tuple(levels), np.array([place[word] for word in words], dtype=np.int64)


def _word(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _in_order(level: str) -> tuple[int, float, str]:
    try:
        return 0, float(level), level
    except ValueError:
        return 1, 0.0, level


def _bands(series: pd.Series, ask: Shares) -> tuple[tuple[str, ...], Codes]:
    """Each row's band; -1 without a value."""
    if ask.edges is None:
        place = {band: position for position, band in enumerate(ask.bands)}
        words = [None if pd.isna(value) else _word(value) for value in series.tolist()]
        if strange := {word for word in words if word is not None} - set(ask.bands):
            raise MentorkitError(f"{ask.column} holds {sorted(strange)[0]}, which is none of its bands.")
        return ask.bands, np.array([-1 if word is None else place[word] for word in words], dtype=np.int64)
    numbers = _numbers(series).to_numpy()
    codes = np.searchsorted(np.array(ask.edges[1:-1]), numbers, side="right").astype(np.int64)
    inside = (numbers >= ask.edges[0]) & (numbers <= ask.edges[-1])
    if (~inside & ~np.isnan(numbers)).any():
        raise MentorkitError(f"{ask.column} has values outside its bands.")
    return ask.bands, np.where(inside, codes, -1)


def _content(frame: pd.DataFrame, students: Sequence[str], columns: Sequence[str], fewest: int, salt: bytes) -> Prints:
    """A fingerprint of each student together with what the student contributes; 0 for fewer columns than `fewest`."""
    has = frame[list(columns)].notna().sum(axis=1) >= fewest
    rows = zip(students, has, *(frame[column].tolist() for column in columns), strict=True)
    prints = [_print(salt, student, *values) if there else 0 for student, there, *values in rows]
    return np.array(prints, dtype=np.uint64)


def _print(salt: bytes, *parts: object) -> int:
    text = "\x1f".join(_same(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), key=salt, digest_size=8).digest(), "little") | 1


def _same(part: object) -> str:
    """A number to nine digits, so that sums taken in another order are the same; else the words."""
    return "" if pd.isna(part) else f"{part:.9g}" if isinstance(part, int | float) else str(part)


def _packed(numbers: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(zlib.compress(numbers.tobytes(), 6)).decode()


def _unpacked(text: str, kind: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=kind)

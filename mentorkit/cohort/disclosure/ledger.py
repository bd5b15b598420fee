"""The ledger: every release ever frozen, one line each, each line sealed by the hash of the one before.

A line holds what was published and, as fingerprints under a key of the ledger's own, who was in which group: enough to
judge the next release against it. It stays on the advisor's machine. A changed, removed or exchanged line is noticed;
so is a cut-off end, by the short file beside it that names the last line. Removing both files cannot be noticed here,
which is why every report prints its release's digest.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from mentorkit.cohort.disclosure.board import Earlier, Said
from mentorkit.cohort.disclosure.cells import Cell
from mentorkit.cohort.disclosure.members import STUDENTS, Members
from mentorkit.cohort.disclosure.release import Release, sealed
from mentorkit.cohort.disclosure.scale import Scale
from mentorkit.errors import BadFile, Damaged, NewerFile, NotSaved
from mentorkit.store.disk import make_private, make_private_folder, sync_folder

SCHEMA = "mentorkit-ledger/1"


@dataclass(frozen=True, eq=False)
class Entry:
    """One line: a frozen release, and what is needed to judge the next one against it."""

    published: dict[str, Any]
    question: str  # the digest of what was asked
    members: Members
    said: tuple[Said, ...]
    scales: dict[str, Scale] = field(default_factory=dict)

    @property
    def release(self) -> Release:
        """As it was published."""
        return sealed(self.published)

    @property
    def earlier(self) -> Earlier:
        """As the next release is judged against it."""
        return Earlier(self.published["number"], self.published["minimum"], self.members, self.said)


class Ledger:
    """The releases in one file; made when the first is frozen."""

    def __init__(self, path: Path | str):
        self.path = Path(path).expanduser()

    @property
    def releases(self) -> tuple[Release, ...]:
        """All that was published, in order; raises `Damaged`."""
        return tuple(entry.release for entry in self.read()[1])

    def read(self) -> tuple[bytes, list[Entry]]:
        """The key of the fingerprints and the entries, verified; raises `Damaged` and `NewerFile`."""
        lines = self._lines()
        if not lines:
            return b"", []
        return bytes.fromhex(lines[0]["salt"]), [_entry(line) for line in lines[1:]]

    @contextmanager
    def writing(self) -> Iterator["Writing"]:
        """The only one to append until it is done; raises `NotSaved` when the place cannot be written."""
        try:
            make_private_folder(self.path.parent)
            make_private(self._beside(".lock"))
            lock = self._beside(".lock").open("rb+")
        except OSError as error:
            raise NotSaved(f"The ledger {self.path} cannot be written: {error.strerror}.") from error
        with lock:
            _wait_for(lock.fileno())
            yield Writing(self)

    def _beside(self, ending: str) -> Path:
        return self.path.with_name(self.path.name + ending)

    def _lines(self) -> list[dict[str, Any]]:
        last = self._last()
        if not self.path.exists():
            if last:
                raise Damaged(f"The ledger {self.path} is gone, though releases were frozen in it: restore it.")
            return []
        lines, before = [], ""
        try:
            whole = self.path.read_bytes().split(b"\n")[:-1]  # what has no line end was never frozen
        except OSError as error:
            raise BadFile(f"{self.path} is no ledger to be read ({error.strerror}): name another file.") from error
        for number, text in enumerate(whole):
            before = _verified(self.path, number, text, before)
            lines.append(json.loads(text))
            if number == 0 and lines[0].get("schema") != SCHEMA:
                raise NewerFile(f"{self.path} is not a ledger that this version of Mentorkit can read.")
        hashes = [line["hash"] for line in lines]
        if (last or hashes) and last not in [*hashes[-2:], *([""] if len(hashes) < 2 else [])]:
            raise Damaged(f"The end of the ledger {self.path} is missing: restore it before anything is published.")
        return lines

    def _last(self) -> str:
        """The hash of the last line, as the short file names it."""
        try:
            return self._beside(".last").read_text("ascii").strip()
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError:
            raise Damaged(f"The file beside the ledger {self.path} is damaged: restore both.") from None


class Writing:
    """A ledger while one release is judged and frozen."""

    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self.salt, self.entries = ledger.read()
        if not self.salt:
            self.salt = secrets.token_bytes(32)
            self._new = True
        else:
            self._new = False

    def freeze(self, entry: Entry) -> None:
        """Append; returns when it is on the disk, else raises `NotSaved`."""
        ledger = self._ledger
        try:
            if self._new:
                self._append({"schema": SCHEMA, "salt": self.salt.hex()})
            self._append(_stored(entry))
            sync_folder(ledger.path.parent)
        except OSError as error:
            raise NotSaved(f"The release is not frozen, and so not published: {error.strerror}.") from error
        self.entries.append(entry)

    def _append(self, line: dict[str, Any]) -> None:
        ledger = self._ledger
        make_private(ledger.path)
        with ledger.path.open("rb+") as file:
            whole = file.read()
            kept = whole[: whole.rfind(b"\n") + 1]
            before = json.loads(kept.splitlines()[-1])["hash"] if kept else ""
            hashed = _hash(line, before)
            file.seek(len(kept))
            file.truncate()
            file.write(_text({**line, "before": before, "hash": hashed}) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh = ledger._beside(".last.new")
        make_private(fresh)
        with fresh.open("w", encoding="ascii") as last:
            last.write(hashed)
            last.flush()
            os.fsync(last.fileno())
        fresh.replace(ledger._beside(".last"))


def _text(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _hash(line: dict[str, Any], before: str) -> str:
    return sha256(before.encode() + _text({k: v for k, v in line.items() if k not in ("before", "hash")})).hexdigest()


def _verified(path: Path, number: int, text: bytes, before: str) -> str:
    """The hash of a line; raises `Damaged` when it is not the one that was written after the line before."""
    try:
        line = json.loads(text)
        good = line["before"] == before and line["hash"] == _hash(line, before)
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise Damaged(f"Line {number + 1} of the ledger {path} was changed: restore it before anything is published.")
    return str(line["hash"])


def _stored(entry: Entry) -> dict[str, Any]:
    return {
        "published": entry.published,
        "question": entry.question,
        "members": entry.members.stored(),
        "said": [
            [cell.content, cell.levels, cell.free, cell.among, cell.band, said.shown, said.known]
            for said in entry.said
            for cell in [said.cell]
        ],
        "scales": {content: vars(scale) for content, scale in entry.scales.items()},
    }


def _entry(line: dict[str, Any]) -> Entry:
    said = tuple(
        Said(
            Cell(content, _pairs(levels), tuple(free), _pairs(among), tuple(band) if band else None),
            shown,
            {name: (low, high) for name, (low, high) in known.items()},
        )
        for content, levels, free, among, band, shown, known in line["said"]
    )
    scales = {
        content: Scale(
            scale["low"],
            scale["high"],
            scale["step"],
            tuple(scale["change"]) if scale["change"] else None,
            {name: tuple(edges) for name, edges in scale["edges"].items()} if scale["edges"] else None,
        )
        for content, scale in line["scales"].items()
    }
    return Entry(line["published"], line["question"], Members.read(line["members"]), said, scales)


def _pairs(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((column, level) for column, level in pairs)


def related(entries: list[Entry], members: Members) -> list[Entry]:
    """The entries that have a student in common with these members."""
    who = set(members.prints[STUDENTS].tolist())
    return [entry for entry in entries if not who.isdisjoint(entry.members.prints[STUDENTS].tolist())]


def _wait_for(descriptor: int) -> None:
    """Until nobody else holds the file; let go when it is closed."""
    if os.name == "nt":  # pragma: no cover
        import msvcrt

        while True:  # each call gives up after ten seconds
            with suppress(OSError):
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined, unused-ignore]
                return
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)

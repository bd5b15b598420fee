"""A disk in memory that forgets, at a power cut, what was not synced: the model behind the power-loss campaign.

Until a file is synced, each of its writes may be on the disk, or not, or in part, in any order; the same holds
for cutting it short. Until a folder is synced, each new name and each removed name may be there or not. As in
SQLite's unix VFS, the first sync of a new journal also syncs its folder; that of the records does not.
"""

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


class PowerCut(BaseException):
    """The machine, or the process, is off."""


class _File:
    def __init__(self, content: bytes = b""):
        self.kept = bytes(content)  # surely on the disk
        self.now = bytearray(content)  # as programs see it
        self.waiting: list[tuple[int, bytes | None]] = []  # since the last sync; None cuts the file there
        self.is_new = True

    def change(self, offset: int, data: bytes | None) -> None:
        self.waiting.append((offset, data))
        _apply(self.now, offset, data)

    def sync(self) -> None:
        self.kept, self.waiting = bytes(self.now), []

    def after_the_cut(self, rng: random.Random) -> bytes:
        content = bytearray(self.kept)
        mood = rng.choice((0.0, 0.5, 0.5, 1.0))  # nothing, some or all of what waited; each piece decides for itself
        for offset, data in rng.sample(self.waiting, len(self.waiting)) if rng.random() < 0.3 else self.waiting:
            for start, piece in _pieces(offset, data, rng):
                if rng.random() < mood:
                    _apply(content, start, piece)
        return bytes(content)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
    else:
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data


def _pieces(offset: int, data: bytes | None, rng: random.Random) -> list[tuple[int, bytes | None]]:
    """A write as the sectors it touches; one of them may be torn in two."""
    if data is None or rng.random() < 0.3:
        return [(offset, data)]
    cuts = {0, len(data), *range(SECTOR - offset % SECTOR, len(data), SECTOR), rng.randrange(len(data) + 1)}
    places = sorted(cuts)
    return [(offset + start, data[start:end]) for start, end in pairwise(places)]


class FrailDisk:
    """One folder of files. At operation `cut_at` the power goes, at operation `kill_at` only the process dies."""

    def __init__(self, files: dict[str, bytes], rng: random.Random, cut_at: int = 0, kill_at: int = 0):
        self.rng, self.cut_at, self.kill_at, self.operations = rng, cut_at, kill_at, 0
        self.dead = False  # the process that uses the disk
        self.files = {name: _File(content) for name, content in files.items()}
        self.kept_names = dict(self.files)
        for file in self.files.values():
            file.is_new = False

    def step(self) -> None:
        """One more operation, or the power cut in its midst."""
        if self.dead:
            raise PowerCut
        self.operations += 1
        if self.operations in (self.cut_at, self.kill_at):
            self.dead = True
            raise PowerCut

    def after_the_cut(self) -> dict[str, bytes]:
        """What is on the disk when the power comes back."""
        names = {}
        for name in sorted(self.files.keys() | self.kept_names.keys()):
            before, now = self.kept_names.get(name), self.files.get(name)
            file = before if before is now else self.rng.choice((before, now))
            if file:
                names[name] = file.after_the_cut(self.rng)
        return names

    def sync(self, path: Path) -> None:
        """In place of the store's own functions, which sync a real file or a real folder."""
        self.step()
        if str(path) in self.files:
            self.files[str(path)].sync()
        else:
            self.kept_names = dict(self.files)

    def connect(self, path: str) -> apsw.Connection:
        """The store's connection, its files on this disk."""
        name = f"frail-{id(self)}"
        self._vfs = _Vfs(name, self)
        return apsw.Connection(path, vfs=name)


class _Vfs(apsw.VFS):
    def __init__(self, name: str, disk: FrailDisk):
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> "_Handle":
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path not in self._disk.files:
            self._disk.step()
            self._disk.files[path] = _File()
        flags[1] = flags[0]
        return _Handle(self._disk, self._disk.files[path], "journal" in path)

    def xAccess(self, path: str, flags: int) -> bool:
        return path in self._disk.files

    def xDelete(self, path: str, sync_folder: bool) -> None:
        self._disk.step()
        self._disk.files.pop(path, None)
        if sync_folder:
            self._disk.kept_names = dict(self._disk.files)


class _Handle:
    """An open file, with the methods that SQLite calls."""

    def __init__(self, disk: FrailDisk, file: _File, is_journal: bool):
        self._disk, self._file, self._is_journal = disk, file, is_journal

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.now[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._change(offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        self._change(size, None)

    def _change(self, offset: int, data: bytes | None) -> None:
        if not self._disk.dead:  # a change in whose midst the power goes waits like any other
            self._file.change(offset, data)
        self._disk.step()

    def xSync(self, flags: int) -> None:
        self._disk.step()
        self._file.sync()
        if self._is_journal and self._file.is_new:
            self._file.is_new = False
            self._disk.kept_names = dict(self._disk.files)

    def xFileSize(self) -> int:
        return len(self._file.now)

    def xSectorSize(self) -> int:
        return 4096

    def xDeviceCharacteristics(self) -> int:
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xCheckReservedLock(self) -> bool:
        return False

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xClose(self) -> None: ...

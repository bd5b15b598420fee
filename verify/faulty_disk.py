"""A real disk on which one chosen operation fails: what SQLite asks of it, and what we ask of the system ourselves."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import apsw

IO_ERRORS = {
    "xRead": apsw.SQLITE_IOERR_READ,
    "xWrite": apsw.SQLITE_IOERR_WRITE,
    "xTruncate": apsw.SQLITE_IOERR_TRUNCATE,
    "xSync": apsw.SQLITE_IOERR_FSYNC,
    "xDelete": apsw.SQLITE_IOERR_DELETE,
    "xOpen": apsw.SQLITE_CANTOPEN,
}
NEEDS_SPACE = {"xWrite", "xOpen", "open", "link", "replace", "fsync"}
OURS = ("open", "fsync", "replace", "link")  # functions of `os` that write


class FaultyDisk:
    """Counts operations; from number `fails_at` on, `lasting` or once, they fail: no space, or an I/O error."""

    def __init__(self, fails_at: int = 0, full: bool = False, lasting: bool = False):
        self.fails_at, self.full, self.lasting = fails_at, full, lasting
        self.operations, self.well = 0, False
        self.failed: list[str] = []
        self._vfs = _Vfs(f"faulty-{id(self)}", self)

    def connect(self, path: str) -> apsw.Connection:
        """The store's connection."""
        return apsw.Connection(path, vfs=self._vfs.name)

    def fails(self, operation: str) -> bool:
        """Count an operation, and tell whether it is to fail."""
        self.operations += 1
        due = self.operations >= self.fails_at if self.lasting else self.operations == self.fails_at
        fails = bool(self.fails_at) and due and not self.well and (not self.full or operation in NEEDS_SPACE)
        if fails:
            self.failed.append(operation)
        return fails

    def recover(self) -> None:
        """From here on nothing fails."""
        self.well = True

    def sqlite_error(self, operation: str) -> Exception:
        code = IO_ERRORS[operation]
        return apsw.exception_for(apsw.SQLITE_FULL if self.full and operation == "xWrite" else code)

    @contextmanager
    def below(self) -> Iterator[None]:
        """Within this, the functions of `os` that write fail too."""
        with patch.multiple(os, **{name: self._failing(name, getattr(os, name)) for name in OURS}):
            yield

    def _failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            writes = name != "open" or given[1] & os.O_CREAT
            if writes and self.fails(name):
                code = errno.ENOSPC if self.full else errno.EIO
                raise OSError(code, os.strerror(code))
            return real(*given, **named)

        return called


class _Vfs(apsw.VFS):
    def __init__(self, name: str, disk: FaultyDisk):
        self.name, self._disk = name, disk
        super().__init__(name, "unix")

    def xOpen(self, name: Any, flags: list[int]) -> "_File":
        if flags[0] & apsw.SQLITE_OPEN_CREATE and self._disk.fails("xOpen"):
            raise self._disk.sqlite_error("xOpen")
        return _File(self._disk, name, flags)

    def xDelete(self, path: str, sync_folder: bool) -> None:
        if self._disk.fails("xDelete"):
            raise self._disk.sqlite_error("xDelete")
        super().xDelete(path, sync_folder)


class _File(apsw.VFSFile):
    def __init__(self, disk: FaultyDisk, name: Any, flags: list[int]):
        self._disk = disk
        super().__init__("unix", name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:
        if self._disk.fails("xRead"):
            raise self._disk.sqlite_error("xRead")
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._disk.fails("xWrite"):
            super().xWrite(bytes(data)[: len(data) // 2], offset)  # half of it still got there
            raise self._disk.sqlite_error("xWrite")
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        if self._disk.fails("xTruncate"):
            raise self._disk.sqlite_error("xTruncate")
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        if self._disk.fails("xSync"):
            raise self._disk.sqlite_error("xSync")
        super().xSync(flags)

"""Where a keeper listens: a Unix socket, or a port of this computer where there are none."""

import os
import socket
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mentorkit.errors import MentorkitError

LONGEST = 100  # bytes of a socket's path that every system allows
LOOPBACK = "127.0.0.1"
WRONG = "The keeper's address is unix:PATH or tcp:127.0.0.1:PORT, not “{}”."


@dataclass(frozen=True)
class Address:
    """A path, or else a port of this computer."""

    path: str | None = None
    port: int = 0

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"tcp:{LOOPBACK}:{self.port}"


def read_address(text: str) -> Address:
    """`unix:PATH` or `tcp:127.0.0.1:PORT`; raises `MentorkitError`. No other computer is ever listened to."""
    kind, _, rest = text.partition(":")
    host, _, port = rest.rpartition(":")
    if kind == "unix" and rest:
        if len(os.fsencode(rest)) > LONGEST:
            raise MentorkitError(f"The path {rest} is too long for a socket: choose one of at most {LONGEST} bytes.")
        return Address(path=rest)
    if kind == "tcp" and host == LOOPBACK and port.isascii() and port.isdigit() and int(port) < 65536:
        return Address(port=int(port))
    raise MentorkitError(WRONG.format(text))


def listening(address: Address, mode: int) -> tuple[socket.socket, Address]:
    """A socket that listens there, and where that is in the end (port 0 is any free one); raises `MentorkitError`."""
    try:
        return _at_path(address, mode) if address.path else _at_port(address)
    except OSError as error:
        raise MentorkitError(f"The keeper cannot listen at {address} ({error.strerror or error}).") from error


def connected(address: Address, timeout: float) -> socket.socket:
    """A connection to a keeper; raises `OSError`."""
    if not address.path:
        return socket.create_connection((LOOPBACK, address.port), timeout)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(timeout)
        line.connect(address.path)
    except BaseException:
        line.close()
        raise
    return line


def _at_path(address: Address, mode: int) -> tuple[socket.socket, Address]:
    path = Path(str(address.path)).absolute()
    with suppress(FileNotFoundError):  # one that a killed keeper left; a living one holds the records, so there is none
        if stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()
    line = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        line.bind(str(path))
        path.chmod(mode)
        line.listen(1024)
    except BaseException:
        line.close()
        raise
    finally:
        os.umask(before)
    return line, Address(path=str(path))


def _at_port(address: Address) -> tuple[socket.socket, Address]:
    line = socket.create_server((LOOPBACK, address.port), backlog=1024)
    return line, Address(port=line.getsockname()[1])

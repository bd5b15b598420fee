"""Speak to a keeper as a program would: connections that are greeted or not, and what comes back."""

import socket
from contextlib import suppress

from mentorkit.serve.keeper import Locker, grant
from mentorkit.serve.keeper.capability import OPERATOR
from mentorkit.serve.keeper.messages import LENGTH, Message, packed, size_of, unpacked
from verify.keeping import Keeping


def connection(keeping: Keeping) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(20)
    line.connect(keeping.address.removeprefix("unix:"))
    return line


def greeted(keeping: Keeping, locker: Locker | None = None) -> socket.socket:
    who = locker.id if locker else OPERATOR
    line = connection(keeping)
    line.sendall(packed({"who": who.hex(), "capability": grant(keeping.secret, who).hex()}))
    assert heard(line).head == {"ok": True}
    return line


def heard(line: socket.socket) -> Message:
    length = line.recv(LENGTH.size, socket.MSG_WAITALL)
    return unpacked(line.recv(size_of(length), socket.MSG_WAITALL))


def hung_up(line: socket.socket) -> bool:
    with suppress(ConnectionError):
        return line.recv(1) == b""
    return True

"""A blocking connection to the keeper, made again when it was lost."""

import socket
import time
from collections.abc import Sequence
from typing import Any

from mentorkit.errors import Damaged, NotSaved, StoreRefused
from mentorkit.serve.keeper.address import Address, connected
from mentorkit.serve.keeper.messages import LENGTH, Message, Unreadable, packed, size_of, unpacked

PATIENCE = 5.0  # seconds in which a keeper that was ended may be back
REPLY_WITHIN = 10.0  # seconds
PAUSE = 0.05  # seconds between two attempts to connect
SILENT = "The keeper of the records does not answer. Your answer is kept in the page and sent again."
TOO_LONG = "This is too much to be kept at once: shorten it."
_REFUSALS = {"stranger": StoreRefused, "damaged": Damaged}


class Line:
    """Asks the keeper as one locker. A request may be asked twice, when its answer was lost: it must bear that."""

    def __init__(self, address: Address, who: bytes, capability: bytes) -> None:
        self._address = address
        self._greeting = packed({"who": who.hex(), "capability": capability.hex()})
        self._socket: socket.socket | None = None

    def ask(self, head: dict[str, Any], pieces: Sequence[bytes] = ()) -> Message:
        """The keeper's answer; raises `NotSaved`, `Damaged` or `StoreRefused` with the keeper's sentence."""
        try:
            request = packed(head, pieces)
        except Unreadable:
            raise NotSaved(TOO_LONG) from None
        return _accepted(self._patiently(request))

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._socket.close()
        self._socket = None

    def _patiently(self, request: bytes) -> Message:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._exchanged(request)
            except TimeoutError:  # it is there and cannot: whether this arrived is seen when it is asked again
                self.close()
                raise NotSaved(SILENT) from None
            except (OSError, EOFError, Unreadable):
                self.close()
                if time.monotonic() > until:
                    raise NotSaved(SILENT) from None
                time.sleep(PAUSE)

    def _exchanged(self, request: bytes) -> Message:
        if self._socket is None:
            self._socket = self._greeted()
        self._socket.sendall(request)
        return _heard(self._socket)

    def _greeted(self) -> socket.socket:
        line = connected(self._address, REPLY_WITHIN)
        try:
            line.sendall(self._greeting)
            _accepted(_heard(line))
        except BaseException:
            line.close()
            raise
        return line


def _heard(line: socket.socket) -> Message:
    return unpacked(_exactly(line, size_of(_exactly(line, LENGTH.size))))


def _exactly(line: socket.socket, size: int) -> bytes:
    """That many bytes; raises `EOFError` when the connection ends before."""
    found = bytearray()
    while len(found) < size:
        some = line.recv(min(size - len(found), 1 << 20))
        if not some:
            raise EOFError
        found += some
    return bytes(found)


def _accepted(message: Message) -> Message:
    if "no" in message.head:
        raise _REFUSALS.get(str(message.head.get("kind")), NotSaved)(str(message.head["no"]))
    return message

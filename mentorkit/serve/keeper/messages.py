"""Messages to and from the keeper: a length, a head of JSON, and pieces of bytes. Nothing in them is trusted."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LENGTH = struct.Struct(">I")
MOST = 8 * 1024 * 1024  # bytes of a message
MOST_GREETING = 1024  # bytes of the first one, before anybody is known
MOST_PIECES = 100_000


class Unreadable(ValueError):
    """Bytes that are not a message."""


@dataclass(frozen=True)
class Message:
    """A head with names, and pieces of bytes; shows nothing of either."""

    head: dict[str, Any] = field(repr=False)
    pieces: tuple[bytes, ...] = field(default=(), repr=False)

    def raw(self, name: str, size: int | None = None) -> bytes:
        """A field of bytes; raises `Unreadable`."""
        try:
            found = bytes.fromhex(self.head[name])
        except (KeyError, TypeError, ValueError):
            raise Unreadable(name) from None
        if size is not None and len(found) != size:
            raise Unreadable(name)
        return found

    def number(self, name: str) -> int:
        """A field that counts, 0 or more; raises `Unreadable`."""
        found = self.head.get(name)
        if type(found) is not int or not 0 <= found < 2**53:
            raise Unreadable(name)
        return found


def packed(head: dict[str, Any], pieces: Sequence[bytes] = ()) -> bytes:
    """A message as bytes, with its length before it; raises `Unreadable` when it is too long."""
    said = json.dumps({**head, "sizes": [len(piece) for piece in pieces]}).encode()
    size = LENGTH.size + len(said) + sum(map(len, pieces))
    if size > MOST:
        raise Unreadable("size")
    return b"".join([LENGTH.pack(size), LENGTH.pack(len(said)), said, *pieces])


def size_of(length: bytes, most: int = MOST) -> int:
    """The size of the message that follows; raises `Unreadable` when it is longer than allowed."""
    (size,) = LENGTH.unpack(length)
    if not LENGTH.size <= size <= most:
        raise Unreadable("size")
    return int(size)


def unpacked(raw: bytes) -> Message:
    """The message in bytes, without the length before it; raises `Unreadable`."""
    try:
        (end,) = LENGTH.unpack_from(raw)
        head = json.loads(raw[LENGTH.size : LENGTH.size + end])
        sizes = head.pop("sizes")
        pieces = _cut(memoryview(raw)[LENGTH.size + end :], sizes)
    except (struct.error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable("head") from None
    return Message(head, pieces)


def _cut(rest: memoryview, sizes: list[int]) -> tuple[bytes, ...]:
    if len(sizes) > MOST_PIECES or any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) != len(rest):
        raise Unreadable("sizes")
    pieces, start = [], 0
    for size in sizes:
        pieces.append(bytes(rest[start : start + size]))
        start += size
    return tuple(pieces)

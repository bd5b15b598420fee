"""Short messages with descriptors over a Unix socket, and long ones on sheets of anonymous memory."""

import array
import json
import os
import socket
from typing import Any

LONGEST = 65_536  # bytes of a short message
MOST = 4  # descriptors with one message


def write_sheet(content: bytes) -> int:
    """A descriptor of memory that has no name in any folder, holding this."""
    descriptor = os.memfd_create("sheet", os.MFD_CLOEXEC)
    with open(descriptor, "wb", closefd=False) as sheet:
        sheet.write(content)
    return descriptor


def read_sheet(descriptor: int) -> bytes:
    """What is on it; the descriptor is closed."""
    with open(descriptor, "rb") as sheet:
        sheet.seek(0)
        return sheet.read()


def say(line: socket.socket, word: dict[str, Any], *descriptors: int) -> None:
    """Send a short message, whole or not at all; BlockingIOError when the line is full."""
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
    line.sendmsg([json.dumps(word).encode()], ancillary)


def hear(line: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next message and its descriptors; an empty one when the other side is gone."""
    room = array.array("i")
    try:
        raw, ancillary, _, _ = line.recvmsg(LONGEST, socket.CMSG_LEN(MOST * room.itemsize), socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        return {}, []
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            room.frombytes(data[: len(data) - len(data) % room.itemsize])
    return (json.loads(raw) if raw else {}), list(room)

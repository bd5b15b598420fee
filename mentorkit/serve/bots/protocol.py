"""The little of HTTP and of the widgets' messages that a page speaks with its kernel."""

import json
import uuid
from itertools import pairwise
from typing import Any

PROTOCOL = "v1.kernel.websocket.jupyter.org"
CONTROL = "jupyter.widget.control"


def packed(kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> bytes:
    """A message on the shell channel, as bytes of the websocket protocol."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "bot", "date": ""}
    header["version"] = "5.3"
    parts = [b"shell", *(json.dumps(part).encode() for part in (header, {}, metadata or {}, content))]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    numbers = (len(offsets), *offsets)
    return b"".join([*(number.to_bytes(8, "little") for number in numbers), *parts])


def unpacked(raw: bytes) -> tuple[str, dict[str, Any]]:
    """The type and the content of a message."""
    count = int.from_bytes(raw[:8], "little")
    ends = [int.from_bytes(raw[8 * place : 8 * place + 8], "little") for place in range(1, count + 1)]
    parts = [raw[start:end] for start, end in pairwise(ends)]
    return json.loads(parts[1])["msg_type"], json.loads(parts[4])


def asking_for_all(comm: str) -> tuple[bytes, bytes]:
    """Two messages by which a page learns of all widgets at once."""
    opening = {"comm_id": comm, "target_name": CONTROL, "data": {}}
    asking = {"comm_id": comm, "data": {"method": "request_states"}}
    return packed("comm_open", opening, {"version": "1.0.0"}), packed("comm_msg", asking)


def custom(model: str, content: dict[str, Any]) -> bytes:
    """What a form says to its Python side."""
    return packed("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}})

"""Messages of the Jupyter protocol, for Voilà in both ways of writing a form, for ours, and for Solara."""

import json
import uuid
from itertools import pairwise
from typing import Any

from benchmarks.room.clients.wire import Browser, Socket

PROTOCOL = "v1.kernel.websocket.jupyter.org"
CONTROL = "jupyter.widget.control"


def message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """A message on the shell channel."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s", "date": "", "version": "5"}
    about = {"version": "1.0.0"} if content.get("target_name") == CONTROL else {}
    said = {"channel": "shell", "header": header, "parent_header": {}, "metadata": about, "content": content}
    return {**said, "buffers": []}


def as_v1(said: dict[str, Any]) -> bytes:
    """The message as the websocket protocol v1 has it."""
    parts = [said["channel"].encode()]
    parts += [json.dumps(said[part]).encode() for part in ("header", "parent_header", "metadata", "content")]
    starts = [8 * (len(parts) + 2)]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return b"".join(number.to_bytes(8, "little") for number in (len(starts), *starts)) + b"".join(parts)


def of_v1(raw: bytes) -> tuple[str, dict[str, Any]]:
    """The type and content of a message."""
    count = int.from_bytes(raw[:8], "little")
    starts = [int.from_bytes(raw[8 * at : 8 * at + 8], "little") for at in range(1, count + 1)]
    parts = [raw[start:end] for start, end in pairwise(starts)]
    return json.loads(parts[1])["msg_type"], json.loads(parts[4])


class Comms:
    """The comm messages of a page with its kernel."""

    def __init__(self, socket: Socket):
        self._socket = socket

    @classmethod
    async def of_page(cls, browser: Browser, kernel: str) -> "Comms":
        """Connect to the kernel of a Voilà page."""
        path = f"api/kernels/{kernel}/channels?session_id={uuid.uuid4()}"
        return cls(await browser.socket(path, PROTOCOL))

    async def models(self) -> dict[str, dict[str, Any]]:
        """Every widget's state by its model's id, asked for as the page does."""
        mine = uuid.uuid4().hex
        await self._say("comm_open", {"comm_id": mine, "target_name": CONTROL, "target_module": None, "data": {}})
        await self.tell(mine, {"method": "request_states"})

        def states(raw: bytes) -> Any:
            kind, content = of_v1(raw) if mine.encode() in raw else ("", {})
            return content["data"].get("states") if kind == "comm_msg" else None

        found = await self._socket.hear(states)
        return {model: told["state"] for model, told in found.items()}

    async def tell(self, comm: str, data: dict[str, Any]) -> None:
        """A comm message."""
        await self._say("comm_msg", {"comm_id": comm, "data": data})

    async def hear(self, comm: str, *marks: bytes) -> dict[str, Any]:
        """The data of the next message of a comm in which all marks occur."""

        def right(raw: bytes) -> Any:
            if comm.encode() not in raw or not all(mark in raw for mark in marks):
                return None
            kind, content = of_v1(raw)
            return content["data"] if kind == "comm_msg" and content["comm_id"] == comm else None

        found: dict[str, Any] = await self._socket.hear(right)
        return found

    async def saved(self) -> None:
        """Wait until an answer is acknowledged."""
        await self._socket.saved()

    async def _say(self, kind: str, content: dict[str, Any]) -> None:
        await self._socket.send(as_v1(message(kind, content)))

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

"""A visitor of the Solara app: the Jupyter protocol as JSON, to a kernel that lives in the server."""

import json
import uuid
from typing import Any

from benchmarks.room.clients.jupyter import CONTROL, message
from benchmarks.room.clients.wire import Browser, Socket


class Visitor:
    """Chooses in selects."""

    def __init__(self, socket: Socket):
        self._socket = socket
        self._selects: list[tuple[str, list[str]]] = []

    async def open(self) -> None:
        """Run the app and read its widgets."""
        mine = await self._comm("solara.control")
        await self._tell(mine, {"method": "run", "args": {"path": "/", "appName": None}})
        await self._socket.hear(lambda raw: mine.encode() in raw and b'"finished"' in raw)
        mine = await self._comm(CONTROL)
        await self._tell(mine, {"method": "request_states"})
        states = await self._socket.hear(lambda raw: _states(raw) if mine.encode() in raw else None)
        for model, told in states.items():
            if told["state"].get("_model_name") == "SelectModel":
                self._selects.append((model, told["state"]["items"]))

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        model, labels = self._selects[number % len(self._selects)]
        state = {"v_model": labels[number % 5]}
        await self._tell(model, {"method": "update", "state": state, "buffer_paths": []})
        await self._socket.saved()

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()

    async def _comm(self, target: str) -> str:
        mine = uuid.uuid4().hex
        content = {"comm_id": mine, "target_name": target, "target_module": None, "data": {}}
        await self._socket.send(json.dumps(message("comm_open", content)))
        return mine

    async def _tell(self, comm: str, data: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(message("comm_msg", {"comm_id": comm, "data": data})))


async def come(address: str) -> Visitor:
    """Open the page, connect and run the app."""
    browser = Browser(address)
    await browser.get()
    visitor = Visitor(await browser.socket(f"jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()}"))
    await visitor.open()
    return visitor


def _states(raw: bytes) -> Any:
    if not raw.startswith(b"{"):  # a message with buffers: their number, where each part begins, and the parts
        first, second = (int.from_bytes(raw[at : at + 4], "big") for at in (4, 8))
        raw = raw[first : second or None]
    return json.loads(raw)["content"].get("data", {}).get("states")

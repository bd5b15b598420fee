"""A visitor of the Solara app: the Jupyter protocol as JSON, to a kernel that lives in the server."""

import json
import uuid
from typing import Any

from benchmarks.room.clients.jupyter import message
from benchmarks.room.clients.wire import Browser, Socket


class Visitor:
    """Chooses in selects."""

    def __init__(self, socket: Socket):
        self._socket = socket
        self._selects: list[tuple[str, list[str]]] = []

    async def open(self) -> None:
        """Run the app; its widgets arrive one by one, as they are made."""
        mine = uuid.uuid4().hex
        content = {"comm_id": mine, "target_name": "solara.control", "target_module": None, "data": {}}
        await self._socket.send(json.dumps(message("comm_open", content)))
        await self._tell(mine, {"method": "run", "args": {"path": "/", "appName": None}})
        await self._socket.hear(lambda raw: self._noted(raw) or (mine.encode() in raw and b'"finished"' in raw))

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        model, labels = self._selects[number % len(self._selects)]
        state = {"v_model": labels[number % 5]}
        await self._tell(model, {"method": "update", "state": state, "buffer_paths": []})
        await self._socket.saved()

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()

    def _noted(self, raw: bytes) -> None:
        if b'"SelectModel"' in raw:
            content = json.loads(raw)["content"]
            self._selects.append((content["comm_id"], content["data"]["state"]["items"]))

    async def _tell(self, comm: str, data: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(message("comm_msg", {"comm_id": comm, "data": data})))


async def come(address: str) -> Visitor:
    """Open the page, connect and run the app."""
    browser = Browser(address)
    await browser.get()
    visitor = Visitor(await browser.socket(f"jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()}"))
    await visitor.open()
    return visitor

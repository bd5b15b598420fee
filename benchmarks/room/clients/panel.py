"""A visitor of the Panel app: the Bokeh server's websocket, three text messages for each of its own."""

import itertools
import json
import re
from typing import Any

from benchmarks.room.clients.wire import Browser, Lost, Socket

TOKEN = re.compile(r'"token":"([^"]+)"')


class Visitor:
    """Chooses in selects."""

    def __init__(self, socket: Socket, selects: list[tuple[str, list[str]]]):
        self._socket = socket
        self._selects = selects
        self._count = itertools.count(2)

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        model, values = self._selects[number % len(self._selects)]
        changed = {"kind": "ModelChanged", "model": {"id": model}, "attr": "value", "new": values[1 + number % 5]}
        await say(self._socket, "PATCH-DOC", next(self._count), {"events": [changed]})
        await self._socket.saved()

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()


async def come(address: str) -> Visitor:
    """Open the page, connect, and pull the document."""
    browser = Browser(address)
    found = TOKEN.search(await browser.get())
    if not found:
        raise Lost("a page without a token")
    socket = await browser.socket(f"{address}/ws", "bokeh", found[1])
    await socket.hear(lambda message: b'"ACK"' in message)
    await say(socket, "PULL-DOC-REQ", 1, {})
    document = json.loads(await socket.hear(lambda message: message if message.startswith(b'{"doc"') else None))
    return Visitor(socket, list(_selects(document)))


async def say(socket: Socket, kind: str, number: int, content: dict[str, Any]) -> None:
    """A message of the Bokeh protocol."""
    for part in ({"msgid": str(number), "msgtype": kind}, {}, content):
        await socket.send(json.dumps(part))


def _selects(found: Any) -> Any:
    if isinstance(found, dict):
        if str(found.get("name")).endswith("Select"):
            yield found["id"], [value for value, _ in found["attributes"]["options"]]
        found = list(found.values())
    for part in found if isinstance(found, list) else []:
        yield from _selects(part)

"""A visitor of the Shiny app."""

import json

from benchmarks.room.apps.worksheet import ITEMS
from benchmarks.room.clients.wire import Browser, Socket


class Visitor:
    """Chooses in selects."""

    def __init__(self, socket: Socket):
        self._socket = socket

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        item = ITEMS[number % len(ITEMS)]
        await self._socket.send(json.dumps({"method": "update", "data": {item.name: item.options[number % 5][0]}}))
        await self._socket.saved()

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()


async def come(address: str) -> Visitor:
    """Open the page and tell the server what is on it."""
    browser = Browser(address)
    await browser.get()
    socket = await browser.socket("websocket/")
    shown = {item.name: "" for item in ITEMS} | {".clientdata_output_status_hidden": False}
    shown |= {".clientdata_url_search": "", ".clientdata_url_pathname": "/", ".clientdata_pixelratio": 1}
    await socket.send(json.dumps({"method": "init", "data": shown}))
    await socket.hear(lambda message: b'"values"' in message and b'"status"' in message)
    return Visitor(socket)

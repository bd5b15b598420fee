"""A visitor of the static page."""

import json
import uuid

from benchmarks.room.apps.worksheet import ITEMS
from benchmarks.room.clients.wire import SAVED, Browser, Lost


class Visitor:
    """Posts answers."""

    def __init__(self, browser: Browser):
        self._browser = browser
        self._name = str(uuid.uuid4())

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        item = ITEMS[number % len(ITEMS)]
        body = json.dumps({"visitor": self._name, "item": item.id, "value": item.options[number % 5][0]})
        if not (await self._browser.post("answer", body)).startswith(SAVED.decode()):
            raise Lost("an answer was not saved")

    def leave(self) -> None:
        """Close the tab: nothing is held open."""


async def come(address: str) -> Visitor:
    """Open the page."""
    browser = Browser(address)
    await browser.get()
    return Visitor(browser)

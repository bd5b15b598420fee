"""A visitor of the workbook, on any Voilà: with a join code, with a token, or through stock kernels."""

import asyncio
import itertools
from typing import Any
from urllib.parse import urlencode, urljoin

from benchmarks.room.clients.jupyter import Comms
from benchmarks.room.clients.voila import kernel_of
from benchmarks.room.clients.wire import Browser, Lost

AGAIN = 1.0  # seconds


class Visitor:
    """Answers in the form."""

    def __init__(self, comms: Comms, form: str, shown: dict[str, Any]):
        self._comms, self._form = comms, form
        self._place = shown["place"]
        items = [item for section in shown["spec"]["sections"] for item in section["items"]]
        self._items = [item["id"] for item in items if item["kind"] == "rating" and not item.get("when")]
        self._revisions = dict(shown["state"]["revisions"])
        self._count = itertools.count(1)

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        item, n = self._items[number % len(self._items)], next(self._count)
        told = {"type": "answer", "n": n, "item": item, "value": number % 5, "place": self._place}
        told["seen"] = self._revisions.get(item, 0)
        await self._comms.tell(self._form, {"method": "custom", "content": told})
        heard = (await self._comms.hear(self._form, f'"n": {n},'.encode()))["content"]
        if heard["type"] != "saved":
            raise Lost(f"an answer was not saved: {heard}")
        self._revisions[item] = heard["revision"]

    def leave(self) -> None:
        """Close the tab."""
        self._comms.close()


async def come(address: str) -> Visitor:
    """Join if the address has a join code, open the page and read its widgets."""
    browser = Browser(address)
    path, mark, code = address.partition("/join/")
    if mark:
        browser.address = f"{path}/"
        await browser.post("begin", urlencode({"join": code}), **{"Content-Type": "application/x-www-form-urlencoded"})
    html = await _page(browser)
    browser.address = urljoin(browser.address, "/") if "?" in browser.address else browser.address
    comms = await Comms.of_page(browser, kernel_of(html))
    for model, state in (await comms.models()).items():
        if "need.academic.strategies" in str(state.get("spec", "")):
            return Visitor(comms, model, state)
    raise Lost("a page without the form")


async def _page(browser: Browser) -> str:
    """The page, asked for again while the room says that it is busy: the session stays the same."""
    while True:
        try:
            return await browser.get()
        except Lost as lost:
            if not lost.busy:
                raise
            await asyncio.sleep(AGAIN)

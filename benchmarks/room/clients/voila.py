"""A visitor of the notebook with a Dropdown of ipywidgets for each item."""

import re

from benchmarks.room.clients.jupyter import Comms
from benchmarks.room.clients.wire import Browser, Lost


class Visitor:
    """Chooses in dropdowns."""

    def __init__(self, comms: Comms, dropdowns: list[str]):
        self._comms = comms
        self._dropdowns = dropdowns

    async def answer(self, number: int) -> None:
        """Answer an item and wait for the acknowledgement."""
        model = self._dropdowns[number % len(self._dropdowns)]
        await self._comms.tell(model, {"method": "update", "state": {"index": 1 + number % 5}, "buffer_paths": []})
        await self._comms.saved()

    def leave(self) -> None:
        """Close the tab."""
        self._comms.close()


async def come(address: str) -> Visitor:
    """Open the page and read its widgets."""
    browser = Browser(address)
    comms = await Comms.of_page(browser, kernel_of(await browser.get()))
    models = await comms.models()
    return Visitor(comms, [name for name, state in models.items() if state["_model_name"] == "DropdownModel"])


def kernel_of(html: str) -> str:
    """The id of the kernel that a Voilà page talks to."""
    found = re.search(r'"kernelId": "([^"]+)"', html)
    if not found:
        raise Lost(f"a page without a kernel: {html[:200]!r}")
    return found[1]

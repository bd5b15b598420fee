"""A visit: a fresh browser window without a cache, what went over the wire, and when the page could be used."""

import base64
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other host can be reached, and asking one fails at once: a stock page is not held up by its CDN.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
WAIT = 60_000.0  # milliseconds until a page that does not open is given up
HERE = ("127.0.0.1", "localhost")


@dataclass
class Wire:
    """What one page asked for and was sent, headers included, as it went over the wire."""

    http: int = 0  # bytes
    socket: int = 0  # bytes of websocket messages, both ways
    requests: int = 0
    elsewhere: list[str] = field(default_factory=list)  # addresses of other hosts
    deflates: bool = False  # whether the websocket compresses its messages
    _deflaters: dict[str, Any] = field(default_factory=dict)

    def carry(self, frame: dict[str, Any], way: str) -> None:
        """Count a websocket message. Chromium shows it unpacked, so here it is packed as the wire has it."""
        data = frame["payloadData"]
        message = base64.b64decode(data) if frame["opcode"] == 2 else data.encode()
        if self.deflates:
            packer = self._deflaters.setdefault(way, zlib.compressobj(6, zlib.DEFLATED, -15))
            message = (packer.compress(message) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
        self.socket += len(message)

    @property
    def megabytes(self) -> float:
        """All of it."""
        return (self.http + self.socket) / 1e6


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    if not Path(CHROMIUM).exists():
        raise SystemExit(f"The benchmarks need {CHROMIUM}. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser) -> Iterator[tuple[Page, Wire]]:
    """An empty page of a student who has never been here, and what goes over its wire."""
    context = browser.new_context()
    context.set_default_timeout(WAIT)
    page = context.new_page()
    wire = Wire()
    _tap(page, wire)
    yield page, wire
    context.close()


def _tap(page: Page, wire: Wire) -> None:
    def asked(event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme in ("data", "blob"):
            return
        wire.requests += 1
        if address.hostname not in HERE:
            wire.elsewhere.append(event["request"]["url"])

    def loaded(event: dict[str, Any]) -> None:
        wire.http += int(event["encodedDataLength"])

    def upgraded(event: dict[str, Any]) -> None:
        names = {name.lower(): value for name, value in event["response"]["headers"].items()}
        wire.deflates = "permessage-deflate" in names.get("sec-websocket-extensions", "")

    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", asked)
    network.on("Network.loadingFinished", loaded)
    network.on("Network.webSocketHandshakeResponseReceived", upgraded)
    network.on("Network.webSocketFrameSent", lambda event: wire.carry(event["response"], "out"))
    network.on("Network.webSocketFrameReceived", lambda event: wire.carry(event["response"], "in"))

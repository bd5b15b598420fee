"""One simulated student: comes in, opens the page, answers, and holds on to what was acknowledged."""

import asyncio
import json
import random
import re
import time
import uuid
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from mentorkit.serve.bots.answering import answer, asked
from mentorkit.serve.bots.protocol import PROTOCOL, asking_for_all, custom, unpacked

PATIENCE = 60.0  # seconds for a page, a connection
ACKNOWLEDGED = 3.0  # seconds after which an answer is sent again, as the page does
KERNEL = re.compile(r'"kernelId": ?"([^"]+)"')
CARD = re.compile(r"<ol class=\"room-words\".*?</ol>", re.DOTALL)
WORD = re.compile(r"<li[^>]*>\s*(?:<[^>]+>\s*)*([a-z]+)")


class Lost(Exception):
    """The connection or the kernel is gone; the page would reload."""


@dataclass
class Seen:
    """What a bot measured, in seconds."""

    arrived: float | None = None  # from the first request until the forms are there
    first: float | None = None  # … until the first answer is acknowledged
    saves: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)  # from losing the page until it is back
    bytes: int = 0


class Visitor:
    """A bot in a room at `address`; `seed` makes its answers."""

    def __init__(self, address: str, join: str, seed: int) -> None:
        self.address, self._join = address, join
        self.chance = random.Random(seed)
        self.code = ""
        self.seen = Seen()
        self.acknowledged: dict[tuple[str, str], Any] = {}  # by place and item: the value that was said to be saved
        self._unsure: dict[tuple[str, str], list[Any]] = {}  # sent since then, and never heard of: it may have arrived
        self.forms: dict[str, dict[str, Any]] = {}  # by model
        self._cookie = ""
        self._socket: WebSocketClientConnection | None = None
        self._client = AsyncHTTPClient()
        self._count = 0

    # Coming in

    async def come(self) -> None:
        """Scan the code, begin, and note the return code."""
        await self._ask(f"join/{self._join}")
        await self._ask("begin", {"join": self._join})
        page = await self._ask("code")
        card = CARD.search(page.body.decode())
        if not card:
            raise Lost("no return code was shown")
        self.code = " ".join(WORD.findall(card[0]))

    async def come_back(self) -> None:
        """On another device: nothing but the return code."""
        self._cookie = ""
        await self._ask("return", {"join": self._join, "code": self.code})

    async def open(self) -> None:
        """Open the page and learn of its forms; waits while the room is full."""
        end = time.monotonic() + PATIENCE
        while True:
            page = await self._ask("", allowed=(200, 503))
            if page.code == 200:
                break
            if time.monotonic() > end:
                raise Lost("the room stayed full")
            await asyncio.sleep(self.chance.uniform(1, 4))
        kernel = KERNEL.search(page.body.decode())
        if not kernel:
            raise Lost("the page has no kernel")
        await self._connect(kernel[1])

    async def _ask(
        self, path: str, fields: dict[str, str] | None = None, allowed: tuple[int, ...] = ()
    ) -> HTTPResponse:
        parts = urlsplit(self.address)
        headers = {"Cookie": self._cookie, "Origin": f"{parts.scheme}://{parts.netloc}", "Accept-Encoding": "gzip"}
        request = HTTPRequest(
            self.address + path, "POST" if fields is not None else "GET", headers,
            urlencode(fields) if fields is not None else None,
            follow_redirects=False, request_timeout=PATIENCE, connect_timeout=PATIENCE, validate_cert=False,
        )  # fmt: skip
        found = await self._client.fetch(request, raise_error=False)
        self.seen.bytes += len(found.body or b"")
        if found.code not in (200, 302, 303, *allowed):
            raise Lost(f"/{path.partition('/')[0]} answered {found.code}")
        for line in found.headers.get_list("Set-Cookie"):
            cookie = SimpleCookie(line)
            self._cookie = "; ".join(f"{name}={one.value}" for name, one in cookie.items()) or self._cookie
        return found

    async def _connect(self, kernel: str) -> None:
        base = re.sub("^http", "ws", self.address)
        parts = urlsplit(self.address)
        address = f"{base}api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        headers = {"Cookie": self._cookie, "Origin": f"{parts.scheme}://{parts.netloc}"}
        request = HTTPRequest(address, headers=headers, connect_timeout=PATIENCE, validate_cert=False)
        try:
            self._socket = await websocket_connect(request, subprotocols=[PROTOCOL], compression_options={})
        except HTTPClientError as refused:
            raise Lost(f"the websocket answered {refused.code}") from None
        for message in asking_for_all(uuid.uuid4().hex):
            await self._socket.write_message(message, binary=True)
        while True:
            kind, content = await self._hear(PATIENCE)
            data = content.get("data", {})
            if kind == "comm_msg" and data.get("method") == "update_states":
                states = ((model, one["state"]) for model, one in data["states"].items())
                self.forms = {model: state for model, state in states if "sections" in (state.get("spec") or {})}
                return

    async def _hear(self, patience: float) -> tuple[str, dict[str, Any]]:
        if self._socket is None:
            raise Lost("not connected")
        raw = await asyncio.wait_for(self._socket.read_message(), patience)
        if raw is None:
            raise Lost("the connection was closed")
        assert isinstance(raw, bytes)
        self.seen.bytes += len(raw)
        return unpacked(raw)

    # Answering

    @property
    def is_open(self) -> bool:
        """Whether the page is open and connected."""
        return self._socket is not None

    def form(self, title: str = "") -> str:
        """The model of a form: the first that can be finished, or the one of this title."""
        specs = ((model, one["spec"]) for model, one in self.forms.items())
        found = next((model for model, spec in specs if (spec["title"] == title if title else spec["finish"])), None)
        if found is None:
            raise Lost("the page has no such form")
        return found

    def next_item(self, model: str) -> dict[str, Any] | None:
        """The first item that is asked and has no answer; None when the form is full."""
        state = self.forms[model]
        return next((item for item in self.items(model) if item["id"] not in state["state"]["answers"]), None)

    def items(self, model: str) -> list[dict[str, Any]]:
        """All items that are asked and can be answered."""
        state = self.forms[model]
        found = (dict(item) for item in asked(state["spec"], state["state"]["answers"]))
        return [item for item in found if answer(item, random.Random(0)) is not None]

    async def give(self, model: str, item: dict[str, Any]) -> None:
        """Answer an item, as often as it takes until it is acknowledged; raises `Lost`."""
        state, value = self.forms[model], answer(item, self.chance)
        key = state["place"], item["id"]
        self._unsure.setdefault(key, []).append(value)
        began = time.monotonic()
        said = await self._say_until_saved(model, item["id"], value)
        self.seen.saves.append(time.monotonic() - began)
        state["state"]["answers"][item["id"]] = value
        state["state"]["revisions"][item["id"]] = said["revision"]
        self.acknowledged[key] = value
        del self._unsure[key]

    async def _say_until_saved(self, model: str, item: str, value: Any) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            reply = await self.attempt(model, item, value)
            if reply.get("type") == "saved":
                return reply
            if reply.get("type") in ("refused", "conflict"):
                raise AssertionError(f"{item} was answered with {reply['type']}: {json.dumps(reply)[:200]}")
        raise Lost("an answer was not acknowledged")

    async def attempt(self, model: str, item: str, value: Any) -> dict[str, Any]:
        """Answer once, and hear what the form says to it; nothing when it says nothing. Raises `Lost`."""
        if self._socket is None:
            raise Lost("not connected")
        state = self.forms[model]
        self._count += 1
        content = {
            "type": "answer", "place": state["place"], "n": self._count, "item": item, "value": value,
            "seen": state["state"]["revisions"].get(item, 0),
        }  # fmt: skip
        await self._socket.write_message(custom(model, content), binary=True)
        return await self._reply(model, self._count)

    async def _reply(self, model: str, number: int) -> dict[str, Any]:
        end = time.monotonic() + ACKNOWLEDGED
        while (left := end - time.monotonic()) > 0:
            try:
                kind, content = await self._hear(left)
            except TimeoutError:
                return {}
            said = content.get("data", {}).get("content", {})
            if kind == "comm_msg" and content.get("comm_id") == model and said.get("n") == number:
                return dict(said)
        return {}

    # Leaving, and looking

    def drop(self) -> None:
        """Lose the connection without a word, as a phone does."""
        if self._socket is not None and self._socket.protocol is not None:
            self._socket.protocol._abort()
        self._socket = None

    def close(self) -> None:
        """Close the page."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def missing(self) -> dict[tuple[str, str], Any]:
        """What was acknowledged and is not on the page as it is open now; a later answer may stand in its place."""
        there = {
            (state["place"], item): value
            for state in self.forms.values()
            for item, value in state["state"]["answers"].items()
        }
        return {
            key: value
            for key, value in self.acknowledged.items()
            if there.get(key) not in (value, *self._unsure.get(key, ()))
        }

"""A stranger inside the room, with a session of their own: tries at others' kernels, records and codes."""

import asyncio
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from mentorkit.serve.bots.protocol import PROTOCOL, custom, packed
from mentorkit.serve.bots.rooms import OwnRoom
from mentorkit.serve.bots.run import join_of
from mentorkit.serve.bots.visitor import Visitor
from mentorkit.serve.keeper import new_code
from verify import campaign
from verify.campaign import Outcome
from verify.rooms import room

KINDS = (
    "execute_request",
    "complete_request",
    "inspect_request",
    "history_request",
    "is_complete_request",
    "shutdown_request",
    "interrupt_request",
    "debug_request",
    "input_reply",
    "create_subshell_request",
    "comm_close",
    "comm_info_request",
)
FORGED = 10  # forged messages for each try
FLOOD = 500  # page requests
FLOOD_FOR = 10.0  # seconds
SLOW = 1.0  # seconds that 99 of 100 saves take at most meanwhile
HOSTS = ("evil.example", "127.0.0.1", "localhost:1", "[::1]:1", "mentor.evil.example:80")


def play(tries: int, seed: int, worse: str | None = None) -> Outcome:
    """So many tries at others' kernels and codes, ten times as many forged messages, and a flood."""
    AsyncHTTPClient.configure(None, max_clients=FLOOD + 50)
    with room(20, worse) as opened:
        return asyncio.run(_attacked(opened, tries, random.Random(seed)))


async def _attacked(opened: OwnRoom, tries: int, chance: random.Random) -> Outcome:
    found = Outcome(trials=tries)
    AsyncHTTPClient.configure(None, max_clients=FLOOD + 50)
    victim, stranger = [Visitor(*join_of(opened.join_address), seed) for seed in (1, 2)]
    for one in (victim, stranger):
        await one.come()
        await one.open()
    await give(victim)
    await _knock(victim, stranger, tries, found, chance)
    await _speak(stranger, opened, found)
    await _forge(stranger, tries * FORGED, found, chance)
    await asyncio.to_thread(_forged_hosts, opened, found)
    await _flood(victim, stranger, found)
    victim.drop()
    await victim.open()
    if victim.missing():
        found.broken.append("An answer of somebody else is gone after the attack.")
    return found


async def give(one: Visitor) -> float:
    """An answer, and the seconds until it was acknowledged."""
    model = one.form()
    began = time.monotonic()
    await one.give(model, dict(one.chance.choice(one.items(model))))
    return time.monotonic() - began


def kernel_of(one: Visitor) -> str:
    """The kernel behind a visitor's page."""
    assert one._socket is not None
    return str(one._socket.request.url.split("/kernels/")[1].split("/")[0])


async def _knock(victim: Visitor, stranger: Visitor, tries: int, found: Outcome, chance: random.Random) -> None:
    kernel, opened = kernel_of(victim), 0
    doors: tuple[Callable[[], Awaitable[bool]], ...] = (
        lambda: _websocket(stranger, kernel),
        lambda: _asked(stranger, f"api/kernels/{kernel}"),
        lambda: _asked(stranger, f"mentorkit/closed/{kernel}", "POST"),
        lambda: _says_it_runs(stranger, kernel),
        lambda: _code(stranger),
    )
    for _ in range(tries):
        opened += await chance.choice(doors)()
    found.counts["tries at another's kernel or code"] = tries
    if opened:
        found.broken.append(f"{opened} of {tries} doors of another student opened.")


async def _websocket(one: Visitor, kernel: str) -> bool:
    base = one.address.replace("http", "ws", 1)
    headers = {"Cookie": one._cookie, "Origin": one.address.rstrip("/")}
    request = HTTPRequest(f"{base}api/kernels/{kernel}/channels?session_id=x", headers=headers)
    try:
        socket = await websocket_connect(request, subprotocols=[PROTOCOL])
    except HTTPClientError:
        return False
    socket.close()
    return True


async def _asked(one: Visitor, path: str, method: str = "GET") -> bool:
    headers = {"Cookie": one._cookie, "Origin": one.address.rstrip("/")}
    body = "" if method == "POST" else None
    found = await one._client.fetch(HTTPRequest(one.address + path, method, headers, body), raise_error=False)
    return found.code < 400


async def _says_it_runs(one: Visitor, kernel: str) -> bool:
    request = HTTPRequest(f"{one.address}mentorkit/alive?kernel={kernel}", headers={"Cookie": one._cookie})
    return bool(json.loads((await one._client.fetch(request)).body)["kernel"])


async def _code(one: Visitor) -> bool:
    body = urlencode({"join": one._join, "code": new_code()})
    headers = {"Origin": one.address.rstrip("/")}
    request = HTTPRequest(f"{one.address}return", "POST", headers, body, follow_redirects=False)
    return (await one._client.fetch(request, raise_error=False)).code < 400


async def _speak(stranger: Visitor, opened: OwnRoom, found: Outcome) -> None:
    mark = Path(f"/tmp/mentorkit-verify-{random.randrange(10**12)}")
    code = {"code": f"open({str(mark)!r}, 'w').close()", "silent": False, "user_expressions": {}}
    assert stranger._socket is not None
    for channel in (b"shell", b"control", b"stdin"):
        for kind in KINDS:
            raw = packed(kind, {**code, "allow_stdin": False, "comm_id": stranger.form()})
            await stranger._socket.write_message(_on(channel, raw), binary=True)
    await _still_works(stranger)
    found.counts["messages of other types"] = 3 * len(KINDS)
    if mark.exists():
        mark.unlink()
        found.broken.append("Code that a page sent was run.")


def _on(channel: bytes, raw: bytes) -> bytes:
    """The same message on another channel."""
    count = int.from_bytes(raw[:8], "little")
    ends = [int.from_bytes(raw[8 * place : 8 * place + 8], "little") for place in range(1, count + 1)]
    more = len(channel) - (ends[1] - ends[0])
    numbers = (count, ends[0], *(end + more for end in ends[1:]))
    return b"".join([*(number.to_bytes(8, "little") for number in numbers), channel, raw[ends[1] :]])


async def _still_works(one: Visitor) -> None:
    try:
        await give(one)
    except Exception:  # a page that said too much was cut off, or its kernel was shut down: it opens anew
        one.drop()
        await one.open()
        await give(one)


VALUES: tuple[Any, ...] = (99, -1, "<script>", {"a": 1}, ["x"] * 200, "x" * 5000, True, 1.5, [None], "need")


async def _forge(one: Visitor, count: int, found: Outcome, chance: random.Random) -> None:
    model, sent = one.form(), 0
    while sent < count:
        state = one.forms[model]
        items = [item["id"] for item in one.items(model)] + ["no.such.item", "relationship.flags", "__class__"]
        try:
            for _ in range(min(200, count - sent)):
                said = {"type": "answer", "place": state["place"], "n": 10**6 + sent, "seen": 0}
                said |= {"item": chance.choice(items), "value": chance.choice(VALUES)}
                assert one._socket is not None
                await one._socket.write_message(custom(model, said), binary=True)
                sent += 1
            await _still_works(one)
        except Exception:
            one.drop()
            await one.open()
    one.drop()
    await one.open()
    found.counts["forged answers"] = sent
    answers = one.forms[one.form()]["state"]["answers"]
    bad = [item for item, value in answers.items() if not _in_domain(one, item, value)]
    if bad:
        found.broken.append(f"Records outside their domain: {', '.join(bad)}.")


def _in_domain(one: Visitor, item: str, value: Any) -> bool:
    asked = {found["id"]: found for found in one.items(one.form())}.get(item)
    if asked is None or asked["kind"] not in ("rating", "choice"):
        return asked is None or asked["kind"] != "text" or len(value) <= asked["at_most"]
    return any(option["code"] == value and type(option["code"]) is type(value) for option in asked["options"])


def _forged_hosts(opened: OwnRoom, found: Outcome) -> None:
    address = join_of(opened.join_address)[0]
    let_in = 0
    for host in HOSTS:
        request = urllib.request.Request(address, headers={"Host": host})
        try:
            let_in += urllib.request.urlopen(request, timeout=10).status < 400
        except urllib.error.HTTPError:
            continue
    found.counts["forged hosts"] = len(HOSTS)
    if let_in:
        found.broken.append(f"{let_in} of {len(HOSTS)} forged hosts were answered, at {urlsplit(address).netloc}.")


async def _flood(victim: Visitor, stranger: Visitor, found: Outcome) -> None:
    saves: list[float] = []

    async def knock(number: int) -> None:
        await asyncio.sleep(FLOOD_FOR * number / FLOOD)
        await _asked(stranger, "")

    async def work() -> None:
        end = time.monotonic() + FLOOD_FOR
        while time.monotonic() < end:
            saves.append(await give(victim))
            await asyncio.sleep(0.1)

    await asyncio.gather(work(), *(knock(number) for number in range(FLOOD)))
    p99 = sorted(saves)[min(len(saves) - 1, round(0.99 * len(saves)))]
    found.counts["page requests in a flood"] = FLOOD
    found.counts["ms for 99 of 100 saves meanwhile"] = round(1000 * p99)
    if p99 > SLOW:
        found.broken.append(f"While one asked for {FLOOD} pages, saves of another took {p99:.1f} s.")


def _worse(name: str) -> campaign.Build:
    return lambda trials, seed: play(min(trials, 40), seed, name)


WAYS = ("lets anybody at any kernel", "passes every message on", "looks at no Host")
CAMPAIGN = campaign.Campaign(
    "doors",
    "a stranger tries to reach others in the room, and to make a kernel do what no form asks; does anything open?",
    1000,
    play,
    {name: _worse(name) for name in WAYS},
)

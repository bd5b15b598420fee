"""A room as an advisor opens it, and visitors who speak to it as programs would."""

import asyncio
import http.client
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from mentorkit.serve.bots.rooms import OwnRoom
from mentorkit.serve.bots.run import join_of
from mentorkit.serve.bots.visitor import Visitor

SAID = re.compile(r"<[^>]+>")


def visitor(room: OwnRoom, seed: int = 1) -> Visitor:
    """Somebody with the join address."""
    return Visitor(*join_of(room.join_address), seed)


def ask(
    room: OwnRoom, path: str, method: str = "GET", body: dict[str, str] | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of one request below the room's address; underscores in names become dashes."""
    parts = urlsplit(join_of(room.join_address)[0])
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        given |= {"Content-Type": "application/x-www-form-urlencoded"}
        given.setdefault("Origin", f"{parts.scheme}://{parts.netloc}")
    connection.request(method, parts.path + path, urlencode(body) if body is not None else None, given)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text


def advisors_cookie(room: OwnRoom) -> str:
    """What the advisor's browser holds once the address on the terminal was opened."""
    token = room.advisor_address.partition("=")[2]
    return ask(room, f"advisor/?token={token}")[1]["set-cookie"].split(";")[0]


def counts(room: OwnRoom, cookie: str) -> dict[str, Any]:
    """What the advisor's page asks for by itself."""
    return dict(json.loads(ask(room, "advisor/counts", Cookie=cookie)[2]))


def sentence(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(SAID.sub(" ", html).split())


async def until(holds: Callable[[], Awaitable[bool]], patience: float = 30.0) -> None:
    """Wait for a state of another process."""
    end = asyncio.get_running_loop().time() + patience
    while not await holds():
        assert asyncio.get_running_loop().time() < end, "it did not happen"
        await asyncio.sleep(0.05)


async def at_work(room: OwnRoom, seed: int = 1, answers: int = 1) -> Visitor:
    """Somebody who came in, opened the page and answered."""
    one = visitor(room, seed)
    await one.come()
    await one.open()
    for _ in range(answers):
        item = one.next_item(one.form())
        assert item
        await one.give(one.form(), item)
    return one


def kernel_of(one: Visitor) -> str:
    assert one._socket is not None
    return one._socket.request.url.split("/kernels/")[1].split("/")[0]


def runs(room: OwnRoom, one: Visitor, kernel: str) -> bool:
    """What a page is told of a kernel."""
    return bool(json.loads(ask(room, f"mentorkit/alive?kernel={kernel}", Cookie=one._cookie)[2])["kernel"])

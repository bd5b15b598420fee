"""Speak to the app as a program would: plain requests with any headers, and messages on a kernel's websocket."""

import asyncio
import http.client
import json
import re
import uuid
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from serving import Served
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

Result = TypeVar("Result")

PROTOCOL = "v1.kernel.websocket.jupyter.org"


def ask(served: Served, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of one request; `Host` and `Origin` as given. Underscores in names become dashes."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def sign_in(served: Served) -> str:
    """The cookie that the address with the token gives."""
    _, headers, _ = ask(served, served.address.removeprefix(served.base.rstrip("/")))
    return headers["set-cookie"].split(";")[0]


def open_kernel(served: Served, cookie: str) -> str:
    """Load the page once and give the id of its kernel."""
    _, _, html = ask(served, "/", Cookie=cookie)
    found = re.search(r'"kernelId": "([^"]+)"', html)
    assert found, html[:500]
    return found[1]


def message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """A message of the Jupyter protocol."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": "s",
        "date": "",
        "version": "5.3",
    }
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}


def packed(said: dict[str, Any], channel: str = "shell") -> bytes:
    """The message as bytes of the websocket protocol."""
    return serialize_msg_to_ws_v1(said, channel, lambda part: json.dumps(part).encode())


async def connect(served: Served, kernel: str, cookie: str, **headers: str) -> WebSocketClientConnection:
    """The websocket of a kernel."""
    address = f"ws://127.0.0.1:{served.port}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
    given = {"Cookie": cookie, "Origin": served.base.rstrip("/"), **headers}
    return await websocket_connect(HTTPRequest(address, headers=given), subprotocols=[PROTOCOL])


def converse(served: Served, kernel: str, cookie: str, sent: list[bytes]) -> list[dict[str, Any]]:
    """Send these, then a question that is always answered; give all that came back until that answer."""

    async def talk() -> list[dict[str, Any]]:
        socket = await connect(served, kernel, cookie)
        for raw in sent:
            await socket.write_message(raw, binary=True)
        last = message("kernel_info_request", {})
        await socket.write_message(packed(last), binary=True)
        heard: list[dict[str, Any]] = []
        while not heard or heard[-1]["type"] != "kernel_info_reply" or heard[-1]["to"] != last["header"]["msg_id"]:
            raw = await asyncio.wait_for(socket.read_message(), 20)
            assert isinstance(raw, bytes), "the websocket was closed"
            heard.append(_read(raw))
        socket.close()
        return heard

    return run(talk())


def run(talk: Coroutine[Any, Any, Result]) -> Result:
    """Run a conversation in a thread of its own: Playwright may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, talk).result()


def _read(raw: bytes) -> dict[str, Any]:
    channel, parts = deserialize_msg_from_ws_v1(raw)
    header, parent, _, content = (json.loads(part) for part in parts[:4])
    return {"channel": channel, "type": header["msg_type"], "to": parent.get("msg_id"), "content": content}

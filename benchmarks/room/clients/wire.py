"""What all visitors share: requests that keep cookies, a websocket, and the wish to hear of something."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

SAVED = b"Saved (answer"
PATIENCE = 600  # seconds; the crowd gives up earlier
Seen = Callable[[bytes], Any]


class Lost(Exception):
    """The connection ended, or the page was not what a visitor needs; `busy` when it asks to come again."""

    def __init__(self, why: str, busy: bool = False):
        super().__init__(why)
        self.busy = busy


class Browser:
    """Requests and websockets of one visitor, with their cookies."""

    def __init__(self, address: str):
        self.address = address
        self.cookies: dict[str, str] = {}
        self._client = AsyncHTTPClient()

    async def get(self, path: str = "") -> str:
        """A page as text."""
        return (await self._ask(path)).body.decode("utf-8", "replace")

    async def post(self, path: str, body: str, **headers: str) -> str:
        """What came back."""
        return (await self._ask(path, method="POST", body=body, headers=headers)).body.decode("utf-8", "replace")

    async def socket(self, path: str, *protocols: str) -> "Socket":
        """A websocket at the address."""
        address = urljoin(self.address, path).replace("http://", "ws://", 1)
        request = HTTPRequest(address, headers=self._headers(), request_timeout=PATIENCE, connect_timeout=PATIENCE)
        options = {} if protocols and protocols[0] == "bokeh" else {"compression_options": {}}
        connection = await websocket_connect(request, subprotocols=list(protocols) or None, **options)
        connection.protocol.set_nodelay(True)  # as browsers do
        return Socket(connection)

    async def _ask(self, path: str, **given: Any) -> HTTPResponse:
        headers = {**self._headers(), **given.pop("headers", {})}
        given |= {"request_timeout": PATIENCE, "connect_timeout": PATIENCE}
        request = HTTPRequest(urljoin(self.address, path), headers=headers, follow_redirects=False, **given)
        answer = await self._client.fetch(request, raise_error=False)
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.code in (302, 303, 307):
            return await self._ask(answer.headers["Location"])
        if answer.code >= 400:
            raise Lost(f"{answer.code} at {path or self.address}: {answer.body[:200]!r}", busy=answer.code == 503)
        return answer

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        origin = "/".join(self.address.split("/")[:3])
        return {"Origin": origin, **({"Cookie": cookies} if cookies else {})}


class Socket:
    """A websocket that can be asked for the next message in which something is seen."""

    def __init__(self, connection: Any):
        self._connection = connection

    async def send(self, message: str | bytes) -> None:
        """Send text, or bytes as a binary message."""
        await self._connection.write_message(message, binary=isinstance(message, bytes))

    async def hear(self, seen: Seen) -> Any:
        """What `seen` makes of the first message that it makes something of."""
        while (message := await self._connection.read_message()) is not None:
            if found := seen(message if isinstance(message, bytes) else message.encode()):
                return found
        raise Lost("the websocket was closed")

    async def saved(self) -> None:
        """Wait until an answer is acknowledged."""
        await self.hear(lambda message: SAVED in message)

    def close(self) -> None:
        """End it."""
        self._connection.close()


def make_ready(visitors: int) -> None:
    """Let as many requests run at once."""
    AsyncHTTPClient.configure("tornado.simple_httpclient.SimpleAsyncHTTPClient", max_clients=10 * visitors)

"""A small server for the room's pages: it hands out what a test puts there, with the room's own security headers.

    room = ShownRoom(); room.pages[""] = welcome(AROUND); page.goto(room.address)

`room.heard` lists the forms that were sent; `room.counts` is what the advisor's page is told, and None is no answer.
"""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import segno

from mentorkit.serve.guard import POLICY
from mentorkit.serve.room.showing import Around, Joining
from mentorkit.widgets.parts import made

SERVE = Path(__file__).parent.parent / "mentorkit" / "serve"
BASE = "/mentor/"
CODE = "maple river ocean stone pilot gather"
JOIN = "KTR4XW"
AROUND = Around(BASE, False, "http://192.168.1.20:8872/mentor/", "Class of 2030")
SECURE = Around(BASE, True, "https://mentoring.example.edu/mentor/", "Class of 2030")
QR = segno.make(f"{AROUND.address}join/{JOIN}", error="m").svg_inline(omitsize=True, border=2)
JOINING = Joining(AROUND.address, JOIN, QR)
COUNTS: Mapping[str, Any] = {
    "expected": 300,
    "in": 214,
    "here": 198,
    "finished": {"What I need": 120, "My network": 3, "Mentor types": 64, "Reaching out": 0},
    "waiting": 0,
    "saving": {"ok": True, "since": None, "pending": 0, "p50_ms": 3.1, "p99_ms": 12},
    "memory": {"used_mb": 3100, "limit_mb": 8000},
    "answer_ms": 8,
    "full": False,
    "kernels": "forked",
    "apart": True,
    "cohort": "Class of 2030",
    "encrypted": False,
}
PHONE = {"viewport": {"width": 390, "height": 844}}
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
TYPES = {".css": "text/css", ".js": "text/javascript"}


class ShownRoom:
    """The server, on a free port of this computer."""

    def __init__(self) -> None:
        self.pages: dict[str, str | tuple[int, str]] = {}
        self.counts: Any = dict(COUNTS)
        self.alive: dict[str, Any] = {"alive": True, "run": "first", "kernel": True}
        self.heard: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self._server.server_port}{BASE}"

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body of what is asked for."""
        if path == "advisor/counts":
            status = 200 if self.counts is not None else 500
            return status, "application/json", json.dumps(self.counts).encode()
        if path == "mentorkit/alive":
            return 200, "application/json", json.dumps(self.alive).encode()
        for folder, here in (("mentorkit/room/", "room/static"), ("mentorkit/static/", "template/static")):
            if path.startswith(folder):
                file = SERVE / here / path.removeprefix(folder)
                return 200, TYPES[file.suffix], file.read_bytes()
        if path.startswith("mentorkit/widgets/"):
            name = path.removeprefix("mentorkit/widgets/")
            return 200, TYPES[Path(name).suffix], made(name).encode()
        found = self.pages.get(path, (404, "There is nothing at this address."))
        status, html = found if isinstance(found, tuple) else (200, found)
        return status, "text/html; charset=utf-8", html.encode()


def _handler(room: ShownRoom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body = room.answer(self.path.partition("?")[0].removeprefix(BASE))
            host = self.headers["Host"]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "; ".join(POLICY).format(host=host, forms="'self'"))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            room.heard.append((self.path.removeprefix(BASE), form))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler

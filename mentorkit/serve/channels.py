"""The websocket between a page and its kernel: widget messages, and nothing that runs code."""

import json
from itertools import pairwise
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mentorkit.serve.plain import Plain

PROTOCOL = "v1.kernel.websocket.jupyter.org"
ADMITTED = frozenset({"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
OPENS = frozenset({"jupyter.widget.control"})  # how a page asks for the widgets there are; it makes none itself
MOST_PARTS = 64


class Unreadable(ValueError):
    """Bytes that are not a message of the protocol."""


def read_message(raw: bytes | str) -> tuple[str, list[bytes]]:
    """Split a websocket message into its channel and its parts: header, parent, metadata, content, buffers."""
    if isinstance(raw, str):
        raise Unreadable("text")
    count = int.from_bytes(raw[:8], "little")
    if not 6 <= count <= MOST_PARTS:
        raise Unreadable("count")
    ends = [int.from_bytes(raw[8 * i : 8 * i + 8], "little") for i in range(1, count + 1)]
    if ends != sorted(ends) or ends[0] != 8 * (count + 1) or ends[-1] != len(raw):
        raise Unreadable("offsets")
    channel, *parts = [raw[start:end] for start, end in pairwise(ends)]
    return channel.decode("utf-8"), parts


def admitted(channel: str, header: Any, content: Any) -> bool:
    """Whether the kernel may see this message of the page."""
    if channel != "shell" or not isinstance(header, dict) or not isinstance(content, dict):
        return False
    kind = header.get("msg_type")
    return kind in ADMITTED and (kind != "comm_open" or content.get("target_name") in OPENS)


class CommsOnly(ZMQChannelsWebsocketConnection):
    """Hands admitted messages to the kernel's shell, and takes errors out of what comes back."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Check a message of the page, and pass on exactly what was checked."""
        if not self.channels or self.subprotocol != PROTOCOL:
            return
        try:
            channel, parts = read_message(incoming_msg)
            header, content = json.loads(parts[0]), json.loads(parts[3])
        except ValueError:
            self.log.warning("A message that cannot be read was dropped.")
            return
        if not self.admits(channel, header, content):
            self.log.warning("A message that is not for widgets was dropped.")
            return
        checked = [json.dumps(header).encode(), *parts[1:3], json.dumps(content).encode(), *parts[4:]]
        self.session.send_raw(self.channels["shell"], checked)

    def admits(self, channel: str, header: Any, content: Any) -> bool:
        """Whether the kernel may see this message."""
        return admitted(channel, header, content)

    def _on_error(self, channel: str, msg: dict[str, Any], msg_list: list[bytes]) -> None:
        """Send no traceback and no warning to the page. (`allow_tracebacks=False` raises in jupyter_server 2.21.)"""
        kind = self.get_part("header", msg["header"], msg_list)["msg_type"]  # type: ignore[no-untyped-call]
        if channel != "iopub" or kind not in ("error", "stream"):
            return
        content = self.get_part("content", msg["content"], msg_list)  # type: ignore[no-untyped-call]
        if kind == "error":
            content = {"ename": "Error", "evalue": "", "traceback": []}
        elif content.get("name") == "stderr":
            content = {"name": "stderr", "text": ""}
        msg["content"] = content
        msg_list[3] = self.session.pack(content)


class Channels(Plain, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The websocket of one kernel; the page must name the protocol that `read_message` reads."""

    async def open(self, kernel_id: str) -> None:
        """Connect to the kernel.

        What it says goes out at once: held back until the page confirms what came before, as TCP does by itself, each
        answer would wait 0.04 s for its *Saved*.
        """
        self.set_nodelay(True)
        await super().open(kernel_id)

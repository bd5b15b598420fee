"""The websocket of a room's page: what its forms and buttons say, at a rate that a person can reach."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from tornado.ioloop import IOLoop

from mentorkit.serve.channels import Channels, CommsOnly, admitted
from mentorkit.serve.room.limits import Bucket

MOST_AT_ONCE = 600  # messages: all answers of a whole workbook, sent after a lost connection
EACH_SECOND = 40
PING = 5000  # milliseconds between looks whether a page is still there
GREETS_WITHIN = 5.0  # seconds until a kernel is asked whether it is there
SILENT = 12.0  # seconds after which one that does not answer is given up
METHODS = frozenset({"custom", "request_state", "request_states"})  # no trait of any widget is the page's to set
KINDS = frozenset({"comm_open", "comm_msg", "comm_info_request", "kernel_info_request"})


def admitted_in_room(channel: str, header: Any, content: Any) -> bool:
    """Whether a kernel of the room may see this message: no trait is set, and nothing is closed, from outside."""
    if not admitted(channel, header, content) or header["msg_type"] not in KINDS:
        return False
    data = content.get("data")
    return header["msg_type"] != "comm_msg" or (isinstance(data, dict) and data.get("method") in METHODS)


class RoomComms(CommsOnly):
    """Hands on what a page needs to say; a page that says more than a person can is cut off."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._bucket = Bucket(MOST_AT_ONCE, EACH_SECOND)

    def request_kernel_info(self) -> Any:
        """Ask nothing: a kernel of ours is ready when it is announced, and speaks the protocol of this server."""
        if not self._at_once:
            return super().request_kernel_info()  # type: ignore[no-untyped-call]
        self._finish_kernel_info({})  # type: ignore[no-untyped-call]
        return self._kernel_info_future

    def nudge(self) -> "asyncio.Future[None]":
        """Wait until the kernel greets this subscriber. (Jupyter asks it for its name on two sockets of their own.)"""
        return asyncio.ensure_future(self._greeted()) if self._at_once else super().nudge()

    @property
    def _at_once(self) -> bool:
        return bool(self.multi_kernel_manager.kind == "forked")

    async def _greeted(self) -> None:
        greeted, iopub = asyncio.Event(), self.channels["iopub"]
        iopub.on_recv(lambda _: greeted.set())
        try:
            await asyncio.wait_for(greeted.wait(), GREETS_WITHIN)
        except TimeoutError:
            self.log.warning("A kernel greets nobody: is it from before iopub_welcome? Its page is asked for anew.")
            await super().nudge()
        finally:
            if not iopub.closed():
                iopub.stop_on_recv()

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Count it, then check it as on a laptop."""
        self.kernel_manager.last_activity = datetime.now(UTC)
        if self._bucket.take():
            super().handle_incoming_message(incoming_msg)
        else:
            self.websocket_handler.close(1008, "Too many messages.")

    @classmethod
    def hang_up(cls, kernel_id: str) -> None:
        """Close the websockets of a kernel that ends: its pages hear at once that it is gone."""
        for open_ in [one for one in cls._open_sockets if one.kernel_id == kernel_id]:
            open_.websocket_handler.close(1001)

    def admits(self, channel: str, header: Any, content: Any) -> bool:
        """What a page of the room may say."""
        return admitted_in_room(channel, header, content)


class RoomChannels(Channels):
    """The websocket of one kernel, for its owner: `Owners` has judged that."""

    last_ping: float
    last_pong: float
    ping_callback: Any

    def send_ping(self) -> None:
        """Look whether the phone is still there. (Jupyter's own check gives up when a pong is a moment late.)"""
        now = IOLoop.current().time()
        if self.ws_connection is None:
            self.ping_callback.stop()
        elif now - self.last_ping < 2 * PING / 1000 and now - self.last_pong > SILENT:
            self.close()
        else:
            self.ping(b"")
            self.last_ping = now

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """As on a laptop; a page that is gone hears nothing."""
        return super().write_message(message, binary) if self.ws_connection else None

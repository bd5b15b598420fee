"""What a page asks for first, the state of every widget: as JSON that was written before anybody came.

To read ninety widgets trait by trait and write them takes a kernel longer than all else that a visit needs, and gives
the same for each student but for a few fields.
"""

import asyncio
import contextlib
import ctypes
import json
from typing import Any

from comm import get_comm_manager
from ipykernel.kernelbase import Kernel
from ipywidgets.widgets.widget import Widget, _instances
from jupyter_client.jsonutil import json_default

CONTROL = "jupyter.widget.control"
SENT = 1.0  # seconds after which the message is on its way
COMMA, COLON = b", ", b": "


class States:
    """The states of all widgets there are, and which of their traits have changed since."""

    def __init__(self) -> None:
        self._states = {model: _Written(widget) for model, widget in _instances.items()}

    def serve(self) -> None:
        """Answer pages that ask for the states; ipywidgets does it until then."""
        get_comm_manager().register_target(CONTROL, self._opened)

    def _opened(self, comm: Any, _: Any) -> None:
        comm.on_msg(lambda message: self._asked(comm, message["content"]["data"].get("method")))

    def _asked(self, comm: Any, method: object) -> None:
        if method == "request_states":
            kernel: Any = Kernel.instance()
            content, about = self.reply(comm.comm_id), kernel.get_parent()
            kernel.session.send(kernel.iopub_socket, "comm_msg", content, parent=about, ident=comm.topic)
            asyncio.get_running_loop().call_later(SENT, _give_back)

    def reply(self, comm_id: str) -> bytes:
        """The content of the message to this comm."""
        states = (_json(model) + COLON + self._state(model, widget) for model, widget in _instances.items())
        data = b'{"method": "update_states", "buffer_paths": [], "states": {%b}}' % COMMA.join(states)
        return b'{"comm_id": %b, "data": %b}' % (_json(comm_id), data)

    def _state(self, model: str, widget: Widget) -> bytes:
        return (self._states.get(model) or _Written(widget)).now()


def _give_back() -> None:
    """What the message took goes back to the system, half a megabyte in each kernel, where the C library can do it."""
    with contextlib.suppress(AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


class _Written:
    """The state of one widget; what changes is written anew when it is asked for. No widget of ours holds buffers."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._parts = {key: _json(value) for key, value in widget.get_state().items()}
        self._whole = self._joined()
        self._changed: set[str] = set()
        widget.observe(lambda change: self._changed.add(change["name"]), names=list(self._parts))

    def now(self) -> bytes:
        if self._changed:
            fresh = self._widget.get_state(self._changed)
            self._parts.update((key, _json(value)) for key, value in fresh.items())
            self._changed.clear()
            self._whole = self._joined()
        return self._whole

    def _joined(self) -> bytes:
        widget = self._widget
        about = (widget._model_name, widget._model_module, widget._model_module_version)
        names = b'"model_name": %b, "model_module": %b, "model_module_version": %b' % tuple(map(_json, about))
        state = COMMA.join(_json(key) + COLON + value for key, value in self._parts.items())
        return b'{%b, "state": {%b}}' % (names, state)


def _json(value: Any) -> bytes:
    return json.dumps(value, default=json_default, ensure_ascii=False, allow_nan=False).encode()

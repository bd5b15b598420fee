"""What the tests of forked kernels do before the fork (`warm`) and after it (`arrive`)."""

import os
import threading
from pathlib import Path
from typing import Any

import ipywidgets

given: list[Any] = []
made: dict[str, Any] = {}


def heard(change: Any) -> None:
    """The label says who heard the slider."""
    made["label"].value = f"{change.new} in {os.getpid()}"


def warm() -> dict[str, Any]:
    """A slider that is heard by a label, and a button that answers with what the kernel was given."""
    made.update(slider=ipywidgets.IntSlider(), label=ipywidgets.Label("nobody"), button=ipywidgets.Button())
    made["slider"].observe(heard, "value")
    made["button"].on_msg(lambda widget, content, _: widget.send({"asked": content, "pid": os.getpid()}))
    return {"pid": os.getpid(), **{name: widget.model_id for name, widget in made.items()}}


def arrive(what: Any) -> None:
    """Keep what the kernel is given."""
    given.append(what.decode() if isinstance(what, bytes) else what)


def refuse(what: Any) -> None:
    """An arrival that fails, with the secret in its message."""
    raise ValueError(f"no place for {what}")


def start_thread() -> None:
    """What must not be done before a fork."""
    threading.Thread(target=threading.Event().wait, daemon=True, name="busy").start()


def leave_file_open() -> None:
    """The same."""
    made["file"] = Path(__file__).open()  # noqa: SIM115


def large() -> bytes:
    """More than a message can hold."""
    return b"page" * 1_000_000

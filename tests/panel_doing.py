"""Press the buttons of a panel as the page would, without a page."""

from typing import Any


def say(widget: Any, **message: object) -> None:
    widget._heard(None, message, [])


def do(panel: Any, name: str, **values: str) -> str:
    """Press a button of a panel; what it said, or the refusal."""
    replies = []
    panel.send = lambda content, buffers=None: replies.append(content)
    say(panel, type="do", n=1, name=name, values=values)
    return str(replies[0]["said"])

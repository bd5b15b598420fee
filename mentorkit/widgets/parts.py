"""Puts a widget's module and style sheet together from the plain files in `web/`: no build step."""

import re
from importlib.resources import files
from typing import Any, TypeVar

Widget = TypeVar("Widget")


def web(*names: str) -> str:
    """The named files of `web/`, one after the other, as one text."""
    return "\n".join((files(__package__) / "web" / name).read_text("utf-8") for name in names)


def words_in(module: str) -> frozenset[str]:
    """The keys of the catalogue of words that a module uses: only these are sent to the page."""
    return frozenset(re.findall(r"\bwords\.(\w+)", module))


def deaf(widget: type[Widget]) -> type[Widget]:
    """A widget whose traits the page cannot set: it reports by messages, and what it shows comes from Python alone."""

    def set_state(self: Widget, sync_data: dict[str, Any]) -> None:
        """Nothing that the page says about the traits counts."""

    widget.set_state = set_state  # type: ignore[attr-defined]
    return widget

"""Puts a widget's module and style sheet together from the plain files in `web/`: no build step."""

import json
import os
import re
from importlib.resources import files
from typing import Any, TypeVar

from ipywidgets import Layout

Widget = TypeVar("Widget")

MADE_OF = {
    "form.js": (
        "elements.js", "answers.js", "outbox.js", "undo.js", "days.js", "dates.js", "fields.js", "lists.js",
        "groups.js", "notices.js", "progress.js", "sections.js", "form.js", "view.js",
    ),
    "panel.js": ("elements.js", "panel.js"),
    "picker.js": ("elements.js", "lists.js", "picker.js"),
    "form.css": ("tokens.css", "form.css"),
    "panel.css": ("tokens.css", "panel.css", "paper.css"),
    "widgets.css": ("tokens.css", "panel.css", "paper.css", "form.css"),  # all of them, for a page that links one
}  # fmt: skip

SERVED = "MENTORKIT_WIDGETS"  # the app tells its kernels by it where, seen from the page, it serves what is made here

# Two lines at least: anywidget takes a single line that ends like a file's name for one.
LOADER = """\
const { default: widget } = await import(new URL(%s, document.baseURI));
export default widget;
"""


def made(name: str) -> str:
    """A module or a style sheet of `MADE_OF` as one text. Raises KeyError."""
    return "\n".join((files(__package__) / "web" / part).read_text("utf-8") for part in MADE_OF[name])


def module(name: str) -> str:
    """What a widget sends as its module: all of it, or in the app only where the page finds it, once for all."""
    folder = os.environ.get(SERVED)
    return LOADER % json.dumps(folder + name) if folder else made(name)


def style(name: str) -> str:
    """What a widget sends as its style sheet: nothing in the app, whose page links one for all widgets."""
    return "" if os.environ.get(SERVED) else made(name)


def words_in(script: str) -> frozenset[str]:
    """The keys of the catalogue of words that a script uses: only these are sent to the page."""
    return frozenset(re.findall(r"\bwords\.(\w+)", script))


_layouts: list[Layout] = []  # at most one


def layout() -> Layout:
    """The layout of every widget of ours: each would have one of its own, with forty fields that say nothing."""
    if not _layouts or _layouts[0].comm is None:  # None: it was closed with all others
        _layouts[:] = [Layout()]
    return _layouts[0]


def deaf(widget: type[Widget]) -> type[Widget]:
    """A widget whose traits the page cannot set: it reports by messages, and what it shows comes from Python alone."""

    def set_state(self: Widget, sync_data: dict[str, Any]) -> None:
        """Nothing that the page says about the traits counts."""

    widget.set_state = set_state  # type: ignore[attr-defined]
    return widget

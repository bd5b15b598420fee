"""A result on the page: HTML drawn by `reports`, redrawn a moment after the workbook changes."""

import asyncio
from collections.abc import Callable

import anywidget
import traitlets

from mentorkit.errors import MentorkitError
from mentorkit.reports.html import Html, notice
from mentorkit.widgets.parts import deaf, web
from mentorkit.workbook import Workbook

PAUSE = 0.25  # seconds after the last answer: acknowledging answers comes before drawing


@deaf
class Panel(anywidget.AnyWidget):
    """Shows what `draw` returns, and shows it again when the workbook has changed."""

    _esm = web("elements.js", "panel.js")
    _css = web("tokens.css", "panel.css")
    html = traitlets.Unicode().tag(sync=True)

    def __init__(self, draw: Callable[[], Html], workbook: Workbook | None = None) -> None:
        super().__init__()
        self._draw = draw
        self._due: asyncio.TimerHandle | None = None
        self.draw()
        if workbook:
            workbook.on_change(self._later)

    def draw(self) -> None:
        """Draw now."""
        self._due = None
        try:
            self.html = self._draw()
        except MentorkitError as refusal:
            self.html = notice(str(refusal), alarm=True)

    def _later(self) -> None:
        if self.comm is None:  # closed: nobody looks at it
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel behind us
            self.draw()
            return
        if self._due:
            self._due.cancel()
        self._due = loop.call_later(PAUSE, self.draw)

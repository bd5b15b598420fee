"""A result on the page: HTML drawn by `reports`, redrawn a moment after the workbook changes; its buttons do deeds."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anywidget
import traitlets

from mentorkit.errors import BadFile, MentorkitError
from mentorkit.reports.html import Html, notice
from mentorkit.widgets.parts import deaf, layout, made, module, style, words_in
from mentorkit.workbook import Workbook

PAUSE = 0.25  # seconds after the last answer: acknowledging answers comes before drawing
MOST_VIEWS = 100  # of one result
LARGEST = 20_000_000  # characters of a file that the page hands over, in pieces

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class File:
    """A file for the student to keep: the browser saves it under this name."""

    name: str
    media: str
    data: bytes


@dataclass(frozen=True)
class Said:
    """A sentence beside the button; `forget` also clears what the browser kept of unsaved answers."""

    sentence: str
    forget: bool = False


Reply = None | str | Said | File
Deed = Callable[[dict[str, str]], Reply]
"""What a button does: given the values of the named fields around it (and `of`, what it is about), it returns nothing,
a sentence or a file. What it refuses (`MentorkitError`) is shown beside it, and nothing that was typed is lost."""


@deaf
class Panel(anywidget.AnyWidget):
    """Shows what `draw` returns, and shows it again when the workbook has changed: at once where it can be seen, else
    when its page is opened.

    A button with `data-do="name"` in the HTML calls `does["name"]`. Fields with a name inside the nearest element with
    `data-ask` are its values, a chosen file (`input type=file`) among them as its text. `data-copy` copies the text
    of the `data-words` nearest to it, `data-print` prints the nearest `data-sheet` alone: these need no Python.
    """

    _esm = module("panel.js")
    _css = style("panel.css")
    _words = words_in(made("panel.js"))
    html = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        draw: Callable[[], Html],
        workbook: Workbook | None = None,
        does: Mapping[str, Deed] | None = None,
    ) -> None:
        super().__init__(layout=layout())
        self._draw = draw
        self._does = does or {}
        self._pieces: list[str] = []  # of a file that is being handed over,
        self._pieces_of = 0  # and for which press of a button
        self._sentences: Mapping[str, str] = workbook.content.words if workbook else {}
        if workbook:
            self.words = {key: workbook.content.words[key] for key in self._words}
        self._due: asyncio.TimerHandle | None = None
        self._views: set[int] = set()  # that are on an open page
        self._stale = False  # the workbook has changed while there was none
        self.draw()
        self.on_msg(self._heard)
        if workbook:
            workbook.on_change(self._later)

    def draw(self) -> None:
        """Draw now."""
        self._due, self._stale = None, False
        try:
            self.html = self._draw()
        except MentorkitError as refusal:
            self.html = notice(str(refusal), alarm=True)

    def _later(self) -> None:
        if self._stale or self.comm is None:  # it is drawn when its page is opened; or closed: nobody looks at it
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel behind us
            self.draw()
            return
        if not self._views:
            self._stale = True
            return
        if self._due:
            self._due.cancel()
        self._due = loop.call_later(PAUSE, self.draw)

    # Hearing the page

    def _heard(self, _: object, content: object, __: object) -> None:
        match content:
            case {"type": "shown", "view": int(view), "shown": bool(shown)}:
                self._shown_in(view, shown)
            case {"type": "piece", "n": int(n), "text": str(text)}:
                self._handed(n, text)
            case {"type": "do", "n": int(n), "name": str(name), "values": dict(values)} if name in self._does:
                self._reply(n, self._done(n, name, values))

    def _shown_in(self, view: int, shown: bool) -> None:
        if not shown:
            self._views.discard(view)
        elif len(self._views) < MOST_VIEWS:
            self._views.add(view)
        if self._stale and self._views:
            self.draw()

    def _handed(self, n: int, piece: str) -> None:
        if n != self._pieces_of:
            self._pieces_of, self._pieces = n, []
        if sum(map(len, self._pieces)) <= LARGEST:  # what is larger is refused when all of it is there
            self._pieces.append(piece)

    def _done(self, n: int, name: str, values: dict[Any, Any]) -> Reply | MentorkitError:
        given = {str(key): value for key, value in values.items() if isinstance(value, str)}
        if n == self._pieces_of:
            given["file"] = "".join(self._pieces)
            self._pieces, self._pieces_of = [], 0
        words = self._sentences
        try:
            if len(given.get("file", "")) > LARGEST:
                raise BadFile(words["file_too_large"])
            return self._does[name](given)
        except MentorkitError as refusal:
            return refusal
        except Exception as failure:
            log.exception("A button did not do what it says.")
            return MentorkitError(words["deed_failed"] if words else str(failure))

    def _reply(self, n: int, reply: Reply | MentorkitError) -> None:
        match reply:
            case File(name=name, media=media, data=data):
                self.send({"type": "file", "n": n, "name": name, "media": media}, [data])
            case Said(sentence=sentence, forget=forget):
                self.send({"type": "done", "n": n, "said": sentence, "forget": forget})
            case MentorkitError():
                self.send({"type": "refused", "n": n, "said": str(reply)})
            case _:
                self.send({"type": "done", "n": n, "said": reply or "", "forget": False})

"""A worksheet as a form. The widget shows and reports; the workbook validates, saves and seals."""

import hashlib
import logging
from datetime import datetime
from typing import Any

import anywidget
import traitlets

from mentorkit.errors import BadAnswer, Conflict, MentorkitError, NotReady, Unknown
from mentorkit.widgets.parts import web
from mentorkit.workbook import Workbook

log = logging.getLogger(__name__)

Message = dict[str, Any]


class Form(anywidget.AnyWidget):  # type: ignore[misc]
    """The form of one worksheet for one mentor or none; a form of some `sections` only has nothing to finish.

    What the page may send: `answer` (n, item, value, seen), `finish`, `hello`. All else is ignored. What it is told:
    `saved`, `refused`, `unsaved`, `conflict`, `elsewhere`, `sealed`, `told`. An answer is acknowledged by `saved` only
    after the store has it on disk.
    """

    _esm = web("elements.js", "outbox.js", "fields.js", "form.js")
    _css = web("tokens.css", "form.css")
    spec = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(
        self, workbook: Workbook, worksheet: str, mentor: str | None = None, sections: tuple[str, ...] = ()
    ) -> None:
        super().__init__()
        self._workbook = workbook
        self._worksheet = worksheet
        self._mentor = mentor
        self._sections = sections
        self._known: dict[str, int] = {}
        self._answering = False
        self.show(mentor)
        self.on_msg(self._heard)
        workbook.on_change(self._tell_elsewhere)

    def show(self, mentor: str | None = None) -> None:
        """Show the worksheet anew, in the current term and for this mentor."""
        self._mentor = mentor
        self._term = self._workbook.term
        self._known = dict(self._draft().revisions)
        self.state = self._state()
        self.spec = self._spec()

    def _draft(self) -> Any:
        return self._workbook.draft(self._worksheet, mentor=self._mentor)

    def _spec(self) -> Message:
        sheet = self._workbook.worksheet(self._worksheet)
        sections = [s for s in sheet.sections if not self._sections or s.id in self._sections]
        return {
            "title": sheet.title,
            "paged": sheet.paged,
            "finish": not self._sections,
            "sections": [section.model_dump(mode="json") for section in sections],
            "words": dict(self._workbook.content.words),
            "place": self._place(),
        }

    def _place(self) -> str:
        """Where the page keeps what is not yet saved: apart for each home, worksheet, term and mentor."""
        parts = (str(self._workbook.home.path), self._worksheet, self._term, self._mentor or "", *self._sections)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

    def _state(self) -> Message:
        draft = self._draft()
        every = () if self._sections else self._workbook.sealed(self._worksheet, mentor=self._mentor)
        cards = [card for card in every if card.term == self._workbook.term]
        return {
            "answers": dict(draft.answers),
            "revisions": dict(draft.revisions),
            "saved_at": _iso(draft.saved_at),
            "sealed_at": _iso(cards[-1].sealed_at) if cards else None,
            "unchanged": bool(cards) and self._workbook.is_sealed(self._worksheet, mentor=self._mentor),
        }

    def _heard(self, _: object, content: object, __: object) -> None:
        match content:
            case {"type": "answer", "n": int(n), "item": str(item), "value": value, "seen": int(seen)}:
                self.send({**self._answered(item, value, seen), "n": n, "item": item})
                self._tell_elsewhere()
            case {"type": "finish"}:
                self._finish()
            case {"type": "hello", "revisions": dict(shown)}:
                self._known = {str(item): seen for item, seen in shown.items() if isinstance(seen, int)}
                self._tell_elsewhere()

    def _answered(self, item: str, value: object, seen: int) -> Message:
        self._answering = True
        try:
            self._stay_in_term()
            looked_at = max(seen, self._known.get(item, 0))
            revision = self._workbook.answer(self._worksheet, item, value, mentor=self._mentor, seen=looked_at)
        except Conflict as conflict:
            there = self._draft().revisions.get(item, 0)
            return {"type": "conflict", "theirs": conflict.theirs, "revision": there, "message": str(conflict)}
        except (BadAnswer, Unknown) as refusal:
            return {"type": "refused", "message": str(refusal)}
        except MentorkitError as failure:
            log.warning("an answer was not saved", exc_info=True)
            return {"type": "unsaved", "message": str(failure)}
        finally:
            self._answering = False
        self._known[item] = self._draft().revisions.get(item, revision)
        return {"type": "saved", "revision": self._known[item], "at": _iso(self._draft().saved_at)}

    def _stay_in_term(self) -> None:
        if self._term != self._workbook.term:
            raise NotReady("The term changed. Reload the page to go on in the new one.")

    def _finish(self) -> None:
        try:
            self._stay_in_term()
            card = self._workbook.seal(self._worksheet, mentor=self._mentor)
            self.send({"type": "sealed", "at": _iso(card.sealed_at)})
        except MentorkitError as failure:
            self.send({"type": "told", "message": str(failure)})

    def _tell_elsewhere(self) -> None:
        """Show answers that another tab saved, where this page is not in the middle of answering."""
        if self._answering or self._term != self._workbook.term:
            return
        draft = self._draft()
        for item, revision in draft.revisions.items():
            if revision > self._known.get(item, 0):
                self._known[item] = revision
                self.send({"type": "elsewhere", "item": item, "value": draft.answers.get(item), "revision": revision})


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None

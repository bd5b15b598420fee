"""A worksheet as a form. The widget shows and reports; the workbook validates, saves and seals."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import anywidget
import traitlets

from mentorkit.errors import BadAnswer, Conflict, MentorkitError, NotReady, Unknown
from mentorkit.scorecard import Draft
from mentorkit.widgets.parts import deaf, layout, made, module, style, words_in
from mentorkit.workbook import Workbook
from mentorkit.worksheet import Group, Item, Section, Value, is_empty

log = logging.getLogger(__name__)

Message = dict[str, Any]


@deaf
class Form(anywidget.AnyWidget):
    """The form of one worksheet for one mentor or none; a form of some `sections` only has nothing to finish.

    What the page may send: `answer` (n, item, value, seen), `finish`, `hello`, each with the `place` it is about. All
    else is ignored. What it is told: `saved`, `refused`, `unsaved`, `conflict`, `elsewhere`, `standing`, `sealed`,
    `told`. An answer is acknowledged by `saved` only after the store has it on disk; `seen` is the revision that the
    page was looking at, so that an answer given elsewhere in the meantime is never overwritten.
    """

    _esm = module("form.js")
    _css = style("form.css")
    _words = words_in(made("form.js"))
    spec = traitlets.Dict().tag(sync=True)
    place = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(
        self, workbook: Workbook, worksheet: str, mentor: str | None = None, sections: tuple[str, ...] = ()
    ) -> None:
        super().__init__(layout=layout())
        self._workbook = workbook
        self._worksheet = worksheet
        self._parts = sections
        self._answering = False
        self._drawn_for: object = None
        self.show(mentor)
        self.on_msg(self._heard)
        workbook.on_change(self._look_again, moves=True)

    def show(self, mentor: str | None = None) -> None:
        """Show the worksheet anew, in the current term and for this mentor."""
        self._mentor = mentor
        self._standing_sheet = self._workbook.content.worksheet(self._worksheet).standing
        self._term = self._workbook.term
        self._told = dict(self._draft().revisions)  # what the page knows of each item
        with self.hold_sync():
            self.place = self._place()
            self.state = self._state()
            if self._drawn_for != self._circumstances():
                self.spec = self._spec()
        self._drawn_for = self._circumstances()

    def _circumstances(self) -> object:
        """What it is drawn for besides its answers: the mentors who can be chosen, whether there is an earlier term."""
        return self._workbook.worksheet(self._worksheet), self._has_earlier

    def _draft(self) -> Draft:
        return self._workbook.draft(self._worksheet, mentor=self._mentor)

    def _sections(self) -> list[Section]:
        sheet = self._workbook.worksheet(self._worksheet)
        found = [section for section in sheet.sections if not self._parts or section.id in self._parts]
        return found if self._has_earlier else [section.for_the_first_time() for section in found]

    @property
    def _has_earlier(self) -> bool:
        """Whether there is a finished worksheet of another term to compare with."""
        sealed = self._workbook.sealed(self._worksheet, mentor=self._mentor) if self._finishes else ()
        return any(card.term != self._term for card in sealed)

    def _item(self, item_id: str) -> Item | None:
        return next((item for section in self._sections() for item in section.items if item.id == item_id), None)

    def _spec(self) -> Message:
        sheet, words = self._workbook.content.worksheet(self._worksheet), self._workbook.content.words
        sections = self._sections()
        return {
            "title": sections[0].title if self._parts else sheet.title,
            "paged": sheet.paged and len(sections) > 1,
            "finish": self._finishes,
            "sections": [section.model_dump(mode="json") for section in sections],
            "words": {key: words[key] for key in self._words},
        }

    @property
    def _finishes(self) -> bool:
        return not self._parts and not self._standing_sheet

    def _place(self) -> str:
        """What an answer of the page is about, and where it is kept meanwhile: a home, worksheet, term and mentor."""
        term = "" if self._standing_sheet else self._term
        parts = (self._workbook.place, self._worksheet, term, self._mentor or "", *self._parts)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

    @property
    def _is_another(self) -> bool:
        """Whether it should by now show the answers of another term, or of another student."""
        return self._term != self._workbook.term or self.place != self._place()

    def _state(self) -> Message:
        draft, earlier = self._draft(), self._has_earlier
        return {"answers": dict(draft), "revisions": dict(draft.revisions), "earlier": earlier, **self._standing()}

    def _standing(self) -> Message:
        sealed = self._workbook.sealed(self._worksheet, mentor=self._mentor) if self._finishes else ()
        card = next((card for card in sealed if card.term == self._term), None)
        return {
            "saved_at": _iso(self._draft().saved_at),
            "sealed_at": _iso(card.sealed_at) if card else None,
            "unchanged": bool(card) and self._workbook.is_sealed(self._worksheet, mentor=self._mentor),
        }

    # Hearing the page

    def _heard(self, _: object, content: object, __: object) -> None:
        if not isinstance(content, dict) or content.get("place") != self._place():
            return  # also what was sent about the mentor or term shown before: the page keeps it for then
        match content:
            case {"type": "answer", "n": int(n), "item": str(item), "value": value, "seen": int(seen)}:
                if found := self._item(item):
                    self.send({**self._answered(found, value, seen), "n": n, "item": item})
                    self._look_again()
            case {"type": "finish"} if self._finishes:
                self.send(self._finished())
            case {"type": "hello", "revisions": dict(shown)}:
                self._told = {item: shown[item] for item in self._draft().revisions if isinstance(shown.get(item), int)}
                self.send({"type": "standing", **self._standing()})
                self._look_again()

    def _answered(self, item: Item, value: object, seen: int) -> Message:
        self._answering = True
        try:
            self._stay_in_term()
            self._workbook.answer(self._worksheet, item.id, value, mentor=self._mentor, seen=seen)
        except Conflict as conflict:
            return {"type": "conflict", "theirs": conflict.theirs, **self._now_told(item.id)}
        except (BadAnswer, Unknown) as refusal:
            return {"type": "refused", "message": str(refusal), "at": _faulty_part(item, value)}
        except Exception as failure:
            return {"type": "unsaved", "message": self._sentence(failure)}
        finally:
            self._answering = False
        return {"type": "saved", **self._now_told(item.id)}

    def _now_told(self, item: str) -> Message:
        draft = self._draft()
        self._told[item] = draft.revisions.get(item, 0)
        return {"revision": self._told[item], "at": _iso(draft.saved_at)}

    def _finished(self) -> Message:
        try:
            self._stay_in_term()
            card = self._workbook.seal(self._worksheet, mentor=self._mentor)
        except Exception as failure:
            return {"type": "told", "message": self._sentence(failure)}
        return {"type": "sealed", "at": _iso(card.sealed_at)}

    def _sentence(self, failure: Exception) -> str:
        """What the student reads; the log has the cause."""
        log.warning("a worksheet was not saved or finished", exc_info=failure)
        return str(failure) if isinstance(failure, MentorkitError) else self._workbook.content.words["failed"]

    def _stay_in_term(self) -> None:
        if self._term != self._workbook.term and not self._standing_sheet:
            raise NotReady("The term changed. Reload the page to go on in the new one.")

    # Telling the page

    def _look_again(self) -> None:
        """Show what another tab saved, and the term or the mentors that another page chose."""
        if self._answering or self.comm is None:  # None: this form was closed
            return
        if self._is_another or self._drawn_for != self._circumstances():
            self.show(self._mentor)
        draft = self._draft()
        for item, revision in draft.revisions.items():
            if revision > self._told.get(item, 0):
                value = draft.answers.get(item)
                self.send({"type": "elsewhere", "item": item, "value": value, **self._now_told(item)})


def _faulty_part(item: Item, value: Value) -> tuple[int, str] | None:
    """Which field of a group is refused: the entry's place among those with anything in them, and the part's id."""
    if not isinstance(item, Group) or not isinstance(value, list):
        return None
    filled = [entry for entry in value if isinstance(entry, Mapping) and not all(map(is_empty, entry.values()))]
    for place, entry in enumerate(filled):
        for part in item.items:
            try:
                item.check([{part.id: entry[part.id]}] if part.id in entry else [])
            except BadAnswer:
                return place, part.id
    return None


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None

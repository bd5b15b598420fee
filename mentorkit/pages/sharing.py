"""The end of 06 and 07: sharing scores with the program. Nothing goes out that was not looked at first."""

import os

from mentorkit import consent
from mentorkit.consent import Handed
from mentorkit.errors import NotReady
from mentorkit.pages.desk import panel, workbook
from mentorkit.reports.html import Html, join, tag
from mentorkit.reports.share import Asked, Given, offer, preview, shared
from mentorkit.sharing import Share, Withdrawal, as_text, file_name, terms_to_share
from mentorkit.widgets.panel import File, Panel, Reply
from mentorkit.workbook import Workbook

JSON = "application/json"


def share_scores() -> Panel:
    """The offer, the preview, and what was shared so far."""
    return Sharing(workbook()).panel


class Sharing:
    """The offer and the preview on one page. What was looked at is held here until it is handed in or left."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._looked_at: Share | None = None
        deeds = {"look": self._look, "agree": self._agree, "leave": self._leave, "back": self._back}
        self.panel = panel(self._draw, deeds)

    def _draw(self) -> Html:
        book, content = self._book, self._book.content
        terms = terms_to_share(book)
        given = [given_of(book, term, handed) for term, handed in reversed(consent.handed_in(book).items())]
        if self._looked_at and not consent.holds(book, self._looked_at):
            self._looked_at = None
        return tag(
            "div",
            tag("p", tag("strong", content.words["share_off"])),
            join(
                offer(content, self._asked(terms)) if terms else tag("p", content.words["share_none_yet"]),
                preview(content, self._looked_at) if self._looked_at else None,
                shared(content, given) if given else None,
            ),
            data_answers="look leave",
        )

    def _asked(self, terms: list[str]) -> Asked:
        book, looked_at = self._book, self._looked_at
        if looked_at:
            return Asked(terms, looked_at.term, looked_at.class_year, looked_at.student is not None)
        term = consent.term_at_hand(book)
        handed = consent.handed_in(book).get(term)
        return Asked(terms, term, handed.class_year if handed else None, consent.linked(book) is not None)

    def _look(self, values: dict[str, str]) -> Reply:
        book = self._book
        book.refresh()
        term = values.get("term") or consent.term_at_hand(book)
        self._looked_at = consent.draw_up(book, term, values.get("year") or None, link="link" in values)
        self.panel.draw()
        return None

    def _agree(self, _: dict[str, str]) -> Reply:
        book, share = self._book, self._looked_at
        if share is None:
            raise NotReady(book.content.words["share_look_first"])
        consent.hand_in(book, share)
        self._looked_at = None
        self.panel.draw()
        if consent.room_of(book):
            return book.content.words["share_done"]
        return _file(share, share.term)

    def _leave(self, _: dict[str, str]) -> Reply:
        self._looked_at = None
        self.panel.draw()
        return self._book.content.words["share_left"]

    def _back(self, values: dict[str, str]) -> Reply:
        words, term = self._book.content.words, values.get("of", "")
        withdrawal = consent.take_back(self._book, term)
        self.panel.draw()
        if withdrawal is None:
            return words["share_back_done"]
        return _file(withdrawal, term)


def given_of(book: Workbook, term: str, handed: Handed) -> Given:
    """What was shared of a term, as it is said to the student."""
    if handed.taken_back:
        return Given(term, "back", bool(handed.earlier))
    if consent.lies_here(book, handed):
        return Given(term, "room", handed.file)
    return Given(term, "file" if handed.file else "elsewhere", True)


def _file(handed: Share | Withdrawal, term: str) -> File:
    sample = "sample-" if os.environ.get("MENTORKIT_SAMPLE") else ""
    return File(sample + file_name(handed, term), JSON, as_text(handed).encode())

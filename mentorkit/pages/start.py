"""00: What is this, who sees it, where was I?"""

import os
from dataclasses import dataclass
from typing import Any

from ipywidgets import DOMWidget

from mentorkit.pages.desk import panel, shown, texts, workbook
from mentorkit.reports.html import Html, and_, join, tag
from mentorkit.widgets.picker import Picker
from mentorkit.workbook import Workbook


@dataclass(frozen=True)
class Step:
    """One page, and how far the student is with it in this term."""

    page: str  # the page's place in the app: goals, mentor-types …
    title: str
    state: str  # in words
    done: bool


@shown
def where_i_am() -> DOMWidget:
    """The pages with their state in this term, the next step and why, and when something was last saved."""
    return panel(_where_i_am)


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("00_start_here")


@shown
def term() -> DOMWidget:
    """The term worked on, to be changed when a new one begins."""
    return Picker(_terms, _choose_term)


def _choose_term(term: str) -> None:
    workbook().term = term


def _terms() -> dict[str, Any]:
    book = workbook()
    calendar = book.content.calendar
    offered = [*book.terms, calendar.after(book.terms[-1])][-4:]
    options = [{"code": term, "label": calendar.name(term), "help": ""} for term in offered]
    return {"title": book.content.words["term_choose"], "options": options, "chosen": book.term, "adding": None}


def _where_i_am() -> Html:
    book = workbook()
    words, found = book.content.words, steps(book)
    next_ = next((step for step in found if not step.done), None)
    rows = [_row(step, step is next_) for step in found]
    term = tag("strong", f"{book.content.calendar.name(book.term)}.")
    said = words["next_is"].format(title=next_.title) if next_ else words["all_done"]
    return join(tag("p", term, " ", said), tag("ol", rows, class_="mk-list"), _last_saved(book))


def _row(step: Step, is_next: bool) -> Html:
    in_app = "VOILA_KERNEL_ID" in os.environ  # in JupyterLab a page is another notebook: it is named, not linked
    name = tag("a", step.title, href=f"#{step.page}") if in_app else tag("span", step.title)
    return tag("li", name, tag("span", step.state, class_="mk-state"), class_="mk-next" if is_next else None)


def _last_saved(book: Workbook) -> Html:
    words = book.content.words
    if not book.records:
        return tag("p", words["first_visit"])
    when = max(record.at for record in book.records).astimezone()
    return tag(
        "p",
        words["last_saved"].format(when=f"{when:%B} {when.day}, {when.year}, {when:%H:%M}"),
        " ",
        words["kept_in"].format(folder=book.home.path),
    )


def steps(book: Workbook) -> list[Step]:
    """The pages in the order that makes sense, each with its state in this term."""
    words = book.content.words
    chosen = bool(book.answers("mentor_types").get("chosen.types"))
    return [
        _sheet_step(book, "goals", "needs"),
        Step("mentor-types", words["page_types"], words["done"] if chosen else words["open"], chosen),
        _reassess_step(book),
        _changed_step(book),
    ]


def _sheet_step(book: Workbook, page: str, worksheet: str) -> Step:
    words, sheet, draft = book.content.words, book.worksheet(worksheet), book.draft(worksheet)
    sealed = book.is_sealed(worksheet)
    answered = len(draft) and words["answered"].format(answered=_answered(sheet, draft), total=_asked(sheet, draft))
    return Step(page, sheet.title, words["done"] if sealed else answered or words["open"], sealed)


def _asked(sheet: Any, draft: Any) -> int:
    return sum(not item.optional for item in sheet.asked(draft))


def _answered(sheet: Any, draft: Any) -> int:
    return _asked(sheet, draft) - len(sheet.missing(draft))


def _reassess_step(book: Workbook) -> Step:
    words = book.content.words
    present = [mentor for mentor in book.mentors if not mentor.left]
    due = [mentor.name for mentor in present if not book.is_sealed("relationship", mentor=mentor.id)]
    state = words["due"].format(mentors=and_(due)) if due else words["done"] if present else words["when_mentor"]
    return Step("reassess", words["page_reassess"], state, done=not due)


def _changed_step(book: Workbook) -> Step:
    words = book.content.words
    ready = len(book.sealed("needs")) > 1 or any(
        len(book.sealed("relationship", mentor=m.id)) > 1 for m in book.mentors
    )
    return Step("what-changed", words["page_changed"], words["ready"] if ready else words["next_semester"], done=True)

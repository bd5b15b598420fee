"""01: What do I need from mentoring now?"""

from collections.abc import Callable

from ipywidgets import DOMWidget

from mentorkit.content import Content
from mentorkit.pages.desk import panel, shown, texts, workbook
from mentorkit.pages.paper import made_in_term, take_along
from mentorkit.reports.html import Html, join
from mentorkit.reports.needs import area_names, needs_picture, needs_summary
from mentorkit.reports.network import ways_to_look
from mentorkit.reports.paper import Sheet
from mentorkit.reports.sheets import needs_sheet, needs_to_show
from mentorkit.scoring import NeedsScores
from mentorkit.widgets.form import Form
from mentorkit.workbook import Workbook
from mentorkit.worksheet import Answers


@shown
def form() -> DOMWidget:
    """The needs worksheet."""
    return Form(workbook(), "needs")


@shown
def picture() -> DOMWidget:
    """Need beside support, area by area, as far as it is answered."""
    return panel(_picture)


@shown
def next_steps() -> DOMWidget:
    """The areas that matter most with a step for this week, and the goals."""
    return panel(_next_steps)


@shown
def sheet() -> DOMWidget:
    """The needs, on paper, for the student."""
    return take_along(lambda: _sheet(needs_sheet), "summary_empty")


@shown
def sheet_to_show() -> DOMWidget:
    """What a mentor may see of it."""
    return take_along(lambda: _sheet(needs_to_show), "summary_empty")


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("01_goals")


def goals(book: Workbook) -> list[str]:
    """The goals that count now, in the student's words."""
    return [text for one in book.goals if (text := str(one.get("goal", "")).strip())]


def names() -> dict[str, str]:
    """The areas' names in the term whose needs count now."""
    book = workbook()
    return area_names(book.content, book.answers("needs", term=book.needs_term()))


def _picture() -> Html:
    return _drawn(needs_picture)


def _next_steps() -> Html:
    return join(_drawn(needs_summary), ways_to_look(workbook().content, "01_goals"))


def _drawn(draw: Callable[[Content, NeedsScores, Answers], Html]) -> Html:
    return draw(workbook().content, _scores(), workbook().answers("needs"))


def _scores() -> NeedsScores:
    scores = workbook().scores("needs")
    assert isinstance(scores, NeedsScores)
    return scores


def _sheet(draw: Callable[[Content, NeedsScores, Answers, str], Sheet | None]) -> Sheet | None:
    book = workbook()
    return draw(book.content, _scores(), book.answers("needs"), made_in_term())

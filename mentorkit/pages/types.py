"""03: Which kinds of mentor would fit?"""

from ipywidgets import DOMWidget

from mentorkit.pages.desk import panel, shown, texts, workbook
from mentorkit.pages.goals import names
from mentorkit.pages.paper import made_in_term, take_along
from mentorkit.reports.html import Html, join
from mentorkit.reports.network import ways_to_look
from mentorkit.reports.paper import Sheet
from mentorkit.reports.sheets import types_sheet
from mentorkit.reports.types import smallest_sets_words, type_cards, types_picture
from mentorkit.widgets.form import Form


@shown
def within_reach() -> DOMWidget:
    """The six questions about what is feasible; they set kinds aside, and weigh nothing."""
    return Form(workbook(), "mentor_types", sections=("feasible",))


@shown
def picture() -> DOMWidget:
    """The kinds of mentor by fit."""
    return panel(_picture)


@shown
def choose() -> DOMWidget:
    """Which kinds the student will look for."""
    return Form(workbook(), "mentor_types", sections=("chosen",))


@shown
def begin() -> DOMWidget:
    """How to begin this week with the chosen kinds."""
    return panel(_begin)


@shown
def sheet() -> DOMWidget:
    """The kinds of mentor, on paper."""
    return take_along(_sheet, "types_empty")


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("03_mentor_types")


def _picture() -> Html:
    book = workbook()
    ranking = book.ranking()
    return join(types_picture(book.content, ranking, names()), smallest_sets_words(book.content, ranking, names()))


def _sheet() -> Sheet | None:
    book = workbook()
    return types_sheet(book.content, book.ranking(), book.answers("mentor_types"), names(), made_in_term())


def _begin() -> Html:
    book = workbook()
    cards = type_cards(book.content, book.answers("mentor_types").get("chosen.types", []))
    return join(cards, ways_to_look(book.content, "03_mentor_types"))

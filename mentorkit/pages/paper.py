"""A sheet on a page: a preview of exactly what is on it, and the ways to take it along."""

from collections.abc import Callable

from mentorkit.pages.desk import panel, workbook
from mentorkit.reports.html import Html, details, join, notice, tag
from mentorkit.reports.paper import Sheet, as_html, as_pdf, can_write_pdf
from mentorkit.reports.sheets import about
from mentorkit.widgets.panel import File, Panel, Reply


def take_along(draw: Callable[[], Sheet | None], waiting: str = "") -> Panel:
    """A sheet to print or save; while `draw` has none, the word `waiting`, if any, says what is missing."""

    def shown() -> Html:
        words, sheet = workbook().content.words, draw()
        if sheet is None:
            return notice(words[waiting]) if waiting else Html("")
        return _offer(sheet)

    def write(_: dict[str, str]) -> Reply:
        sheet = draw()
        words = workbook().content.words
        return words.get(waiting) if sheet is None else File(f"{sheet.id}.pdf", "application/pdf", as_pdf(sheet))

    return panel(shown, {"pdf": write})


def made_in_term() -> str:
    """The line that says of which term a sheet is, and when it was made."""
    book = workbook()
    return about(book.content, book.content.calendar.name(book.term), book.today)


def _offer(sheet: Sheet) -> Html:
    words = workbook().content.words
    able = can_write_pdf()
    pdf = tag("button", words["sheet_pdf"], type="button", class_="mk-button", data_do="pdf")
    style = "mk-button mk-quiet" if able else "mk-button"
    print_ = tag("button", words["sheet_print"], type="button", class_=style, data_print=True)
    return tag(
        "div",
        tag("h3", sheet.title),
        details(words["sheet_preview"], as_html(sheet)),
        tag("div", join(pdf if able else None, print_), class_="mk-buttons"),
        None if able else tag("p", words["sheet_no_pdf"], class_="mk-hint"),
        data_sheet_of=sheet.id,
        class_="mk-sheet-offer",
    )

"""90: the notebook for advisors, over a release; it never sees a student's scores, and students' pages never see it.

What works on cohorts is imported when asked for: whoever imports all pages, as the student's app does, stays light.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ipywidgets import DOMWidget

from mentorkit.content import load_content
from mentorkit.errors import BadFile, NotReady
from mentorkit.reports.html import Html, day, join, notice, tag
from mentorkit.widgets.panel import File, Panel, Reply

if TYPE_CHECKING:
    from mentorkit.cohort.disclosure import Release
    from mentorkit.cohort.report import Report

_panels: list[Panel] = []  # drawn again when another release is opened
_open: list["Release"] = []  # at most one; none: the made-up one


def choose() -> DOMWidget:
    """Which release is shown."""
    return _panel(_choice, {"open": _open_ledger})


def summary() -> DOMWidget:
    """The findings first, and who is in them."""
    return _part("summary", "who")


def needs() -> DOMWidget:
    """Needs and support by area and class year."""
    return _part("needs")


def change() -> DOMWidget:
    """What changed between two terms."""
    return _part("change")


def relationships() -> DOMWidget:
    """What students do in their relationships, and what comes of it."""
    return _part("relationships")


def over_terms() -> DOMWidget:
    """All terms."""
    return _part("courses")


def method() -> DOMWidget:
    """How the numbers were made, and what was withheld."""
    return _part("method", "privacy", "release")


def save() -> DOMWidget:
    """The whole report to keep."""
    return _panel(_offer, {"page": _as_page, "pdf": _as_pdf})


def release() -> "Release":
    """The release that is shown: the one that was opened, else the made-up one."""
    from mentorkit.cohort.report.demo import demo_release

    return _open[0] if _open else demo_release()


def open_ledger(place: str) -> None:
    """Show the latest release in a ledger, or with an empty place the made-up one.

    Raises `BadFile` for what is no ledger, `NotReady` when nothing is frozen in it, `Damaged` when it was changed.
    """
    from mentorkit.cohort.disclosure import Ledger

    words = load_content().cohort
    path = Path(place.strip()).expanduser()
    if place.strip() and path.is_dir():
        raise BadFile(words["nb_folder"].format(place=place.strip()))
    found = Ledger(path).releases[-1:] if place.strip() else ()
    if place.strip() and not found:
        raise NotReady(words["nb_none"].format(place=place.strip()))
    _open[:] = found
    for panel in _panels:
        panel.draw()


def _report() -> "Report":
    from mentorkit.cohort.report import report_of

    content = load_content()
    return report_of(release(), content, "" if _open else content.cohort["made_up"])


def _panel(draw: "Draw", does: "Deeds | None" = None) -> Panel:
    panel = Panel(draw, None, does)
    words = load_content().words
    panel.words = {key: words[key] for key in panel._words if key in words}
    _panels.append(panel)
    return panel


def _part(*names: str) -> Panel:
    def drawn() -> Html:
        from mentorkit.cohort.report.page import part

        return part(_report(), names) or notice(load_content().cohort["nb_missing"])

    return _panel(drawn)


def _choice() -> Html:
    words = load_content().cohort
    field = tag(
        "label",
        words["nb_ledger"],
        tag("span", words["nb_ledger_help"], class_="mk-hint"),
        Html('<input type="text" name="ledger" autocomplete="off" spellcheck="false">'),
    )
    button = tag("button", words["nb_open"], type="button", class_="mk-button", data_do="open")
    ask = tag("div", field, tag("div", button, class_="mk-buttons"), class_="mk-ask", data_ask="ledger")
    shown = words["nb_opened"].format(number=_open[0].number, on=day(_open[0].on)) if _open else words["nb_demo"]
    return join(notice(shown), ask)


def _open_ledger(values: dict[str, str]) -> Reply:
    open_ledger(values.get("ledger", ""))
    shown = release()
    return load_content().cohort["nb_opened"].format(number=shown.number, on=day(shown.on))


def _offer() -> Html:
    words = load_content().cohort
    page = tag("button", words["nb_page"], type="button", class_="mk-button", data_do="page")
    pdf = tag("button", words["nb_pdf"], type="button", class_="mk-button mk-quiet", data_do="pdf")
    return tag("div", page, pdf, class_="mk-buttons")


def _name(ending: str) -> str:
    return load_content().cohort["nb_file"].format(number=release().number) + ending


def _as_page(_: dict[str, str]) -> Reply:
    from mentorkit.cohort.report import as_page

    return File(_name(".html"), "text/html", as_page(_report()).encode())


def _as_pdf(_: dict[str, str]) -> Reply:
    from mentorkit.cohort.report import as_pdf

    return File(_name(".pdf"), "application/pdf", as_pdf(_report(), load_content()))


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mentorkit.widgets.panel import Deed

    Draw = Callable[[], Html]
    Deeds = Mapping[str, Deed]

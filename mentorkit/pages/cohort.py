"""90: the notebook for advisors, over a release; it never sees a student's scores, and students' pages never see it.

What works on cohorts is imported when asked for: whoever imports all pages, as the student's app does, stays light.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ipywidgets import DOMWidget

from mentorkit.content import load_content
from mentorkit.errors import BadFile, NotReady
from mentorkit.reports.html import Html, day, join, notice, tag
from mentorkit.widgets.panel import File, Panel, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mentorkit.cohort import Collected, Release
    from mentorkit.cohort.report import Report
    from mentorkit.widgets.panel import Deed

    Draw = Callable[[], Html]
    Deeds = Mapping[str, Deed]

_panels: list[Panel] = []  # drawn again when another release is opened
_open: list["Release"] = []  # at most one; none: the made-up one
_invited: list[int] = []  # how many students were, when that is known
_told: list[Html] = []  # what was read and what was not
_given: dict[str, str] = {}  # what was typed when that was read


def choose() -> DOMWidget:
    """Which release is shown: one made here of what was handed in, or an earlier one."""
    return _panel(_choice, {"look": _look, "freeze": _freeze, "open": _open_ledger})


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
    _show(found)


def _show(found: "Sequence[Release]", told: Html | None = None, invited: int | None = None) -> None:
    _open[:], _invited[:], _told[:] = list(found), [invited] if invited else [], [told] if told else []
    for panel in _panels:
        panel.draw()


def _report() -> "Report":
    from mentorkit.cohort.report import report_of

    content = load_content()
    mark = "" if _open else content.cohort["made_up"]
    return report_of(release(), content, mark, _invited[0] if _invited else None)


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
    shown = words["nb_opened"].format(number=_open[0].number, on=day(_open[0].on)) if _open else words["nb_demo"]
    earlier = tag("details", tag("summary", words["nb_earlier"]), _ask("ledger", _typed("ledger"), "open"))
    return join(notice(shown), _own(), *_told, earlier)


def _own() -> Html:
    """What is asked before a release is made."""
    words, chosen = load_content().cohort, _given.get("by", "").split()
    groups = (
        tag("label", _box(name, name in chosen), " ", words[f"nb_by_{name}"]) for name in ("class_year", "mentor_type")
    )
    by = tag("fieldset", tag("legend", words["nb_by"]), *groups, class_="mk-field")
    means = tag("p", words["nb_freeze_means"], class_="mk-hint")
    sure = tag("input", type="checkbox", name_="anyway", value="yes")
    anyway = tag("label", sure, " ", tag("span", words["nb_anyway"], class_="mk-hint"), class_="mk-either")
    fields = join(_typed("place"), _typed("name"), _typed("terms"), by, _typed("invited"), means, anyway)
    return _ask("own", fields, "freeze", "look")


def _box(name: str, checked: bool) -> Html:
    return tag("input", type="checkbox", name_="by", value=name, checked=checked)


def _typed(name: str) -> Html:
    words = load_content().cohort
    hint = tag("span", words[f"nb_{name}_help"], class_="mk-hint")
    field = tag("input", type="text", name_=name, value=_given.get(name), autocomplete="off", spellcheck="false")
    return tag("div", tag("label", words[f"nb_{name}"], hint, field), class_="mk-field")


def _ask(name: str, fields: Html, *deeds: str) -> Html:
    words = load_content().cohort
    looks = ("mk-button", "mk-button mk-quiet")
    buttons = (
        tag("button", words[f"nb_{deed}"], type="button", class_=look, data_do=deed)
        for deed, look in zip(deeds, looks, strict=False)
    )
    return tag("div", fields, tag("div", *buttons, class_="mk-buttons"), class_="mk-ask", data_ask=name)


def _look(values: dict[str, str]) -> Reply:
    content, collected = load_content(), _collected(values)
    _show(_open, _not_read(collected), _invited[0] if _invited else None)
    names = [content.calendar.name(term) for term in collected.terms]
    return content.cohort["nb_read" if names else "nb_read_none"].format(terms=", ".join(names))


def _freeze(values: dict[str, str]) -> Reply:
    from mentorkit.cohort import release, usual_ledger
    from mentorkit.cohort.files import expect_enough_invited

    words, invited = load_content().cohort, values.get("invited", "").strip()
    if invited and not invited.isdecimal():
        raise BadFile(words["nb_invited_not"])
    collected, ledger = _collected(values), usual_ledger()
    terms = values.get("terms", "").replace(",", " ").split()
    by, name = values.get("by", "").split(), values.get("name", "").strip()
    look = partial(expect_enough_invited, content=collected.content, invited=int(invited or 0))
    anyway = values.get("anyway") == "yes"
    made = release(collected, terms, by=by, name=name, ledger=ledger, anyway=anyway, look=look)
    _show([made], _not_read(collected), int(invited or 0))
    return words["nb_frozen"].format(number=made.number, ledger=ledger.path)


def _collected(values: dict[str, str]) -> "Collected":
    from mentorkit.cohort import read
    from mentorkit.store.shares import is_room

    words, typed = load_content().cohort, values.get("place", "").strip()
    if not typed:
        raise BadFile(words["nb_no_place"])
    place = Path(typed).expanduser()
    found = read(room=place) if is_room(place) else read([place])
    _given.clear()
    _given.update(values)
    return found


def _not_read(collected: "Collected") -> Html:
    """What was refused, and what should be known of what was read: a sentence for each file."""
    words = load_content().cohort
    parts = [
        join(tag("p", tag("strong", words[key])), tag("ul", *(tag("li", str(one)) for one in told)))
        for key, told in (("nb_refused", collected.refused), ("nb_notes", collected.notes))
        if told
    ]
    return join(*parts)


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

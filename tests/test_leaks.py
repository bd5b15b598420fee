"""A marked word in every field a student can write in: it is in what goes to others only where it is meant to be."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from mentorkit import Workbook
from mentorkit.content import load_content
from mentorkit.interchange import fhir
from mentorkit.interchange.cards import student_of
from mentorkit.interchange.redcap import records_csv
from mentorkit.interchange.tidy import answers_csv
from mentorkit.pages import desk, goals, network, reaching, reassess, together
from mentorkit.reports.calendar import calendar_file
from mentorkit.reports.exchange import as_json
from mentorkit.reports.share import preview
from mentorkit.reports.tables import codebook_csv, scores_csv
from mentorkit.sharing import as_text, share_of
from mentorkit.widgets.panel import Panel
from mentorkit.worksheet import Choice, Choices, Clock, Day, Group, Item, Rating, Text, Value

CONTENT = load_content()
TEXTS = {item.id for sheet in CONTENT.worksheets.values() for item in sheet if isinstance(item, Text | Group)}
PRIVATE = {item.id for sheet in CONTENT.worksheets.values() for item in sheet if item.private}
KNOWN = {"approach.situation": "email", "approach.state": "to_approach", "agreement.kind": "peer"}

MEANT = {  # what goes to others, and the fields that may be in it
    "sheet needs-to-show": {"goals", "area.own"},
    "sheet network-to-show": {"area.own"},
    "sheet agreement": {"agreement.goals", "agreement.limits", "agreement.hats", "agreement.apart"},
    "sheet meeting-ahead": {"meeting.bring", "meeting.decision", "meeting.where", "actions.list"},
    "messages about an approach": {"approach.know", "approach.want", "approach.message", "goals"},
    "messages to a mentor": {"meeting.bring", "meeting.decision", "meeting.where", "actions.list", "agreement.goals"},
    "calendar": {"meeting.where"},
    "scores as a table": set[str](),
    "scores to share": set[str](),
    "scores to share as they are shown": set[str](),
    "answers for other systems": set[str](),
}


def mark(item: str) -> str:
    return f"marked({item})"


def value_of(item: Item, subject: str | None) -> Value:
    match item:
        case Text():
            return mark(item.id)[: item.at_most]
        case Group():
            parts = {part.id: mark(item.id) for part in item.items if isinstance(part, Text)}
            return [parts | {"state": "done"}, parts] if item.settled else [parts]
        case Day():
            return (desk.workbook().today + timedelta(days=5)).isoformat()
        case Clock():
            return "14:30"
        case Choices(options_from="mentors"):
            return None
        case Choices():
            return [option.code for option in item.options[: item.at_most]]
        case Rating() | Choice():
            known = KNOWN.get(item.id)
            return None if item.id == "meeting.state" else known or item.options[0].code


def fill(book: Workbook, worksheet: str, subject: str | None) -> None:
    """Answers to every item that is asked or could be, a marked word in each text."""
    for item in book.worksheet(worksheet):
        book.answer(worksheet, item.id, value_of(item, subject), mentor=subject)


@pytest.fixture
def book(tmp_path, monkeypatch) -> Iterator[Workbook]:
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path))
    caches = (desk.workbook, reassess._reassessment, together._together, reaching._reaching, network._people)
    for cache in caches:
        cache.cache_clear()
    book = desk.workbook()
    mentor = book.add_mentor("Dr. K", "peer", field=mark("field"), distance="")
    person = book.add_prospect("Prof. Lind")
    meeting = book.add_meeting(mentor, book.today + timedelta(days=5))
    for sheet in CONTENT.worksheets.values():
        about = meeting if sheet.per_meeting else mentor if sheet.per_mentor and sheet.id != "approach" else None
        fill(book, sheet.id, person if sheet.id == "approach" else about)
    book.seal("needs")
    book.seal("relationship", mentor=mentor)
    yield book
    for cache in caches:
        cache.cache_clear()


def panels(*parts: Callable[[], Any]) -> str:
    """The HTML of all panels in some parts of pages."""

    def within(widget: Any) -> Iterator[str]:
        if isinstance(widget, Panel):
            yield widget.html
        for child in getattr(widget, "children", ()):
            yield from within(child)

    return "\n".join(html for part in parts for html in within(part()))


def sheets() -> dict[str, str]:
    """The sheets of paper on the pages, by their ids."""
    html = panels(goals.sheet, goals.sheet_to_show, network.sheet, network.sheet_to_show, reassess.sheet,
                  together.agreement_page, together.meeting_pages, reaching.sheet)  # fmt: skip
    return dict(re.findall(r'<article[^>]*data-sheet="([^"]+)"[^>]*>(.*?)</article>', html, re.S))


def messages(*parts: Callable[[], Any]) -> str:
    """The words to say or send, and the mail links."""
    html = panels(*parts)
    return "\n".join(re.findall(r"<[^>]*data-text[^>]*>(.*?)</", html, re.S) + re.findall(r'href="mailto:[^"]*"', html))


def for_other_systems(book: Workbook) -> str:
    """What is exported without a word about texts."""
    student = student_of(book)
    assert len(student.cards) >= 5
    made = answers_csv(CONTENT, student), records_csv(CONTENT, [student]), fhir.bundle(CONTENT, student)
    return "\n".join(made)


def going_out(book: Workbook) -> dict[str, str]:
    """Everything that is meant for other eyes."""
    found = {f"sheet {name}": html for name, html in sheets().items() if f"sheet {name}" in MEANT}
    return found | {
        "messages about an approach": messages(reaching.draft, reaching.look, reaching.next_step, reaching.everyone),
        "messages to a mentor": messages(together.agreement_page, together.meeting_pages, together.what_came),
        "calendar": calendar_file(book).decode().replace("\r\n ", ""),
        "scores as a table": scores_csv(book) + codebook_csv(book),
        "scores to share": as_text(share_of(book, book.term)),
        "scores to share as they are shown": preview(book.content, share_of(book, book.term)),
        "answers for other systems": for_other_systems(book),
    }


def test_every_field_is_marked(book: Workbook):
    export = as_json(book.content, book.records)
    assert {item for item in TEXTS if mark(item) not in export} == TEXTS & PRIVATE
    assert len(TEXTS) >= 20 and len(PRIVATE) >= 3


def test_everything_meant_for_others_was_found(book: Workbook):
    assert set(going_out(book)) == set(MEANT)
    assert all(going_out(book).values())


@pytest.mark.parametrize("name", MEANT)
def test_only_what_is_meant_for_others_is_in_what_goes_out(book: Workbook, name: str):
    text = going_out(book)[name].replace("%28", "(").replace("%29", ")")
    found = {item for item in (*TEXTS, "field") if mark(item) in text}
    assert found <= MEANT[name]


@pytest.mark.parametrize("name", [name for name in MEANT if name.startswith("sheet")])
def test_no_sheet_for_a_mentor_says_how_they_are_rated_or_flagged(book: Workbook, name: str):
    text = going_out(book)[name]
    unsaid = [
        *(flag.name for flag in CONTENT.flags.values()),
        *(decision.help for decision in CONTENT.decisions.values()),
        *(quadrant.name for quadrant in CONTENT.quadrants.values()),
        *(outcome.definition for outcome in CONTENT.outcomes.values()),
    ]
    assert [said for said in unsaid if said in text] == []
    assert "<svg" not in text


def test_the_student_s_own_sheets_hold_no_private_answer_either(book: Workbook):
    everything = "".join(sheets().values())
    assert [item for item in PRIVATE if mark(item) in everything] == []
    assert [flag.name for flag in CONTENT.flags.values() if flag.name in everything] == []


def test_a_leak_would_be_noticed(book: Workbook):
    text = sheets()["meeting"]
    assert mark("meeting.notes") in text and "meeting.notes" not in MEANT["sheet meeting-ahead"]

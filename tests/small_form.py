"""A small worksheet with every kind of item, and a form of it on a bare page, for the tests of the form."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bare_page import BarePage

from mentorkit.content import load_content
from mentorkit.errors import NotSaved
from mentorkit.widgets.form import Form
from mentorkit.workbook import Workbook, open_workbook
from mentorkit.worksheet import Worksheet

AREAS = ("Academic", "Clinical", "Career", "Research")
SCALE = [
    {"code": 0, "label": "Not at all"},
    {"code": 1, "label": "A little"},
    {"code": 2, "label": "A lot"},
    {"code": "na", "label": "No occasion", "help": "It did not arise."},
]
FORM = [{"code": "short", "label": "Short"}, {"code": "full", "label": "Full", "help": "Three questions more."}]
GOAL = [
    {"kind": "text", "id": "goal", "text": "What do you want to have done?", "lines": 2, "at_most": 60},
    {"kind": "date", "id": "by", "text": "By when?"},
]
FIRST = [
    {"kind": "rating", "id": "calm", "text": "I am calm", "scale": "s", "options": SCALE, "help": "As you feel now."},
    {"kind": "rating", "id": "rested", "text": "I am rested", "scale": "s", "options": SCALE},
    {"kind": "choice", "id": "form", "text": "Which form?", "options": FORM},
    {
        "kind": "text", "id": "own", "text": "Something else", "help": "A few words.", "at_most": 20,
        "optional": True, "private": True,
    },
    {
        "kind": "rating", "id": "own.need", "text": "How much of it?", "scale": "s", "options": SCALE,
        "when": {"own": "answered"},
    },
]  # fmt: skip
SECOND = [
    {
        "kind": "choices", "id": "top", "text": "What matters most?", "at_most": 3,
        "options": [{"code": name.lower(), "label": name} for name in AREAS],
    },
    {"kind": "choices", "id": "who", "text": "Who helps?", "options_from": "mentors", "optional": True},
    {"kind": "text", "id": "story", "text": "What happened?", "lines": 3, "at_most": 500},
    {"kind": "date", "id": "day", "text": "On which day?"},
    {"kind": "group", "id": "goals", "text": "Your goals", "entry": "goal", "at_most": 3, "items": GOAL},
]  # fmt: skip
MORE = [{"kind": "rating", "id": "more", "text": "And more", "scale": "s", "options": SCALE}]


STATE = [
    {"code": "open", "label": "Not begun", "help": "You have not found the time yet, and that is fine."},
    {"code": "begun", "label": "Begun, and waiting for somebody else", "help": "You did your part; an answer is due."},
    {"code": "done", "label": "Done", "help": "It happened, whatever came of it."},
    {"code": "dropped", "label": "Dropped for now", "help": "It does not fit any more, and you decided so."},
]
STEP = [
    {"kind": "text", "id": "what", "text": "What will you do?"},
    {"kind": "date", "id": "by", "text": "By when?"},
    {"kind": "time", "id": "at", "text": "At what time?"},
    {"kind": "choice", "id": "state", "text": "How is it going?", "options": STATE},
]
STEPS = {
    "kind": "group", "id": "steps", "text": "Your next steps", "entry": "step", "at_most": 20, "items": STEP,
    "sort": "by", "settled": {"part": "state", "codes": ["done", "dropped"]},
}  # fmt: skip
CALL = {"kind": "time", "id": "call", "text": "When do you call?", "help": "Where you are."}
REST = {"kind": "text", "id": "rest", "text": "Anything else?", "optional": True}


def steps_worksheet() -> Worksheet:
    """A worksheet whose list grows long, with a time of day beside it."""
    section = {"id": "list", "title": "What is next", "item": [STEPS, CALL, REST]}
    return small_worksheet(section=[section])


def small_worksheet(**changes: Any) -> Worksheet:
    """The small worksheet: two sections, and a third that the short form leaves out."""
    third = {"id": "third", "title": "Third part", "item": MORE, "unless": {"form": ["short"]}}
    sections = [
        {"id": "first", "title": "First part", "intro": "How are you?", "help": "Only you see this.", "item": FIRST},
        {"id": "second", "title": "Second part", "item": SECOND},
        third,
    ]
    plain = {"id": "small", "version": 1, "title": "A small form", "minutes": 2, "section": sections}
    return Worksheet.model_validate({**plain, **changes})


EVERYTHING = {
    "calm": 2, "rested": "na", "form": "short", "own": "sleep", "own.need": 1, "top": ["career"], "story": "We met.",
    "day": "2026-10-01", "goals": [{"goal": "Sleep", "by": "2027-01-31"}],
}  # fmt: skip
"""An answer to everything that the short form asks."""


def small_workbook(home: Path, worksheet: Worksheet | None = None) -> Workbook:
    """A workbook that has the small worksheet too."""
    content = load_content()
    sheets = {**content.worksheets, "small": worksheet or small_worksheet()}
    return open_workbook(home, content=content.model_copy(update={"worksheets": sheets}))


def answered_before(home: Path, worksheet: Worksheet | None, answers: dict[str, Any] | None) -> Workbook:
    """A workbook in which these answers were given before."""
    workbook = small_workbook(home, worksheet)
    for item, value in (answers or {}).items():
        workbook.answer("small", item, value)
    return workbook


@dataclass
class Tab:
    """One tab: a bare page with one form, and the workbook behind it."""

    bare: BarePage
    workbook: Workbook
    form: Form

    @property
    def page(self) -> Any:
        return self.bare.page

    @property
    def answers(self) -> dict[str, Any]:
        """What is on disk, as another process would read it."""
        return dict(small_workbook(self.workbook.home.path).draft("small"))

    def status(self, text: str) -> None:
        """Wait until the form says this about saving, from its first letter on."""
        self.page.locator(".mk-status", has_text=re.compile(f"^{re.escape(text)}")).wait_for()

    def group(self, name: str) -> Any:
        return self.page.get_by_role("group", name=name, exact=False)

    def pick(self, group: str, option: str) -> None:
        """Choose an option as a person would: by clicking on its text."""
        self.group(group).locator(".mk-option", has_text=option).click()

    def write(self, label: str, text: str) -> None:
        """Type into a field, and leave it."""
        self.page.get_by_label(label).fill(text)
        self.page.get_by_label(label).blur()

    def reload(self) -> None:
        """Load the page anew, with a new kernel behind it."""
        path = self.workbook.home.path
        self.workbook.close()
        self.workbook = small_workbook(path, self.workbook.content.worksheets["small"])
        self.bare.open()
        self.form = Form(self.workbook, "small")
        self.bare.mount(self.form)

    def fail(self, sentence: str = "The disk is full: make some room.") -> None:
        """Let the store refuse to write, until `mend`."""

        def append(*_: object) -> None:
            raise NotSaved(sentence)

        self.workbook._ledger._store.append = append  # type: ignore[method-assign]

    def mend(self) -> None:
        """Let the store write again."""
        del self.workbook._ledger._store.append  # type: ignore[method-assign]


def open_tab(page: Any, home: Path, worksheet: Worksheet | None = None, answers: dict[str, Any] | None = None) -> Tab:
    """The small form on a page, with these answers given before."""
    workbook = answered_before(home, worksheet, answers)
    bare = BarePage(page)
    form = Form(workbook, "small")
    bare.mount(form)
    return Tab(bare, workbook, form)


PHONE = {"viewport": {"width": 390, "height": 800}}
NARROW = {"viewport": {"width": 320, "height": 700}}
WIDE = {"viewport": {"width": 1280, "height": 900}}

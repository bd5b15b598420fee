"""Pages that were drawn for nobody and then handed to a student show what pages drawn for that student show."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances
from jupyter_client.jsonutil import json_default
from made import fill

from mentorkit import load_content, open_workbook
from mentorkit.errors import NotSaved
from mentorkit.pages import desk
from mentorkit.serve.room import drawn
from mentorkit.serve.room.states import States
from mentorkit.simulate import simulate_student
from mentorkit.store import AnyRecord, HomeStore, Nothing, Storage, find_home
from mentorkit.widgets.panel import Panel
from mentorkit.workbook import Workbook

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def pages_of_their_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the pages remember is forgotten before and after."""
    monkeypatch.setenv("VOILA_KERNEL_ID", "drawn")
    forget()
    yield
    forget()
    desk._given.clear()
    Widget.close_all()  # the next drawing gives the same ids


def forget() -> None:
    from mentorkit.pages import changed, goals, meetings, network, reaching, reassess, start, together, types

    desk.workbook.cache_clear()
    for page in (changed, goals, meetings, network, reaching, reassess, start, together, types):
        for name in vars(page).values():
            getattr(name, "cache_clear", lambda: None)()


def seen(notebook: str) -> list[Any]:
    """What each cell shows, with everything inside it, without the ids of this drawing."""
    cells = nbformat.reads(notebook, as_version=4).cells
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    return [_shown(output.data["application/vnd.jupyter.widget-view+json"]["model_id"]) for output in outputs]


def _shown(model: str) -> Any:
    widget = _instances[model]
    return {name: _plain(value) for name, value in widget.get_state().items() if not name.startswith("_")}


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("IPY_MODEL_"):
        return _shown(value.removeprefix("IPY_MODEL_"))
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def drawn_for(book: Workbook) -> list[Any]:
    """Pages drawn for this student from the beginning."""
    forget()
    desk.begin(book)
    return seen(drawn.run_all())


def begun(home: Path) -> None:
    book = open_workbook(home, today=lambda: TODAY)
    book.answer("needs", "need.academic.strategies", 3)
    book.add_mentor("Sam", "peer")
    book.close()


def made(home: Path) -> None:
    book = open_workbook(home, today=lambda: TODAY)
    fill(book)
    book.close()


@pytest.mark.parametrize("student", [lambda home: None, begun, made, lambda home: simulate_student(home).close()])
def test_handed_over_is_as_good_as_drawn_for_them(student: Any, tmp_path: Path) -> None:
    student(tmp_path)
    open_workbook(tmp_path, today=lambda: TODAY).close()  # which makes the backup that the first page names
    handed = handed_over(HomeStore(find_home(tmp_path)))
    own = drawn_for(open_workbook(tmp_path, content=load_content().in_room(), today=lambda: TODAY))
    assert len(handed) == len(own) > 30
    for one, other in zip(handed, own, strict=True):
        assert one == other


def handed_over(storage: Storage, days: int = 0) -> list[Any]:
    """What a student sees after every page was opened once, for whom they were drawn some days before."""
    day = [TODAY - timedelta(days)]
    notebook = drawn.draw(lambda: day[0])
    day[0] = TODAY
    with ThreadPoolExecutor(1) as kernel:  # where no loop runs yet: Playwright may have one in this thread
        kernel.submit(drawn.hand_over, storage).result()
    for panel in [widget for widget in _instances.values() if isinstance(widget, Panel)]:
        panel._handle_custom_msg({"type": "shown", "view": 1, "shown": True}, [])
    return seen(notebook)


class Locker(Nothing):
    """The empty place of somebody who has just come into a room."""

    place = "of one student"


@pytest.mark.parametrize("days", [0, 1, 120])
def test_a_room_that_was_opened_some_days_ago_shows_a_new_student_today(days: int) -> None:
    handed = handed_over(Locker(), days)
    own = drawn_for(Workbook(Locker(), load_content().in_room(), lambda: TODAY))
    for one, other in zip(handed, own, strict=True):
        assert one == other


def test_two_drawings_fit_each_others_page() -> None:
    program = "from mentorkit.serve.room import drawn; print(drawn.draw())"
    first, second = (subprocess.run([sys.executable, "-c", program], capture_output=True).stdout for _ in "12")
    assert first == second and b'"model_id": "00000000' in first


def test_what_is_drawn_for_nobody_is_kept_nowhere() -> None:
    drawn.draw(lambda: TODAY)
    book = desk.workbook()
    with pytest.raises(NotSaved, match="reload the page"):
        book.answer("needs", "need.academic.strategies", 3)
    assert book.records == () and book.home is None


def test_a_room_says_where_its_answers_are() -> None:
    here, room = load_content(), load_content().in_room()
    said = drawn.draw(lambda: TODAY)
    assert room.words["prose_here"] in said and here.words["prose_here"] not in said
    assert room.words["kept_here"] != here.words["kept_here"]


def test_a_page_is_told_what_the_widgets_are_by_now() -> None:
    drawn.draw(lambda: TODAY)
    states = States()
    desk.workbook().go_on_with(Remembering())
    desk.workbook().answer("needs", "need.academic.strategies", 3)
    desk.workbook().add_mentor("Zoë <b>", "peer")
    told = json.loads(states.reply("c-1"))
    assert told["comm_id"] == "c-1" and told["data"]["method"] == "update_states"
    assert told["data"]["states"] == json.loads(json.dumps(Widget.get_manager_state()["state"], default=json_default))
    assert "Zoë <b>" in str(told)


class Remembering(Locker):
    """Keeps records as long as it lives."""

    def append(self, *records: AnyRecord) -> None:
        self.records += records

    def revision(self, stream: str) -> int:
        return max((record.revision for record in self.records if record.stream == stream), default=0)

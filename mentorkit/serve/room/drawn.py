"""The pages, drawn once for nobody; a fork of the process that drew them is then handed to a student.

To run every cell anew for each of 300 students would take most of a minute of processor time and draws the same.
"""

import ast
import asyncio
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any

import nbformat
from ipywidgets import Widget

from mentorkit.content import load_content
from mentorkit.pages import desk
from mentorkit.serve.notebooks import joined, notebooks_folder
from mentorkit.store import Nothing, Storage
from mentorkit.workbook import Workbook

_drawn_on: list[date] = []  # at most one

VIEW = "application/vnd.jupyter.widget-view+json"


def draw(today: Callable[[], date] = date.today) -> str:
    """Draw all pages for nobody; gives the joined notebook as JSON, with what each cell shows."""
    _links_between_pages()
    desk.begin(Workbook(Nothing(), load_content().in_room(), today))
    _drawn_on[:] = [today()]
    with _numbered_models():
        return run_all()


def run_all() -> str:
    """Run the cells of all pages for the workbook at hand; gives the joined notebook as JSON."""
    usual, now = load_content(), desk.workbook().content
    instead = {usual.words[key]: now.words[key] for key in ("prose_here", "prose_terminal")}
    book, names = joined(notebooks_folder(), instead), {"__name__": "__main__"}
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = list(map(_output, _run(cell.source, names)))
    return nbformat.writes(book)  # type: ignore[no-untyped-call,no-any-return]


def hand_over(storage: Storage) -> Workbook:
    """Give the drawn pages to the student whose records these are.

    For somebody new in a room nothing differs on the day of the drawing; else each result is looked at again when its
    page is opened.
    """
    _links_between_pages()
    book = desk.workbook()
    if storage.records:
        book.go_on_with(storage)
    elif storage.home is None and _drawn_on == [book.today]:
        book.go_on_with(storage, anew=False)
    else:
        _in_a_loop(lambda: book.go_on_with(storage))
    return book


def _in_a_loop(do: Callable[[], None]) -> None:
    """Do it as while a kernel runs, when what is not seen waits."""

    async def doing() -> None:
        do()

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(doing())
    finally:
        loop.close()


def _links_between_pages() -> None:
    os.environ.setdefault("VOILA_KERNEL_ID", "drawn")  # the pages are an app; a fork has an environment of its own


@contextmanager
def _numbered_models() -> Iterator[None]:
    """Every drawing gives the same widget the same id: one page of HTML then fits the kernels of all drawings."""
    numbers, drawn_at_random = count(1), uuid.uuid4
    uuid.uuid4 = lambda: uuid.UUID(int=next(numbers))
    try:
        yield
    finally:
        uuid.uuid4 = drawn_at_random


def _run(source: str, names: dict[str, Any]) -> list[Widget]:
    """Run a cell; its last line is shown when it is a widget, as in every page."""
    *lines, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        lines, last = [*lines, last], ast.Expr(ast.Constant(None))
    exec(compile(ast.Module(lines, []), "<page>", "exec"), names)
    shown = eval(compile(ast.fix_missing_locations(ast.Expression(last.value)), "<page>", "eval"), names)
    return [shown] if isinstance(shown, Widget) else []


def _output(widget: Widget) -> Any:
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle  # anywidget gives its metadata too
    return nbformat.v4.new_output("display_data", data={VIEW: data[VIEW]})  # type: ignore[no-untyped-call]

"""What all pages of one kernel share: the student's workbook, and how a page says that it cannot be opened."""

import os
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import ParamSpec

from ipywidgets import DOMWidget

from mentorkit.errors import MentorkitError
from mentorkit.reports.html import Html, join, notice, passage, tag
from mentorkit.widgets.panel import Deed, Panel
from mentorkit.workbook import Workbook, open_workbook

P = ParamSpec("P")


_given: list[Workbook] = []  # at most one


@cache
def workbook() -> Workbook:
    """The workbook of this kernel: the one that `begin` was given, or the one at home, opened when first asked for."""
    return _given[0] if _given else open_workbook()


def begin(book: Workbook) -> None:
    """Let the pages work with this workbook; before any of them is made."""
    workbook.cache_clear()
    _given[:] = [book]


def shown(page: Callable[P, DOMWidget]) -> Callable[P, DOMWidget]:
    """A page's part; what keeps the workbook from opening is shown as a sentence in its place."""

    @wraps(page)
    def part(*args: P.args, **kwargs: P.kwargs) -> DOMWidget:
        try:
            return page(*args, **kwargs)
        except MentorkitError as refusal:
            sentence = str(refusal)
            return Panel(lambda: notice(sentence, alarm=True))

    return part


def panel(draw: Callable[[], Html], does: Mapping[str, Deed] | None = None) -> Panel:
    """A result that is redrawn when the workbook changes; sample data is marked as such. `does` are its buttons."""
    return Panel(lambda: join(sample_mark(), draw()), workbook(), does)


def texts(page: str) -> Panel:
    """The content's texts for one notebook, each one click away."""
    content = workbook().content
    return panel(lambda: join(passage(content, text) for text in content.texts.values() if page in text.pages))


def link(page: str, words: str, style: str | None = None) -> Html:
    """The way to another page of the app; in JupyterLab that is another notebook, which is named and not linked."""
    in_app = "VOILA_KERNEL_ID" in os.environ
    return tag("a", words, href=f"#{page}", class_=style) if in_app else tag("strong" if style else "span", words)


def sample_mark() -> Html | None:
    """The mark on everything that was made up for a demonstration."""
    if not os.environ.get("MENTORKIT_SAMPLE"):
        return None
    return tag("p", workbook().content.words["sample"], class_="mk-sample-mark")

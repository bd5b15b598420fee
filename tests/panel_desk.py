"""A panel with whatever fields, buttons and deeds a test asks for, on a bare page."""

from pathlib import Path
from typing import Any

from bare_page import BarePage

from mentorkit import open_workbook
from mentorkit.reports.html import Html, join, tag
from mentorkit.widgets.panel import Panel


def button(label: str, name: str, **more: Any) -> Html:
    return tag("button", label, type="button", data_do=name, **more)


def field(label: str, name: str, **more: Any) -> Html:
    return tag("p", tag("label", f"{label} ", tag("input", name_=name, **{"type": "text", **more})))


class Desk:
    """A panel with whatever HTML and deeds a test asks for, on a bare page."""

    def __init__(self, page: Any, home: Path, *parts: Any, clock: bool = False, **deeds: Any) -> None:
        if clock:
            page.clock.install()
        self.parts: tuple[Any, ...] = parts
        self.heard: list[tuple[str, dict[str, str]]] = []
        self.deeds = deeds
        does = {name: self.noting(name) for name in deeds}
        self.panel = Panel(lambda: join(*self.parts), open_workbook(home), does)
        self.bare = BarePage(page)
        self.bare.mount(self.panel)
        self.page = self.bare.page

    def noting(self, name: str) -> Any:
        def deed(values: dict[str, str]) -> Any:
            self.heard.append((name, values))
            reply = self.deeds[name]
            return reply(values) if callable(reply) else reply

        return deed

    def draw(self, *parts: Any) -> None:
        self.parts = parts
        self.panel.draw()

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()

    @property
    def answer(self) -> Any:
        return self.page.locator(".mk-answer")


ONE = tag("div", field("Name", "name"), button("Do it", "go"), data_ask="one")
TWO = tag("div", field("Name of another", "name"), button("Do that", "go"), data_ask="two")

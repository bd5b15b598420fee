"""Fixtures for tests in a browser.

`serve` starts an app: `serve()` has a fresh home and the shipped notebooks, `serve(home=…, notebooks=…, sample=True)`
has yours. It gives a `serving.Served`, whose `address` signs a browser in. `visit(served, "goals")` opens a page of it
in a fresh browser window and waits until the workbook is open.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from panel_desk import Desk
from playwright.sync_api import sync_playwright
from serving import CHROMIUM, CHROMIUM_ARGS, Served, write_notebooks
from shown_room import ShownRoom

from mentorkit.serve.bots.rooms import OwnRoom
from mentorkit.store import Home, Store, find_home

SLOW = {"serve", "room", "server", "chromium"}


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Files that start servers and browsers come first: at the end nobody waits for one of them alone."""
    slow = {item.path for item in items if SLOW & set(item.fixturenames)}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A new home folder."""
    return find_home(tmp_path / "home")


@pytest.fixture
def store(home: Home) -> Store:
    """The empty store of that home."""
    return Store(home.records)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Starts an app; all that were started end with the session."""
    started: list[Served] = []

    def start(home: Path | None = None, notebooks: Path | None = None, sample: bool = False) -> Served:
        served = Served(home or tmp_path_factory.mktemp("home"), notebooks, sample).start()
        started.append(served)
        return served

    yield start
    for served in started:
        served.stop()


@pytest.fixture(scope="session")
def small_notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five small notebooks of `serving`."""
    return write_notebooks(tmp_path_factory.mktemp("notebooks") / "notebooks")


@pytest.fixture(scope="session")
def small_app(serve: Callable[..., Served], small_notebooks: Path) -> Served:
    """One app with the small notebooks, shared by tests that leave it as it is."""
    return serve(notebooks=small_notebooks)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRoom]:
    """A room as an advisor opens it, one for each file of tests."""
    with OwnRoom(tmp_path_factory.mktemp("room"), 30, "--cohort", "Class of 2030") as opened:
        yield opened


@pytest.fixture(scope="module")
def server() -> Iterator[ShownRoom]:
    """A server of the room's pages, one for each file of tests."""
    room = ShownRoom()
    yield room
    room.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium; `make test` installs it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens a browser window (`window(viewport=…, color_scheme="dark")`) and gives its empty page."""
    contexts = []

    def open_window(**options: Any) -> Any:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(8_000)
        context.set_default_navigation_timeout(30_000)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
        return page

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def desk(window: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """A panel with whatever HTML and deeds a test asks for: `desk(ONE, go=deed)` gives a `panel_desk.Desk`."""

    def make(*parts: Any, clock: bool = False, **deeds: Any) -> Desk:
        return Desk(window(accept_downloads=True), tmp_path, *parts, clock=clock, **deeds)

    return make


@pytest.fixture
def visit(window: Callable[..., Any]) -> Callable[..., Any]:
    """Opens a page of an app and waits for it; the page's `problems` lists what went wrong in the browser."""

    def open_page(served: Served, slug: str = "", **options: Any) -> Any:
        page = window(**options)
        page.goto(served.address + (f"#{slug}" if slug else ""))
        page.locator(".mk-book[data-state=open]").wait_for(timeout=30_000)
        return page

    return open_page

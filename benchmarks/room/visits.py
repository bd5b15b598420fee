"""A visit with a real browser: from the navigation until the page says that the first answer is saved."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.browser import Wire
from benchmarks.room.figures import Visit
from benchmarks.visits import SAVED as OURS_SAVED

SAVED = "Saved (answer"
AGAIN = 1000.0  # milliseconds


def visit(page: Page, wire: Wire, client: str, address: str) -> Visit:
    """Come, answer, see it acknowledged, and leave the page open."""
    start = time.perf_counter()
    address = _join(page, address)
    joined = time.perf_counter() - start
    while (answer := page.goto(address, wait_until="commit")) and answer.status == 503:  # asked to come again
        page.wait_for_timeout(AGAIN)
    ANSWER[client](page)
    answered = time.perf_counter() - start
    page.wait_for_load_state("networkidle")
    return Visit(answered, joined, wire.megabytes, wire.requests)


def _join(page: Page, address: str) -> str:
    """The address of the page; with a join code, after it was traded for a session."""
    base, mark, code = address.partition("/join/")
    if mark:
        asked = page.context.request.post(f"{base}/begin", form={"join": code}, headers={"Origin": base})
        assert asked.ok, asked.status
    return f"{base}/" if mark else address


def _native(page: Page) -> None:
    page.locator("select").first.select_option(index=2)
    page.get_by_text(SAVED).first.wait_for()


def _streamlit(page: Page) -> None:
    page.get_by_role("combobox").first.click()
    page.get_by_role("option").nth(2).click()
    page.get_by_text(SAVED).first.wait_for()


def _solara(page: Page) -> None:
    page.locator(".v-select").first.click()
    page.locator(".v-overlay--active .v-list-item").nth(2).click()
    page.get_by_text(SAVED).first.wait_for()


def _ours(page: Page) -> None:
    page.locator(".mk-book, .mk-section").first.wait_for(state="attached")
    form = "#goals " if page.locator(".mk-book").count() else ""  # Voilà's own template shows all pages as one
    if form:
        page.locator(".mk-book[data-state=open]").wait_for()
        page.evaluate("location.hash = '#goals'")
    page.locator(f"{form}.mk-section:not([hidden]) input[type=radio]").first.check()
    page.locator(f"{form}.mk-status").filter(has_text=OURS_SAVED).first.wait_for()


ANSWER: dict[str, Callable[[Page], None]] = {
    "ours": _ours,
    "voila": _native,
    "streamlit": _streamlit,
    "panel": _native,
    "solara": _solara,
    "shiny": _native,
    "static": _native,
}

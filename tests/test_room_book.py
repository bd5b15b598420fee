"""The workbook's page in a room: a lost connection is said, and the page goes on by itself without losing a word."""

import json
from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from playwright.sync_api import expect
from shown_room import BASE, SERVE, ShownRoom

from mentorkit.content import load_content
from mentorkit.widgets.parts import words_in

Window = Callable[..., Any]
LOST = "No connection. Your answers stay on this device and are sent when it is back."
SCRIPT = (SERVE / "template" / "static" / "workbook.js").read_text("utf-8")
WORDS = {key: load_content().words[key] for key in words_in(SCRIPT)}
BY_THE_CLOCK = """() => { AbortSignal.timeout = (after) => {
  const late = new AbortController();
  setTimeout(() => late.abort(new DOMException("late", "TimeoutError")), after);
  return late.signal;
}; }"""  # the browser's own timeouts do not know of a clock that the test turns
HTML = """<!doctype html><html lang="en"><title>A workbook</title>
<script src="{base}mentorkit/static/workbook.js"></script>
<link rel="stylesheet" href="{base}mentorkit/static/workbook.css">
<body data-base-url="{base}voila/" data-run="{run}" {room} data-words="{words}">
<script id="jupyter-config-data" type="application/json">{{"kernelId": "one"}}</script>
<div id="main"><div class="mk-book" data-state="opening">
<a class="mk-skip" href="#mk-main">Skip</a>
<nav class="mk-nav"><ol><li><a href="#start-here">Start</a></li><li><a href="#goals">Goals</a></li></ol></nav>
<div class="mk-alert" role="alert"></div>
<main id="mk-main" tabindex="-1"><p class="mk-opening">Opening</p>
<section class="mk-page" id="start-here" data-label="Start"><h1>Start</h1></section>
<section class="mk-page" id="goals" data-label="Goals"><h1>Goals</h1><div class="mk-panel">
<div data-ask="add"><label>Name <input type="text" name="name"></label>
<textarea name="note" aria-label="Note">old</textarea></div>
</div><p style="height: 3000px">Far down</p></section>
</main></div></div>
<script id="mk-end" src="{base}mentorkit/static/no-formulas.js"></script>"""


def book(run: str = "first", room: bool = True) -> str:
    words = escape(json.dumps(WORDS), quote=True)
    return HTML.format(base=BASE, run=run, room="data-room" if room else "", words=words)


@pytest.fixture
def room(server: ShownRoom) -> ShownRoom:
    """The server, as new."""
    server.pages, server.alive = {"": book()}, {"alive": True, "run": "first", "kernel": True}
    return server


@pytest.fixture
def opened(room: ShownRoom, window: Window) -> Callable[..., Any]:
    """Opens the workbook's page; with a clock of its own, time passes when the test says so."""

    def open_page(hash_: str = "", clock: bool = False) -> Any:
        page = window()
        if clock:
            page.clock.install()
        page.goto(room.address + hash_)
        expect(page.locator(".mk-book[data-state=open]")).to_be_visible()
        return page

    return open_page


def loaded(page: Any) -> float:
    """When the page was loaded: another number after it was loaded anew."""
    return float(page.evaluate("performance.timeOrigin"))


def asks(page: Any) -> None:
    """Let the page ask now whether the workbook still runs, and wait for the answer."""
    with page.expect_response("**/alive?*"):
        page.evaluate("document.dispatchEvent(new CustomEvent('mentorkit:unsaved'))")


def until_loaded_anew(page: Any, before: float) -> None:
    page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
    expect(page.locator(".mk-book[data-state=open]")).to_be_visible()


def test_a_network_that_is_gone_is_said_at_once_and_its_return_too(opened: Callable[..., Any]):
    page = opened()
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_have_text(LOST, timeout=1000)
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize("trouble", ["hangs", "refuses", "stumbles"])
def test_a_server_that_does_not_answer_is_said_within_five_seconds(opened: Callable[..., Any], trouble: str):
    page = opened(clock=True)
    page.evaluate(BY_THE_CLOCK)
    with page.expect_response("**/alive?*"):
        page.clock.pause_at(page.evaluate("Date.now() / 1000 + 60"))
    page.evaluate("fetch(document.baseURI).then((page) => page.text())")  # meanwhile it heard that all is well
    hung: list[Any] = []
    deeds = {"hangs": hung.append, "refuses": lambda one: one.abort(), "stumbles": lambda one: one.fulfill(status=502)}
    page.route("**/alive?*", lambda route: deeds[trouble](route))
    page.clock.run_for(5000)
    expect(page.get_by_role("alert")).to_have_text(LOST)


def test_on_one_s_own_computer_one_slow_answer_is_nothing_yet(room: ShownRoom, opened: Callable[..., Any]):
    room.pages[""] = book(room=False)
    page = opened()
    page.evaluate("AbortSignal.timeout = () => AbortSignal.abort(new DOMException('late', 'TimeoutError'))")
    page.evaluate("document.dispatchEvent(new CustomEvent('mentorkit:unsaved'))")
    page.evaluate("new Promise((done) => setTimeout(done))")
    expect(page.get_by_role("alert")).to_be_empty()
    page.evaluate("document.dispatchEvent(new CustomEvent('mentorkit:unsaved'))")
    expect(page.get_by_role("alert")).to_have_text(WORDS["not_answering"])


@pytest.mark.parametrize("why", ["the server was started again", "the kernel is gone"])
def test_the_page_goes_on_by_itself(room: ShownRoom, opened: Callable[..., Any], why: str):
    page = opened()
    before = loaded(page)
    room.alive = {**room.alive, "run": "second"} if "server" in why else {**room.alive, "kernel": False}
    asks(page)
    room.alive, room.pages[""] = {**room.alive, "kernel": True}, book(room.alive["run"])
    until_loaded_anew(page, before)
    asks(page)
    expect(page.get_by_role("alert")).to_be_empty()


def test_on_one_s_own_computer_the_student_is_asked(room: ShownRoom, opened: Callable[..., Any]):
    room.pages[""] = book(room=False)
    page = opened()
    room.alive = {**room.alive, "run": "second"}
    asks(page)
    expect(page.get_by_role("alert")).to_contain_text(WORDS["started_again"])
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


def test_after_three_times_in_a_minute_there_is_a_button(room: ShownRoom, opened: Callable[..., Any]):
    page = opened()
    room.alive = {**room.alive, "kernel": False}
    for _ in range(3):
        before = loaded(page)
        asks(page)
        until_loaded_anew(page, before)
    before = loaded(page)
    asks(page)
    expect(page.get_by_role("alert")).to_contain_text("The connection is back.")
    asks(page)
    assert loaded(page) == before
    room.alive = {**room.alive, "kernel": True}
    page.get_by_role("button", name="Continue").click()
    until_loaded_anew(page, before)


def test_a_minute_later_it_goes_on_by_itself_again(room: ShownRoom, opened: Callable[..., Any]):
    page = opened()
    page.evaluate(
        "sessionStorage.setItem('mentorkit/reloads', JSON.stringify([1, 2, 3].map((n) => Date.now() - 61000 - n)))"
    )
    before = loaded(page)
    room.alive = {**room.alive, "kernel": False}
    asks(page)
    until_loaded_anew(page, before)


def test_a_page_without_storage_asks_before_it_goes_on(room: ShownRoom, opened: Callable[..., Any]):
    """What is not saved is then in the page alone."""
    page = opened()
    page.evaluate("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('denied'); } })")
    room.alive = {**room.alive, "kernel": False}
    asks(page)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


def test_the_student_stays_where_they_were_with_what_they_were_typing(room: ShownRoom, opened: Callable[..., Any]):
    page = opened("#goals")
    page.get_by_label("Name").fill("Dr. Vega")
    page.evaluate("window.scrollTo({ top: 1234, behavior: 'instant' })")
    before = loaded(page)
    room.alive = {**room.alive, "run": "second"}
    asks(page)
    room.pages[""] = book("second")
    until_loaded_anew(page, before)
    expect(page.get_by_label("Name")).to_have_value("Dr. Vega")
    expect(page.get_by_label("Note")).to_have_value("old")
    assert page.evaluate("Math.round(window.scrollY)") == 1234
    assert page.evaluate("sessionStorage.getItem('mentorkit/left-at')") is None


def test_a_page_that_nobody_looks_at_asks_nothing(opened: Callable[..., Any]):
    page = opened(clock=True)
    page.evaluate("Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(20_000)
    assert asked == []

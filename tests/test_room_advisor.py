"""The advisor's page: the way in for the projector, and live counts. Never who, and never what."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from shown_room import AROUND, COUNTS, JOIN, JOINING, PROJECTOR, SECURE, ShownRoom

from mentorkit.serve.room import showing
from mentorkit.serve.room.showing import Joining

Window = Callable[..., Any]
PAGE = showing.advisor(AROUND, JOINING)


@pytest.fixture
def room(server: ShownRoom) -> ShownRoom:
    """The server, as new."""
    server.pages, server.counts = {"advisor/": PAGE}, dict(COUNTS)
    return server


def test_the_way_in_is_seen_on_a_projector_without_scrolling(room: ShownRoom, window: Window):
    page = window(**PROJECTOR)
    page.goto(room.address + "advisor/")
    for part in (page.get_by_role("img", name="QR code that opens"), page.get_by_text("KTR 4XW")):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
    assert page.get_by_role("img", name="QR code").bounding_box()["width"] >= 300
    expect(page.get_by_text("192.168.1.20:8872/mentor")).to_be_visible()


def test_the_code_alone_fills_the_projector(room: ShownRoom, window: Window):
    page = window(**PROJECTOR)
    page.goto(room.address + "advisor/")
    toggle = page.get_by_role("button", name="Show only the code")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name="The room now")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") <= 720
    assert page.get_by_role("img", name="QR code").bounding_box()["width"] >= 500
    page.reload()
    expect(page.get_by_role("heading", name="The room now")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="The room now")).to_be_visible()


def test_the_counts_are_shown_with_numbers_and_words(room: ShownRoom, window: Window):
    page = window(**PROJECTOR)
    page.goto(room.address + "advisor/")
    expect(page.get_by_text("214 have come in of 300 expected")).to_be_visible()
    expect(page.get_by_text("198 are here now")).to_be_visible()
    bars = page.get_by_role("listitem")
    expect(bars).to_have_text(
        ["What I need120 of 214", "My network3 of 214", "Mentor types64 of 214", "Reaching out0 of 214"]
    )
    room.counts = {**COUNTS, "in": 215, "finished": {**COUNTS["finished"], "What I need": 121}}
    expect(bars.first).to_have_text("What I need121 of 215")
    page.get_by_text("Details of the machine").click()
    expect(page.get_by_text("3.0 of 7.8 GB")).to_be_visible()
    expect(page.get_by_text("from one that is ready")).to_be_visible()
    expect(page.get_by_text("each as a user of its own")).to_be_visible()
    room.counts = {**COUNTS, "apart": False}
    expect(page.get_by_text("all as one user")).to_be_visible()


def test_counts_are_text_whatever_comes(room: ShownRoom, window: Window):
    marked = "<img src=x onerror=alert(1)>"
    room.counts = {**COUNTS, "expected": marked, "here": marked, "finished": {marked: marked}, "answer_ms": marked}
    page = window()
    page.goto(room.address + "advisor/")
    expect(page.get_by_role("listitem").first).to_contain_text(marked)
    assert page.locator("img").count() == 0


def test_one_sentence_says_whether_everything_is_saved_and_changes_only_with_it(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address + "advisor/")
    saving = page.get_by_role("status")
    expect(saving).to_have_text("Everything is saved.")
    page.evaluate("""() => {
      window.changes = 0;
      new MutationObserver(() => { window.changes += 1; })
        .observe(document.querySelector("[data-saving]"), { childList: true, characterData: true, subtree: true });
    }""")
    room.counts = {**COUNTS, "in": 299}
    expect(page.get_by_text("299 have come in")).to_be_visible()
    assert page.evaluate("window.changes") == 0
    room.counts = {**COUNTS, "saving": {**COUNTS["saving"], "ok": False, "since": 1795378000.0}}
    expect(saving).to_contain_text("Saving fails since")
    room.counts = {**COUNTS, "in": 300, "full": True}
    expect(saving).to_have_text(re.compile("^Everything is saved. The room is full"))


def test_counts_that_nobody_knows_are_a_dash(room: ShownRoom, window: Window):
    unknown = {"ok": False, "since": None, "pending": None, "p50_ms": None, "p99_ms": None}
    room.counts = {**COUNTS, "in": None, "finished": {}, "saving": unknown}
    page = window()
    page.goto(room.address + "advisor/")
    expect(page.get_by_text("– have come in of 300 expected")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Saving fails since")


@pytest.mark.parametrize("trouble", ["refuses", "hangs"])
def test_a_room_that_does_not_answer_is_noticed_within_five_seconds(room: ShownRoom, window: Window, trouble: str):
    page = window()
    page.clock.install()
    page.goto(room.address + "advisor/")
    expect(page.get_by_role("status")).to_have_text("Everything is saved.")
    hung: list[Any] = []
    page.route("**/counts", lambda route: route.abort() if trouble == "refuses" else hung.append(route))
    if trouble == "hangs":  # real time counts for the answer's patience
        page.clock.resume()
        expect(page.get_by_role("status")).to_contain_text("has not answered since", timeout=5000)
    else:
        page.clock.run_for(2100)
        expect(page.get_by_role("status")).to_contain_text("has not answered since")
    expect(page.get_by_text("The counts below are from")).to_be_visible()
    page.unroute("**/counts")
    page.clock.resume()
    expect(page.get_by_role("status")).to_have_text("Everything is saved.")
    expect(page.get_by_text("The counts below are from")).to_be_hidden()


def test_a_network_that_is_gone_is_said_at_once(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address + "advisor/")
    expect(page.get_by_role("status")).to_have_text("Everything is saved.")
    page.context.set_offline(True)
    expect(page.get_by_role("status")).to_contain_text("has not answered since", timeout=1000)


def test_the_qr_code_reads_the_same_in_the_dark(room: ShownRoom, window: Window):
    page = window(**PROJECTOR, color_scheme="dark")
    page.goto(room.address + "advisor/")
    colour = page.get_by_role("img", name="QR code").evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


def test_the_advisors_page_needs_no_javascript_for_the_way_in(room: ShownRoom, window: Window):
    page = window(java_script_enabled=False)
    page.goto(room.address + "advisor/")
    expect(page.get_by_text("KTR 4XW")).to_be_visible()
    assert '<noscript><p class="room-note">The counts need JavaScript.' in PAGE
    expect(page.get_by_role("button")).to_have_count(0)


def test_an_address_is_shown_as_people_type_it():
    html = showing.advisor(SECURE, Joining(SECURE.address, JOIN, "<svg></svg>"))
    assert ">mentoring.example.edu/mentor</p>" in html

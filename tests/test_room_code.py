"""The return code as students keep it, the wait for a place, and how they leave."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect
from shown_room import AROUND, BASE, CODE, JOIN, PHONE, ShownRoom

from mentorkit.serve.room import showing
from mentorkit.serve.room.showing import Again

Window = Callable[..., Any]
PAGES = {
    "": showing.welcome(AROUND, JOIN),
    "code": showing.return_code(AROUND, CODE, today=date(2026, 11, 22)),
    "leave": showing.leave(AROUND, CODE),
    "left": showing.left(AROUND),
    "waiting": showing.waiting(AROUND, 12),
    "waiting-form": showing.waiting(AROUND, again=Again("begin", {"join": JOIN, "code": "maple"})),
}


@pytest.fixture
def room(server: ShownRoom) -> ShownRoom:
    """The server, as new."""
    server.pages = dict(PAGES)
    server.heard.clear()
    return server


# The return code


def test_the_six_words_are_numbered_large_and_said_to_be_all_there_is(room: ShownRoom, window: Window):
    page = window(**PHONE)
    page.goto(room.address + "code")
    words = page.get_by_role("list", name="Your return code, six words").get_by_role("listitem")
    expect(words).to_have_text(CODE.split())
    size = words.first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 24
    warning = page.get_by_text("Lost code, lost answers").first
    assert warning.bounding_box()["y"] < words.first.bounding_box()["y"], "it is said first"
    onward = page.get_by_role("link", name="I have kept it: open my workbook")
    expect(onward).to_have_attribute("href", BASE)


@pytest.mark.parametrize("clipboard", ["allowed", "not there"])
def test_the_code_is_copied(room: ShownRoom, window: Window, clipboard: str):
    page = window()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=room.address.removesuffix(BASE))
    if clipboard == "not there":  # as where the connection is not encrypted
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined, writable: true })")
    page.goto(room.address + "code")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied. Paste it where only you can read it.")
    expect(page.get_by_role("button", name="Copy")).to_be_focused()
    page.goto(room.address)
    page.get_by_text("I have a return code").click()
    page.get_by_label("Your return code").focus()
    page.keyboard.press("ControlOrMeta+V")
    expect(page.get_by_label("Your return code")).to_have_value(CODE)


def test_where_nothing_can_be_copied_the_words_are_selected(room: ShownRoom, window: Window):
    page = window()
    page.add_init_script("""Object.defineProperty(navigator, 'clipboard', { value: undefined });
      document.execCommand = () => false;""")
    page.goto(room.address + "code")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_contain_text("copy them by hand")
    assert page.evaluate("getSelection().toString().split(/\\s+/).filter(Boolean)") == CODE.split()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_code_is_saved_as_a_text_file(room: ShownRoom, window: Window, script: bool):
    page = window(java_script_enabled=script, accept_downloads=True)
    page.goto(room.address + "code")
    with page.expect_download() as started:
        page.get_by_role("link", name="Save as a text file").click()
    assert started.value.suggested_filename == "mentorkit-return-code.txt"
    text = started.value.path().read_text("utf-8")
    for part in (CODE, AROUND.address, "November 22, 2026", "Lost code, lost answers."):
        assert part in text


def test_the_paper_has_the_card_alone(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address + "code")
    page.emulate_media(media="print")
    card = page.locator(".room-card")
    for part in (*CODE.split(), AROUND.address, "November 22, 2026", "Lost code, lost answers."):
        expect(card.get_by_text(part)).to_be_visible()
    for other in ("button", "h1", "header", ".room-onward"):
        expect(page.locator(other).first).to_be_hidden()


def test_the_card_can_lead_straight_to_coming_back():
    assert f"{AROUND.address}join/{JOIN}" in showing.return_code(AROUND, CODE, join=JOIN)


def test_without_javascript_no_button_is_shown_that_does_nothing(room: ShownRoom, window: Window):
    page = window(java_script_enabled=False)
    page.goto(room.address + "code")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("listitem")).to_have_count(6)


# Waiting


def test_the_waiting_page_says_where_one_stands_and_tries_again_by_itself(room: ShownRoom, window: Window):
    room.pages["waiting"] = (503, PAGES["waiting"])
    page = window()
    page.clock.install()
    page.goto(room.address + "waiting#goals")
    expect(page.get_by_text("Before you: 12.")).to_be_visible()
    expect(page.get_by_text("This page tries again by itself.")).to_be_visible()
    room.pages["waiting"] = PAGES[""]
    page.clock.run_for(6100)
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    assert page.url.endswith("waiting#goals")


def test_while_nobody_answers_the_waiting_page_stays(room: ShownRoom, window: Window):
    page = window()
    page.clock.install()
    page.goto(room.address + "waiting")
    page.context.set_offline(True)
    page.clock.run_for(6100)
    expect(page.get_by_role("heading", name="One moment")).to_be_visible()
    page.context.set_offline(False)
    room.pages["waiting"] = PAGES[""]
    page.clock.run_for(6100)
    expect(page.get_by_role("button", name="Begin")).to_be_visible()


def test_a_form_that_found_no_room_is_sent_again(room: ShownRoom, window: Window):
    page = window()
    page.clock.install()
    page.goto(room.address + "waiting-form")
    page.clock.run_for(6100)
    page.wait_for_url("**/begin")
    assert room.heard == [("begin", {"join": JOIN, "code": "maple"})]


def test_without_javascript_the_waiting_page_tries_again_too(window: Window, room: ShownRoom):
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in PAGES["waiting"]
    assert "http-equiv" not in PAGES["waiting-form"], "a form is sent by a button"
    page = window(java_script_enabled=False)
    page.goto(room.address + "waiting-form")
    page.get_by_role("button", name="Try again now").click()
    page.wait_for_url("**/begin")


# Leaving


def test_leaving_asks_once_and_offers_the_code_and_the_file(room: ShownRoom, window: Window):
    page = window(**PHONE)
    page.goto(room.address + "leave")
    expect(page.get_by_text("What stays")).to_be_visible()
    expect(page.get_by_text("What is removed from this device")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="maple")).to_be_visible()
    file = page.get_by_role("link", name="Take my answers with me in a file")
    expect(file).to_have_attribute("href", f"{BASE}#start-here")
    page.get_by_role("button", name="Finish and clear this device").click()
    page.wait_for_url("**/leave")
    assert room.heard == [("leave", {})]


@pytest.mark.parametrize("waits", [True, False], ids=["waits", "all saved"])
def test_answers_that_are_only_on_this_device_are_mentioned_before_leaving(
    room: ShownRoom, window: Window, waits: bool
):
    page = window()
    page.goto(room.address)
    key = "mentorkit/place/need.academic" if waits else "mentorkit/forgotten"
    page.evaluate("key => localStorage.setItem(key, '{}')", key)
    page.goto(room.address + "leave")
    warning = page.get_by_text("Some answers are only on this device")
    expect(warning).to_have_count(1 if waits else 0)


def test_after_leaving_nothing_of_the_workbook_is_in_the_browser(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address)
    page.evaluate("""() => {
      localStorage.setItem("mentorkit/place/item", "1");
      sessionStorage.setItem("mentorkit/left-at", "2");
      localStorage.setItem("another", "3");
    }""")
    page.goto(room.address + "left")
    expect(page.get_by_role("heading", name="This device is cleared")).to_be_visible()
    assert page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]") == [["another"], []]
    expect(page.get_by_text("close this window now")).to_be_visible()


def test_it_is_said_when_the_browser_keeps_what_should_go(room: ShownRoom, window: Window):
    page = window()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    page.goto(room.address + "left")
    expect(page.get_by_text("Remove the data of this website")).to_be_visible()

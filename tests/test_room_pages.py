"""What people see of a room outside the workbook: as they meet it, on a phone, by keyboard, without JavaScript."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from shown_room import AROUND, BASE, CODE, JOIN, JOINING, PHONE, PROJECTOR, SECURE, ShownRoom

from mentorkit.serve.room import showing
from mentorkit.serve.room.showing import Again, spaced

Window = Callable[..., Any]
PAGES = {
    "": showing.welcome(AROUND, JOIN),
    "without-join": showing.welcome(SECURE),
    "wrong-join": showing.welcome(AROUND, "abc", error="wrong_join"),
    "wrong-code": showing.welcome(AROUND, JOIN, code="maple aple", sentence="Word 2, “aple”, is not in the list."),
    "code": showing.return_code(AROUND, CODE, today=date(2026, 11, 22)),
    "leave": showing.leave(AROUND, CODE),
    "left": showing.left(AROUND),
    "waiting": showing.waiting(AROUND, 12),
    "waiting-form": showing.waiting(AROUND, again=Again("begin", {"join": JOIN, "code": "maple"})),
    "refused": showing.refusal(AROUND, 403),
    "advisor/": showing.advisor(AROUND, JOINING),
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WAYS: dict[str, dict[str, Any]] = {
    "light": PROJECTOR,
    "dark": {**PROJECTOR, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced colours": {**PROJECTOR, "forced_colors": "active"},
}


@pytest.fixture
def room(server: ShownRoom) -> ShownRoom:
    """The server, as new."""
    server.pages = dict(PAGES)
    server.heard.clear()
    return server


# Everybody


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_on_any_page(room: ShownRoom, window: Window, way: str):
    page = window(**WAYS[way])
    for path in PAGES:
        page.goto(room.address + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, (path, found.generate_report())


@pytest.mark.parametrize(("width", "text"), [(320, "106.25%"), (390, "200%")])
def test_nothing_is_cut_off_on_a_phone(room: ShownRoom, window: Window, width: int, text: str):
    page = window(viewport={"width": width, "height": 640})
    for path in PAGES:
        page.goto(room.address + path)
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_policy_stops_nothing_and_no_other_host_is_asked(room: ShownRoom, window: Window):
    page = window()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(room.address + path)
    assert page.problems == []
    assert {url for url in asked if not url.startswith((room.address, "data:"))} == set()


def test_no_page_has_a_script_or_a_handler_in_it():
    for path, html in PAGES.items():
        assert re.findall(r"<script(?![^>]* src=)", html) == [], path
        assert re.findall(r"\son\w+=", html) == [], path
        assert "style=" not in html, path


def test_every_link_and_form_stays_below_the_base():
    for path, html in PAGES.items():
        leads = re.findall(r'(?:href|src|action)="([^"]*)"', html)
        assert leads, path
        assert [one for one in leads if not one.startswith((BASE, "#", "data:"))] == [], path


def test_a_form_says_where_it_comes_from(room: ShownRoom, window: Window):
    """Under `no-referrer` a browser sends `Origin: null`, and the guard refuses it."""
    page = window()
    page.goto(room.address)
    with page.expect_request("**/begin") as sent:
        page.get_by_role("button", name="Begin").click()
    assert sent.value.header_value("origin") == room.address.removesuffix(BASE)


def test_what_was_typed_is_shown_as_text():
    marked = '"><img src=x onerror=alert(1)>'
    html = showing.welcome(AROUND, join=marked, code=marked, error="wrong_join", sentence=marked)
    html += showing.waiting(AROUND, again=Again("return", {"code": marked}))
    assert "<img" not in html


# Coming in


def test_one_tap_begins_where_the_address_has_the_join_code(room: ShownRoom, window: Window):
    page = window(**PHONE)
    page.goto(room.address)
    expect(page.get_by_text("You join with the code KTR 4XW.")).to_be_visible()
    expect(page.get_by_label("Join code")).to_have_count(0)
    begin = page.get_by_role("button", name="Begin")
    assert begin.bounding_box()["y"] < 500, "it is seen without scrolling"
    begin.click()
    page.wait_for_url("**/begin")
    assert room.heard == [("begin", {"join": JOIN})]


def test_what_is_kept_and_who_sees_it_is_said_before_anybody_begins(room: ShownRoom, window: Window):
    page = window(**PHONE)
    page.goto(room.address)
    for said in ("About ten minutes", "Your answers, encrypted", "Nobody but you"):
        expect(page.get_by_text(said)).to_be_visible()


def test_a_connection_that_is_not_encrypted_is_called_so():
    sentence = "Others on this Wi-Fi could read along"
    assert sentence in showing.welcome(AROUND, JOIN)
    assert sentence not in showing.welcome(SECURE, JOIN)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_return_code_is_typed_into_one_field(room: ShownRoom, window: Window, script: bool):
    page = window(java_script_enabled=script)
    page.goto(room.address)
    page.get_by_text("I have a return code").click()
    field = page.get_by_label("Your return code")
    for name, value in (("autocomplete", "off"), ("autocapitalize", "none"), ("spellcheck", "false")):
        expect(field).to_have_attribute(name, value)
    field.fill(CODE)
    page.get_by_role("button", name="Open my workbook").click()
    page.wait_for_url("**/return")
    assert room.heard == [("return", {"join": JOIN, "code": CODE})]


def test_enter_sends_the_return_code_and_makes_no_new_line(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address)
    page.get_by_text("I have a return code").click()
    page.get_by_label("Your return code").press_sequentially("maple river")
    page.keyboard.press("Enter")
    page.wait_for_url("**/return")
    assert room.heard == [("return", {"join": JOIN, "code": "maple river"})]


def test_the_join_code_is_typed_once_for_both_ways(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address + "without-join")
    page.get_by_label("Join code").first.fill("ktr 4xw")
    page.get_by_text("I have a return code").click()
    page.get_by_label("Your return code").fill(CODE)
    page.get_by_role("button", name="Open my workbook").click()
    page.wait_for_url("**/return")
    assert room.heard == [("return", {"join": "ktr 4xw", "code": CODE})]


def test_a_wrong_join_code_is_said_beside_its_field_and_kept(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address + "wrong-join")
    field = page.get_by_label("Join code").first
    expect(field).to_have_value("abc")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("This is not the join code of this room"))


def test_a_word_that_is_not_in_the_list_is_said_beside_the_code_and_nothing_is_lost(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address + "wrong-code")
    field = page.get_by_label("Your return code")
    expect(field).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("maple aple")
    expect(field).to_have_accessible_description(re.compile("Word 2, “aple”"))
    page.get_by_role("button", name="Open my workbook").click()
    page.wait_for_url("**/return")
    assert room.heard[0][1]["join"] == JOIN


def test_a_wrong_join_code_in_coming_back_keeps_the_return_code():
    html = showing.welcome(AROUND, "abc", code=CODE, error="too_many")
    assert '<details class="room-return" open>' in html
    assert CODE in html
    assert html.count("There were too many tries") == 1


def test_a_browser_without_cookies_is_told(room: ShownRoom, window: Window):
    page = window()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false })")
    page.goto(room.address)
    expect(page.get_by_text("Your browser keeps no cookies")).to_be_visible()


def test_an_impatient_second_tap_sends_nothing(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address)
    page.evaluate("""() => {
      const [form] = document.forms;
      window.sent = [];
      form.addEventListener("submit", (event) => { window.sent.push(event.defaultPrevented); event.preventDefault(); });
      form.requestSubmit();
      form.requestSubmit();
    }""")
    assert page.evaluate("window.sent") == [False, True]


def test_a_join_code_is_shown_in_threes():
    assert spaced(" ktr4xw") == "KTR 4XW"
    assert spaced("") == ""


# Being turned away


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (403, "belongs to somebody else"),
        (404, "nothing at this address"),
        (429, "a bit too fast"),
        (500, "nothing that was shown as saved is lost"),
        (503, "closed now"),
        ("wrong_join", "not the join code"),
        ("too_many", "a bit too fast"),
        ("no_cookies", "keeps no cookies"),
        ("closed", "closed now"),
    ],
)
def test_whoever_is_turned_away_reads_one_sentence_and_has_a_way_on(reason: int | str, said: str):
    html = showing.refusal(SECURE, reason)
    [sentence] = re.findall(r'<p class="room-intro">(.*?)</p>', html)
    assert said in sentence
    assert sentence.count(".") == 1
    assert f'href="{BASE}"' in html


# By keyboard


def test_every_page_can_be_used_by_keyboard_alone(room: ShownRoom, window: Window):
    page = window()
    for path in PAGES:
        page.goto(room.address + path)
        wanted = page.locator(":is(a[href], button, summary, input:not([type=hidden]), textarea):visible").count()
        page.evaluate("document.activeElement?.blur()")
        reached = set()
        for _ in range(wanted + 2):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.outerHTML"))
        assert len(reached - {page.evaluate("document.body.outerHTML")}) >= wanted, path


def test_the_skip_link_leads_to_the_content(room: ShownRoom, window: Window):
    page = window()
    page.goto(room.address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_there_is_no_page_of_a_name_that_is_not_known():
    with pytest.raises(KeyError):
        showing.refusal(AROUND, "because")

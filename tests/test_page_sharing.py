"""The end of 06 and 07 as a student meets it: off, looked at, handed in, taken back; at home and in a room."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from panel_doing import do
from phone import PHONE, Phone
from players import TERM, met, rate, student
from playwright.sync_api import expect
from serving import Served
from somewhere import InMemory, InRoom

from mentorkit import Workbook, load_content, open_workbook
from mentorkit.consent import handed_in, linked
from mentorkit.pages import desk
from mentorkit.pages.sharing import Sharing
from mentorkit.serve.bots.rooms import OwnRoom
from mentorkit.sharing import Share, as_text, read_handed_in, read_share
from mentorkit.store import shares

HERE, THERE = load_content().words, load_content().in_room().words
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def sharing() -> Iterator[Callable[..., Sharing]]:
    """The end of the page of a student who finished two terms, at home or in a room."""

    def made(room: InRoom | None = None, finished: bool = True) -> Sharing:
        book = student(storage=room or InMemory(), in_room=room is not None)
        if finished:
            finish(book)
        desk.begin(book)
        return Sharing(book)

    yield made
    desk._given.clear()
    desk.workbook.cache_clear()


def finish(book: Workbook) -> None:
    for term in ("2026-spring", TERM):
        book.term = term
        rate(book, "needs", 3, area__own="marked(own)")
    met(book, "peer", 2)


def text_of(panel: Any) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", panel.html))


def file_shown(panel: Any) -> Share:
    """The file itself, as the preview shows it."""
    (shown,) = re.findall(r"<pre[^>]*><code>(.*?)</code>", panel.html, re.S)
    return read_share(html.unescape(shown).encode())


# Off


def test_nothing_is_shared_by_itself_and_the_page_says_so_first(sharing):
    panel = sharing().panel
    assert text_of(panel).strip().startswith(HERE["share_off"])
    assert handed_in(desk.workbook()) == {} and linked(desk.workbook()) is None
    assert "checked" not in panel.html and 'data-do="agree"' not in panel.html


def test_the_class_year_and_the_link_are_left_open_until_the_student_chooses(sharing):
    panel = sharing().panel
    (chosen,) = re.findall(r'<select name="year">.*?<option value="(\w*)" selected>', panel.html)
    assert chosen == "" and HERE["share_year_none"] in panel.html


def test_before_anything_is_finished_the_page_says_what_would_be_here(sharing):
    page = sharing(finished=False)
    assert HERE["share_none_yet"] in text_of(page.panel) and 'data-do="look"' not in page.panel.html
    assert "finished" in do(page.panel, "look")


def test_what_cannot_be_promised_is_said(sharing):
    for page, words in ((sharing(), HERE), (sharing(InRoom()), THERE)):
        said = text_of(page.panel)
        for paragraph in words["share_know"].strip().split("\n\n"):
            assert paragraph in said
    assert "recognize" in HERE["share_link_hint"] and "lies with your school" in HERE["share_know"]
    assert "can read them" in THERE["share_know"] and "can read them" not in HERE["share_know"]


# Looking


def test_the_preview_shows_every_value_of_the_file_and_nothing_else(sharing):
    page = sharing()
    do(page.panel, "look", term=TERM, year="m3", link="yes")
    share, said = file_shown(page.panel), text_of(page.panel)
    assert (share.class_year, share.term) == ("m3", TERM) and share.student
    for shown in ("Fall 2026", "Third year", share.student, share.id, "1. Peer mentoring, full form"):
        assert shown in said
    cells = re.findall(r'<td class="mk-number">(.*?)</td>', page.panel.html)
    scores = [score for one in (share.needs or {}).values() for score in (one.need, one.support, one.unmet)]
    (met_,) = share.relationships
    scores += [*met_.practices.values(), met_.practice_index, *met_.outcomes.values(), met_.outcome_index]
    assert cells == [f"{score:g}" for score in scores]
    assert "marked" not in page.panel.html


def test_looking_keeps_nothing_and_leaving_shares_nothing(sharing):
    page = sharing()
    before = desk.workbook().records
    do(page.panel, "look", link="yes")
    assert do(page.panel, "leave") == HERE["share_left"]
    assert desk.workbook().records == before and 'data-do="agree"' not in page.panel.html


def test_nothing_goes_out_that_was_not_looked_at(sharing):
    page = sharing()
    assert do(page.panel, "agree") == HERE["share_look_first"]
    do(page.panel, "look")
    rate(desk.workbook(), "needs", 1)
    assert do(page.panel, "agree") in (HERE["share_changed"], HERE["share_look_first"])
    assert handed_in(desk.workbook()) == {}
    page.panel.draw()
    assert 'data-do="agree"' not in page.panel.html


@pytest.mark.parametrize("values", [{"term": "soon"}, {"year": "sophomore"}, {"term": "2020-fall"}])
def test_what_the_page_does_not_offer_is_refused_in_a_sentence(sharing, values):
    said = do(sharing().panel, "look", **values)
    assert said.endswith(".") and handed_in(desk.workbook()) == {}


# Handing in


class Kept:
    """What a panel gives to save."""

    def __init__(self, panel: Any, name: str, **values: str) -> None:
        replies: list[Any] = []
        panel.send = lambda content, buffers=None: replies.append((content, buffers))
        panel._heard(None, {"type": "do", "n": 1, "name": name, "values": values}, [])
        (((content, (self.data,))),) = replies
        self.name = content["name"]


def test_the_file_is_what_was_shown(sharing, monkeypatch):
    page = sharing()
    do(page.panel, "look", year="m1")
    shown = file_shown(page.panel)
    kept = Kept(page.panel, "agree")
    assert kept.data.decode() == as_text(shown) and kept.name == f"mentorkit-share-2026-fall-{shown.id[:8]}.json"
    assert HERE["share_state_file"].format(term="Fall 2026") in text_of(page.panel)
    assert HERE["share_hand_in"] in text_of(page.panel)


def test_made_up_scores_are_marked_in_the_file_s_name(sharing, monkeypatch):
    monkeypatch.setenv("MENTORKIT_SAMPLE", "1")
    page = sharing()
    do(page.panel, "look")
    assert Kept(page.panel, "agree").name.startswith("sample-mentorkit-share-")


def test_taking_a_file_back_gives_a_file_and_can_be_done_again(sharing):
    page = sharing()
    do(page.panel, "look")
    share = read_share(Kept(page.panel, "agree").data)
    for _ in range(2):
        back = read_handed_in(Kept(page.panel, "back", of=TERM).data)
        assert back.shares == (share.id,)
    said = text_of(page.panel)
    assert HERE["share_state_back"].format(term="Fall 2026") in said and HERE["share_back_means"] in said
    assert "shared nothing" in do(page.panel, "back", of="2020-fall")


def test_in_a_room_agreeing_sends_what_was_shown_and_taking_back_removes_it(sharing):
    room = InRoom()
    page = sharing(room)
    do(page.panel, "look", year="m2", link="yes")
    shown = file_shown(page.panel)
    assert room.shares == {} and THERE["share_agree"] in page.panel.html
    assert do(page.panel, "agree") == THERE["share_done"]
    assert list(room.shares.values()) == [as_text(shown)]
    assert THERE["share_state_room"].format(term="Fall 2026") in text_of(page.panel)
    assert do(page.panel, "back", of=TERM) == THERE["share_back_done"]
    assert room.shares == {} and 'data-do="back"' not in page.panel.html


def test_erasing_everything_in_a_room_takes_back_what_was_shared_there(sharing):
    from mentorkit.pages.along import TakeAlong

    room = InRoom()
    page = sharing(room)
    do(page.panel, "look")
    do(page.panel, "agree")
    assert len(room.shares) == 1
    do(TakeAlong(desk.workbook()).panel, "erase", word="erase")
    assert room.shares == {} and desk.workbook().records == ()


# In the app


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory) -> Served:
    home = tmp_path_factory.mktemp("home")
    book = open_workbook(home)
    finish(book)
    book.close()
    return serve(home=home)


def kept(page: Any, here: Any, name: re.Pattern[str] | str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        here.get_by_role("button", name=name).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize(("slug", "width"), [("reassess", 390), ("what-changed", 1280)])
def test_a_student_looks_agrees_and_takes_back(served: Served, visit: Callable[..., Any], slug: str, width: int):
    page = visit(served, slug, viewport={"width": width, "height": 900})
    here = page.locator(f"#{slug}")
    expect(here.get_by_role("heading", name="Share your scores with your program")).to_be_visible()
    expect(here.get_by_role("heading", name=HERE["share_all"])).to_have_count(0)
    link = here.get_by_role("checkbox", name=re.compile("^Link my semesters"))
    expect(link).not_to_be_checked()
    here.get_by_label(re.compile("^Your class year")).select_option("Third year")
    link.check()
    here.get_by_role("button", name=HERE["share_look"]).click()
    heading = here.get_by_role("heading", name=HERE["share_all"])
    expect(heading).to_be_focused()
    expect(here.get_by_role("table", name=HERE["share_about_table"])).to_contain_text("Third year")
    here.get_by_text(HERE["share_file_itself"]).click()
    shown = read_share(here.locator("pre").inner_text().encode())

    name, data = kept(page, here, HERE["share_agree"])
    assert read_share(data) == shown and shown.class_year == "m3" and shown.student
    assert name == f"mentorkit-share-{shown.term}-{shown.id[:8]}.json"
    expect(here.get_by_text(f"“{name}” is in your downloads.").last).to_be_visible()
    expect(heading).to_have_count(0)

    back = re.compile("^Take .* back: save a file")
    expect(here.get_by_role("button", name=back)).to_be_visible()
    name, data = kept(page, here, back)
    assert shown.id in read_handed_in(data).shares
    expect(here.get_by_role("button", name=re.compile("^Save the file that takes"))).to_be_visible()
    assert page.problems == []


WAYS: dict[str, dict[str, str]] = {"light": {}, "dark": {"color_scheme": "dark"}}


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_while_it_is_looked_at(served: Served, visit: Callable[..., Any], way: str):
    page = visit(served, "reassess", viewport={"width": 1280, "height": 900}, **WAYS[way])
    here = page.locator("#reassess")
    here.get_by_role("button", name=HERE["share_look"]).click()
    expect(here.get_by_role("heading", name=HERE["share_all"])).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (390, "200%")])
def test_nothing_is_cut_off_on_a_phone(served: Served, visit: Callable[..., Any], width: int, text: str):
    page = visit(served, "what-changed", viewport={"width": width, "height": 700})
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
    here = page.locator("#what-changed")
    here.get_by_role("button", name=HERE["share_look"]).click()
    expect(here.get_by_role("heading", name=HERE["share_all"])).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# In a room


def test_in_a_room_a_student_shares_by_a_click_and_takes_it_back(window: Callable[..., Any], tmp_path: Path):
    with OwnRoom(tmp_path, 5) as room:
        page = window(**PHONE)
        page.goto(room.join_address)
        page.locator("form button").first.click()
        page.goto(re.sub(r"join/.*", "#goals", room.join_address))
        page.locator(".mk-book[data-state=open]").wait_for(timeout=30_000)
        phone = Phone(page)
        for item in load_content().worksheet("needs").sections[0].items:
            if item.kind == "rating":
                phone.rate(item.id, 2)
        phone.go_on_to("goals")
        phone.saved()
        phone.tap(THERE["finish"])
        phone.tap(THERE["finish_anyway"])
        phone.says("Finished on")
        assert shares(tmp_path) == []

        phone.open("what-changed")
        phone.tap(THERE["share_look"])
        phone.says(THERE["share_then"])
        phone.here.get_by_text(THERE["share_file_itself"]).click()
        shown = phone.here.locator("pre").inner_text()
        assert shares(tmp_path) == []
        phone.tap(THERE["share_agree"])
        phone.says(THERE["share_done"])
        assert shares(tmp_path) == [shown]
        assert json.loads(shown)["needs"]["academic"] == {"need": 50.0, "support": 50.0, "unmet": 0.0}

        phone.open("reassess")  # the other page knows of it
        phone.tap("Take ")
        phone.says(THERE["share_back_done"])
        assert shares(tmp_path) == []
        assert page.problems == []

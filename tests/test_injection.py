"""What a student typed is never markup: 36 ways in, 20 payloads, a real browser that overlooks the page's policy."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from made import scratch_home
from playwright.sync_api import Page, expect
from serving import Served

from mentorkit import open_workbook
from mentorkit.content import load_content
from mentorkit.reports.exchange import as_json
from mentorkit.store import Answered, MentorNoted
from mentorkit.workbook import Workbook

WORDS = load_content().words
PAYLOADS = [
    "<img src=x onerror=fired()>",
    "<svg onload=fired()>",
    "<script>fired()</script>",
    '"><img src=x onerror=fired()>',
    "'><img src=x onerror=fired()>",
    "</textarea><img src=x onerror=fired()>",
    "</script><script>fired()</script>",
    "</style><img src=x onerror=fired()>",
    "<iframe srcdoc='<script>parent.fired()</script>'></iframe>",
    "<details open ontoggle=fired()>",
    "<input autofocus onfocus=fired()>",
    "<a href=javascript:fired()>press</a>",
    "[press](javascript:fired())",
    "![x](x' onerror='fired())",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=fired()>",
    "${fired()}",
    "{{constructor.constructor('fired()')()}}",
    "$$\\href{javascript:fired()}{x}$$",
    "&lt;img src=x onerror=fired()&gt;",
    "\" onmouseover=fired() autofocus onfocus=fired() x=\"",
]  # fmt: skip
MADE = "main img, main iframe, main script[src], main a[href^=javascript], main [onerror], main [onload]"
TYPE = """(field, payload) => {
  field.value = payload;
  field.dispatchEvent(new Event("input"));
  field.dispatchEvent(new Event("change"));
}"""
GOAL_PARTS = ("goal", "sign", "step")


def typed(book: Workbook, payload: str) -> int:
    """Everything that the workbook lets a student type: 15 ways in."""
    mentor = book.add_mentor(payload[:80], "faculty", field=payload, distance=payload[:40])
    book.answer("needs", "area.own", payload[:60])
    book.answer("needs", "need.own.overall", 4)
    book.answer("needs", "goals", [dict.fromkeys(GOAL_PARTS, payload) for _ in range(3)])
    book.answer("mentor_types", "chosen.why", payload)
    book.answer("relationship", "relationship.occasion", payload, mentor=mentor)
    book.answer("relationship", "relationship.decision", "adjust", mentor=mentor)
    book.seal("needs")
    book.seal("relationship", mentor=mentor)
    return 3 + 1 + 9 + 1 + 1


def forged(book: Workbook, payload: str) -> int:
    """Records that no form would write, put into the file by hand: 10 ways in."""
    mentor = book.mentors[0].id
    answers = {
        "needs": {
            "need.clinical.reasoning": payload,
            "support.career": payload,
            "top.areas": [payload],
            "support.career.from": [payload],
            payload: payload,
        },
        "mentor_types": {"feasible.format": payload, "chosen.types": [payload]},
        "relationship": {"practice.prepared.topics": payload, "relationship.flags": [payload]},
    }
    for sheet, given in answers.items():
        about = mentor if sheet == "relationship" else None
        first = book.draft(sheet, mentor=about).revision + 1
        facts = {"worksheet": sheet, "version": 1, "term": book.term, "subject": about}
        book.add(
            [Answered(revision=first + n, item=i[:100], value=v, **facts) for n, (i, v) in enumerate(given.items())]
        )
    book.add([MentorNoted(revision=1, subject="m-forged", name=payload, field=payload)])
    return sum(len(given) for given in answers.values()) + 1


def from_elsewhere(payload: str) -> bytes:
    """A file from another computer: a person, and an answer that differs."""
    with scratch_home() as home:
        book = open_workbook(home)
        book.add_mentor(f"{payload[:70]} too", "peer", field=payload)
        book.answer("needs", "area.own", f"{payload[:60]} too")
        return as_json(book.content, book.records).encode()


def brought_in(page: Page, payload: str) -> int:
    """What a result's own fields take: a file, its name, and words: 4 ways in."""
    page.evaluate("location.hash = '#start-here'")
    file = {"name": f"{payload.replace('/', '')}.json", "mimeType": "text/plain", "buffer": from_elsewhere(payload)}
    page.get_by_label(WORDS["along_bring_label"]).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name=WORDS["along_look"]).click()
    expect(page.get_by_role("heading", name=WORDS["along_would"])).to_be_visible()
    expect(page.get_by_role("radio", name=WORDS["along_file"].partition("{")[0])).to_have_count(1)
    page.locator("summary", has_text=WORDS["along_erase"]).click()
    page.get_by_label(WORDS["along_erase_label"]).fill(payload)
    page.get_by_role("button", name=WORDS["along_erase"], exact=True).click()
    expect(page.get_by_role("main").get_by_text(WORDS["along_erase_not"]).last).to_be_visible()
    return 4


def in_the_browser(page: Page, payload: str, mark: str) -> int:
    """What can be typed or set in the browser itself: 4 ways in."""
    page.evaluate("payload => { location.hash = payload; }", payload)
    page.evaluate("payload => history.replaceState(null, '', '?x=' + payload + '#goals')", payload)
    page.evaluate("location.hash = '#goals'")
    page.get_by_role("textbox", name="What do you want", include_hidden=True).first.evaluate(TYPE, payload)
    page.evaluate("location.hash = '#reassess'")
    shown = page.locator("#reassess")
    shown.get_by_text(WORDS["mentor_title"], exact=True).click()
    shown.get_by_role("textbox", name=WORDS["mentor_name"]).fill(f"{payload[:70]} {mark}")
    shown.get_by_role("button", name=WORDS["mentor_add"]).click()
    expect(shown.get_by_role("radio", name=f"{payload[:70]} {mark}")).to_be_checked()
    return 4


@pytest.fixture(scope="module")
def hostile(serve: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory) -> Served:
    """An app whose home folder is called like a payload: one more way in."""
    home = tmp_path_factory.mktemp("home") / "<img src=x onerror=fired()>"
    home.mkdir()
    return serve(home=home)


def watch(context: Any) -> Page:
    context.expose_binding("fired", lambda source: source["page"].shots.append(source["frame"].url))
    page = context.new_page()
    page.shots = []
    page.on("dialog", lambda dialog: (page.shots.append(dialog.message), dialog.dismiss()))
    return page


@pytest.fixture
def windows(chromium: Any) -> Iterator[list[Page]]:
    """Two windows: one overlooks the page's policy, where escaping alone must hold; the other keeps it."""
    contexts = [chromium.new_context(bypass_csp=overlooked) for overlooked in (True, False)]
    yield [watch(context) for context in contexts]
    for context in contexts:
        context.close()


def test_the_test_would_notice(windows: list[Page]):
    """Where markup is markup, a payload does fire."""
    for page in windows:
        page.set_content(f"<p>{PAYLOADS[0]}</p>")
        page.wait_for_function("document.querySelector('img').complete")
        expect(page.locator("img")).to_have_count(1)
        assert page.shots


@pytest.mark.parametrize("payload", PAYLOADS)
def test_typed_text_stays_text(hostile: Served, windows: list[Page], payload: str):
    for old in (*hostile.home.glob("mentorkit.sqlite*"), *hostile.home.glob("backups/*")):
        old.unlink()
    book = open_workbook(hostile.home)
    ways = 1 + typed(book, payload) + forged(book, payload)
    book.close()
    windows = windows[: 2 if payload in PAYLOADS[:4] else 1]  # the policy can only hold back more
    kept = json.dumps({payload: {"value": payload}})
    for page in windows:
        page.add_init_script(f"localStorage.setItem('mentorkit/forged', {json.dumps(kept)})")
        page.goto(f"{hostile.address}&template={quote(payload)}", wait_until="commit")
    for number, page in enumerate(windows):
        page.locator(".mk-book[data-state=open]").wait_for(timeout=30_000)
        assert ways + 2 + brought_in(page, payload) + in_the_browser(page, payload, f"{number}") == 36
        for slug in page.locator(".mk-page").evaluate_all("all => all.map((one) => one.id)"):
            page.evaluate("slug => { location.hash = '#' + slug; }", slug)
            expect(page.locator(f"#{slug}")).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.locator(MADE).count() == 0
        assert page.shots == []

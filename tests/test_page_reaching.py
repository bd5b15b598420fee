"""The page on reaching out: its parts asked in Python, and one student's evening in the real app."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from serving import Served
from test_pages_access import RULES

from mentorkit import open_workbook
from mentorkit.content import load_content
from mentorkit.pages import desk, reaching
from mentorkit.widgets.panel import Panel
from mentorkit.workbook import Workbook

WORDS = load_content().words
TODAY = date.today()
SLOW = 20_000  # ms for a result that is drawn after an answer was saved, on a busy machine


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbook]:
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path))
    desk.workbook.cache_clear()
    reaching._reaching.cache_clear()
    yield desk.workbook()
    desk.workbook.cache_clear()
    reaching._reaching.cache_clear()


def approached(book: Workbook, name: str = "Dr. K", **answers: str) -> str:
    person = book.add_prospect(name)
    for item, value in {"situation": "inperson", **answers}.items():
        book.answer("approach", f"approach.{item}", value, mentor=person)
    return person


def answer(book: Workbook, person: str, item: str) -> str:
    return str(book.answers("approach", mentor=person).get(f"approach.{item}", ""))


def press(part: Panel, name: str, of: str) -> dict[str, Any]:
    """What a button's answer is."""
    told: list[dict[str, Any]] = []
    part.send = lambda content, buffers=None: told.append(content)  # type: ignore[method-assign,assignment]
    part._heard(None, {"type": "do", "n": 1, "name": name, "values": {"of": of}}, [])
    return told[0]


def day(when: date) -> str:
    return f"{when:%B} {when.day}, {when.year}"


# The people


def test_a_new_person_is_chosen_and_has_forms(book: Workbook):
    assert not reaching.situation_form().children
    reaching.who()._heard(None, {"type": "add", "name": "Dr. K", "kind": "faculty"}, [])
    (person,) = book.prospects
    assert reaching.who().spec["chosen"] == person.id
    assert len(reaching.message_form().children) == 1


def test_the_page_opens_with_the_earliest_day_among_those_under_way(book: Workbook):
    approached(book, "Declined", state="declined", next="2020-01-01")
    late = approached(book, "Late", state="contacted", next="2026-01-02")
    approached(book, "Open")
    assert reaching.who().spec["chosen"] == late
    assert [one["label"] for one in reaching.who().spec["options"]] == ["Late", "Open", "Declined"]


def test_a_mentor_who_was_never_approached_is_not_on_this_page(book: Workbook):
    book.add_mentor("Prof. Lind")
    assert reaching.who().spec["options"] == []


def test_someone_added_on_another_page_is_shown(book: Workbook):
    picker = reaching.who()
    person = approached(book)
    assert picker.spec["chosen"] == person


def test_another_person_s_answers_stay_with_them(book: Workbook):
    first, second = approached(book, "First", next="2026-01-01"), approached(book, "Second", message="For the second")
    form = reaching.message_form().children[0]
    assert form.state["answers"].get("approach.message") is None
    reaching.who()._heard(None, {"type": "choose", "code": second}, [])
    assert form.state["answers"]["approach.message"] == "For the second"
    assert answer(book, first, "message") == ""


def test_somebody_taken_off_the_list_comes_back_with_everything(book: Workbook):
    person = approached(book, message="My words")
    said = press(reaching.next_step(), "remove", person)["said"]
    assert "Dr. K" in said
    assert reaching.who().spec["options"] == []
    reaching.who()._heard(None, {"type": "add", "name": " dr. k", "kind": ""}, [])
    assert [one.id for one in book.prospects] == [person]
    assert [one["code"] for one in reaching.who().spec["options"]] == [person]
    assert reaching.who().spec["chosen"] == person
    assert answer(book, person, "message") == "My words"


def test_someone_who_became_a_mentor_keeps_their_id_and_stays_in_sight(book: Workbook):
    person = approached(book, state="talking")
    step = reaching.next_step()
    book.answer("approach", "approach.state", "mentor", mentor=person)
    step.draw()
    assert [one.id for one in book.present_mentors] == [person]
    assert reaching.who().spec["chosen"] == person
    assert "is on your list of mentors now" in step.html


# The draft and the message


def test_the_draft_goes_into_an_empty_message_only(book: Workbook):
    person = approached(book, know="the way you taught", want="learn knots", ask="talk")
    part = reaching.draft()
    assert press(part, "use", f"{person}/words")["type"] == "done"
    written = answer(book, person, "message")
    assert "I want to learn knots." in written
    book.answer("approach", "approach.message", "Mine", mentor=person)
    refused = press(part, "use", f"{person}/words")
    assert (refused["type"], refused["said"]) == ("refused", WORDS["draft_kept"])
    assert answer(book, person, "message") == "Mine"


def test_a_draft_that_was_left_as_it_is_follows_what_is_said(book: Workbook):
    person = approached(book, want="learn knots")
    part = reaching.draft()
    press(part, "use", f"{person}/words")
    book.answer("approach", "approach.want", "learn to suture", mentor=person)
    part.draw()
    assert 'data-do="use"' in part.html
    press(part, "use", f"{person}/words")
    assert "I want to learn to suture." in answer(book, person, "message")


def test_a_replaced_message_can_be_put_back(book: Workbook):
    person = approached(book, message="Mine\n ")
    part = reaching.draft()
    press(part, "replace", f"{person}/words")
    part.draw()
    assert answer(book, person, "message") != "Mine\n "
    assert 'data-do="back"' in part.html
    press(part, "back", person)
    part.draw()
    assert answer(book, person, "message") == "Mine\n "
    assert 'data-do="back"' not in part.html


def test_replacing_twice_keeps_what_the_student_wrote(book: Workbook):
    person = approached(book, message="Mine")
    part = reaching.draft()
    press(part, "replace", f"{person}/words")
    book.answer("approach", "approach.want", "learn knots", mentor=person)
    press(part, "replace", f"{person}/words")
    press(part, "back", person)
    assert answer(book, person, "message") == "Mine"


def test_a_goal_fills_what_is_wanted(book: Workbook):
    book.answer("needs", "goals", [{"goal": "Learn to read an ECG / echo"}])
    person = approached(book)
    part = reaching.draft()
    assert "I want to learn to read an ECG / echo." in part.html
    press(part, "goal", f"{person}/Learn to read an ECG / echo")
    assert answer(book, person, "want") == "Learn to read an ECG / echo"


def test_a_draft_for_someone_unknown_is_refused(book: Workbook):
    approached(book)
    assert press(reaching.draft(), "use", "m-nobody/words")["type"] == "refused"
    assert press(reaching.draft(), "use", "")["type"] == "refused"


# Sent, and what follows


def test_sent_today_notes_the_day_and_the_next_one(book: Workbook):
    person = approached(book, next="2026-01-01")
    said = press(reaching.look(), "sent", person)["said"]
    next_ = TODAY + timedelta(days=14)
    assert [answer(book, person, item) for item in ("state", "contacted", "next")] == [
        "contacted",
        TODAY.isoformat(),
        next_.isoformat(),
    ]
    assert day(next_) in said


def test_a_day_to_follow_up_is_a_button_away(book: Workbook):
    person = approached(book, state="talking")
    part = reaching.next_step()
    (offered,) = re.findall(r'data-do="follow" data-of="([^"]+)"', part.html)
    press(part, "follow", offered)
    assert answer(book, person, "next") == (TODAY + timedelta(days=7)).isoformat()


def test_writing_once_more_starts_the_wait_anew(book: Workbook):
    person = approached(book, state="no_reply", contacted="2026-01-01", next="2026-01-15")
    press(reaching.next_step(), "again", person)
    assert answer(book, person, "state") == "contacted"
    assert answer(book, person, "contacted") == TODAY.isoformat()


def test_the_list_keeps_the_order_that_was_chosen(book: Workbook):
    for name in "GFEDCBA":
        approached(book, name)
    part = reaching.everyone()
    rows = re.compile(r'<th scope="row">(\w)</th>')
    assert rows.findall(part.html) == list("GFEDCBA")
    press(part, "order", "name")
    assert rows.findall(part.html) == list("ABCDEFG")
    press(part, "order", "<b>")
    assert rows.findall(part.html) == list("GFEDCBA")


# An evening


@pytest.fixture
def served(serve: Callable[..., Served], tmp_path: Path) -> Served:
    home = tmp_path / "home"
    book = open_workbook(home)
    book.answer("needs", "goals", [{"goal": "Feel ready for my surgery shelf exam"}])
    book.close()
    return serve(home=home)


WAYS = {
    "1280 light": {"viewport": {"width": 1280, "height": 900}},
    "390 dark": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_student_leaves_with_a_message_sent(served: Served, visit: Callable[..., Any], way: str):
    page = visit(served, "reaching-out", **WAYS[way])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = page.locator("#reaching-out")
    button = lambda name: shown.get_by_role("button", name=name, exact=True)  # noqa: E731

    shown.get_by_role("radio", name="Ask alumni").click()
    expect(shown.get_by_text("What you chose to do:")).to_be_visible()

    shown.get_by_label("Name or nickname").fill("dr. osei (ward)")
    button("Add this person").click()
    shown.get_by_role("radio", name="I know their research or their work, but we have not met").click()
    expect(shown.get_by_role("heading", name="A short e-mail")).to_be_visible()
    expect(shown.get_by_text("Dear Dr. Osei,")).to_be_visible()
    expect(shown.get_by_text("I want to feel ready for my surgery shelf exam.")).to_be_visible()
    shown.get_by_label("One thing you know or noticed").fill("Your paper on sepsis in children.")
    shown.get_by_role("radio", name="Fifteen minutes to talk").click()
    button("Use this goal: Feel ready for my surgery shelf exam").click()
    expect(shown.get_by_label("What do you want to get better at")).to_have_value(
        "Feel ready for my surgery shelf exam"
    )
    expect(shown.get_by_text("I came across your work: your paper on sepsis in children.")).to_be_visible()

    button("Put this into my message").click()
    message = shown.get_by_role("textbox", name="What you will write or say")
    expect(message).to_have_value(re.compile("Dear Dr. Osei,"))
    expect(shown.get_by_text("5 gaps to fill in", exact=False)).to_be_visible(timeout=SLOW)
    message.fill(re.sub(r"\[\w[^\]]*\]", "third", message.input_value()))
    expect(shown.get_by_text(WORDS["look_ready"])).to_be_visible(timeout=SLOW)
    expect(shown.get_by_text(WORDS["draft_differs"])).to_be_visible(timeout=SLOW)

    button("Copy the message").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Dear Dr. Osei,") and copied.endswith("third") and "\n\n" in copied
    shown.get_by_label("Their e-mail address").fill("osei@example.org")
    link = shown.get_by_role("link", name=WORDS["mail"], exact=True)
    expect(link).to_have_attribute("href", re.compile(r"^mailto:osei@example\.org\?subject=A%20medical%20student"))

    button("I have sent it today").click()
    next_ = TODAY + timedelta(days=14)
    expect(shown.get_by_label("When will you follow up?")).to_have_value(re.compile(str(next_.year)))
    expect(shown.get_by_role("radio", name="Written to, or asked", exact=True)).to_be_checked()
    everyone = shown.get_by_role("region", name="People under way")
    expect(everyone.get_by_text(f"{next_:%B} {next_.day}")).to_be_visible()

    shown.get_by_role("radio", name="Now a mentor of mine").click()
    expect(shown.get_by_text("is on your list of mentors now", exact=False)).to_be_visible()
    expect(shown.get_by_role("link", name=WORDS["stage_together"])).to_have_attribute("href", "#working-together")
    assert page.evaluate("document.documentElement.scrollWidth") <= WAYS[way]["viewport"]["width"]
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.problems == []

    book = open_workbook(served.home)
    assert [one.name for one in book.present_mentors] == ["dr. osei (ward)"]
    assert answer(book, book.people[0].id, "message").startswith("Subject: A medical student")
    book.close()

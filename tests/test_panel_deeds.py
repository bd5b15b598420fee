"""Buttons in a result: what was asked is done once, said beside the button, and nothing typed is lost on the way."""

import pytest
from panel_desk import ONE, TWO, button, field
from playwright.sync_api import expect

from mentorkit.content import load_content
from mentorkit.errors import BadAnswer
from mentorkit.reports.html import details, tag
from mentorkit.widgets.panel import Said

WORDS = load_content().words


# Asking, and what is said


def test_what_came_of_it_is_said_beside_the_button_and_to_a_screen_reader(desk):
    here = desk(ONE, TWO, go=lambda values: f"Done for {values['name']}.")
    here.page.get_by_label("Name of another").fill("Sam")
    here.press("Do that")
    expect(here.page.locator("[data-ask=two] > button + .mk-answer")).to_have_text("Done for Sam.")
    expect(here.page.get_by_role("status")).to_have_text("Done for Sam.")
    here.page.get_by_label("Name", exact=True).fill("Kim")
    here.press("Do it")
    expect(here.answer).to_have_text(["Done for Kim."])
    assert here.heard == [("go", {"name": "Sam"}), ("go", {"name": "Kim"})]


def test_a_deed_is_given_every_kind_of_field_around_its_button_and_what_it_is_about(desk):
    kinds = [tag("label", tag("input", type="checkbox", name_="days", value=day), day) for day in ("mon", "tue", "wed")]
    either = [tag("label", tag("input", type="radio", name_="side", value=side), side) for side in ("here", "file")]
    options = tag("select", tag("option", "One", value="1"), tag("option", "Two", value="2"), name_="which")
    letter = tag("textarea", "Dear", name_="letter")
    here = desk(
        tag("div", kinds, either, options, letter, button("Do it", "go", data_of="m-1"), data_ask="x"), ONE, go=""
    )
    for day in ("mon", "wed"):
        here.page.get_by_label(day).check()
    here.page.get_by_label("file").check()
    here.page.locator("select").select_option("2")
    here.page.locator("textarea").fill("Dear Sam,\n“hello”")
    here.page.locator("[data-ask=x] button").click()
    given = {"days": "mon wed", "side": "file", "which": "2", "letter": "Dear Sam,\n“hello”", "of": "m-1"}
    assert here.heard == [("go", given)]


def test_what_is_refused_is_said_and_typed_words_stay(desk):
    def refuse(_: dict[str, str]) -> None:
        raise BadAnswer("That <b>name</b> is taken.")

    here = desk(ONE, go=refuse)
    here.page.get_by_label("Name").fill("Sam")
    here.press("Do it")
    expect(here.answer).to_have_text("That <b>name</b> is taken.")
    expect(here.answer).to_have_class("mk-answer mk-error")
    expect(here.page.get_by_label("Name")).to_have_value("Sam")
    here.draw(tag("p", "New above"), ONE)
    expect(here.page.get_by_text("New above")).to_be_visible()
    expect(here.page.get_by_label("Name")).to_have_value("Sam")
    expect(here.answer).to_have_text("That <b>name</b> is taken.")


def test_what_was_done_is_not_typed_any_more_and_other_fields_are_left(desk):
    here = desk(ONE, TWO, go="Done.")
    here.page.get_by_label("Name", exact=True).fill("Sam")
    here.page.get_by_label("Name of another").fill("Kim")
    here.press("Do it")
    expect(here.answer).to_have_text("Done.")
    for _ in range(2):
        expect(here.page.get_by_label("Name", exact=True)).to_have_value("")
        expect(here.page.get_by_label("Name of another")).to_have_value("Kim")
        here.draw(tag("p", "New above"), ONE, TWO)


def test_what_is_typed_while_it_is_done_stays(desk):
    here = desk(ONE, go="Done.")
    here.bare.holding = True
    here.page.get_by_label("Name").fill("Sam")
    here.press("Do it")
    here.page.get_by_label("Name").fill("Kim")
    here.bare.release()
    expect(here.answer).to_have_text("Done.")
    expect(here.page.get_by_label("Name")).to_have_value("Kim")
    here.draw(tag("p", "New above"), ONE)
    expect(here.page.get_by_label("Name")).to_have_value("Kim")
    assert here.heard == [("go", {"name": "Sam"})]


def test_a_double_click_does_it_once_and_another_button_is_not_kept_waiting(desk):
    here = desk(ONE, TWO, go="Done.")
    here.bare.holding = True
    here.page.get_by_role("button", name="Do it").dblclick()
    here.press("Do that")
    assert len(here.heard) == 2
    here.bare.release()
    here.press("Do it")
    assert len(here.heard) == 3


def test_that_nothing_was_answered_is_said_and_a_late_answer_still_counts(desk):
    here = desk(ONE, clock=True, go=lambda values: f"Done for {values['name']}.")
    here.page.evaluate("document.addEventListener('mentorkit:unsaved', () => { window.unsaved = true; })")
    here.bare.holding = True
    here.page.get_by_label("Name").fill("Sam")
    here.press("Do it")
    here.page.clock.run_for(2500)
    expect(here.answer).to_have_count(0)
    here.page.clock.run_for(1600)
    expect(here.answer).to_have_text(WORDS["deed_unheard"])
    assert here.page.evaluate("window.unsaved")
    expect(here.page.get_by_label("Name")).to_have_value("Sam")
    here.press("Do it")  # a kernel that is gone will never answer: trying again is not refused
    assert len(here.heard) == 2
    here.bare.release()
    expect(here.answer).to_have_text("Done for Sam.")
    here.page.clock.run_for(9000)
    expect(here.answer).to_have_text("Done for Sam.")


def test_what_goes_wrong_inside_is_one_sentence_without_its_cause(desk):
    here = desk(ONE, go=lambda _: 1 / 0)
    here.press("Do it")
    expect(here.answer).to_have_text(WORDS["deed_failed"])


def test_what_no_page_of_ours_sends_is_not_done(desk):
    here = desk(ONE, go="Done.")
    junk = [
        None, "do", {}, {"type": "do"}, {"type": "do", "n": 1, "name": "stop", "values": {}},
        {"type": "do", "n": "1", "name": "go", "values": {}}, {"type": "do", "n": 1, "name": "go", "values": []},
        {"type": "piece", "n": 1, "text": 3}, {"type": "piece", "text": "x"},
    ]  # fmt: skip
    for message in junk:
        here.panel._heard(None, message, [])
    assert here.heard == []
    here.panel._heard(None, {"type": "do", "n": 1, "name": "go", "values": {"a": 1, "b": ["c"], "d": "e"}}, [])
    assert here.heard == [("go", {"d": "e"})]


def test_an_answer_is_shown_in_the_view_that_asked(desk):
    here = desk(ONE, go="Done.")
    here.bare.view()
    here.page.get_by_role("button", name="Do it").nth(1).click()
    expect(here.answer).to_have_count(1)
    expect(here.page.locator(".mk-panel").nth(1).locator(".mk-answer")).to_have_text("Done.")


# Being redrawn


def test_the_focus_stays_on_the_same_thing_though_others_come_before_it(desk):
    here = desk(ONE, TWO, details("More", "words"), go="")
    for name, role in (("Do that", "button"), ("Name of another", "textbox")):
        here.draw(ONE, TWO, details("More", "words"))
        here.page.get_by_role(role, name=name).focus()
        here.draw(field("Before", "before"), details("Also", "before"), ONE, TWO, details("More", "words"))
        expect(here.page.get_by_label("Before")).to_be_visible()
        expect(here.page.get_by_role(role, name=name)).to_be_focused()
    here.page.get_by_text("More").click()
    here.draw(details("Also", "before"), details("More", "words"))
    expect(here.page.get_by_text("More")).to_be_focused()


def test_the_place_in_a_text_stays_while_it_is_typed(desk):
    here = desk(ONE, go="")
    here.page.get_by_label("Name").fill("Sam Lind")
    for _ in range(5):
        here.page.keyboard.press("ArrowLeft")
    here.draw(tag("p", "New above"), ONE)
    expect(here.page.get_by_text("New above")).to_be_visible()
    here.page.keyboard.type("!")
    expect(here.page.get_by_label("Name")).to_have_value("Sam! Lind")


def test_the_focus_goes_to_what_came_of_it(desk):
    arrived = tag("h4", "This would be added", tabindex="-1", data_arrive="plan")

    def look(_: dict[str, str]) -> None:
        here.draw(ONE, arrived)

    here = desk(ONE, go=look)
    here.press("Do it")
    expect(here.page.get_by_role("heading", name="This would be added")).to_be_focused()
    here.page.get_by_role("button", name="Do it").focus()
    here.draw(ONE, tag("p", "More"), arrived)  # it has been there: the student has gone on
    expect(here.page.get_by_text("More")).to_be_visible()
    expect(here.page.get_by_role("button", name="Do it")).to_be_focused()


def test_when_its_button_goes_the_answer_is_said_where_it_belongs_and_has_the_focus(desk):
    def add(_: dict[str, str]) -> str:
        here.draw(tag("div", "Nothing more", data_answers="look go"), TWO)
        return "Added."

    here = desk(tag("div", ONE, data_answers="look go"), TWO, go=add)
    here.press("Do it")
    expect(here.page.locator("[data-answers] > .mk-answer")).to_have_text("Added.")
    expect(here.answer).to_be_focused()
    here.page.get_by_label("Name of another").focus()
    here.draw(tag("div", "Nothing at all", data_answers="look go"), TWO)
    expect(here.page.get_by_text("Nothing at all")).to_be_visible()
    expect(here.page.get_by_label("Name of another")).to_be_focused()


def test_an_answer_inside_what_is_folded_away_is_seen(desk):
    here = desk(details("Erase", ONE), go="Done.")
    here.page.get_by_text("Erase").click()
    here.bare.holding = True
    here.press("Do it")
    here.page.get_by_text("Erase").click()
    here.bare.release()
    expect(here.answer).to_be_visible()


def test_a_redraw_waits_while_a_button_is_pressed(desk):
    here = desk(ONE, go="Done.")
    spot = here.page.get_by_role("button", name="Do it").bounding_box()
    here.page.mouse.move(spot["x"] + 5, spot["y"] + 5)
    here.page.mouse.down()
    here.draw(tag("p", "New above"), tag("p", "and more"), ONE)
    here.page.mouse.up()
    expect(here.answer).to_have_text("Done.")
    expect(here.page.get_by_text("New above")).to_be_visible()


# What needs no Python


@pytest.mark.parametrize("allowed", [True, False])
def test_words_are_copied_with_and_without_permission(desk, allowed):
    text = tag("p", "Dear Sam,\nhello & welcome", data_text=True)
    here = desk(tag("div", text, tag("button", "Copy", type="button", data_copy="1"), data_words=True))
    if allowed:  # a bare page is no secure place: it has no clipboard of its own
        here.page.evaluate(
            "navigator.clipboard ??= {}; navigator.clipboard.writeText = async (t) => { window.got = t; }"
        )
    else:
        here.page.evaluate("document.addEventListener('copy', () => { window.got = document.activeElement.value; })")
    here.press("Copy")
    expect(here.answer).to_have_text(WORDS["copied"])
    assert here.page.evaluate("window.got") == "Dear Sam,\nhello & welcome"
    expect(here.page.get_by_role("button", name="Copy")).to_be_focused()
    assert {said["type"] for said in here.bare.sent} <= {"shown"}


@pytest.mark.parametrize("loads_anew", [True, False], ids=["in the app", "in JupyterLab"])
def test_what_is_to_be_forgotten_is_forgotten_told_to_other_tabs_and_said_once(desk, loads_anew):
    here = desk(ONE, go=Said("Everything is erased.", forget=True))
    other = here.page.context.new_page()
    other.goto(here.bare.address)
    other.evaluate("window.addEventListener('storage', ({ key, newValue }) => { window.told = [key, newValue]; })")
    here.page.evaluate(
        """localStorage.setItem("mentorkit/a/b", "an answer"); localStorage.setItem("theme", "dark");
        document.addEventListener("mentorkit:forgotten", (event) => {
          window.forgotten = Object.keys(localStorage);
          if (LOADS_ANEW) event.preventDefault();
        })""".replace("LOADS_ANEW", "true" if loads_anew else "false")
    )
    here.press("Do it")
    expect(here.answer).to_have_text("Everything is erased.")
    assert here.page.evaluate("window.forgotten") == ["theme"]
    other.wait_for_function("window.told?.[0] === 'mentorkit/forgotten'")
    if loads_anew:
        here.bare.open()
        here.bare.mount(here.panel)
        expect(here.answer).to_have_text("Everything is erased.")
    here.bare.open()
    here.bare.mount(here.panel)
    expect(here.page.get_by_role("button", name="Do it")).to_be_visible()
    expect(here.answer).to_have_count(0)
    assert here.page.evaluate("[localStorage.length, sessionStorage.length]") == [1, 0]


def test_what_is_refused_forgets_nothing(desk):
    def refuse(_: dict[str, str]) -> None:
        raise BadAnswer("Type the word first.")

    here = desk(ONE, go=refuse)
    here.page.evaluate("localStorage.setItem('mentorkit/a/b', 'an answer')")
    here.press("Do it")
    expect(here.answer).to_have_text("Type the word first.")
    assert here.page.evaluate("localStorage.length") == 1

"""What a form says about saving, and what it keeps when nobody answers."""

import itertools
import re
from datetime import datetime, timedelta

import pytest
from bare_page import BarePage
from small_form import PHONE, open_tab, small_workbook

from mentorkit.widgets.form import Form

STORED = """Object.fromEntries(Object.entries(localStorage).map(
  ([key, kept]) => [key.split("/").at(-1), JSON.parse(kept).value]))"""
LISTEN = """() => {
  const status = document.querySelector("[role=status]");
  window.spoken = [];
  new MutationObserver(() => spoken.push(status.textContent)).observe(status, { childList: true });
}"""
WAITING = "Not saved yet: the workbook has not answered. Your answers are kept in this page and sent again"


@pytest.fixture
def tab(window, tmp_path):
    opened = open_tab(window(), tmp_path)
    yield opened
    assert opened.page.problems == []


@pytest.fixture
def timed(window, tmp_path):
    """A tab whose clock the test moves."""
    page = window()
    page.clock.install()
    tab = open_tab(page, tmp_path)
    page.clock.pause_at(page.evaluate("Date.now() + 1000") / 1000)
    return tab


def stored(tab):
    return tab.page.evaluate(STORED)


def answers_sent(tab):
    return [content for content in tab.bare.sent if content["type"] == "answer"]


def test_saved_is_said_only_after_the_acknowledgement(tab):
    tab.status("Nothing saved yet")
    tab.bare.holding = True
    tab.pick("I am calm", "A lot")
    tab.status("Saving…")
    assert stored(tab) == {"calm": 2}
    tab.bare.release()
    tab.status("Saved")
    assert tab.page.locator(".mk-status").inner_text().removeprefix("Saved ").replace(":", "").isdigit()
    assert tab.answers == {"calm": 2} and stored(tab) == {}


def test_silence_is_said_after_three_seconds_once_and_sent_again_every_three(timed):
    timed.page.evaluate(LISTEN)
    timed.bare.connected = False
    timed.pick("I am calm", "A lot")
    timed.page.clock.run_for(2800)
    assert timed.page.locator(".mk-status").inner_text() == "Saving…"
    timed.page.clock.run_for(300)
    assert timed.page.locator(".mk-status").inner_text() == WAITING
    timed.pick("I am rested", "A lot")
    timed.page.clock.run_for(6000)
    calm = [content for content in answers_sent(timed) if content["item"] == "calm"]
    assert len(calm) == 4 and len({content["n"] for content in calm}) == 1
    assert timed.page.evaluate("spoken") == [WAITING]
    timed.bare.connected = True
    timed.page.clock.run_for(3100)
    timed.status("Saved")
    assert timed.answers == {"calm": 2, "rested": 2} and stored(timed) == {}
    assert timed.page.evaluate("spoken.length") == 2


def test_a_slow_acknowledgement_counts_although_the_answer_was_sent_again(timed):
    timed.bare.holding = True
    timed.pick("I am calm", "A lot")
    timed.page.clock.run_for(7000)
    timed.bare.release()
    timed.status("Saved")


def test_a_steady_stream_of_answers_is_not_late(timed):
    timed.bare.holding = True
    timed.bare._held.clear()
    for option in ["A lot", "A little"] * 4:  # each acknowledged a second later, when the next is on its way
        timed.pick("I am calm", option)
        timed.page.clock.run_for(500)
        if len(timed.bare._held) > 1:
            timed.bare.release_one()
        timed.page.clock.run_for(400)
        assert timed.page.locator(".mk-status").inner_text() == "Saving…"
    timed.bare.release()
    timed.status("Saved")


def test_an_unsaved_answer_outlives_a_reload(tab):
    tab.bare.connected = False
    tab.pick("I am calm", "A lot")
    tab.page.get_by_label("What happened?").fill("We met")
    tab.page.get_by_label("What do you want to have done?").fill("Sleep")
    tab.bare.open()
    assert set(stored(tab)) == {"calm", "story", "goals"}
    tab.bare.connected = True
    tab.reload()
    assert tab.page.get_by_label("What happened?").input_value() == "We met"
    assert tab.page.get_by_label("What do you want to have done?").input_value() == "Sleep"
    tab.status("Saved")
    assert tab.answers == {"calm": 2, "story": "We met", "goals": [{"goal": "Sleep"}]}
    assert stored(tab) == {}


def test_an_unsaved_answer_is_for_its_own_home_term_and_mentor_only(window, tmp_path):
    page = window()
    tab = open_tab(page, tmp_path / "mine")
    tab.bare.connected = False
    tab.write("What happened?", "Mine")
    tab.bare.open()
    tab.bare.connected = True
    other = small_workbook(tmp_path / "other")
    ann = other.add_mentor("Ann")
    for name, form in (("home", Form(other, "small")), ("mentor", Form(other, "relationship", ann))):
        tab.bare.mount(form, name)
    assert set(page.locator("textarea").evaluate_all("fields => fields.map((field) => field.value)")) == {""}
    tab.workbook.term = "2030-fall"
    tab.bare.mount(Form(tab.workbook, "small"), "term")
    assert set(page.locator("textarea").evaluate_all("fields => fields.map((field) => field.value)")) == {""}
    assert stored(tab) == {"story": "Mine"} and not other.draft("small")


def test_an_answer_under_way_never_lands_with_another_mentor(window, tmp_path):
    workbook = small_workbook(tmp_path)
    ann, ben = workbook.add_mentor("Ann"), workbook.add_mentor("Ben")
    form = Form(workbook, "relationship", ann)
    page = window()
    page.clock.install()
    bare = BarePage(page)
    bare.mount(form)
    bare.connected = False
    page.get_by_label("What happened?").fill("Ann listened.")
    page.clock.run_for(700)
    bare.widgets["widget"]._mentor = ben  # Python has changed already, and the page has not heard of it
    bare.connected = True
    page.clock.run_for(3100)
    assert not workbook.draft("relationship", mentor=ben)
    form.show(ann)
    page.clock.run_for(3100)
    page.locator(".mk-status", has_text=re.compile("^Saved")).wait_for()
    assert dict(workbook.draft("relationship", mentor=ann)) == {"relationship.occasion": "Ann listened."}


def test_typing_is_sent_after_a_pause(timed):
    field = timed.page.get_by_label("What happened?")
    field.press_sequentially("We")
    timed.page.clock.run_for(500)
    field.press_sequentially(" met")
    timed.page.clock.run_for(500)
    assert answers_sent(timed) == []
    timed.page.clock.run_for(200)
    timed.status("Saved")
    assert [content["value"] for content in answers_sent(timed)] == ["We met"]


@pytest.mark.parametrize("leave", ["blur", "hide", "finish"])
def test_typing_is_sent_at_once_when_the_student_leaves(timed, leave):
    timed.page.get_by_label("What happened?").press_sequentially("We met")
    assert answers_sent(timed) == []
    if leave == "blur":
        timed.page.keyboard.press("Tab")
    elif leave == "hide":
        hidden = "Object.defineProperty(document, 'visibilityState', { value: 'hidden' })"
        timed.page.evaluate(f"{hidden}; document.dispatchEvent(new Event('visibilitychange'))")
    else:
        timed.page.get_by_role("button", name="Finish").evaluate("button => button.click()")
    assert [content["value"] for content in answers_sent(timed)] == ["We met"]


def test_fast_typing_is_never_taken_for_another_tab(timed):
    field = timed.page.get_by_label("What happened?")
    timed.bare.holding = True
    for words, _ in itertools.pairwise(["We", " met", " twice", " in May", ""]):
        field.press_sequentially(words)
        timed.page.clock.run_for(700)
    timed.bare.release()
    timed.status("Saved")
    assert timed.page.get_by_role("alert").count() == 0
    assert timed.answers == {"story": "We met twice in May"}


def test_a_lost_acknowledgement_is_not_taken_for_another_tab(timed):
    timed.bare.holding = True
    timed.write("What happened?", "We met")
    timed.bare._held.clear()  # saved, and the acknowledgement is lost with the connection
    timed.bare.holding, timed.bare.connected = False, False
    timed.write("What happened?", "We met twice")
    timed.bare.connected = True
    timed.reload()
    timed.status("Saved")
    assert timed.page.get_by_role("alert").count() == 0
    assert timed.answers == {"story": "We met twice"}


def test_a_full_disk_is_said_in_its_own_words_and_the_answer_waits(timed):
    timed.fail("The disk is full: make some room.")
    timed.pick("I am calm", "A lot")
    timed.status("Not saved yet: The disk is full: make some room.")
    assert timed.page.get_by_role("status").inner_text() == "Not saved yet: The disk is full: make some room."
    assert stored(timed) == {"calm": 2} and timed.answers == {}
    timed.page.clock.run_for(3100)
    timed.status("Not saved yet: The disk is full: make some room.")
    timed.mend()
    timed.page.clock.run_for(3100)
    timed.status("Saved")
    assert timed.answers == {"calm": 2} and stored(timed) == {}


def test_what_nobody_foresaw_is_said_too(tab):
    def answer(*_, **__):
        raise RuntimeError("what nobody foresaw")

    tab.workbook.answer = answer
    tab.pick("I am calm", "A lot")
    tab.status("Not saved yet: something unexpected went wrong.")
    assert stored(tab) == {"calm": 2}


def test_without_storage_the_page_asks_to_stay_open(window, tmp_path):
    page = window()
    page.clock.install()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('no storage') }")
    tab = open_tab(page, tmp_path)
    tab.bare.connected = False
    tab.pick("I am calm", "A lot")
    page.clock.run_for(3100)
    tab.status("Not saved yet: the workbook has not answered. Keep this page open until it does")
    tab.bare.connected = True
    page.clock.run_for(3100)
    tab.status("Saved")


# Answers that are refused


def test_a_text_that_is_too_long_keeps_its_words_and_says_by_how_much(tab):
    tab.write("Something else", "x" * 25)
    tab.page.get_by_text("“Something else” takes at most 20 characters: shorten it by 5.").first.wait_for()
    tab.status("Not saved yet: one answer needs another look")
    field = tab.page.get_by_label("Something else")
    assert field.get_attribute("aria-invalid") == "true" and field.input_value() == "x" * 25
    tab.reload()
    tab.page.locator(".mk-error", has_text="shorten it by 5").wait_for()
    assert tab.page.get_by_label("Something else").input_value() == "x" * 25
    tab.write("Something else", "x" * 20)
    tab.status("Saved")
    assert tab.page.locator(".mk-error:visible").count() == 0
    assert tab.page.get_by_label("Something else").get_attribute("aria-invalid") is None
    assert tab.answers == {"own": "x" * 20}


def test_a_date_that_cannot_be_read_keeps_its_words_and_finish_leads_to_it(tab):
    day = tab.page.get_by_label("On which day?")
    sentence = "This date could not be read: try “Dec 15” or “next Friday”."
    day.press_sequentially("Nov 22, 2")
    tab.page.get_by_role("button", name="Finish").click()
    tab.page.locator(".mk-error", has_text=sentence).wait_for()
    assert day.evaluate("field => field === document.activeElement")
    tab.status("Not saved yet: one answer needs another look")
    tab.reload()
    tab.page.locator(".mk-error", has_text=sentence).wait_for()
    assert day.input_value() == "Nov 22, 2" and tab.answers == {}
    day.press("End")
    day.press_sequentially("026")
    tab.status("Saved")
    assert tab.answers == {"day": "2026-11-22"}
    assert tab.page.locator(".mk-error:visible").count() == 0


def test_finish_leads_to_a_refused_answer_in_the_right_goal(tab):
    tab.write("What do you want to have done?", "Sleep")
    tab.page.get_by_role("button", name="Add a goal").click()
    second = tab.page.get_by_label("What do you want to have done?").nth(1)
    second.fill("x" * 70)
    second.blur()
    tab.page.locator(".mk-entry").nth(1).get_by_text("shorten it by 10").wait_for()
    tab.page.get_by_role("button", name="Finish").click()
    tab.page.get_by_role("button", name="Finish anyway").click()
    assert second.evaluate("field => field === document.activeElement")
    assert tab.group("Your goals").locator("[aria-invalid]").count() == 1
    second.fill("Read")
    tab.status("Saved")
    assert tab.answers == {"goals": [{"goal": "Sleep"}, {"goal": "Read"}]}


@pytest.mark.parametrize("brings", ["a question", "a refusal"])
def test_a_click_lands_although_leaving_a_field_moves_the_page(brings, window, tmp_path):
    page = window(**PHONE)
    page.clock.install()
    open_tab(page, tmp_path)
    page.clock.pause_at(datetime.now() + timedelta(minutes=1))
    page.get_by_label("Something else").fill("sleep" if brings == "a question" else "x" * 30)
    option = page.locator(".mk-option", has_text="Career")
    option.scroll_into_view_if_needed()
    box = option.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.wait_for_function("document.activeElement.type === 'checkbox'")
    page.mouse.up()
    page.clock.run_for(100)
    assert option.get_by_role("checkbox").is_checked()
    assert option.bounding_box()["y"] != box["y"] or page.evaluate("scrollY") > 0
    page.locator(".mk-item:visible", has_text="How much of it?" if brings == "a question" else "shorten it").wait_for()

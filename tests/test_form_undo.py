"""Undo of the last change in a form: which answer comes back, where it leads, and what it never overwrites."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_form import EVERYTHING, open_tab, small_workbook, small_worksheet

from mentorkit.store import Sealed


@pytest.fixture
def tab(window, tmp_path):
    opened = open_tab(window(), tmp_path)
    yield opened
    assert opened.page.problems == []


def button(tab):
    return tab.page.get_by_role("button", name="Undo", exact=True)


def undo(tab):
    """Press Undo, and give what is said."""
    button(tab).click()
    return tab.page.get_by_role("status").inner_text()


def saved(tab):
    tab.status("Saved")
    return tab.answers


def is_focused(locator):
    return locator.evaluate("element => element === document.activeElement")


def test_undo_comes_with_the_first_change_of_this_sitting_and_goes_with_the_last(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers={"calm": 1})
    assert button(tab).count() == 0
    tab.pick("I am calm", "A lot")
    assert button(tab).is_visible()
    assert undo(tab) == "Put back: I am calm"
    assert is_focused(tab.group("I am calm").get_by_role("radio", name="1 A little")) and button(tab).count() == 0
    assert saved(tab) == {"calm": 1}


def test_a_first_answer_is_taken_back_to_none(tab):
    tab.pick("I am calm", "A lot")
    saved(tab)
    undo(tab)
    tab.page.get_by_text("0 of 8 answered").wait_for()
    assert is_focused(tab.group("I am calm").get_by_role("radio").first)
    assert saved(tab) == {} and tab.page.locator("input:checked").count() == 0


def test_several_steps_lead_back_through_the_parts(window, tmp_path):
    tab = open_tab(window(), tmp_path, small_worksheet(paged=True))
    tab.pick("I am calm", "A lot")
    tab.pick("I am calm", "A little")
    tab.page.get_by_role("button", name="Next: Second part").click()
    tab.pick("What matters most?", "Career")
    tab.pick("What matters most?", "Clinical")
    assert undo(tab) == "Put back: What matters most?"
    assert tab.group("What matters most?").locator("input:checked").count() == 1
    undo(tab)
    assert tab.page.get_by_role("region", name="Second part").count() == 1
    assert undo(tab) == "Put back: I am calm"
    assert tab.page.get_by_role("region", name="First part").count() == 1
    assert is_focused(tab.group("I am calm").get_by_role("radio", name="2 A lot"))
    undo(tab)
    assert saved(tab) == {} and button(tab).count() == 0


def test_a_run_of_typing_is_one_step_and_coming_back_to_it_begins_another(window, tmp_path):
    page = window()
    page.clock.install()
    tab = open_tab(page, tmp_path)
    story = page.get_by_label("What happened?")
    for words in ("We", " met", " twice"):
        story.press_sequentially(words)
        page.clock.run_for(700)  # each is sent by itself
    page.get_by_label("Something else").focus()
    story.focus()
    story.press_sequentially(" in May")
    assert undo(tab) == "Put back: What happened?" and is_focused(story)
    assert story.input_value() == "We met twice"
    undo(tab)
    assert story.input_value() == "" and saved(tab) == {} and button(tab).count() == 0


def test_what_is_typed_and_not_yet_sent_is_undone_first(tab):
    tab.pick("I am calm", "A lot")
    tab.page.get_by_label("Something else").fill("sleep")
    assert undo(tab) == "Put back: Something else"
    assert saved(tab) == {"calm": 2} and tab.page.get_by_label("Something else").input_value() == ""


def test_a_cleared_answer_a_day_and_a_refused_text_come_back(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers={"calm": 1, "day": "2026-10-01", "own": "sleep"})
    tab.page.get_by_role("button", name="Clear this answer: I am calm").click()
    tab.write("On which day?", "when I can")
    tab.write("Something else", "x" * 30)
    tab.page.locator(".mk-error", has_text="shorten it by 10").wait_for()
    assert undo(tab) == "Put back: Something else"
    assert undo(tab) == "Put back: On which day?"
    assert tab.page.get_by_label("On which day?").input_value() == "Oct 1, 2026"
    undo(tab)
    assert saved(tab) == {"calm": 1, "day": "2026-10-01", "own": "sleep"}
    assert tab.page.locator(".mk-error:visible").count() == 0


# By keyboard


@pytest.mark.parametrize("keys", ["Control+z", "Meta+z"])
def test_ctrl_z_outside_a_text_field_does_the_same(keys, tab):
    tab.pick("I am calm", "A lot")
    tab.page.keyboard.press(keys)
    assert tab.page.get_by_role("status").inner_text() == "Put back: I am calm"
    assert saved(tab) == {}


def test_ctrl_z_in_a_text_field_is_the_browsers_own(tab):
    tab.pick("I am calm", "A lot")
    tab.page.get_by_label("What happened?").press_sequentially("We met")
    tab.page.keyboard.press("Control+z")
    assert tab.page.get_by_label("What happened?").input_value() != "We met"
    assert tab.group("I am calm").get_by_role("radio", name="2 A lot").is_checked()
    assert tab.page.get_by_role("status").inner_text() == ""


@pytest.mark.parametrize("keys", ["z", "Control+Shift+z", "Alt+z", "Control+y"])
def test_other_keys_undo_nothing(keys, tab):
    tab.pick("I am calm", "A lot")
    tab.page.keyboard.press(keys)
    assert saved(tab) == {"calm": 2}


def test_ctrl_enter_goes_to_the_next_part_and_finishes_on_the_last(window, tmp_path):
    answers = {item: value for item, value in EVERYTHING.items() if item != "story"}
    tab = open_tab(window(), tmp_path, small_worksheet(paged=True), answers)
    tab.page.get_by_role("button", name="Back").click()
    tab.group("I am calm").get_by_role("radio", name="2 A lot").focus()
    tab.page.keyboard.press("Control+Enter")
    assert is_focused(tab.page.get_by_role("heading", name="Second part"))
    tab.page.get_by_label("What happened?").fill("We met.")
    tab.page.keyboard.press("Meta+Enter")
    tab.page.get_by_role("group", name="Finished on").wait_for()
    assert tab.answers == {**EVERYTHING, "story": "We met."}


@pytest.mark.parametrize("keys", ["Enter", "Shift+Enter", "Alt+Enter", "Control+Alt+Enter"])
def test_other_ways_to_press_enter_stay_where_they_are(keys, window, tmp_path):
    tab = open_tab(window(), tmp_path, small_worksheet(paged=True))
    tab.page.get_by_label("Something else").focus()
    tab.page.keyboard.press(keys)
    assert tab.page.get_by_role("region", name="First part").count() == 1
    assert is_focused(tab.page.get_by_label("Something else"))


# Groups


GOALS = [{"goal": "Sleep"}, {"goal": "Read", "by": "2027-01-31"}, {"goal": "Write"}]


def written(tab):
    return tab.page.get_by_label("What do you want to have done?").evaluate_all("all => all.map((one) => one.value)")


@pytest.mark.parametrize("count", [2, 3])
def test_an_entry_that_was_removed_comes_back_to_its_place_and_only_once(count, window, tmp_path):
    tab = open_tab(window(), tmp_path, answers={"goals": GOALS[:count]})
    tab.page.get_by_role("button", name="Remove “Read”").click()
    assert saved(tab) == {"goals": [GOALS[0], *GOALS[2:count]]}
    assert undo(tab) == "Put back: Your goals"
    assert written(tab) == ["Sleep", "Read", "Write"][:count] and saved(tab) == {"goals": GOALS[:count]}
    assert is_focused(tab.page.get_by_label("What do you want to have done?").nth(1))
    assert tab.page.get_by_role("button", name="Put it back").count() == 0


def test_an_entry_that_was_added_goes_again_and_the_others_keep_what_is_typed_in_them(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers={"goals": GOALS[:1]})
    tab.write("By when?", "in 2 weeks")
    tab.page.get_by_role("button", name="Add a goal").click()
    tab.page.get_by_label("What do you want to have done?").nth(1).fill("Write")
    undo(tab)
    assert written(tab) == ["Sleep"] and tab.page.get_by_label("By when?").input_value() == "in 2 weeks"
    undo(tab)
    assert tab.page.get_by_label("By when?").input_value() == "" and is_focused(tab.page.get_by_label("By when?"))
    assert saved(tab) == {"goals": GOALS[:1]}


def test_the_first_entry_goes_and_an_empty_one_stays(tab):
    tab.write("What do you want to have done?", "Sleep")
    undo(tab)
    assert written(tab) == [""] and saved(tab) == {}
    assert is_focused(tab.page.get_by_label("What do you want to have done?"))


def test_what_was_put_back_beside_the_list_can_be_undone_too(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers={"goals": GOALS})
    tab.page.get_by_role("button", name="Remove “Sleep”").click()
    tab.page.get_by_role("button", name="Put it back").click()
    undo(tab)
    assert written(tab) == ["Read", "Write"]
    undo(tab)
    assert written(tab) == ["Sleep", "Read", "Write"] and saved(tab) == {"goals": GOALS}


# What it never does


def test_undo_never_goes_behind_an_answer_from_another_tab(window, tmp_path):
    first = window()
    a, b = open_tab(first, tmp_path), open_tab(first.context.new_page(), tmp_path)
    a.write("What happened?", "We met")
    saved(a)
    b.workbook.refresh()
    b.write("What happened?", "We met at noon")
    saved(b)
    a.pick("I am calm", "A lot")
    saved(a)
    assert undo(a) == "Put back: I am calm" and button(a).count() == 0
    assert saved(a) == {"story": "We met at noon"}


def test_an_undo_that_crosses_another_tab_is_a_conflict_like_any_other(window, tmp_path):
    first = window()
    a, b = open_tab(first, tmp_path), open_tab(first.context.new_page(), tmp_path)
    a.pick("I am calm", "A lot")
    saved(a)
    b.workbook.refresh()
    b.pick("I am calm", "No occasion")
    saved(b)
    undo(a)
    a.page.get_by_role("alert").get_by_text("Saved there: No occasion").wait_for()
    assert a.page.get_by_text("Typed here: no answer").is_visible() and a.answers == {"calm": "na"}
    a.page.get_by_role("button", name="Keep what is saved").click()
    assert saved(a) == {"calm": "na"} and button(a).count() == 0


def test_an_undo_waits_in_the_page_like_any_answer(tab):
    tab.pick("I am calm", "A lot")
    saved(tab)
    tab.bare.connected = False
    undo(tab)
    assert tab.answers == {"calm": 2}
    tab.bare.connected = True
    tab.reload()
    assert saved(tab) == {} and tab.page.locator("input:checked").count() == 0


def test_undo_after_finishing_is_a_correction_and_the_finished_answers_stay(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    tab.pick("I am calm", "A little")
    tab.page.get_by_role("button", name="Finish", exact=True).click()
    tab.page.get_by_role("group", name="Finished on").wait_for()
    tab.page.get_by_role("button", name="Correct it").click()
    undo(tab)
    assert saved(tab) == EVERYTHING
    records = small_workbook(tmp_path).records
    assert [record.answers for record in records if isinstance(record, Sealed)] == [{**EVERYTHING, "calm": 1}]


def test_the_steps_outlive_a_form_that_is_drawn_anew(tab):
    tab.pick("I am calm", "A lot")
    tab.page.get_by_label("What happened?").fill("We met")
    tab.workbook.add_mentor("Ann")
    tab.group("Who helps?").get_by_role("checkbox", name="Ann").wait_for()
    assert undo(tab) == "Put back: What happened?"
    assert undo(tab) == "Put back: I am calm"
    assert saved(tab) == {}


WRITTEN = ["What happened?", "On which day?", "What do you want to have done?", "By when?"]
SHOWN = """() => [...document.querySelectorAll("main :is(input, textarea):not([type=date])")].map(
  (one) => ["radio", "checkbox"].includes(one.type) ? one.checked : one.value)"""
picking = st.sampled_from([
    ("I am calm", "A lot"), ("I am calm", "No occasion"), ("Which form?", "Short"),
    ("What matters most?", "Career"), ("What matters most?", "Clinical"),
])  # fmt: skip
writing = st.tuples(st.sampled_from(WRITTEN), st.sampled_from(["", "Dec 15", "12/1/2027"]))


def settled(tab):
    """What is on disk and on the page when nothing waits any more."""
    tab.page.locator(".mk-status", has_text=re.compile("^(Saved|Nothing saved yet)")).wait_for()
    return tab.answers, tab.page.evaluate(SHOWN)


def test_every_step_back_is_where_the_form_was(tab, tmp_path_factory):
    @settings(max_examples=12, deadline=None)
    @given(st.lists(picking | writing, max_size=6))
    def holds(changes):
        tab.workbook = small_workbook(tmp_path_factory.mktemp("home"))
        tab.reload()
        before = [settled(tab)]
        for name, value in changes:
            (tab.write if name in WRITTEN else tab.pick)(name, value)
            if settled(tab)[0] != before[-1][0]:
                before.append(settled(tab))
        for answers, _ in reversed(before[:-1]):
            undo(tab)
            assert settled(tab)[0] == answers
        assert settled(tab) == before[0] and button(tab).count() == 0

    holds()

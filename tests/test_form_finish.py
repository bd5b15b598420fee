"""Finishing a worksheet: what is still open, the sealed scorecard, and its correction."""

import pytest
from small_form import EVERYTHING, open_tab, small_workbook, small_worksheet

from mentorkit.store import Sealed

PAGED = small_worksheet(paged=True)


@pytest.fixture
def tab(window, tmp_path):
    opened = open_tab(window(), tmp_path)
    yield opened
    assert opened.page.problems == []


def is_focused(locator):
    return locator.evaluate("element => element === document.activeElement")


def cards(tab):
    """Every sealed card on disk, earlier ones too."""
    records = small_workbook(tab.workbook.home.path).records
    return [record.answers for record in records if isinstance(record, Sealed)]


def finish(tab):
    tab.page.get_by_role("button", name="Finish", exact=True).click()


def test_open_questions_are_listed_by_section_when_they_are_many(tab):
    finish(tab)
    summary = tab.page.get_by_role("group", name="Some questions are still open")
    assert is_focused(summary)
    assert summary.get_by_role("listitem").all_inner_texts() == [
        "First part: 3 still open", "Second part: 4 still open", "Third part: 1 still open",
    ]  # fmt: skip
    assert tab.page.locator(".mk-error:visible").all_inner_texts() == ["This question has no answer yet."] * 8
    summary.get_by_role("link", name="Second part").click()
    assert is_focused(tab.group("What matters most?").get_by_role("checkbox").first)


def test_few_open_questions_are_listed_one_by_one(tab):
    for question, option in (("I am calm", "A lot"), ("I am rested", "A lot"), ("Which form?", "Short")):
        tab.pick(question, option)
    finish(tab)
    summary = tab.page.get_by_role("group", name="Some questions are still open")
    names = ["What matters most?", "What happened?", "On which day?", "Your goals"]
    assert summary.get_by_role("link").all_inner_texts() == names
    for name, field in (("Your goals", "What do you want to have done?"), ("On which day?", "On which day?")):
        summary.get_by_role("link", name=name).click()
        assert is_focused(tab.page.get_by_label(field))


def test_the_list_of_open_questions_shrinks_with_each_answer(tab):
    finish(tab)
    tab.pick("I am calm", "A lot")
    tab.page.get_by_text("First part: 2 still open").wait_for()
    assert tab.group("I am calm").locator(".mk-error").is_hidden()


def test_a_link_leads_to_a_question_on_another_page(window, tmp_path):
    answers = {item: EVERYTHING[item] for item in EVERYTHING if item != "calm"}
    tab = open_tab(window(), tmp_path, PAGED, answers)
    tab.page.get_by_role("button", name="Next: Second part").click()
    finish(tab)
    tab.page.get_by_role("link", name="I am calm").click()
    assert tab.page.get_by_role("region", name="First part").count() == 1
    assert is_focused(tab.group("I am calm").get_by_role("radio").first)


def test_a_worksheet_can_be_finished_with_gaps(tab):
    tab.pick("I am calm", "A lot")
    finish(tab)
    tab.page.get_by_role("button", name="Finish anyway").click()
    tab.page.get_by_role("group", name="Finished on").wait_for()
    assert is_focused(tab.page.get_by_role("group", name="Finished on"))
    assert cards(tab) == [{"calm": 2}]
    assert tab.page.get_by_role("form").count() == 0


def test_nothing_answered_is_nothing_to_finish(tab):
    finish(tab)
    tab.page.get_by_role("button", name="Finish anyway").click()
    said = "There is nothing to finish yet: answer at least one question first."
    assert is_focused(tab.page.get_by_role("group", name=said)) and cards(tab) == []


def test_a_correction_is_a_second_card_and_both_stay(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    finish(tab)
    tab.page.get_by_role("group", name="Finished on").wait_for()
    tab.reload()
    assert tab.page.get_by_role("form").count() == 0
    tab.page.get_by_role("button", name="Correct it").click()
    assert is_focused(tab.page.get_by_role("heading", name="First part"))
    assert tab.page.get_by_text("You are writing a corrected version.").is_visible()
    assert tab.group("I am calm").get_by_role("radio", name="2 A lot").is_checked()
    tab.pick("I am calm", "A little")
    tab.status("Saved")
    tab.reload()
    assert tab.page.get_by_text("You are writing a corrected version.").is_visible()
    finish(tab)
    tab.page.get_by_text("These answers stay as they are").wait_for()
    assert cards(tab) == [EVERYTHING, {**EVERYTHING, "calm": 1}]
    assert [card.revision for card in small_workbook(tmp_path).sealed("small")] == [2]


def corrected(window, tmp_path):
    """A finished form that is about to be corrected, and the button that leads back."""
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    finish(tab)
    tab.page.get_by_role("button", name="Correct it").click()
    return tab, tab.page.get_by_role("button", name="Leave it as it was")


def test_a_correction_can_be_left_as_long_as_nothing_was_changed(window, tmp_path):
    tab, leave = corrected(window, tmp_path)
    leave.click()
    assert is_focused(tab.page.get_by_role("group", name="Finished on"))
    assert tab.page.get_by_text("These answers stay as they are").is_visible()
    assert tab.page.get_by_role("form").count() == 0 and cards(tab) == [EVERYTHING]
    tab.reload()
    tab.page.get_by_role("button", name="Correct it").click()
    tab.page.get_by_role("button", name="Leave it as it was").click()
    assert tab.page.get_by_role("form").count() == 0


def test_a_changed_correction_cannot_be_left_until_the_change_is_undone(window, tmp_path):
    tab, leave = corrected(window, tmp_path)
    tab.pick("I am calm", "A little")
    leave.wait_for(state="hidden")
    tab.reload()
    assert leave.count() == 0
    tab.pick("I am calm", "A lot")
    tab.status("Saved")
    tab.reload()
    tab.page.get_by_role("button", name="Correct it").click()
    tab.pick("I am calm", "A little")
    tab.page.get_by_role("button", name="Undo").click()
    leave.click()
    assert tab.page.get_by_role("form").count() == 0 and tab.answers == EVERYTHING


def test_a_correction_is_not_left_before_all_is_saved(window, tmp_path):
    tab, leave = corrected(window, tmp_path)
    tab.bare.holding = True
    tab.pick("I am calm", "A little")
    tab.page.get_by_role("button", name="Undo").click()
    assert not leave.is_visible()
    tab.bare.release()
    leave.wait_for()


def test_what_is_typed_is_not_left_behind(window, tmp_path):
    tab, leave = corrected(window, tmp_path)
    tab.page.get_by_label("What happened?").fill("We met twice.")
    leave.evaluate("button => button.click()")
    tab.status("Saved")
    assert tab.page.get_by_role("form").count() == 1 and tab.answers["story"] == "We met twice."


def test_finishing_waits_for_every_answer(tab):
    tab.bare.holding = True
    tab.pick("I am calm", "A lot")
    finish(tab)
    tab.page.get_by_role("button", name="Finish anyway").click()
    tab.status("Saving…")
    assert [content["type"] for content in tab.bare.sent] == ["hello", "answer"] and cards(tab) == []
    tab.bare.release()
    tab.page.get_by_role("group", name="Finished on").wait_for()
    assert cards(tab) == [{"calm": 2}]


def test_an_answer_after_finish_is_not_sealed_with_it(tab):
    tab.bare.holding = True
    tab.pick("I am calm", "A lot")
    finish(tab)
    tab.page.get_by_role("button", name="Finish anyway").click()
    tab.pick("I am rested", "A lot")
    tab.bare.release()
    tab.status("Saved")
    assert cards(tab) == [] and tab.page.get_by_role("form").count() == 1


def test_what_is_typed_while_the_workbook_finishes_is_a_correction(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    tab.bare.holding = True
    finish(tab)
    tab.page.get_by_label("What happened?").fill("We met twice.")
    tab.bare.release()
    tab.page.get_by_text("You are writing a corrected version.").wait_for()
    tab.status("Saved")
    assert cards(tab) == [EVERYTHING] and tab.answers["story"] == "We met twice."


def test_a_finish_without_an_answer_is_said_and_asked_for_again(window, tmp_path):
    page = window()
    page.clock.install()
    tab = open_tab(page, tmp_path, answers=EVERYTHING)
    tab.bare.connected = False
    finish(tab)
    page.clock.run_for(3100)
    tab.status("Not finished yet: the workbook has not answered.")
    tab.bare.connected = True
    page.clock.run_for(3100)
    tab.page.get_by_role("group", name="Finished on").wait_for()
    assert cards(tab) == [EVERYTHING]


def test_a_full_disk_stops_finishing_and_says_so(tab):
    tab.fail("The disk is full: make some room.")
    tab.pick("I am calm", "A lot")
    tab.status("Not saved yet: The disk is full")
    finish(tab)
    tab.page.get_by_role("button", name="Finish anyway").click()
    said = "Not saved yet: The disk is full: make some room."
    tab.page.get_by_role("group", name=said).wait_for()
    assert is_focused(tab.page.get_by_role("group", name=said)) and cards(tab) == []


def test_a_disk_that_fills_up_while_sealing_is_said_in_words(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    tab.fail("The disk is full: make some room.")
    finish(tab)
    tab.page.get_by_role("group", name="The disk is full: make some room.").wait_for()
    tab.mend()
    finish(tab)
    tab.page.get_by_role("group", name="Finished on").wait_for()


def test_finish_leads_to_a_conflict(window, tmp_path):
    first = window()
    a = open_tab(first, tmp_path, answers=EVERYTHING)
    b = open_tab(first.context.new_page(), tmp_path)
    b.write("What happened?", "We met at noon")
    b.status("Saved")
    a.write("What happened?", "We met at dusk")
    a.page.get_by_role("alert").wait_for()
    finish(a)
    assert is_focused(a.page.get_by_role("button", name="Keep what is saved"))


def test_a_refused_answer_stays_in_sight_when_its_question_no_longer_applies(window, tmp_path):
    items = [
        {"kind": "choice", "id": "form", "text": "Which form?", "options": [{"code": "short", "label": "Short"}]},
        {"kind": "text", "id": "own", "text": "Something else", "at_most": 5, "unless": {"form": ["short"]}},
    ]
    tab = open_tab(window(), tmp_path, small_worksheet(section=[{"id": "one", "title": "One", "item": items}]))
    tab.write("Something else", "much too long")
    tab.page.locator(".mk-error", has_text="shorten it by 8").wait_for()
    tab.pick("Which form?", "Short")
    finish(tab)
    assert is_focused(tab.page.get_by_label("Something else"))
    tab.page.get_by_label("Something else").fill("ok")
    tab.page.get_by_label("Something else").wait_for(state="hidden")


def test_answers_of_an_earlier_term_stay_hidden_and_the_page_says_why(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    finish(tab)
    tab.page.get_by_role("group", name="Finished on").wait_for()
    tab.workbook.term = "2030-fall"
    tab.page.get_by_text("Your earlier answers are hidden until you finish").wait_for()
    assert tab.page.locator("input:checked").count() == 0
    assert tab.page.get_by_label("What happened?").input_value() == ""

"""The same worksheet in two tabs, each with its own kernel: nothing is overwritten without a word."""

import pytest
from small_form import open_tab, small_workbook


@pytest.fixture
def tabs(window, tmp_path):
    first = window()
    a, b = open_tab(first, tmp_path), open_tab(first.context.new_page(), tmp_path)
    yield a, b
    assert a.page.problems == []


def saved(tab):
    tab.status("Saved")
    return tab.answers


def disagree(a, b):
    """Tab B writes first, then tab A writes something else to the same question."""
    b.write("What happened?", "We met at noon")
    saved(b)
    a.write("What happened?", "We met at dusk")
    a.page.get_by_role("alert").wait_for()
    return a.page.get_by_role("alert")


def test_an_answer_of_the_other_tab_appears_with_the_next_answer(tabs):
    a, b = tabs
    b.pick("I am calm", "A lot")
    b.write("What happened?", "We met")
    saved(b)
    a.pick("I am rested", "A little")
    assert saved(a) == {"calm": 2, "rested": 1, "story": "We met"}
    assert a.group("I am calm").get_by_role("radio", name="2 A lot").is_checked()
    assert a.page.get_by_label("What happened?").input_value() == "We met"
    assert a.page.get_by_text("3 of 8 answered").is_visible() and a.page.get_by_role("alert").count() == 0


def test_an_answer_that_the_other_tab_cleared_goes_here_too(tabs):
    a, b = tabs
    a.pick("I am calm", "A lot")
    saved(a)
    b.pick("I am rested", "A lot")
    saved(b)
    b.page.get_by_role("button", name="Clear this answer: I am calm").click()
    b.page.get_by_text("1 of 8 answered").wait_for()
    saved(b)
    a.pick("Which form?", "Short")
    a.page.get_by_text("2 of 7 answered").wait_for()
    assert not a.group("I am calm").locator("input:checked").count()


def test_the_question_under_the_cursor_is_left_alone_until_it_is_left(tabs):
    a, b = tabs
    b.write("What happened?", "We met")
    saved(b)
    a.page.get_by_label("What happened?").focus()
    a.workbook.refresh()
    assert a.page.get_by_label("What happened?").input_value() == ""
    a.page.keyboard.press("Tab")
    assert a.page.get_by_label("What happened?").input_value() == "We met"


def test_what_is_typed_meanwhile_is_not_written_over_the_other_answer(tabs):
    a, b = tabs
    b.write("What happened?", "We met at noon")
    saved(b)
    a.page.get_by_label("What happened?").focus()
    a.workbook.refresh()  # this page has been told now, and does not show it
    a.write("What happened?", "We met at dusk")
    a.page.get_by_role("alert").wait_for()
    assert a.answers == {"story": "We met at noon"}


def test_both_texts_are_shown_and_nothing_is_saved_before_the_choice(tabs):
    a, b = tabs
    alert = disagree(a, b)
    assert alert.get_by_text("Saved there: We met at noon").is_visible()
    assert alert.get_by_text("Typed here: We met at dusk").is_visible()
    a.status("Not saved yet: one answer needs another look")
    assert a.answers == {"story": "We met at noon"}
    a.page.get_by_label("What happened?").fill("We met at dawn")
    alert.get_by_text("Typed here: We met at dawn").wait_for()
    assert a.answers == {"story": "We met at noon"}


def test_the_students_own_answer_can_be_used(tabs):
    a, b = tabs
    disagree(a, b).get_by_role("button", name="Use mine").click()
    assert saved(a) == {"story": "We met at dusk"}
    assert a.page.get_by_role("alert").count() == 0
    assert a.page.get_by_label("What happened?").evaluate("field => field === document.activeElement")
    b.pick("I am calm", "A lot")
    saved(b)
    assert b.page.get_by_label("What happened?").input_value() == "We met at dusk"
    values = [getattr(record, "value", None) for record in small_workbook(a.workbook.home.path).records]
    assert values == ["We met at noon", "We met at dusk", 2]


def test_the_saved_answer_can_be_kept(tabs):
    a, b = tabs
    disagree(a, b).get_by_role("button", name="Keep what is saved").click()
    assert saved(a) == {"story": "We met at noon"}
    assert a.page.get_by_label("What happened?").input_value() == "We met at noon"
    a.write("What happened?", "We met twice")
    assert saved(a) == {"story": "We met twice"}


def test_a_third_answer_meanwhile_is_shown_instead(tabs):
    a, b = tabs
    alert = disagree(a, b)
    b.write("What happened?", "We met at one")
    saved(b)
    alert.get_by_role("button", name="Use mine").click()
    alert.get_by_text("Saved there: We met at one").wait_for()
    assert a.answers == {"story": "We met at one"}
    alert.get_by_role("button", name="Use mine").click()
    assert saved(a) == {"story": "We met at dusk"}


def test_a_conflict_outlives_a_reload(tabs):
    a, b = tabs
    disagree(a, b)
    a.reload()
    a.page.get_by_text("Typed here: We met at dusk").wait_for()
    a.page.get_by_role("button", name="Use mine").click()
    assert saved(a) == {"story": "We met at dusk"}


def test_the_same_answer_in_both_tabs_is_no_conflict(tabs):
    a, b = tabs
    b.write("What happened?", "We met")
    saved(b)
    a.write("What happened?", "We met")
    assert saved(a) == {"story": "We met"} and a.page.get_by_role("alert").count() == 0


def test_ratings_choices_and_goals_are_compared_in_words(tabs):
    a, b = tabs
    a.bare.connected = False
    theirs, mine = (b, "A lot", ["Career"], "Sleep"), (a, "No occasion", ["Clinical", "Research"], "Read")
    for tab, option, areas, goal in (theirs, mine):
        tab.pick("I am calm", option)
        for area in areas:
            tab.pick("What matters most?", area)
        tab.page.get_by_label("By when?").fill("2027-01-31")
        tab.write("What do you want to have done?", goal)
    saved(b)
    a.bare.connected = True
    a.reload()
    a.page.get_by_text("Typed here: Read · Jan 31, 2027").wait_for()
    said = " ".join(a.page.get_by_role("alert").all_inner_texts())
    assert "Saved there: A lot" in said and "Typed here: No occasion" in said
    assert "Saved there: Career" in said and "Typed here: Clinical, Research" in said
    assert "Saved there: Sleep · Jan 31, 2027" in said and "Typed here: Read · Jan 31, 2027" in said
    for _ in range(3):
        a.page.get_by_role("button", name="Use mine").first.click()
    goals = [{"goal": "Read", "by": "2027-01-31"}]
    assert saved(a) == {"calm": "na", "top": ["clinical", "research"], "goals": goals}


def test_unsaved_answers_of_two_tabs_are_kept_apart(tabs):
    a, b = tabs
    a.bare.connected = b.bare.connected = False
    a.write("What happened?", "We met")
    b.write("Something else", "sleep")
    for tab in tabs:
        tab.bare.open()
    b.bare.connected = True
    b.reload()
    assert saved(b) == {"story": "We met", "own": "sleep"}
    assert b.page.evaluate("localStorage.length") == 0

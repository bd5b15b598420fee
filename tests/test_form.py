"""What a form shows and asks, and how it is finished: in Chromium, on a bare page, with the real workbook behind it."""

import pytest
from bare_page import BarePage
from hypothesis import given, settings
from hypothesis import strategies as st
from small_form import AREAS, EVERYTHING, answered_before, open_tab, small_workbook, small_worksheet

from mentorkit import open_workbook
from mentorkit.widgets.form import Form


@pytest.fixture
def tab(window, tmp_path):
    opened = open_tab(window(), tmp_path)
    yield opened
    assert opened.page.problems == []


def shown(page):
    """The ids of the items that are asked, whichever section is on screen."""
    return page.locator(".mk-section:not([hidden]) > .mk-item:not([hidden])").evaluate_all(
        "items => items.map((item) => item.dataset.item)"
    )


def open_again(bare, home, worksheet=None, answers=None):
    """The small form of another home on the same page."""
    bare.open()
    bare.mount(Form(answered_before(home, worksheet, answers), "small"))
    return bare.page


# Every kind of item


def test_a_rating_is_a_group_of_radios_named_by_their_labels(tab):
    rating = tab.group("I am calm")
    names = ["0 Not at all", "1 A little", "2 A lot", "No occasion"]
    assert [rating.get_by_role("radio", name=name, exact=True).count() for name in names] == [1] * 4
    assert rating.get_by_role("radio", name="No occasion").aria_snapshot().startswith('- radio "No occasion"')
    described = rating.get_by_role("radio", name="No occasion").get_attribute("aria-describedby").split()
    assert "It did not arise." in [tab.page.locator(f"#{one}").inner_text() for one in described]


def test_a_point_without_words_is_named_once(window, tmp_path):
    workbook = open_workbook(tmp_path)
    mentor = workbook.add_mentor("Dr. K")
    workbook.answer("relationship", "relationship.form", "full", mentor=mentor)
    workbook.seal("relationship", mentor=mentor)
    workbook.term = workbook.content.calendar.after(workbook.term)
    workbook.answer("relationship", "relationship.form", "full", mentor=mentor)
    bare = BarePage(window())
    bare.mount(Form(workbook, "relationship", mentor))
    scale = bare.page.locator("[data-item='relationship.overall']")
    assert [scale.get_by_role("radio", name=name, exact=True, include_hidden=True).count() for name in "159"] == [1] * 3
    change = bare.page.locator("[data-item='relationship.change']")
    assert change.get_by_role("radio", name="−3 Much worse", exact=True, include_hidden=True).count() == 1


def test_every_item_is_a_named_group_or_a_labelled_field(tab):
    for name in ("I am calm", "Which form?", "What matters most?", "Your goals"):
        assert tab.group(name).first.evaluate("group => group.tagName") == "FIELDSET"
    for name in ("Something else", "What happened?", "What do you want to have done?"):
        assert tab.page.get_by_role("textbox", name=name).count() == 1
    assert tab.page.get_by_role("textbox", name="On which day?").count() == 1
    assert tab.page.get_by_role("button", name="Choose On which day?").count() == 1
    assert tab.page.get_by_role("form", name="A small form").count() == 1
    assert tab.page.get_by_role("region", name="First part").count() == 1
    assert tab.page.get_by_role("progressbar", name="How far you are").count() == 1


def test_what_is_optional_or_private_says_so(tab):
    name = "Something else optional, only you see this"
    assert tab.page.get_by_role("textbox", name=name, exact=True).count() == 1
    assert tab.page.get_by_role("textbox", name="What happened?", exact=True).count() == 1


def test_help_opens_at_the_question(tab):
    assert not tab.page.get_by_text("As you feel now.").is_visible()
    tab.group("I am calm").get_by_text("What does this mean?").click()
    assert tab.page.get_by_text("As you feel now.").is_visible()
    assert tab.page.get_by_text("Only you see this.").count() == 1
    assert "undefined" not in tab.page.locator("main").inner_text()


@pytest.mark.parametrize("worksheet", ["needs", "mentor_types", "relationship"])
def test_no_answer_is_ever_chosen_beforehand(worksheet, window, tmp_path):
    workbook = open_workbook(tmp_path)
    mentor = workbook.add_mentor("Ann") if worksheet == "relationship" else None
    bare = BarePage(window())
    bare.mount(Form(workbook, worksheet, mentor))
    written = bare.page.locator("input:not([type=radio], [type=checkbox]), textarea")
    assert bare.page.locator("input:checked").count() == 0
    assert set(written.evaluate_all("fields => fields.map((field) => field.value)")) <= {""}
    assert dict(workbook.draft(worksheet, mentor=mentor)) == {} and bare.page.problems == []


def test_only_what_was_answered_is_chosen(window, tmp_path_factory):
    bare = BarePage(window())
    chosen = "inputs => inputs.map((input) => input.closest('.mk-item').dataset.item)"

    @settings(max_examples=20, deadline=None)
    @given(st.sets(st.sampled_from(sorted(EVERYTHING))))
    def holds(given_before):
        answers = {item: EVERYTHING[item] for item in given_before}
        page = open_again(bare, tmp_path_factory.mktemp("home"), answers=answers)
        at = page.locator("input:checked").evaluate_all(chosen)
        assert sorted(at) == sorted(given_before & {"calm", "rested", "form", "own.need", "top"})
        assert page.get_by_label("What happened?").input_value() == answers.get("story", "")
        assert page.get_by_label("On which day?").input_value() == ("Oct 1, 2026" if "day" in answers else "")
        assert page.get_by_label("By when?").input_value() == ("Jan 31, 2027" if "goals" in answers else "")

    holds()


def test_a_choice_among_mentors_waits_for_the_first_one_and_keeps_the_place(tab):
    assert "who" not in shown(tab.page)
    tab.page.get_by_label("What happened?").focus()
    tab.workbook.add_mentor("Ann")
    tab.group("Who helps?").get_by_role("checkbox", name="Ann").wait_for()
    assert tab.page.get_by_label("What happened?").evaluate("field => field === document.activeElement")


def test_a_cleared_rating_is_open_again(tab):
    tab.pick("I am calm", "A lot")
    tab.status("Saved")
    tab.page.get_by_role("button", name="Clear this answer: I am calm").click()
    tab.page.get_by_text("0 of 8 answered").wait_for()
    assert tab.page.get_by_role("status").inner_text() == "Answer cleared"
    assert tab.page.locator("input:checked").count() == 0
    tab.status("Saved")
    assert tab.answers == {}


def test_at_most_three_can_be_chosen(tab):
    for name in AREAS[:3]:
        tab.pick("What matters most?", name)
    tab.status("Saved")
    assert tab.group("What matters most?").get_by_text("3 of 3 chosen").is_visible()
    tab.pick("What matters most?", AREAS[3])
    assert tab.group("What matters most?").locator(".mk-error").inner_text() == "You can choose 3. Take one away first."
    assert tab.page.get_by_role("status").inner_text() == "You can choose 3. Take one away first."
    assert tab.group("What matters most?").locator("input:checked").count() == 3
    assert tab.answers == {"top": ["academic", "clinical", "career"]}
    tab.page.get_by_label("What happened?").focus()
    assert tab.group("What matters most?").locator(".mk-error").is_hidden()


def test_letters_left_are_counted_near_the_end(tab):
    tab.page.get_by_label("What do you want to have done?").fill("x" * 50)
    assert tab.page.get_by_text("10 characters left").is_visible()
    tab.page.get_by_label("What do you want to have done?").fill("x")
    assert tab.page.get_by_text("characters left").filter(visible=True).count() == 0


# Groups


def goals(tab):
    return tab.answers.get("goals", [])


def test_a_goal_is_added_removed_and_put_back_at_its_place(tab):
    for number, text in enumerate(["Sleep", "Read", "Write"]):
        if number:
            tab.page.get_by_role("button", name="Add a goal").click()
        tab.page.get_by_label("What do you want to have done?").nth(number).fill(text)
    tab.page.keyboard.press("Tab")
    tab.status("Saved")
    assert [goal["goal"] for goal in goals(tab)] == ["Sleep", "Read", "Write"]
    assert tab.page.get_by_role("button", name="Add a goal").count() == 0
    assert tab.page.get_by_text("That is the most you can add (3).").is_visible()
    tab.page.get_by_role("button", name="Remove “Read”").click()
    tab.page.get_by_role("button", name="Put it back").wait_for()
    assert tab.page.get_by_role("button", name="Put it back").evaluate("button => button === document.activeElement")
    tab.status("Saved")
    assert [goal["goal"] for goal in goals(tab)] == ["Sleep", "Write"]
    tab.page.get_by_label("What do you want to have done?").nth(1).fill("Write daily")
    tab.page.get_by_role("button", name="Put it back").click()
    tab.status("Saved")
    assert [goal["goal"] for goal in goals(tab)] == ["Sleep", "Read", "Write daily"]
    fields = tab.page.get_by_label("What do you want to have done?")
    assert fields.nth(1).evaluate("field => field === document.activeElement")


def test_the_only_goal_can_be_taken_back(tab):
    tab.write("What do you want to have done?", "Sleep")
    tab.page.get_by_role("button", name="Remove “Sleep”").click()
    tab.status("Saved")
    assert goals(tab) == []
    tab.page.get_by_role("button", name="Put it back").click()
    assert tab.page.get_by_label("What do you want to have done?").input_value() == "Sleep"
    assert tab.page.get_by_role("group", name="Sleep").count() == 1


# Conditions


CONDITIONS = [
    {"kind": "text", "id": "a", "text": "a", "when": {"calm": [0, 1]}},
    {"kind": "text", "id": "b", "text": "b", "unless": {"calm": [0, 1], "own": "answered"}},
    {"kind": "text", "id": "c", "text": "c", "when": {"calm": ["na"], "form": ["full"]}},
    {"kind": "text", "id": "d", "text": "d", "when": {"top": "answered"}, "unless": {"top": ["career"]}},
    {"kind": "text", "id": "constructor", "text": "e"},  # which every object of JavaScript has already
    {"kind": "text", "id": "f", "text": "f", "when": {"constructor": "answered"}},
]
SOME = {
    "form": st.sampled_from(["short", "full"]),
    "own": st.sampled_from(["sleep", "constructor"]),
    "calm": st.sampled_from([0, 1, 2, "na"]),
    "top": st.lists(st.sampled_from(["academic", "career"]), min_size=1, unique=True),
}


def test_page_and_worksheet_ask_the_same(window, tmp_path_factory):
    bare = BarePage(window())
    sections = [section.model_dump(by_alias=True) for section in small_worksheet().sections]
    fourth = {"id": "fourth", "title": "Fourth", "item": CONDITIONS, "unless": {"form": ["short"]}}
    sheet = small_worksheet(section=[*sections, fourth])

    @settings(max_examples=30, deadline=None)
    @given(st.fixed_dictionaries({}, optional=SOME))
    def holds(answers):
        page = open_again(bare, tmp_path_factory.mktemp("home"), sheet, answers)
        assert shown(page) == [item.id for item in sheet.asked(answers) if item.id != "who"]

    holds()


def test_answers_bring_questions_and_take_them_away(tab):
    tab.pick("Which form?", "Short")
    assert tab.page.get_by_role("region", name="Third part").count() == 0
    tab.page.get_by_label("Something else").fill("sleep")
    tab.group("How much of it?").wait_for()
    tab.page.get_by_label("Something else").fill("   ")
    tab.group("How much of it?").wait_for(state="hidden")
    tab.status("Saved")
    assert tab.answers == {"form": "short"}


# Sections as pages


@pytest.fixture
def paged(window, tmp_path):
    return open_tab(window(), tmp_path, small_worksheet(paged=True), {"calm": 1, "rested": 1})


def test_a_paged_form_shows_one_section_and_puts_the_focus_on_its_heading(paged):
    page = paged.page
    assert [page.get_by_role("region").nth(0).get_by_role("heading").inner_text()] == ["First part"]
    assert page.get_by_text("Part 1 of 3").is_visible()
    page.get_by_role("button", name="Next: Second part").click()
    heading = page.get_by_role("heading", name="Second part")
    assert heading.evaluate("heading => heading === document.activeElement")
    assert page.get_by_role("region").count() == 1
    page.get_by_role("button", name="Back").click()
    assert page.get_by_role("heading", name="First part").evaluate("heading => heading === document.activeElement")
    paged.pick("Which form?", "Short")
    assert page.get_by_text("Part 1 of 2").is_visible()


def test_a_form_opens_at_the_first_open_question(window, tmp_path):
    answers = {item: EVERYTHING[item] for item in ("calm", "rested", "form")}
    tab = open_tab(window(), tmp_path, small_worksheet(paged=True), answers)
    assert tab.page.get_by_role("region", name="Second part").count() == 1
    assert tab.page.evaluate("document.activeElement === document.body")
    assert tab.page.get_by_text("3 of 7 answered").is_visible()


def test_progress_counts_what_is_asked_and_not_optional(tab):
    assert tab.page.get_by_text("0 of 8 answered").is_visible()
    tab.pick("Which form?", "Short")
    assert tab.page.get_by_text("1 of 7 answered").is_visible()
    tab.write("Something else", "sleep")
    assert tab.page.get_by_text("1 of 8 answered").is_visible()
    assert tab.page.get_by_role("progressbar").evaluate("bar => [bar.value, bar.max]") == [1, 8]


def test_a_form_of_some_sections_has_nothing_to_finish(window, tmp_path):
    bare = BarePage(window())
    bare.mount(Form(open_workbook(tmp_path), "mentor_types", sections=("feasible",)))
    assert bare.page.get_by_role("region").count() == 1
    assert bare.page.get_by_role("button", name="Finish").count() == 0


def test_another_term_and_another_mentor_show_their_own_answers(window, tmp_path):
    workbook = open_workbook(tmp_path)
    ann, ben = workbook.add_mentor("Ann"), workbook.add_mentor("Ben")
    bare = BarePage(window())
    form = Form(workbook, "relationship", ann)
    bare.mount(form)
    bare.page.get_by_label("What happened?").fill("Ann listened.")
    form.show(ben)
    assert bare.page.get_by_label("What happened?").input_value() == ""
    assert dict(workbook.draft("relationship", mentor=ben)) == {}
    form.show(ann)
    assert bare.page.get_by_label("What happened?").input_value() == "Ann listened."
    workbook.term = "2030-fall"
    bare.page.get_by_text("Nothing saved yet").wait_for()
    assert bare.page.get_by_label("What happened?").input_value() == ""


def test_a_second_view_of_a_form_shows_what_was_answered_since(window, tmp_path):
    tab = open_tab(window(), tmp_path)
    tab.pick("I am calm", "A lot")
    tab.status("Saved")
    tab.bare.view()
    second = tab.page.locator(".mk-form").nth(1)
    second.locator("input:checked").wait_for(state="attached")
    assert second.locator("input:checked").get_attribute("value") == "2"
    assert "Saved" in second.locator(".mk-status").inner_text()
    assert dict(small_workbook(tmp_path).draft("small")) == {"calm": 2}

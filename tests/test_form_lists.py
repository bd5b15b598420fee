"""A list that grows long: what is over stands last, the next day first, entries have names and can be found."""

import pytest
from small_form import NARROW, PHONE, STATE, open_tab, small_worksheet, steps_worksheet

SAVED = [
    {"what": "Read", "state": "open"},
    {"what": "Thank Ann", "by": "2026-11-20", "at": "09:30", "state": "done"},
    {"what": "Ask about the lab", "by": "2027-01-31"},
    {"what": "Write to Dr. K", "by": "2026-12-15", "state": "begun"},
    {"what": "Choose an elective", "state": "dropped"},
]
MANY = [*({"what": f"Step {number}"} for number in range(1, 7)), {"what": "Énergie", "by": "2026-12-15"}]


@pytest.fixture
def tab(window, tmp_path):
    opened = open_tab(window(), tmp_path, steps_worksheet(), {"steps": SAVED})
    yield opened
    assert opened.page.problems == []


def legends(tab, within=".mk-entries"):
    return tab.page.locator(f"{within} .mk-entry > legend").all_text_contents()


def entry(tab, name):
    return tab.page.get_by_role("group", name=name, exact=True)


def saved(tab):
    tab.status("Saved")
    return tab.answers["steps"]


def is_focused(locator):
    return locator.evaluate("element => element === document.activeElement")


# In order


def test_open_entries_stand_by_their_day_and_those_without_one_last(tab):
    assert legends(tab) == ["Write to Dr. K", "Ask about the lab", "Read"]


def test_what_is_over_stands_after_the_open_ones_folded_and_in_short(tab):
    assert legends(tab, ".mk-finished") == ["Thank Ann", "Choose an elective"]
    assert not tab.page.get_by_text("Thank Ann · Nov 20, 2026 · 09:30 · Done").is_visible()
    tab.page.get_by_text("Finished (2)", exact=True).click()
    assert tab.page.locator(".mk-short > summary").all_inner_texts() == [
        "Thank Ann · Nov 20, 2026 · 09:30 · Done", "Choose an elective · Dropped for now",
    ]  # fmt: skip
    tab.page.get_by_text("Thank Ann · Nov 20, 2026").click()
    assert entry(tab, "Thank Ann").get_by_label("What will you do?").is_visible()


def test_the_saved_list_keeps_the_students_order(tab):
    tab.page.get_by_text("Finished (2)", exact=True).click()
    tab.page.get_by_text("Thank Ann · Nov 20, 2026").click()
    for name, text in (("Thank Ann", "Thank Ann again"), ("Write to Dr. K", "Call Dr. K"), ("Read", "Read more")):
        entry(tab, name).get_by_label("What will you do?").fill(text)
        tab.page.keyboard.press("Tab")
    tab.page.get_by_role("button", name="Add a step").click()
    entry(tab, "step 4").get_by_label("What will you do?").fill("Sleep")
    tab.page.keyboard.press("Tab")
    assert [one["what"] for one in saved(tab)] == [
        "Read more", "Thank Ann again", "Ask about the lab", "Call Dr. K", "Choose an elective", "Sleep",
    ]  # fmt: skip


def test_nothing_moves_at_the_click_and_all_is_in_place_when_it_is_drawn_again(tab):
    entry(tab, "Ask about the lab").locator(".mk-option", has_text="Done").click()
    entry(tab, "Read").get_by_label("By when?").fill("12/1/2026")
    tab.page.keyboard.press("Tab")
    saved(tab)
    assert legends(tab) == ["Write to Dr. K", "Ask about the lab", "Read"]
    tab.reload()
    assert legends(tab) == ["Read", "Write to Dr. K"]
    assert legends(tab, ".mk-finished") == ["Thank Ann", "Ask about the lab", "Choose an elective"]


def test_undo_moves_nothing_else(tab):
    entry(tab, "Ask about the lab").locator(".mk-option", has_text="Done").click()
    entry(tab, "Read").get_by_label("What will you do?").fill("Read two papers")
    tab.page.get_by_role("button", name="Undo").click()
    assert legends(tab) == ["Write to Dr. K", "Ask about the lab", "Read"]
    assert is_focused(entry(tab, "Read").get_by_label("What will you do?"))


def test_a_list_without_these_wishes_stands_as_it_was_saved(window, tmp_path):
    goals = [{"goal": "Write", "by": "2027-02-01"}, {"goal": "Read", "by": "2027-01-01"}]
    tab = open_tab(window(), tmp_path, answers={"goals": goals})
    assert legends(tab) == ["Write", "Read"] and tab.page.locator(".mk-finished:visible").count() == 0


def test_a_list_in_which_all_is_over_waits_for_a_new_entry(window, tmp_path):
    tab = open_tab(window(), tmp_path, steps_worksheet(), {"steps": [SAVED[1]]})
    assert legends(tab) == []
    tab.page.get_by_role("button", name="Add a step").click()
    assert is_focused(entry(tab, "step 1").get_by_label("What will you do?"))


# Names


def test_an_entry_is_called_by_its_own_words_in_short(tab):
    field = entry(tab, "Read").get_by_label("What will you do?")
    field.fill("Read the two papers that Dr. K named, and write down what is not clear")
    tab.page.keyboard.press("Tab")
    name = "Read the two papers that Dr. K named, and write…"
    assert entry(tab, name).count() == 1
    assert tab.page.get_by_role("button", name=f"Remove “{name}”").count() == 1
    entry(tab, name).get_by_label("What will you do?").fill("")
    tab.page.keyboard.press("Tab")
    assert entry(tab, "step 3").get_by_role("button", name="Remove step 3").count() == 1


# What is folded away is found again


def test_a_removed_entry_among_those_that_are_over_can_be_put_back(tab):
    tab.page.get_by_text("Finished (2)", exact=True).click()
    tab.page.get_by_text("Thank Ann · Nov 20, 2026").click()
    tab.page.get_by_role("button", name="Remove “Thank Ann”").click()
    assert tab.page.get_by_text("Finished (1)", exact=True).is_visible()
    assert is_focused(tab.page.get_by_role("button", name="Put it back"))
    assert saved(tab) == [SAVED[0], *SAVED[2:]]
    tab.page.get_by_role("button", name="Put it back").click()
    assert saved(tab) == SAVED and tab.page.get_by_text("Finished (2)", exact=True).is_visible()
    assert is_focused(entry(tab, "Thank Ann").get_by_label("What will you do?"))


def test_undo_and_finish_lead_into_what_is_folded(tab):
    tab.page.get_by_text("Finished (2)", exact=True).click()
    tab.page.get_by_text("Thank Ann · Nov 20, 2026").click()
    day = entry(tab, "Thank Ann").get_by_label("By when?")
    for text in ("Dec 1, 2026", "when I can"):
        day.fill(text)
        day.blur()
    tab.page.locator(".mk-error", has_text="could not be read").wait_for()
    fold = "all => all.forEach((one) => { one.open = false; })"
    tab.page.locator("details").evaluate_all(fold)
    tab.page.get_by_role("button", name="Finish", exact=True).click()
    assert is_focused(day)
    tab.page.locator("details").evaluate_all(fold)
    tab.page.get_by_role("button", name="Undo").click()
    assert is_focused(day) and day.input_value() == "Dec 1, 2026"


# Finding


@pytest.fixture
def many(window, tmp_path):
    opened = open_tab(window(), tmp_path, steps_worksheet(), {"steps": [*MANY, SAVED[1]]})
    yield opened
    assert opened.page.problems == []


def visible(tab):
    return tab.page.locator(".mk-entry > legend").filter(visible=True).all_inner_texts()


def test_a_list_of_more_than_six_open_entries_can_be_searched(many):
    find = many.page.get_by_label("Find in this list")
    assert find.is_visible() and many.page.get_by_text("shown").filter(visible=True).count() == 0
    find.fill("step")
    assert visible(many) == [f"Step {number}" for number in range(1, 7)]
    assert many.page.get_by_text("6 of 8 shown", exact=True).first.is_visible()
    assert many.page.get_by_role("status").inner_text() == "6 of 8 shown"
    find.fill("ENERGIE dec")
    assert visible(many) == ["Énergie"]
    find.fill("")
    assert len(visible(many)) == 7
    assert many.answers == {"steps": [*MANY, SAVED[1]]} and not any(one["type"] == "answer" for one in many.bare.sent)


def test_what_is_over_is_found_too(many):
    many.page.get_by_label("Find in this list").fill("thank ann")
    assert many.page.get_by_text("Thank Ann · Nov 20, 2026").is_visible() and visible(many) == []
    assert many.page.get_by_text("1 of 8 shown", exact=True).first.is_visible()


def test_what_is_typed_or_added_while_searching_stays_in_sight(many):
    many.page.get_by_label("Find in this list").fill("step 1")
    entry(many, "Step 1").get_by_label("What will you do?").fill("Something quite different")
    many.page.keyboard.press("Tab")
    many.page.get_by_role("button", name="Add a step").click()
    assert visible(many)[0] == "Something quite different" and len(visible(many)) == 2


def test_undo_leads_to_an_entry_that_the_search_passed_over(many):
    entry(many, "Énergie").locator(".mk-option", has_text="Not begun").click()
    many.page.get_by_label("Find in this list").fill("step")
    many.page.get_by_role("button", name="Undo").click()
    assert entry(many, "Énergie").is_visible() and entry(many, "Énergie").locator(":focus").count() == 1


def test_the_search_comes_with_the_seventh_open_entry(window, tmp_path):
    tab = open_tab(window(), tmp_path, steps_worksheet(), {"steps": [*MANY[:6], SAVED[1]]})
    assert not tab.page.get_by_label("Find in this list").is_visible()
    tab.page.get_by_role("button", name="Add a step").click()
    assert tab.page.get_by_label("Find in this list").is_visible()


# Long choices


LONG = [
    {"code": f"c{n}", "label": f"{one['label']}, as far as you can tell today", "help": f"{one['help']} It may change."}
    for n, one in enumerate([*STATE, *STATE])
]


@pytest.mark.parametrize("look", [NARROW, PHONE])
@pytest.mark.parametrize("kind", ["choice", "choices", "group"])
def test_a_long_choice_stays_readable(kind, look, window, tmp_path):
    plain = {"kind": "choice" if kind == "group" else kind, "id": "why", "text": "Why?", "options": LONG}
    group = {"kind": "group", "id": "all", "text": "All", "entry": "reason", "items": [plain]}
    item = group if kind == "group" else plain
    section = {"id": "one", "title": "One", "item": [item]}
    tab = open_tab(window(**look), tmp_path, small_worksheet(section=[section]))
    for option in tab.page.locator(".mk-option").all():
        label, help, cell = (option.locator(f".mk-{part}") for part in ("label", "option-help", "text"))
        assert help.bounding_box()["y"] >= label.bounding_box()["y"] + label.bounding_box()["height"] - 1
        assert min(label.bounding_box()["width"], help.bounding_box()["width"]) >= 150  # px: four words or so in a line
        assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
        assert cell.evaluate("cell => cell.scrollHeight <= cell.clientHeight + 1")
    assert tab.page.locator(".mk-option").count() == 8

"""The form by keyboard, for a screen reader, on a phone, enlarged, in the dark, in forced colours and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from bare_page import BarePage
from small_form import (
    AREAS,
    EVERYTHING,
    NARROW,
    PHONE,
    WIDE,
    open_tab,
    small_workbook,
    small_worksheet,
    steps_worksheet,
)

from mentorkit import open_workbook
from mentorkit.widgets.form import Form
from mentorkit.widgets.picker import Picker
from mentorkit.worksheet import Worksheet

LOOKS = {"light": WIDE, "dark": {**PHONE, "color_scheme": "dark"}, "narrow": NARROW}
STATES = ["fresh", "answered", "faulty", "open questions", "conflict", "sealed", "correcting", "late", "paged"]
LISTS = ["a long list", "nothing found", "finished and open", "removed", "an unreadable day"]
TOO_SMALL = """() => [...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")]
  .filter((one) => one.checkVisibility() && !one.closest(".mk-option"))
  .filter((one) => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
  .map((one) => one.outerHTML)"""
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).clipPath === "none")
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML)"""


def brought_to(state, window, home, look):
    """A tab whose form is in this state."""
    answers = EVERYTHING if state in {"answered", "sealed", "correcting"} else {}
    page = window(**look)
    if state == "late":
        page.clock.install()
    tab = open_tab(page, home, small_worksheet(paged=state == "paged"), answers)
    match state:
        case "faulty":
            tab.write("Something else", "x" * 30)
            tab.page.locator(".mk-error", has_text="shorten it").wait_for()
            for area in AREAS:
                tab.pick("What matters most?", area)
        case "open questions":
            tab.page.get_by_role("button", name="Finish").click()
        case "conflict":
            tab.bare.connected = False
            tab.write("What happened?", "We met at dusk. " * 20)
            tab.workbook.answer("small", "story", "We met at noon. " * 20)
            tab.bare.connected = True
            tab.reload()
            tab.page.get_by_role("alert").wait_for()
        case "sealed" | "correcting":
            tab.page.get_by_role("button", name="Finish").click()
            tab.page.get_by_role("group", name="Finished on").wait_for()
            if state == "correcting":
                tab.page.get_by_role("button", name="Correct it").click()
        case "late":
            tab.bare.connected = False
            tab.pick("I am calm", "A lot")
            tab.page.clock.run_for(3100)
            tab.status("Not saved yet")
    return tab


def list_brought_to(state, window, home, look):
    """A tab whose long list is in this state."""
    long = [{"what": f"Step {n} " + "and what comes of it " * n, "by": f"2027-02-{n:02}"} for n in range(1, 8)]
    over = [{"what": "Thank Ann", "by": "2026-11-20", "at": "09:30", "state": state} for state in ("done", "dropped")]
    tab = open_tab(window(**look), home, steps_worksheet(), {"steps": [*long, *over]})
    match state:
        case "nothing found":
            tab.page.get_by_label("Find in this list").fill("nowhere")
        case "finished and open":
            tab.page.get_by_text("Finished (2)").click()
            tab.page.get_by_text("Thank Ann · Nov 20, 2026").first.click()
        case "removed":
            tab.page.get_by_role("button", name="Remove “Step 2").click()
        case "an unreadable day":
            tab.page.get_by_label("By when?").first.fill("when I can")
            tab.page.get_by_label("By when?").first.blur()
            tab.page.locator(".mk-error", has_text="could not be read").wait_for()
    return tab


def is_in_order(tab):
    """Whether axe finds nothing, and all is large enough and within the page."""
    found = Axe().run(tab.page)
    assert found.violations_count == 0, found.generate_report()
    assert tab.page.evaluate(TOO_WIDE) == []
    assert tab.page.evaluate(TOO_SMALL) == []
    return tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(state, look, window, tmp_path):
    assert is_in_order(brought_to(state, window, tmp_path, LOOKS[look]))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", LISTS)
def test_axe_finds_nothing_in_a_long_list(state, look, window, tmp_path):
    assert is_in_order(list_brought_to(state, window, tmp_path, LOOKS[look]))


@pytest.mark.parametrize("worksheet", ["needs", "mentor_types", "relationship"])
def test_the_shipped_forms_are_accessible_on_every_page(worksheet, window, tmp_path):
    workbook = open_workbook(tmp_path)
    mentor = workbook.add_mentor("Dr. K")
    bare = BarePage(window(**PHONE))
    bare.mount(Form(workbook, worksheet, mentor if worksheet == "relationship" else None))
    while True:
        found = Axe().run(bare.page)
        assert found.violations_count == 0, found.generate_report()
        assert bare.page.evaluate(TOO_SMALL) == [] and bare.page.evaluate(TOO_WIDE) == []
        if not bare.page.get_by_role("button", name="Next: ").count():
            break
        bare.page.get_by_role("button", name="Next: ").click()


@pytest.mark.parametrize("look", LOOKS)
def test_the_picker_is_accessible(look, window):
    adding = {"title": "Add", "name": "Name", "hint": "A nickname.", "kind": "Kind", "add": "Add this one",
              "kinds": [{"code": "", "label": "Not sure"}]}  # fmt: skip
    options = [{"code": "a", "label": "Ann", "help": "A peer"}, {"code": "b", "label": "Ben", "help": ""}]
    bare = BarePage(window(**LOOKS[look]))
    for name, some in (("full", options), ("empty", [])):
        spec = {"title": "Which one?", "options": some, "chosen": "a", "adding": adding}
        bare.mount(Picker(lambda spec=spec: spec, print, print), name)
    bare.page.get_by_text("Add", exact=True).first.click()
    found = Axe().run(bare.page)
    assert found.violations_count == 0, found.generate_report()
    assert bare.page.evaluate(TOO_SMALL) == [] and bare.page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("state", ["answered", "open questions", "conflict", "faulty"])
def test_at_twice_the_text_size_a_phone_needs_no_sideways_scrolling(state, window, tmp_path):
    tab = brought_to(state, window, tmp_path, PHONE)
    tab.page.add_style_tag(content=":root { --text: 200% }")
    assert tab.page.evaluate(TOO_WIDE) == []
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("state", ["a long list", "an unreadable day"])
def test_a_long_list_needs_no_sideways_scrolling_at_twice_the_text_size(state, window, tmp_path):
    tab = list_brought_to(state, window, tmp_path, PHONE)
    tab.page.add_style_tag(content=":root { --text: 200% }")
    assert tab.page.evaluate(TOO_WIDE) == []


# What is seen


def style(locator, name):
    return locator.evaluate("(one, name) => getComputedStyle(one)[name]", name)


@pytest.mark.parametrize("question", ["I am calm", "Which form?", "What matters most?"])
def test_forced_colours_show_what_is_chosen(question, window, tmp_path):
    tab = open_tab(window(forced_colors="active"), tmp_path, answers=EVERYTHING)
    chosen = tab.group(question).locator("input:checked + .mk-text")
    other = tab.group(question).locator("input:not(:checked) + .mk-text").first
    assert style(chosen, "outlineStyle") == "solid" and style(other, "outlineStyle") == "none"


def test_the_focus_is_always_seen(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    tab.page.keyboard.press("Tab")
    seen = 0
    while tab.page.locator(":focus").count():
        focused = tab.page.locator(":focus")
        inside = focused.evaluate("one => one.closest('.mk-option')?.querySelector('.mk-text') && true")
        drawn = tab.page.locator(".mk-option:has(:focus) .mk-text") if inside else focused
        assert style(drawn, "outlineStyle") == "solid" and style(drawn, "outlineWidth") == "3px"
        seen += 1
        tab.page.keyboard.press("Tab")
    assert seen > 15


def test_nothing_moves_for_those_who_asked_for_calm(window, tmp_path):
    tab = open_tab(window(reduced_motion="reduce"), tmp_path, answers=EVERYTHING)
    moving = "all => all.filter((one) => getComputedStyle(one).transitionDuration !== '0s').length"
    assert tab.page.locator("main *").evaluate_all(moving) == 0


def test_a_touch_target_of_an_option_is_the_whole_cell(window, tmp_path):
    tab = open_tab(window(**PHONE), tmp_path)
    boxes = [one.bounding_box() for one in tab.page.locator(".mk-option input").all() if one.is_visible()]
    assert boxes and all(box["width"] >= 24 and box["height"] >= 44 for box in boxes)


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("private", [False, True])
def test_paper_shows_every_section_and_every_word_but_what_is_private(private, sealed, window, tmp_path):
    story = "We met. " * 60
    raw = small_worksheet(paged=True).model_dump(by_alias=True)
    next(item for section in raw["section"] for item in section["item"] if item["id"] == "story")["private"] = private
    tab = open_tab(window(), tmp_path, Worksheet.model_validate(raw), {**EVERYTHING, "story": story.strip()})
    if sealed:
        tab.page.get_by_role("button", name="Finish").click()
        tab.page.get_by_role("group", name="Finished on").wait_for()
    tab.page.emulate_media(media="print")
    for title in ("First part", "Second part"):
        assert tab.page.get_by_role("heading", name=title).is_visible()
    assert tab.page.get_by_text(story.strip()).filter(visible=True).count() == (not private)
    assert tab.page.get_by_text("As you feel now.").is_visible()
    assert not tab.page.get_by_text("Something else").is_visible()  # what only the student sees
    assert tab.page.get_by_role("button").filter(visible=True).count() == 0
    assert tab.page.evaluate(TOO_WIDE) == []


def test_paper_shows_the_whole_list_and_none_of_its_tools(window, tmp_path):
    tab = list_brought_to("nothing found", window, tmp_path, WIDE)
    assert tab.page.locator(".mk-entry:visible").count() == 0
    tab.page.emulate_media(media="print")
    assert tab.page.locator(".mk-entry:visible").count() == 9
    assert not tab.page.get_by_label("Find in this list").is_visible()
    assert tab.page.get_by_role("button").filter(visible=True).count() == 0


# By keyboard alone


def test_a_relationship_form_is_filled_in_by_keyboard_alone(window, tmp_path):
    workbook = small_workbook(tmp_path)
    mentor = workbook.add_mentor("Dr. K")
    bare = BarePage(window(**PHONE))
    bare.mount(Form(workbook, "relationship", mentor))
    press, focused = bare.page.keyboard.press, bare.page.locator(":focus")
    for _ in range(300):
        press("Tab")
        kind = focused.evaluate("one => one.type ?? one.tagName")
        name = focused.evaluate("one => (one.closest('fieldset')?.querySelector('legend') ?? one).textContent")
        if kind == "radio" and not focused.evaluate("one => one.closest('fieldset').querySelector(':checked')"):
            press("Space")
            for _ in range({"How many times": 2}.get(name[:14], 0)):
                press("ArrowDown")
        elif kind == "textarea":
            bare.page.keyboard.type("We met in May.")
        elif kind == "button" and name.startswith("Next: "):
            press("Enter")
            assert focused.evaluate("one => one.tagName") == "H3"
        elif kind == "button" and name == "Finish":
            press("Enter")
            break
    bare.page.get_by_role("group", name="Finished on").wait_for()
    assert focused.get_attribute("class") == "mk-sealed"
    answers = dict(workbook.draft("relationship", mentor=mentor))
    assert answers["relationship.meetings"] == "2-3" and answers["relationship.form"] == "short"
    assert answers["relationship.occasion"] == "We met in May."
    assert workbook.worksheet("relationship").missing(answers) == ()
    assert len(workbook.sealed("relationship", mentor=mentor)) == 1


def test_arrow_keys_go_round_within_one_question(window, tmp_path):
    tab = open_tab(window(), tmp_path)
    tab.group("I am calm").get_by_role("radio").first.focus()
    for _ in range(6):
        tab.page.keyboard.press("ArrowDown")
        assert tab.group("I am calm").locator(":focus").count() == 1
    assert tab.group("I am calm").get_by_role("radio", name="2 A lot").is_checked()
    assert tab.group("I am rested").locator("input:checked").count() == 0


def test_whatever_has_the_focus_keeps_its_keys_from_jupyterlab(window, tmp_path):
    tab = open_tab(window(), tmp_path, answers=EVERYTHING)
    tab.page.keyboard.press("Tab")
    while tab.page.locator(":focus").count():
        assert tab.page.locator(":focus").get_attribute("data-lm-suppress-shortcuts") == "true"
        tab.page.keyboard.press("Tab")

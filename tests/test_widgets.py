"""The picker, the panel, and the words that the widgets show."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anywidget
import pytest
from bare_page import BarePage

import mentorkit
from mentorkit import open_workbook
from mentorkit.content import load_content
from mentorkit.errors import BadAnswer, NotReady
from mentorkit.reports.html import Html, details, tag
from mentorkit.widgets.form import Form
from mentorkit.widgets.panel import Panel
from mentorkit.widgets.parts import MADE_OF, SERVED, made, module, style
from mentorkit.widgets.picker import Picker

WEB = Path(mentorkit.__file__).parent / "widgets" / "web"
ADDING = {
    "title": "Add a mentor", "name": "Name or nickname", "hint": "Only you see it.", "kind": "What kind of mentor?",
    "add": "Add this mentor", "kinds": [{"code": "", "label": "Not sure"}, {"code": "peer", "label": "A peer"}],
}  # fmt: skip


class Mentors:
    """What a page does behind a picker: it keeps the mentors, and refuses some names."""

    def __init__(self, *names, adding=True):
        self.names, self.chosen, self.heard = list(names), names[0] if names else None, []
        self.picker = Picker(self.spec, self.choose, self.add if adding else None)
        self.adding = ADDING if adding else None

    def spec(self):
        options = [{"code": name, "label": name, "help": ""} for name in self.names]
        adding = getattr(self, "adding", ADDING)
        return {"title": "Which mentor?", "options": options, "chosen": self.chosen, "adding": adding}

    def choose(self, code):
        self.heard.append(("choose", code))
        if code == "Zoe":
            raise NotReady("Zoe cannot be chosen now.")
        self.chosen = code

    def add(self, name, kind):
        self.heard.append(("add", name, kind))
        if not name.strip():
            raise BadAnswer("Give the mentor a name or a nickname.")
        self.names.append(name)
        self.chosen = name


@pytest.fixture
def shown(window):
    def show(mentors):
        bare = BarePage(window())
        bare.mount(mentors.picker)
        return bare

    return show


def test_a_mentor_is_chosen_from_a_named_group(shown):
    mentors = Mentors("Ann", "Ben")
    page = shown(mentors).page
    group = page.get_by_role("group", name="Which mentor?")
    assert group.get_by_role("radio", name="Ann").is_checked()
    group.get_by_role("radio", name="Ben").click()
    assert mentors.heard == [("choose", "Ben")]
    assert group.get_by_role("radio", name="Ben").is_checked()
    assert group.get_by_role("radio", name="Ben").evaluate("one => one === document.activeElement")
    page.keyboard.press("ArrowUp")
    assert mentors.heard[1:] == [("choose", "Ann")]


def test_the_first_mentor_is_asked_for_at_once_and_further_ones_on_demand(shown):
    mentors = Mentors()
    page = shown(mentors).page
    page.get_by_label("Name or nickname").fill("Dr. K")
    page.get_by_label("What kind of mentor?").select_option(label="A peer")
    page.get_by_role("button", name="Add this mentor").click()
    page.get_by_role("radio", name="Dr. K").wait_for()
    assert mentors.heard == [("add", "Dr. K", "peer")]
    assert not page.get_by_label("Name or nickname").is_visible()
    page.get_by_text("Add a mentor", exact=True).click()
    page.get_by_label("Name or nickname").fill("Ben")
    page.get_by_label("Name or nickname").press("Enter")
    page.get_by_role("radio", name="Ben").wait_for()
    assert mentors.heard[1:] == [("add", "Ben", None)]


def test_a_refused_name_keeps_what_was_typed(shown):
    mentors = Mentors("Ann")
    page = shown(mentors).page
    page.get_by_text("Add a mentor", exact=True).click()
    page.get_by_label("What kind of mentor?").select_option(label="A peer")
    page.get_by_label("Name or nickname").fill("   ")
    page.get_by_role("button", name="Add this mentor").click()
    assert page.get_by_role("alert").inner_text() == "Give the mentor a name or a nickname."
    field = page.get_by_label("Name or nickname")
    assert field.input_value() == "   " and field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("one => one === document.activeElement")
    assert page.get_by_label("What kind of mentor?").input_value() == "peer"
    field.fill("Ben")
    page.get_by_role("button", name="Add this mentor").click()
    page.get_by_role("radio", name="Ben").wait_for()


def test_a_second_click_does_not_add_a_second_mentor(shown):
    mentors = Mentors()
    bare = shown(mentors)
    bare.holding = True
    bare.connected = False
    bare.page.get_by_label("Name or nickname").fill("Ann")
    bare.page.get_by_role("button", name="Add this mentor").dblclick()
    assert [message["type"] for message in bare.sent] == ["add"]


def test_a_refused_choice_is_said_and_the_chosen_one_stays(shown):
    mentors = Mentors("Ann", "Zoe")
    page = shown(mentors).page
    page.get_by_role("radio", name="Zoe").click()
    assert page.get_by_role("alert").inner_text() == "Zoe cannot be chosen now."
    assert page.get_by_role("radio", name="Ann").is_checked()


def test_a_picker_without_a_form_adds_nobody(shown):
    mentors = Mentors("Ann", adding=False)
    for message in ({"type": "add", "name": "Eve", "kind": ""}, {"type": "choose", "code": 3}, "choose", None):
        mentors.picker._heard(None, message, [])
    assert mentors.heard == []


class Many(Mentors):
    """Eight mentors, to be searched and put in order."""

    def __init__(self):
        super().__init__("Zoé", "Ann", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus")

    def spec(self):
        found = super().spec()
        for place, option in enumerate(found["options"]):
            option["by"] = {"name": option["label"], "open": place % 2}
        return found | {
            "finding": {"find_in_list": "Find a mentor", "shown_of": "{shown} of {count} shown"},
            "sorting": {"label": "Order", "orders": [
                {"code": "added", "label": "As added"}, {"code": "name", "label": "By name"},
                {"code": "open", "label": "Open first"},
            ]},
        }  # fmt: skip


def names_shown(page):
    return page.locator(".mk-label:visible").all_inner_texts()


def test_a_long_list_is_searched_without_regard_to_accents_and_case(shown):
    page = shown(Many()).page
    page.get_by_label("Find a mentor").fill("zoe")
    assert names_shown(page) == ["Zoé"]
    assert page.get_by_role("status").inner_text() == "1 of 8 shown"
    page.get_by_label("Find a mentor").fill("")
    assert len(names_shown(page)) == 8


def test_a_long_list_is_put_in_order_and_stays_so_when_one_is_chosen(shown):
    page = shown(Many()).page
    page.get_by_label("Order").select_option(label="By name")
    assert names_shown(page) == ["Ann", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Zoé"]
    page.get_by_role("radio", name="Cleo").click()
    assert page.get_by_role("radio", name="Cleo").is_checked()
    assert names_shown(page)[0] == "Ann"
    page.get_by_label("Order").select_option(label="Open first")
    assert names_shown(page) == ["Zoé", "Ben", "Dan", "Finn", "Ann", "Cleo", "Eve", "Gus"]
    page.get_by_label("Order").select_option(label="As added")
    assert names_shown(page)[0] == "Zoé"


def test_a_short_list_is_just_shown(shown):
    mentors = Many()
    mentors.names = mentors.names[:6]
    mentors.picker.show()
    page = shown(mentors).page
    assert page.get_by_role("combobox", name="Order").count() == page.get_by_label("Find a mentor").count() == 0


def test_a_name_half_typed_stays_when_the_list_is_drawn_anew(shown):
    mentors = Mentors("Ann")
    page = shown(mentors).page
    page.get_by_text("Add a mentor", exact=True).click()
    page.get_by_label("What kind of mentor?").select_option(label="A peer")
    page.get_by_label("Name or nickname").fill("Dr.")
    mentors.names.append("Ben")  # in another window
    mentors.picker.show()
    page.get_by_role("radio", name="Ben").wait_for()
    field = page.get_by_label("Name or nickname")
    assert field.input_value() == "Dr." and field.evaluate("one => one === document.activeElement")
    field.press_sequentially(" K")
    page.get_by_role("button", name="Add this mentor").click()
    page.get_by_role("radio", name="Dr. K").wait_for()
    assert mentors.heard[-1] == ("add", "Dr. K", "peer")
    assert field.input_value() == "" and not field.is_visible()


# The panel


def test_a_panel_draws_again_when_the_workbook_changes(window, tmp_path):
    workbook = open_workbook(tmp_path)
    bare = BarePage(window())
    panel = Panel(lambda: tag("p", f"{len(workbook.draft('needs'))} answers"))
    workbook.on_change(panel.draw)  # at once: the loop that runs here is Playwright's, not a kernel's
    bare.mount(panel)
    bare.page.get_by_text("0 answers").wait_for()
    workbook.answer("needs", "support.academic", 3)
    bare.page.get_by_text("1 answers").wait_for()


def test_drawing_waits_for_a_pause_between_answers(tmp_path):
    async def answering():
        workbook, drawn = open_workbook(tmp_path), []
        panel = Panel(lambda: drawn.append(dict(workbook.draft("needs"))) or Html(), workbook)
        panel._handle_custom_msg({"type": "shown", "view": 1, "shown": True}, [])
        for code in (1, 2, 3):
            workbook.answer("needs", "support.academic", code)
        assert drawn == [{}]
        while panel._due:
            await asyncio.sleep(0.01)
        assert drawn == [{}, {"support.academic": 3}]
        panel.close()
        workbook.answer("needs", "support.academic", 0)
        assert panel._due is None

    with ThreadPoolExecutor() as pool:  # Playwright's own loop runs in this thread
        pool.submit(asyncio.run, answering()).result()


def test_what_nobody_sees_is_drawn_when_it_is_opened(tmp_path):
    async def answering():
        workbook, drawn = open_workbook(tmp_path), []
        panel = Panel(lambda: drawn.append(dict(workbook.draft("needs"))) or Html(), workbook)
        shown = lambda view, shown: panel._handle_custom_msg({"type": "shown", "view": view, "shown": shown}, [])  # noqa: E731
        shown(1, True)
        shown(1, False)
        for code in (1, 2):
            workbook.answer("needs", "support.academic", code)
        assert panel._due is None and drawn == [{}]
        shown(2, True)
        shown(3, True)
        assert drawn == [{}, {"support.academic": 2}]

    with ThreadPoolExecutor() as pool:  # Playwright's own loop runs in this thread
        pool.submit(asyncio.run, answering()).result()


def test_open_details_and_the_focus_stay_where_they_were(window):
    state = {"number": 1}
    explained = [details("As a table", "one"), details("As a table", "two")]
    panel = Panel(lambda: tag("div", tag("p", f"number {state['number']}"), *explained))
    bare = BarePage(window())
    bare.mount(panel)
    second = bare.page.get_by_text("As a table").nth(1)
    second.click()
    state["number"] = 2
    panel.draw()
    bare.page.get_by_text("number 2").wait_for()
    assert bare.page.locator("details").evaluate_all("all => all.map((one) => one.open)") == [False, True]
    assert second.evaluate("one => one === document.activeElement")


def test_what_cannot_be_drawn_is_said_in_a_sentence():
    def draw():
        raise NotReady("Answer <at least> one question first.")

    assert "Answer &lt;at least&gt; one question first." in Panel(draw).html


# What a widget sends


@pytest.mark.parametrize("name", [name for name in MADE_OF if name.endswith(".js")])
def test_a_widget_sends_its_module_or_in_the_app_where_it_is(name, monkeypatch):
    assert module(name) == made(name)
    monkeypatch.setenv(SERVED, "mentorkit/widgets/")
    told = module(name)
    assert f'"mentorkit/widgets/{name}"' in told and len(told) < 300
    assert type("Told", (anywidget.AnyWidget,), {"_esm": told})()._esm == told  # and not taken for a file's name


def test_a_widget_sends_its_styles_or_in_the_app_none(monkeypatch):
    assert style("panel.css") == made("panel.css")
    monkeypatch.setenv(SERVED, "mentorkit/widgets/")
    assert style("panel.css") == ""


def test_every_script_and_style_is_part_of_something_and_the_app_s_page_has_every_style():
    assert {part for parts in MADE_OF.values() for part in parts} == {path.name for path in WEB.iterdir()}
    assert set(MADE_OF["widgets.css"]) == {path.name for path in WEB.glob("*.css")}
    assert all(parts[0] == "tokens.css" for name, parts in MADE_OF.items() if name.endswith(".css"))


def test_in_jupyterlab_every_widget_brings_its_own(tmp_path):
    workbook = open_workbook(tmp_path)
    for widget in (Form(workbook, "needs"), Panel(Html), Mentors().picker):
        assert "export default" in widget._esm and widget._css.startswith("/* The design")


# The words


def words_used():
    """Every key of the catalogue that the code or a template reads."""
    kinds = {".py", ".js", ".j2", ".html"}
    sources = [path for path in Path(mentorkit.__file__).parent.rglob("*") if path.suffix in kinds]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    used = set(re.findall(r"\bwords\.(\w+)", text))
    for inside in re.findall(r"words(?:\(\))?\[([^\]]*)\]", text):
        used |= set(re.findall(r"['\"](\w+)['\"]", inside))
        for name in re.findall(r"f['\"](\w*\{[\w.]+\}\w*)['\"]", inside):  # a family, such as mentor_{key}
            used |= {key for key in load_content().words if re.fullmatch(re.sub(r"\{[\w.]+\}", r"\\w+", name), key)}
    used |= set(re.findall(r"['\"](prose_\w+)['\"]", text))  # what notebooks say
    used |= {f"room_{key}" for key in used}  # said instead of it in a room
    used |= set(re.findall(r"take_along\(.*, ['\"](\w+)['\"]\)", text))  # said while there is no sheet
    return used | set(re.findall(r"_waiting\(['\"](\w+)['\"], ['\"](\w+)['\"]", text)[0])


def test_every_word_that_a_script_shows_is_in_the_catalogue():
    scripts = "\n".join(path.read_text("utf-8") for path in WEB.glob("*.js"))
    assert set(re.findall(r"\bwords\.(\w+)", scripts)) <= set(load_content().words)
    assert "words[" not in scripts


def test_every_word_of_the_catalogue_is_shown_somewhere():
    assert set(load_content().words) - words_used() == set()


def test_a_form_is_sent_only_the_words_it_shows(tmp_path):
    words = Form(open_workbook(tmp_path), "needs").spec["words"]
    assert "finish" in words and "needs_table" not in words


def test_what_is_filled_into_a_word_is_what_the_word_has_room_for():
    words = load_content().words
    scripts = "\n".join(path.read_text("utf-8") for path in WEB.glob("*.js"))
    filled = re.findall(r"fill\(words\.(\w+), \{ ([^{}]*(?:\([^()]*\))?[^{}]*) \}\)", scripts)
    assert len(filled) >= 10
    for key, given in filled:
        names = {name.partition(":")[0].strip() for name in re.sub(r"\([^()]*\)|\[[^\]]*\]", "", given).split(",")}
        assert set(re.findall(r"\{(\w+)\}", words[key])) <= names, key


@pytest.mark.parametrize("script", sorted(WEB.glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_short_and_knows_nothing_of_jupyter(script):
    text = script.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    assert not re.search(r"Jupyter|voila|@jupyter|IPython|fetch\(|XMLHttpRequest|https?://", re.sub(r"//.*", "", text))
    markup = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)
    assert len(markup) == (script.name == "panel.js")  # which shows what Python has escaped

"""What the page may send is validated by Python, and what a student types stays text wherever it is shown again."""

import json
import math

import pytest
from bare_page import BarePage
from hypothesis import given, settings
from hypothesis import strategies as st
from small_form import AREAS, EVERYTHING, open_tab, small_workbook, small_worksheet

from mentorkit.widgets.form import Form
from mentorkit.widgets.panel import Panel
from mentorkit.widgets.picker import Picker

PAYLOADS = [
    "<img src=x onerror='window.__fired=1'>",
    "<svg onload=window.__fired=1>",
    "<svg><script>window.__fired=1</script></svg>",
    "<script>window.__fired=1</script>",
    "</script><script>window.__fired=1</script>",
    "</textarea><img src=x onerror=window.__fired=1>",
    "</title></style></noscript><img src=x onerror=window.__fired=1>",
    "<iframe srcdoc='<script>parent.__fired=1</script>'></iframe>",
    "<iframe src=javascript:parent.__fired=1></iframe>",
    "<a href=javascript:window.__fired=1>a link</a>",
    "javascript:window.__fired=1",
    "<details open ontoggle=window.__fired=1>",
    "<input autofocus onfocus=window.__fired=1>",
    "<math><mtext></mtext><mglyph><img src=x onerror=window.__fired=1>",
    "<template><img src=x onerror=window.__fired=1></template>",
    "${window.__fired=1} {{window.__fired=1}} {answer} {time}",
    "\"><img src=x onerror=window.__fired=1>",
    "' onmouseover=window.__fired=1 x='",
    "&lt;img src=x onerror=window.__fired=1&gt; &amp;",
    "<!--><img src=x onerror=window.__fired=1>-->",
    "[a](javascript:window.__fired=1) $& $1 \u202eexe.txt",
]  # fmt: skip
MADE = "document.querySelectorAll('main :is(img, svg, script, iframe, math, template, a, [autofocus])').length"

FIELDS = [
    {"kind": "text", "id": f"t{number}", "text": f"Field {number}", "at_most": 200} for number in range(len(PAYLOADS))
]
GOAL = {"kind": "text", "id": "x", "text": "Goal"}
GOALS = {"kind": "group", "id": "g", "text": "Goals", "entry": "goal", "items": [GOAL]}
TEXTS = small_worksheet(section=[{"id": "one", "title": "One", "item": [*FIELDS, GOALS]}])


def test_markup_stays_text_in_fields_conflicts_and_on_paper(window, tmp_path):
    tab = open_tab(window(), tmp_path, TEXTS)
    fields = [tab.page.get_by_label(f"Field {number}", exact=True) for number in range(len(PAYLOADS))]
    tab.bare.connected = False
    for field, payload in zip(fields, PAYLOADS, strict=True):
        field.fill(payload)
    tab.page.get_by_label("Goal").fill(PAYLOADS[0])
    tab.page.get_by_label("Goal").blur()
    for number, payload in enumerate(reversed(PAYLOADS)):  # another tab has something else there
        tab.workbook.answer("small", f"t{number}", f"{payload} too")
    tab.workbook.answer("small", "g", [{"x": f"{PAYLOADS[1]} too"}])
    tab.bare.connected = True
    tab.reload()
    tab.page.get_by_role("alert").nth(len(PAYLOADS)).wait_for()
    boxes = tab.page.get_by_role("alert").all_inner_texts()
    for box, mine, theirs in zip(boxes, PAYLOADS, reversed(PAYLOADS), strict=False):
        assert f"Typed here: {mine}" in box and f"Saved there: {theirs} too" in box
    assert [field.input_value() for field in fields] == PAYLOADS
    tab.page.emulate_media(media="print")
    assert tab.page.locator(".mk-on-paper").all_inner_texts()[:-1] == PAYLOADS
    tab.page.emulate_media(media="screen")
    for _ in boxes:
        tab.page.get_by_role("button", name="Use mine").first.click()
    tab.status("Saved")
    assert list(tab.answers.values()) == [*PAYLOADS, [{"x": PAYLOADS[0]}]]
    assert tab.page.evaluate(MADE) == 0 and tab.page.evaluate("window.__fired") is None
    assert tab.page.problems == []


def test_markup_stays_text_in_names_words_and_titles(window, tmp_path):
    bare = BarePage(window())
    workbook = small_workbook(tmp_path)
    for payload in PAYLOADS[:3]:
        workbook.add_mentor(payload)
    options = [{"code": mentor.id, "label": mentor.name, "help": mentor.name} for mentor in workbook.mentors]
    bare.mount(Form(workbook, "small"), "form")
    spec = {"title": PAYLOADS[0], "options": options, "chosen": None, "adding": None}
    bare.mount(Picker(lambda: spec, print), "picker")
    bare.widgets["form"].send({"type": "told", "message": PAYLOADS[1]})
    for payload in PAYLOADS[:3]:
        assert bare.page.get_by_role("checkbox", name=payload).count() == 1
        assert bare.page.get_by_role("radio", name=payload).count() == 1
    assert bare.page.get_by_role("group", name=PAYLOADS[1]).count() == 1
    assert bare.page.evaluate(MADE) == 0 and bare.page.evaluate("window.__fired") is None


def test_the_storage_of_the_browser_is_not_trusted(window, tmp_path):
    tab = open_tab(window(), tmp_path)
    place = tab.form.place
    odd = '{"value": 7, "seen": 0, "sent": []}'
    kept = {"calm": "{", "rested": "[]", "form": "null", "own": '{"value": 1}', "top": odd, "goals": odd}
    for item, text in kept.items():
        tab.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"mentorkit/{place}/{item}", text])
    tab.reload()
    tab.page.locator(".mk-error", has_text="takes a list of answers").wait_for()
    assert tab.answers == {} and tab.page.problems == []
    tab.pick("What matters most?", AREAS[0])
    tab.write("What do you want to have done?", "Sleep")
    tab.status("Saved")
    assert tab.answers == {"top": ["academic"], "goals": [{"goal": "Sleep"}]}


# Messages that no form of ours would send


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
)
items = st.sampled_from([*EVERYTHING, "who", "more"]) | st.text(max_size=8)
near = [0, 1, "na", "full", ["academic"] * 2, [{"goal": "x", "by": "2027-02-30"}], [{"x": 1}]]
plausible = st.sampled_from([*EVERYTHING.values(), *near])
messages = st.fixed_dictionaries(
    {"type": st.sampled_from(["answer", "finish", "hello"]) | anything},
    optional={
        "n": st.integers() | anything,
        "item": items | anything,
        "value": plausible | anything,
        "seen": st.integers(0, 3) | anything,
        "revisions": st.dictionaries(items, st.integers() | anything, max_size=3) | anything,
    },
)


@pytest.fixture
def heard(tmp_path):
    """A form without a page: what it is told, and what it says."""
    form = Form(small_workbook(tmp_path), "small")
    said = []
    form.send = said.append
    return form, said


def test_no_message_breaks_the_form_or_saves_what_the_worksheet_refuses(heard):
    form, said = heard
    sheet = form._workbook.worksheet("small")

    @settings(max_examples=300, deadline=None)
    @given(messages | anything, st.booleans())
    def holds(message, about_this):
        if isinstance(message, dict) and about_this:
            message["place"] = form.place
        said.clear()
        form._heard(None, message, [])
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
        for item, value in form._workbook.draft("small").items():
            assert sheet.item(item).check(value) == value
        if not about_this:
            assert said == []

    holds()


def answer(form, item, value):
    message = {"type": "answer", "place": form.place, "n": 1, "item": item, "value": value, "seen": 0}
    form._heard(None, message, [])


WRONG = {
    "a huge number": 10**4000,
    "a huge text": "x" * 10**6,
    "no number": math.nan,
    "a huge goal": [{"goal": "x" * 10**6}],
    "half a character as a key": [{"\ud800": 1}],
    "half a character": "\ud800",
    "a null byte": "a\x00b",
    "many lists": [[]] * 10_000,
    "a truth": True,
    "a fraction": 1.0,
    "a mapping": {"a": 1},
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("item", ["calm", "top", "own", "day", "goals"])
def test_values_of_a_wrong_kind_are_refused_in_a_sentence(item, wrong, heard):
    form, said = heard
    answer(form, item, WRONG[wrong])
    assert [answer["type"] for answer in said] == ["refused"] and said[0]["message"].endswith(".")
    assert dict(form._workbook.draft("small")) == {}


def test_endless_nesting_is_no_answer(heard):
    form, said = heard
    value = []
    for _ in range(20_000):
        value = [{"goal": value}]
    answer(form, "goals", value)
    assert said[0]["type"] in {"unsaved", "refused"} and dict(form._workbook.draft("small")) == {}


@pytest.mark.parametrize("trait", ["spec", "state"])
def test_the_page_cannot_set_what_it_is_shown(trait, heard):
    form, _ = heard
    before = getattr(form, trait)
    form.set_state({trait: {"sections": []}, "_esm": "alert(1)"})
    assert getattr(form, trait) == before and "alert(1)" not in str(form._esm)


def test_no_widget_takes_its_traits_from_the_page():
    panel, picker = Panel(lambda: "drawn"), Picker(dict, print)
    panel.set_state({"html": "<script>"})
    picker.set_state({"spec": {"title": "forged"}})
    assert panel.html == "drawn" and picker.spec == {}


def test_a_form_of_some_sections_takes_only_their_answers_and_seals_nothing(tmp_path):
    form = Form(small_workbook(tmp_path), "small", sections=("first",))
    said = []
    form.send = said.append
    for message in ({"type": "answer", "item": "more", "value": 1, "n": 1, "seen": 0}, {"type": "finish"}):
        form._heard(None, {**message, "place": form.place}, [])
    assert said == [] and not form._workbook.records


def test_an_answer_about_another_mentor_or_term_is_left_alone(heard):
    form, said = heard
    form._heard(None, {"type": "answer", "place": "elsewhere", "n": 1, "item": "calm", "value": 1, "seen": 0}, [])
    form._heard(None, {"type": "finish"}, [])
    assert said == [] and not form._workbook.records

"""The workbook's page in a browser: navigation, landmarks, looks, print, and what it says when the workbook stops."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from protocol import ask, sign_in
from serving import Served

Visit = Callable[..., Any]
SHOWN = ".mk-page:visible"
STOPPED = "The workbook has stopped. What was shown as saved is safe."


def kernel_runs(served: Served, kernel: str, cookie: str) -> bool:
    return '"kernel": true' in ask(served, f"/mentorkit/alive?kernel={kernel}", Cookie=cookie)[2]


def kernel_of(page: Any) -> str:
    return str(page.evaluate("JSON.parse(document.querySelector('#jupyter-config-data').textContent).kernelId"))


def echo(page: Any, name: str, text: str) -> None:
    page.get_by_label(f"Say {name}").fill(text)
    page.get_by_text(f"Python heard {text}").wait_for()


# ---- pages


def test_one_page_is_shown_and_the_others_wait(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    assert page.locator(SHOWN).evaluate_all("pages => pages.map(page => page.id)") == ["start-here"]
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["What is this?"]
    assert page.title() == "Start here · Mentorkit"
    echo(page, "start", "hello")


def test_the_page_has_landmarks_a_language_and_a_skip_link(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    for role in ("banner", "main", "contentinfo", "navigation"):
        assert page.get_by_role(role).count() == 1, role
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("navigation", name="Pages").get_by_role("link").count() == 5
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert "#" not in page.url


def test_a_link_goes_to_its_page_without_a_reload_and_back_comes_back(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    echo(page, "start", "kept")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("navigation").get_by_role("link", name="Goals").click()
    page.get_by_role("heading", name="What do I need?").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "What do I need?"
    assert page.title() == "Goals · Mentorkit"
    assert page.locator("[aria-current]").all_inner_texts() == ["Goals"]
    assert page.locator("[aria-current]").get_attribute("aria-current") == "page"
    page.go_back()
    page.get_by_role("heading", name="What is this?").wait_for()
    assert page.title() == "Start here · Mentorkit"
    assert page.get_by_label("Say start").input_value() == "kept"
    assert page.evaluate("window.sameDocument")


def test_a_link_into_the_middle_of_another_page_shows_that_page(small_app: Served, visit: Visit) -> None:
    page = visit(small_app, "goals")
    assert page.title() == "Goals · Mentorkit"
    assert page.locator(SHOWN).count() == 1
    page.evaluate("document.querySelectorAll('h2')[2].id = 'middle'; location.hash = '#middle'")
    page.get_by_role("heading", name="Which kinds would fit?").wait_for()
    assert page.evaluate("document.activeElement.id") == "middle"


def test_an_unknown_address_shows_the_first_page(small_app: Served, visit: Visit) -> None:
    assert visit(small_app, "no-such-page").title() == "Start here · Mentorkit"


def test_a_widget_of_our_own_works_under_the_policy(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    page.get_by_role("button", name="Counted 0").click()
    page.get_by_role("button", name="Counted 1").wait_for()
    assert not page.problems


def test_a_failing_cell_is_one_sentence_and_the_rest_works(small_app: Served, visit: Visit) -> None:
    page = visit(small_app, "reassess")
    assert page.locator(f"{SHOWN} .mk-failed").count() == 1
    assert "Your saved answers are safe" in page.locator(f"{SHOWN} .mk-failed").inner_text()
    echo(page, "after", "still here")


# ---- the network


def test_the_page_asks_no_other_host_and_the_token_is_nowhere(small_app: Served, window: Callable[..., Any]) -> None:
    page, asked = window(), []
    page.on("request", lambda request: asked.append(request))
    page.goto(small_app.address)
    page.locator(".mk-book[data-state=open]").wait_for()
    page.get_by_label("Say start").wait_for()
    assert {request.url.split("/")[2] for request in asked if not request.url.startswith(("data:", "blob:"))} == {
        f"127.0.0.1:{small_app.port}"
    }
    token = small_app.address.split("=")[1]
    assert token not in page.url and token not in page.content()
    assert not [request for request in asked[1:] if token in request.url or token in str(request.headers)]
    assert not [request for request in asked if request.headers.get("referer")]
    assert page.evaluate("history.length") <= 2
    assert not page.problems


def test_the_first_visit_weighs_less_than_one_and_a_half_megabytes(
    small_app: Served, window: Callable[..., Any]
) -> None:
    page, weights = window(), []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(small_app.address)
    page.get_by_label("Say start").wait_for()
    page.wait_for_load_state("networkidle")
    assert sum(weights) < 1_500_000


def test_no_page_loads_what_typesets_formulas(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("Object.keys(MathJax)") == ["Hub"]
    assert not page.problems


WIDGETS = """
from mentorkit.reports.html import tag
from mentorkit.widgets.panel import Panel
from mentorkit.widgets.picker import Picker
options = [{"code": "a", "label": "Ann", "help": ""}]
asked = {"title": "Which mentor?", "options": options, "chosen": "a", "adding": None}
def panel(number):
    return Panel(lambda: tag("p", f"panel {number}"))
"""


@pytest.fixture(scope="module")
def many_widgets(serve: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory) -> Served:
    """An app with a page of twenty panels and a picker."""
    calls = [WIDGETS, *(f"panel({number})" for number in range(20)), "Picker(lambda: asked, print)"]
    cells = [new_markdown_cell("# Many"), *map(new_code_cell, calls)]
    folder = tmp_path_factory.mktemp("many")
    nbformat.write(new_notebook(cells=cells), folder / "00_many.ipynb")
    return serve(notebooks=folder)


def test_the_widgets_modules_and_styles_cross_the_wire_once(many_widgets: Served, window: Callable[..., Any]) -> None:
    page, asked, told = window(), [], []
    page.on("request", lambda request: asked.append(request.url.removeprefix(many_widgets.base)))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(bytes(frame))))
    page.goto(many_widgets.address)
    page.get_by_text("panel 19").wait_for()
    page.get_by_role("group", name="Which mentor?").get_by_role("radio", name="Ann").wait_for()
    page.wait_for_load_state("networkidle")
    ours = [path for path in asked if path.startswith("mentorkit/widgets/")]
    assert sorted(ours) == [f"mentorkit/widgets/{name}" for name in ("form.js", "panel.js", "picker.js", "widgets.css")]
    assert told and not any(b"keepKeys" in frame or b"--mk-paper" in frame for frame in told)
    assert not page.problems


def test_the_widgets_styles_have_the_last_word(many_widgets: Served, visit: Visit) -> None:
    page = visit(many_widgets)
    page.get_by_text("panel 19").wait_for()
    ours = "[...document.styleSheets].filter(sheet => sheet.media.length === 0).at(-1).href"
    assert page.evaluate(ours) == f"{many_widgets.base}mentorkit/widgets/widgets.css"


def test_a_widget_works_under_every_name_of_this_computer(many_widgets: Served, window: Callable[..., Any]) -> None:
    page = window()
    page.goto(many_widgets.address.replace("127.0.0.1", "localhost"))
    page.get_by_text("panel 19").wait_for()
    assert not page.problems


# ---- the end of a page


def test_a_closed_tab_frees_its_kernel(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    cookie, kernel = sign_in(small_app), kernel_of(page)
    assert kernel_runs(small_app, kernel, cookie)
    page.goto("about:blank")
    ended = """async address => {
        for (let turn = 0; turn < 60; turn += 1) {
            if ((await (await fetch(address)).json()).kernel === false) return true;
            await new Promise(again => setTimeout(again, 200));
        }
        return false;
    }"""
    assert visit(small_app).evaluate(ended, f"{small_app.base}mentorkit/alive?kernel={kernel}")


def test_a_mail_link_does_not_end_the_page(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    page.evaluate("window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    page.locator(SHOWN).get_by_role("link", name="Write to them").click()
    echo(page, "start", "after the mail")


# ---- when the workbook stops


@pytest.fixture
def own_app(serve: Callable[..., Served], small_notebooks: Path) -> Served:
    return serve(notebooks=small_notebooks)


def test_a_stopped_workbook_is_said_within_five_seconds_and_a_restarted_one_goes_on(
    own_app: Served, visit: Visit
) -> None:
    page = visit(own_app, "goals")
    echo(page, "goals", "before")
    assert own_app.stop() == 0
    page.get_by_role("alert").get_by_text(STOPPED).wait_for(timeout=5_000)
    assert page.get_by_role("button", name="Continue").count() == 0
    own_app.start()
    page.get_by_role("alert").get_by_text("The workbook was started again.").wait_for(timeout=10_000)
    page.get_by_role("button", name="Continue").click(timeout=10_000)
    page.get_by_label("Say goals").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "What do I need?"
    assert page.get_by_role("alert").inner_text() == ""
    echo(page, "goals", "after")


def test_an_answer_that_is_not_saved_makes_the_page_look_at_once(own_app: Served, visit: Visit) -> None:
    page = visit(own_app)
    with page.expect_request("**/mentorkit/alive*", timeout=1_000):
        page.evaluate("document.dispatchEvent(new CustomEvent('mentorkit:unsaved'))")


def test_a_dead_kernel_is_said_and_continue_goes_on(own_app: Served, visit: Visit) -> None:
    page = visit(own_app, "mentor-types")
    pid = int(page.locator(SHOWN).locator("pre").inner_text().split("pid ")[1])
    os.kill(pid, signal.SIGKILL)
    page.get_by_role("alert").get_by_text("lost its connection").wait_for(timeout=8_000)
    page.get_by_role("button", name="Continue").click()
    page.locator(".mk-book[data-state=open]").wait_for()
    assert page.title() == "Mentor types · Mentorkit"
    assert int(page.locator(SHOWN).locator("pre").inner_text().split("pid ")[1]) != pid


# ---- how it looks


def test_the_student_s_system_decides_on_light_or_dark(small_app: Served, visit: Visit) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    assert visit(small_app, color_scheme="light").evaluate(background) == "rgb(251, 250, 246)"
    assert visit(small_app, color_scheme="dark").evaluate(background) == "rgb(20, 23, 26)"


@pytest.mark.parametrize("text", ["100%", "200%"])
def test_nothing_is_cut_off_at_320_pixels(small_app: Served, visit: Visit, text: str) -> None:
    page = visit(small_app, viewport={"width": 320, "height": 640})
    page.evaluate("size => document.documentElement.style.fontSize = size", text)
    for slug in ("start-here", "goals", "what-changed"):
        page.evaluate("slug => location.hash = slug", slug)
        page.locator(f"#{slug}").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_on_a_phone_the_navigation_shows_where_one_is(small_app: Served, visit: Visit) -> None:
    page = visit(small_app, "what-changed", viewport={"width": 390, "height": 800})
    box = page.get_by_role("link", name="What changed").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 44


def test_print_shows_every_page_uncut(small_app: Served, visit: Visit) -> None:
    page = visit(small_app)
    page.emulate_media(media="print")
    assert len(page.get_by_role("heading", level=1).all_inner_texts()) == 5
    assert not page.get_by_role("navigation").is_visible()
    cut = """() => [...document.querySelectorAll('#main, #jp-main-content-panel, #rendered_cells, .mk-main')]
        .filter(e => e.scrollHeight > e.clientHeight + 1 || getComputedStyle(e).position === 'absolute')
        .map(e => e.id)"""
    assert page.evaluate(cut) == []


@pytest.mark.parametrize("how", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 800}}])
def test_axe_finds_nothing(small_app: Served, visit: Visit, how: dict[str, Any]) -> None:
    axe = Axe()
    page = visit(small_app, **how)
    found = axe.run(page, context=None, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []


def test_without_scripts_a_sentence_says_what_is_missing(small_app: Served) -> None:
    html = ask(small_app, "/", Cookie=sign_in(small_app))[2]
    assert "The workbook needs JavaScript." in html.split("<noscript>")[1].split("</noscript>")[0]


def test_sample_data_is_said_on_the_page(serve: Callable[..., Served], small_notebooks: Path, visit: Visit) -> None:
    page = visit(serve(notebooks=small_notebooks, sample=True))
    assert page.get_by_role("banner").get_by_text("Sample data").is_visible()

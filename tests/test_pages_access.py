"""Every page as everybody meets it: light, dark, on a narrow phone, with large text, on paper, with a screen reader."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from serving import Served

from mentorkit.simulate import simulate_student

SLUGS = (
    "start-here",
    "goals",
    "network",
    "mentor-types",
    "reaching-out",
    "working-together",
    "reassess",
    "what-changed",
)
WAYS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced colours": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # all that these change


@pytest.fixture(scope="module")
def new(serve: Callable[..., Served]) -> Served:
    """A first visit."""
    return serve()


@pytest.fixture(scope="module")
def sample(serve: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A made-up student after four semesters."""
    home: Path = tmp_path_factory.mktemp("sample")
    simulate_student(home, terms=4, seed=7).close()
    return serve(home=home, sample=True)


def turn_to(page: Any, slug: str) -> Any:
    page.evaluate("slug => { location.hash = '#' + slug; }", slug)
    shown = page.locator(f"#{slug}")
    expect(shown.locator(".mk").first).to_be_visible()
    return shown


def open_everything(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


@pytest.mark.parametrize(("who", "way"), [("new", "light"), ("new", "narrow"), *(("sample", way) for way in WAYS)])
def test_axe_finds_nothing_on_any_page(request: Any, visit: Callable[..., Any], who: str, way: str):
    page = visit(request.getfixturevalue(who), **WAYS[way])
    for slug in SLUGS:
        turn_to(page, slug)
        open_everything(page)
        found = Axe().run(page, options=OF_COLOURS if way in ("dark", "forced colours") else RULES)
        assert found.violations_count == 0, (slug, found.generate_report())


@pytest.mark.parametrize("text", ["100%", "200%"])
def test_nothing_is_cut_off_on_a_narrow_phone(sample: Served, visit: Callable[..., Any], text: str):
    width = 320 if text == "100%" else 390
    page = visit(sample, viewport={"width": width, "height": 700})
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
    for slug in SLUGS:
        turn_to(page, slug)
        open_everything(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, slug


def test_every_page_has_one_heading_of_the_first_order_and_none_is_skipped(sample: Served, visit: Callable[..., Any]):
    page = visit(sample)
    for slug in SLUGS:
        shown = turn_to(page, slug)
        orders = shown.locator("h1, h2, h3, h4").evaluate_all(
            "all => all.filter((one) => one.offsetParent).map((one) => Number(one.tagName[1]))"
        )
        assert orders[0] == 1
        assert orders.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(orders)), (slug, orders)


def test_landmarks_are_there_and_the_page_in_view_is_marked(sample: Served, visit: Callable[..., Any]):
    page = visit(sample, "goals")
    for role in ("banner", "navigation", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    current = page.get_by_role("navigation").locator("[aria-current=page]")
    expect(current).to_have_text("What I need")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title().startswith("What I need")


def test_every_picture_has_its_finding_in_words_and_its_numbers_in_a_table(sample: Served, visit: Callable[..., Any]):
    page = visit(sample)
    pictures = 0
    for slug in ("goals", "network", "mentor-types", "reassess", "what-changed"):
        shown = turn_to(page, slug)
        for figure in shown.locator("figure").all():
            pictures += 1
            assert figure.locator("figcaption").inner_text().strip()
        assert shown.locator("figure table").count() >= 1
    assert pictures >= 6


def test_paper_shows_every_page_and_every_part_of_a_form(new: Served, visit: Callable[..., Any]):
    page = visit(new)
    page.emulate_media(media="print")
    for slug in SLUGS:
        expect(page.locator(f"#{slug} h1")).to_be_visible()
    parts = page.locator("#goals .mk-section")
    expect(parts.nth(7)).to_be_attached()
    assert parts.evaluate_all("all => all.filter((one) => !one.hidden).every((one) => one.offsetHeight > 0)")


def test_sample_data_is_marked_on_every_page_on_screen_and_on_paper(sample: Served, visit: Callable[..., Any]):
    page = visit(sample)
    for slug in SLUGS:
        turn_to(page, slug)
        expect(page.get_by_role("banner").get_by_text("Sample data")).to_be_visible()
    page.emulate_media(media="print")
    for slug in SLUGS:
        expect(page.locator(f"#{slug}").get_by_text("Sample data").first).to_be_visible()

"""Every point of the article has its place: an id in the content, and words on the pages that carry it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from serving import Served

from mentorkit.content import load_content
from mentorkit.simulate import simulate_student

CONTENT = load_content()
PAGES = {
    "00": "start-here",
    "01": "goals",
    "02": "network",
    "03": "mentor-types",
    "04": "reaching-out",
    "05": "working-together",
    "06": "reassess",
    "07": "what-changed",
}
ROWS = {
    **{f"area.{area}": "01 02 03" for area in CONTENT.areas},
    **{f"type.{kind}": "03" for kind in CONTENT.types},
    "type.national": "03 04",
    "find.goals": "01 04",
    "find.beyond": "02 04",
    "find.events": "04",
    "find.alumni": "04",
    "find.online": "04",
    "find.diversity": "02 04",
    "find.proactive": "04",
    "find.multiple": "02 03 04",
    "reach.email": "04",
    "reach.inperson": "04",
    "reach.application": "04",
    "reach.fair": "04",
    "reach.organic": "04",
    "keep.expectations": "05 06",
    "keep.prepared": "05 06",
    "keep.followthrough": "05 06",
    "keep.feedback": "05 06",
    "keep.appreciation": "05 06",
    "keep.professionalism": "05 06",
    "keep.reciprocity": "05 06",
    "keep.reassess": "06 07",
    "why.benefits": "00",
    "why.research": "03",
    "why.career": "03",
}
"""The points of the article and the pages that must carry each (a fact of the source, copied)."""

SAID_BY = {
    "area": {key: area.name for key, area in CONTENT.areas.items()},
    "type": {key: kind.name for key, kind in CONTENT.types.items()},
    "keep": {key: practice.name for key, practice in CONTENT.practices.items()},
    "reach": {key: reach.situation for key, reach in CONTENT.reaches.items()},
    "why": {text.id.partition(".")[2]: text.title for text in CONTENT.texts.values() if text.id.startswith("why.")},
}
"""Names under which a point may stand on a page without carrying its id, as in a form."""


@pytest.fixture(scope="module")
def shown(serve: Callable[..., Served], chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All pages of a made-up student, in one browser window."""
    home: Path = tmp_path_factory.mktemp("home")
    simulate_student(home).close()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(serve(home=home).address)
    page.locator(".mk-book[data-state=open]").wait_for(timeout=30_000)
    yield page
    context.close()


def test_every_point_is_an_id_of_the_content():
    assert set(ROWS) <= CONTENT.ids()


@pytest.mark.parametrize(("row", "number"), [(row, number) for row, pages in ROWS.items() for number in pages.split()])
def test_every_point_stands_on_its_page(shown: Any, row: str, number: str):
    page = shown.locator(f"[id='{PAGES[number]}']")
    table, _, key = row.partition(".")
    said = SAID_BY.get(table, {}).get(key)
    assert page.locator(f"[data-id='{row}']").count() or (said and said in page.text_content()), row


def test_a_point_that_is_taken_away_is_missed(shown: Any):
    page = shown.locator("[id='goals']")
    assert not page.locator("[data-id='find.alumni']").count()
    assert CONTENT.ways["alumni"].name not in page.text_content()

"""Page 02, asked of its Python side."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from made import says

from mentorkit import open_workbook
from mentorkit.content import load_content
from mentorkit.errors import BadAnswer, Unknown
from mentorkit.pages import desk, network
from mentorkit.reports.html import Html
from mentorkit.reports.network_sheets import network_sheet, network_to_show
from mentorkit.workbook import Workbook

CONTENT = load_content()
WORDS = CONTENT.words
SECRET = "SECRET-background"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbook]:
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path))
    caches = desk.workbook, network._people, network._to_show
    monkeypatch.setattr(desk, "open_workbook", lambda: open_workbook(tmp_path, today=lambda: date(2026, 11, 22)))
    for cached in caches:
        cached.cache_clear()
    yield desk.workbook()
    for cached in caches:
        cached.cache_clear()


def rate(book: Workbook, area: str, need: int) -> None:
    for facet in CONTENT.areas[area].facets:
        book.answer("needs", f"need.{area}.{facet}", need)


def closes(book: Workbook, mentor: str) -> None:
    book.answer("relationship", "relationship.meetings", "4+", mentor=mentor)
    book.answer("relationship", "relationship.decision", "close", mentor=mentor)
    book.seal("relationship", mentor=mentor)


def text(html: Html | str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def press(panel: Any, deed: str, **values: str) -> Any:
    return panel._does[deed](values)


def now(panel: Any) -> str:
    """What a panel that is kept says: drawn at once, also where a loop runs that would draw it later."""
    panel.draw()
    return text(panel.html)


# The map


def test_without_anybody_the_areas_are_there_to_think_of(book: Workbook):
    shown = network.picture().html
    assert WORDS["network_nobody"] in text(shown)
    assert all(f'data-id="area.{area}"' in shown for area in CONTENT.areas)
    assert WORDS["network_findings_empty"] in text(network.findings().html)


def test_before_the_first_area_the_map_waits(book: Workbook):
    book.add_mentor("Sam")
    assert WORDS["network_no_links"] in text(network.picture().html)


def test_the_map_says_for_each_area_how_many_and_who(book: Workbook):
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    says(book, sam, "academic", "career")
    says(book, kim, "academic")
    shown = network.picture().html
    drawn = shown.partition("<details>")[0].split('<li class="mk-net-row" data-id="area.')[1:]
    rows = {row.partition('"')[0]: text(row.partition(">")[2]) for row in drawn}
    assert rows["academic"] == "Academic guidance 2 people Sam Dr. K"
    assert rows["career"] == "Career planning one person Sam"
    assert rows["research"] == "Research guidance nobody yet"
    assert WORDS["network_open_many"].format(count=5, total=7) in text(shown)
    says(book, kim, *[area for area in CONTENT.areas if area != "research"])
    assert WORDS["network_open"].format(areas="Research guidance") in text(network.picture().html)
    assert all(f'data-id="area.{area}"' in shown for area in CONTENT.areas)
    assert "<table>" in shown


def test_what_matters_most_comes_first_and_then_what_lacks_most(book: Workbook):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic")
    assert WORDS["network_order_none"] in text(network.picture().html)
    rate(book, "research", 4)
    book.answer("needs", "support.research", 1)
    book.answer("needs", "top.areas", ["career"])
    assert network.seen().order[:2] == ["career", "research"]
    assert WORDS["network_order"] in text(network.picture().html)


def test_what_is_carried_over_is_marked_in_words(book: Workbook):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2026-spring")
    shown = text(network.picture().html)
    assert "Sam (Spring 2026)" in shown and "as you said in Spring 2026" in shown
    assert WORDS["network_unseen"].format(names="Sam") in text(network.findings().html)


def test_with_many_mentors_the_map_is_a_list(book: Workbook):
    for number in range(9):
        says(book, book.add_mentor(f"Mentor {number}"), "academic")
        assert ("mk-net-grid" in network.picture().html) == (number < 8)


def test_names_are_text(book: Workbook):
    says(book, book.add_mentor("<b>Sam</b>"), "academic")
    for part in (network.picture(), network.findings(), network.correct(), network.sheet()):
        assert "<b>Sam" not in part.html


# What stands out


def test_a_gap_comes_with_a_step_and_the_one_that_matters_most_first(book: Workbook):
    says(book, book.add_mentor("Sam"), "academic")
    book.answer("needs", "top.areas", ["research", "career"])
    rate(book, "networking", 0)
    shown = network.findings().html
    steps = re.findall(r"<h4>(.*?)</h4><p>(.*?)</p>", shown)
    assert [text(name) for name, _ in steps[:2]] == [
        f"{CONTENT.areas[area].name} {WORDS['top_three']}" for area in ("career", "research")
    ]
    assert unescape(steps[0][1]) == CONTENT.areas["career"].advice
    assert CONTENT.areas["networking"].advice not in unescape(shown)  # little is needed there
    assert WORDS["network_unneeded"].format(areas="Networking") in text(shown)


def test_a_lot_on_one_person_is_said_kindly_and_with_numbers(book: Workbook):
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    says(book, sam, "academic", "career", "research")
    assert WORDS["network_high_all"].format(name="Sam") in text(network.findings().html)
    says(book, kim, "academic", "career")
    assert WORDS["network_high"].format(total=5, count=3, name="Sam") in text(network.findings().html)
    says(book, kim, "academic", "career", "research")
    assert WORDS["network_high_title"] not in text(network.findings().html)


def test_one_person_alone_is_named_and_so_is_who_is_seldom_in_touch(book: Workbook):
    says(book, book.add_mentor("Sam"), "career", often="rarely")
    shown = text(network.findings().html)
    assert "Career planning: Sam" in shown
    assert WORDS["network_seldom"].format(areas="Career planning") in shown


def test_when_every_area_has_more_than_one_the_caption_says_so(book: Workbook):
    for name in ("Sam", "Dr. K"):
        says(book, book.add_mentor(name), *CONTENT.areas)
        if name == "Sam":
            assert WORDS["network_thin_many"].format(count=7, total=7) in text(network.picture().html)
    assert WORDS["network_covered"] in text(network.picture().html)
    assert WORDS["network_thin_title"] not in text(network.findings().html)


def test_the_caption_names_thin_areas_and_passes_over_what_is_not_needed(book: Workbook):
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    areas = [area for area in CONTENT.areas if area != "research"]
    says(book, sam, *areas)
    says(book, kim, *areas[:-1])
    rate(book, "research", 0)
    assert WORDS["network_open_unneeded"] in text(network.picture().html)
    says(book, kim, *areas[:-1], "research")
    thin = WORDS["network_thin"].format(areas="Research guidance and Networking")
    assert thin in text(network.picture().html)


def test_variety_is_facts_and_never_background(book: Workbook):
    sam = book.add_mentor("Sam", "peer", distance="remote")
    says(book, sam, "academic", rank="ahead", background=SECRET)
    shown = text(network.findings().html)
    assert WORDS["network_kinds"].format(count=1, names=CONTENT.types["peer"].name) in shown
    assert WORDS["network_ranks"].format(count=1, names="A student ahead of me") in shown
    assert WORDS["network_distances"].format(names=WORDS["distance_remote"]) in shown
    assert WORDS["network_variety"] in shown
    for part in (network.picture(), network.findings(), network.changed(), network.sheet(), network.sheet_to_show()):
        assert SECRET not in part.html


def test_a_distance_of_the_student_s_own_stays_as_it_was_typed(book: Workbook):
    book.add_mentor("Sam", distance="two hours away")
    assert "two hours away" in text(network.findings().html)
    assert '<option value="two hours away" selected>' in network.correct().html


# What changed


def test_the_first_semester_has_nothing_to_compare_with(book: Workbook):
    says(book, book.add_mentor("Sam"), "academic")
    assert WORDS["network_first_term"] in text(network.changed().html)


def test_what_changed_is_said_losses_first(book: Workbook):
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    says(book, sam, "academic", "career", term="2026-spring")
    says(book, kim, "career", term="2026-spring")
    says(book, sam, "clinical")
    says(book, kim, "career")
    shown = text(network.changed().html)
    assert WORDS["network_moved"].format(term="Spring 2026") in shown
    lost, gained = (WORDS[key].format(areas=area) for key, area in
                    (("network_lost", "Academic guidance"), ("network_gained", "Clinical skills")))  # fmt: skip
    assert shown.index(lost) < shown.index(gained)
    assert WORDS["network_weaker"].format(areas="Career planning") in shown
    assert WORDS["network_lost_step"] in shown


def test_people_who_left_are_gone_and_what_they_gave_too(book: Workbook):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2026-spring")
    book.change_mentor(sam, left=True)
    shown = text(network.changed().html)
    assert WORDS["network_gone"].format(names="Sam") in shown
    assert WORDS["network_lost"].format(areas="Academic guidance") in shown


def test_when_nothing_changed_that_is_said_of_the_last_term_with_anything_about_a_mentor(book: Workbook):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2026-spring")
    book.term = "2026-summer"
    rate(book, "academic", 3)
    book.term = "2026-fall"
    assert WORDS["network_same"].format(term="Spring 2026") in text(network.changed().html)


# The mentors


def test_the_page_opens_with_a_mentor_of_whom_nothing_is_said_yet(book: Workbook):
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    says(book, sam, "academic")
    picker = network.who()
    assert picker.spec["chosen"] == kim
    assert [option["help"] for option in picker.spec["options"]] == [WORDS["seen_now"], ""]
    assert network.form().children[0]._mentor == kim


def test_the_form_is_there_with_the_first_mentor_and_has_nothing_to_finish(book: Workbook):
    assert not network.form().children
    network.who()._heard(None, {"type": "add", "name": "Sam", "kind": "peer"}, [])
    (form,) = network.form().children
    assert not form.spec["finish"]
    assert [item["id"] for item in form.spec["sections"][0]["items"]][-1] == "network.background"
    assert "network.stays" not in str(form.spec)


def test_a_mentor_is_corrected(book: Workbook):
    sam = book.add_mentor("Sam", "peer")
    said = press(
        network.correct(), "correct", of=sam, name="Samuel", type="", field="surgery", distance="in_person"
    )  # fmt: skip
    mentor = book.mentor(sam)
    assert (mentor.name, mentor.type, mentor.field, mentor.distance) == ("Samuel", None, "surgery", "in_person")
    assert said == WORDS["mentor_corrected"]
    assert network.who().spec["options"][0]["help"] == f"surgery · {WORDS['distance_in_person']}"
    with pytest.raises(BadAnswer):
        press(network.correct(), "correct", of=sam, name=" ", type="peer", field="", distance="")
    with pytest.raises(Unknown):
        press(network.correct(), "correct", name="Nobody")


def test_somebody_is_taken_off_the_list_and_put_back(book: Workbook):
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    card = network.correct()
    assert press(card, "leave", of=sam) == WORDS["mentor_left"].format(name="Sam")
    assert [option["code"] for option in network.who().spec["options"]] == [kim]
    assert WORDS["mentor_undo"].format(name="Sam") in now(card)
    press(card, "back", of=sam)
    assert not book.mentor(sam).left
    assert network.who().spec["chosen"] == sam
    assert WORDS["mentor_undo"].format(name="Sam") not in now(card)


def test_when_the_last_one_left_the_page_waits_and_the_way_back_stays(book: Workbook):
    sam = book.add_mentor("Sam")
    network.form()
    press(network.correct(), "leave", of=sam)
    assert network.form().children == ()
    assert WORDS["mentor_first"] in now(network.go_on())
    network._people.cache_clear()  # another day
    assert WORDS["mentor_put_back"].format(name="Sam") in now(network.correct())


def test_a_mentor_with_whom_it_was_closed_is_offered_once_to_be_taken_off(book: Workbook):
    sam = book.add_mentor("Sam")
    offer = WORDS["mentor_closed"].format(name="Sam")
    assert offer not in now(network.correct())
    closes(book, sam)
    assert offer in now(network.correct())
    press(network.correct(), "stay", of=sam)
    network._people.cache_clear()
    assert offer not in now(network.correct())
    assert not book.network().members[0].looked_at
    book.term = "2027-spring"
    closes(book, sam)  # again, a semester later
    network._people.cache_clear()
    assert offer in now(network.correct())


def test_what_was_said_before_is_said_again_with_one_click(book: Workbook):
    sam = book.add_mentor("Sam")
    says(book, sam, "career", "academic", term="2026-spring", often="weekly")
    card = network.correct()
    said = WORDS["mentor_carried"].format(
        term="Spring 2026", name="Sam", areas="Academic guidance and Career planning"
    )  # fmt: skip
    assert said in now(card)
    press(card, "still", of=sam)
    assert book.answers("network", mentor=sam) == {
        "network.areas": ["academic", "career"],
        "network.often": "weekly",
    }
    assert book.network().members[0].said_in == "2026-fall"


def test_nothing_can_be_said_again_too(book: Workbook):
    sam = book.add_mentor("Sam")
    says(book, sam, "academic", term="2026-spring")
    says(book, sam, term="2026-spring")
    assert WORDS["mentor_carried_none"].format(term="Spring 2026", name="Sam") in now(network.correct())
    press(network.correct(), "still", of=sam)
    assert book.network().members[0].looked_at


def test_one_mentor_after_the_other(book: Workbook):
    sam, kim = book.add_mentor("Sam"), book.add_mentor("Dr. K")
    on = network.go_on()
    assert WORDS["network_next_button"].format(name="Dr. K") in now(on)
    says(book, sam, "academic")
    press(on, "next", of=kim)
    assert network.who().spec["chosen"] == kim
    assert now(on) == ""  # it is the one in hand
    says(book, kim, "career")
    assert WORDS["network_next_done"] in now(network.go_on())


# Ways and sheets


def test_the_ways_of_this_page_are_there_with_a_first_step(book: Workbook):
    shown = network.ways().html
    for way in ("beyond", "diversity", "multiple"):
        assert f'data-id="find.{way}"' in shown
        assert CONTENT.ways[way].first in text(shown)


def test_the_sheet_for_others_has_no_names_until_they_are_asked_for(book: Workbook):
    sam = book.add_mentor("Sam", "peer", field="FIELD")
    says(book, sam, "academic", background=SECRET)
    switch, sheet = network.names_on_it(), network.sheet_to_show()
    assert WORDS["sheet_names_are_off"] in text(switch.html)
    assert "Sam" not in sheet.html
    assert press(switch, "names") == WORDS["sheet_names_are_on"]
    assert "Sam" in sheet.html
    press(switch, "names")
    assert "Sam" not in sheet.html
    for names in (False, True):
        written = str(network_to_show(network.seen(), names, "Fall 2026"))
        assert SECRET not in written and "FIELD" not in written


def test_the_student_s_sheet_has_the_map_and_the_people_and_no_background(book: Workbook):
    sam = book.add_mentor("Sam", "peer", field="surgery", distance="both")
    says(book, sam, "academic", "career", "clinical", often="weekly", background=SECRET)
    says(book, sam, "academic", term="2026-spring")
    written = str(network_sheet(network.seen(), network.change(), "Fall 2026"))
    assert SECRET not in written
    for there in ("surgery", "About every week", WORDS["network_high_all"].format(name="Sam"), "Clinical skills"):
        assert there in written


def test_an_empty_network_has_no_sheet(book: Workbook):
    book.add_mentor("Sam")
    assert network_sheet(network.seen(), None, "Fall 2026") is None
    assert network_to_show(network.seen(), True, "Fall 2026") is None
    assert WORDS["network_sheet_empty"] in text(network.sheet().html)
    assert network.names_on_it().html == ""

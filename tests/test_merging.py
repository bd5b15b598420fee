"""Bringing an export home: nothing that is there is lost or replaced, and whatever differs is named."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import exported, fill, opened, scratch, scratch_home
from test_exchange import edit_somewhere

from mentorkit import Workbook
from mentorkit.errors import BadFile
from mentorkit.merging import Merge, plan
from mentorkit.records import Records
from mentorkit.reports.exchange import as_json, read_export, shareable

STRATEGIES = "need.academic.strategies"
ITEMS = ("need.academic.strategies", "need.academic.resources", "support.academic")


def bring(book: Workbook, text: str) -> Merge:
    """Import the text of an export."""
    merge = plan(book, read_export(text.encode(), book.content, [mentor.id for mentor in book.mentors]))
    book.add(list(merge.add))
    return merge


def export_of(book: Workbook) -> str:
    return as_json(book.content, book.records)


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


@pytest.fixture
def two(folder: Path) -> tuple[Workbook, Workbook]:
    """The same student on a laptop and on a desktop, which start from the same export."""
    laptop, desktop = opened(folder / "laptop"), opened(folder / "desktop")
    fill(laptop)
    bring(desktop, export_of(laptop))
    return laptop, desktop


def test_an_empty_home_gets_the_same_drafts_scorecards_mentors_and_terms(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    ours, theirs = (Records(shareable(book.content, book.records)) for book in two)
    assert (theirs.drafts, theirs.cards, theirs.mentors) == (ours.drafts, ours.cards, ours.mentors)
    assert (desktop.term, desktop.terms, desktop.mentors) == (laptop.term, laptop.terms, laptop.mentors)
    assert desktop.history("needs").equals(laptop.history("needs"))
    assert export_of(desktop).split('"records"')[1] == export_of(laptop).split('"records"')[1]


def test_importing_twice_adds_nothing(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    count = len(desktop.records)
    for text in (export_of(laptop), export_of(desktop), exported_without_private(laptop)):
        merge = bring(desktop, text)
        assert not merge.add and not merge.differing and not merge.namesakes
    assert len(desktop.records) == count and not bring(laptop, export_of(laptop)).differing


def exported_without_private(book: Workbook) -> str:
    return as_json(book.content, shareable(book.content, book.records))


def test_what_only_the_other_machine_has_is_added(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    laptop.term = "2027-spring"
    laptop.answer("needs", STRATEGIES, 4)
    laptop.seal("needs")
    laptop.add_mentor("Kim")
    merge = bring(desktop, export_of(laptop))
    assert (len(merge.add), merge.differing) == (3, ())
    assert desktop.answers("needs", term="2027-spring") == {STRATEGIES: 4}
    assert desktop.term == "2026-fall", "which term is worked on is this machine's own choice"


def test_drafts_of_two_machines_come_together(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    laptop.answer("needs", "need.clinical.reasoning", 1)
    desktop.answer("needs", "need.clinical.decisions", 2)
    merge = bring(desktop, export_of(laptop))
    assert (
        desktop.draft("needs")["need.clinical.reasoning"] == 1
        and desktop.draft("needs")["need.clinical.decisions"] == 2
    )
    assert len(merge.add) == 1 and not merge.differing


def test_an_answer_that_was_given_and_taken_back_elsewhere_is_not_given_here(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    for value in (1, None):
        laptop.answer("needs", "need.clinical.reasoning", value)
    bring(desktop, export_of(laptop))
    assert "need.clinical.reasoning" not in desktop.draft("needs")


def test_an_answer_that_differs_stays_and_is_named(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    laptop.answer("needs", STRATEGIES, 4)
    desktop.answer("needs", STRATEGIES, 0)
    merge = bring(desktop, export_of(laptop))
    assert desktop.draft("needs")[STRATEGIES] == 0
    assert merge.differing == (f"the needs of 2026-fall ({STRATEGIES})",) and not merge.add


def test_a_scorecard_that_differs_stays_and_is_named(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    lind = next(mentor.id for mentor in laptop.mentors if mentor.left)
    for book, code in ((laptop, 1), (desktop, 3)):
        book.answer("relationship", "practice.prepared.topics", code, mentor=lind)
        book.seal("relationship", mentor=lind)
    before = desktop.sealed("relationship", mentor=lind)
    merge = bring(desktop, export_of(laptop))
    assert desktop.sealed("relationship", mentor=lind) == before
    assert merge.differing == (
        "the relationship of 2026-fall with Prof. Lind (lab) (practice.prepared.topics)",
        "the finished relationship of 2026-fall with Prof. Lind (lab)",
    )


def test_a_private_answer_here_does_not_differ_from_a_file_that_cannot_have_it(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    lind = next(mentor.id for mentor in laptop.mentors if mentor.left)
    merge = bring(laptop, export_of(desktop))
    assert not merge.add and not merge.differing
    assert laptop.draft("relationship", mentor=lind)["relationship.flags"] == ["boundary"]


def test_what_was_noted_about_a_mentor_stays_and_is_named(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    sam = laptop.mentors[0].id
    laptop.change_mentor(sam, field="surgery")
    assert bring(desktop, export_of(laptop)).differing == ("what you noted about Sam",)
    assert desktop.mentor(sam).field == ""


def test_another_student_s_mentors_come_in_as_other_people_and_namesakes_are_named(
    two: tuple[Workbook, Workbook], folder: Path
):
    _, desktop = two
    other = opened(folder / "other")
    kim = other.add_mentor("Sam", "faculty")
    other.add_mentor("Somebody else")
    other.answer("relationship", "relationship.form", "short", mentor=kim)
    before = desktop.mentors
    merge = bring(desktop, export_of(other))
    assert desktop.mentors[: len(before)] == before and desktop.mentor(kim).type == "faculty"
    assert merge.namesakes == ("Sam",)


def test_a_file_that_does_not_fit_leaves_everything_as_it_was(two: tuple[Workbook, Workbook]):
    _, desktop = two
    before = desktop.records
    broken = json.loads(exported())
    broken["records"][-1]["revision"] = 99
    with pytest.raises(BadFile):
        bring(desktop, json.dumps(broken))
    desktop.refresh()
    assert desktop.records == before


# Whatever two machines did, and whatever happened to the file

ANSWER = st.tuples(st.just("answer"), st.sampled_from(ITEMS), st.sampled_from((0, 2, 4, None)))
TERM = st.tuples(st.just("term"), st.sampled_from(("2026-spring", "2026-fall")), st.none())
SEAL = st.tuples(st.just("seal"), st.none(), st.none())
MENTOR = st.tuples(st.just("mentor"), st.sampled_from(("Kim", "Ali")), st.sampled_from(("peer", None)))
PRIVATE = st.tuples(st.just("private"), st.sampled_from((["boundary"], None)), st.integers(0, 1))
DEEDS = st.lists(st.one_of(ANSWER, ANSWER, ANSWER, TERM, SEAL, MENTOR, PRIVATE), max_size=8)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def do(book: Workbook, deeds: list[tuple[str, Any, Any]]) -> None:
    for what, first, second in deeds:
        match what:
            case "answer":
                book.answer("needs", first, second)
            case "term":
                book.term = first
            case "seal" if book.draft("needs"):
                book.seal("needs")
            case "mentor" if first not in {mentor.name for mentor in book.mentors}:
                book.add_mentor(first, second)
            case "private" if second < len(book.mentors):
                book.answer("relationship", "relationship.flags", first, mentor=book.mentors[second].id)


def expect_nothing_lost(before: Records, after: Records) -> None:
    for key, draft in before.drafts.items():
        assert all(after.drafts[key].answers.get(item) == draft.answers.get(item) for item in draft.revisions)
    for key, cards in before.cards.items():
        assert after.cards[key] == cards
    assert all(after.mentors[mentor.id] == mentor for mentor in before.mentors.values())
    assert all(after.settings[key] == value for key, value in before.settings.items())


def expect_there_or_named(there: Records, after: Records, merge: Merge) -> None:
    named = " ".join(merge.differing)
    for (sheet, term, about), draft in there.drafts.items():
        for item, value in draft.items():
            same = after.drafts[sheet, term, about].answers.get(item) == value
            assert same or (f"the {sheet} of {term}" in named and item in named)
    for key, cards in there.cards.items():
        for card in cards:
            same = any(card.answers == ours.answers for ours in after.cards[key])
            assert same or f"the finished {key[0]} of {key[1]}" in named
    for mentor in there.mentors.values():
        assert after.mentors[mentor.id] == mentor or f"what you noted about {after.mentors[mentor.id].name}" in named


@MANY
@given(DEEDS, DEEDS, DEEDS)
def test_two_machines_that_went_apart_come_together_without_a_loss(common: list, here: list, there: list):
    with scratch_home() as laptop_home, scratch_home() as desktop_home:
        laptop, desktop = opened(laptop_home), opened(desktop_home)
        do(laptop, common)
        bring(desktop, export_of(laptop))
        do(desktop, here)
        do(laptop, there)
        text, before = export_of(laptop), Records(desktop.records)
        merge = bring(desktop, text)
        found = opened(desktop_home)  # as written
        expect_nothing_lost(before, without_added_cards(Records(found.records), before))
        expect_there_or_named(Records(read_export(text.encode(), laptop.content)), Records(found.records), merge)
        again = bring(found, text)
        assert not again.add and again.differing == merge.differing
        back = bring(laptop, export_of(found))
        expect_there_or_named(Records(shareable(found.content, found.records)), Records(laptop.records), back)


def without_added_cards(after: Records, before: Records) -> Records:
    """Where there was a card, no other may come after it; where there was none, one may."""
    after.cards = {key: cards for key, cards in after.cards.items() if key in before.cards}
    return after


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_edited_export_never_harms_what_is_here(data: st.DataObject):
    found = copy.deepcopy(json.loads(exported()))
    for _ in range(data.draw(st.integers(1, 3))):
        edit_somewhere(found, data)
    with scratch_home() as home:
        book = opened(home)
        bring(book, exported())
        before, mentors = Records(book.records), [mentor.id for mentor in book.mentors]
        try:
            read = read_export(json.dumps(found).encode("utf-8", "surrogatepass"), book.content, mentors)
        except BadFile:
            return
        merge = plan(book, read)
        book.add(list(merge.add))
        after = opened(home)
        expect_nothing_lost(before, without_added_cards(Records(after.records), before))
        expect_there_or_named(Records(read), Records(after.records), merge)
        use_everything(after)


def use_everything(book: Workbook) -> None:
    """Whatever came in, every page can be drawn."""
    for draw in pages(book):
        draw()


def pages(book: Workbook) -> list[Callable[[], object]]:
    return [
        lambda: book.terms,
        lambda: book.scores("needs"),
        lambda: book.ranking(),
        lambda: book.score_rows("needs"),
        lambda: book.score_rows("relationship"),
        lambda: export_of(book),
        *(lambda id=mentor.id: book.scores("relationship", mentor=id) for mentor in book.mentors),
    ]

"""One worksheet in several tabs: nothing that was answered elsewhere is overwritten unseen, or left out unseen."""

from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("apsw", reason="the campaigns need the extra “verify”")

from mentorkit.errors import Conflict
from mentorkit.workbook import Workbook, open_workbook
from verify.tabs import Overwriting, play

ITEM = "need.academic.strategies"


@pytest.fixture
def tabs(tmp_path: Path) -> tuple[Workbook, Workbook]:
    one, other = (open_workbook(tmp_path / "home", today=lambda: date(2026, 11, 22)) for _ in range(2))
    return one, other


def test_the_second_writer_is_told_sees_the_other_answer_and_may_insist(tabs):
    one, other = tabs
    one.answer("needs", ITEM, 1, seen=0)
    with pytest.raises(Conflict) as told:
        other.answer("needs", ITEM, 4, seen=0)
    assert told.value.theirs == 1
    other.answer("needs", ITEM, 4, seen=other.draft("needs").revisions[ITEM])
    assert [record.value for record in other.records] == [1, 4]


def test_answers_to_different_items_do_not_conflict(tabs):
    one, other = tabs
    one.answer("needs", ITEM, 1, seen=0)
    other.answer("needs", "support.academic", 2, seen=0)
    one.refresh()
    assert one.draft("needs") == other.draft("needs")


def test_the_same_answer_in_both_tabs_is_saved_once(tabs):
    one, other = tabs
    one.answer("needs", ITEM, 1, seen=0)
    other.answer("needs", ITEM, 1, seen=0)
    assert len(other.records) == 1


def test_an_answer_that_was_changed_elsewhere_is_not_called_saved_from_memory(tabs):
    one, other = tabs
    first = one.answer("needs", ITEM, 1)
    other.refresh()
    other.answer("needs", ITEM, 4)
    with pytest.raises(Conflict):
        one.answer("needs", ITEM, 1, seen=first)


def test_finishing_takes_in_what_was_answered_in_the_other_tab(tabs):
    one, other = tabs
    one.answer("needs", ITEM, 1)
    other.refresh()
    one.answer("needs", ITEM, 4)
    one.seal("needs")
    assert other.seal("needs").answers == {ITEM: 4}
    assert len(other.sealed("needs")) == 1


def test_any_history_of_three_tabs_keeps_every_acknowledged_answer():
    assert play(40, 1).broken == []


def test_a_build_that_overwrites_unseen_answers_is_found_out():
    assert play(200, 1, Overwriting).broken

"""Two windows on one home: nobody overwrites unseen, and each takes in what the other did, and what a restore did."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made import opened as opened_at
from made import scratch

from mentorkit import Workbook
from mentorkit.errors import Conflict, NotSaved
from mentorkit.store import restore

STRATEGIES = "need.academic.strategies"

Open = Callable[[], Workbook]


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


@pytest.fixture
def opened(folder: Path) -> Open:
    """Opens the one home of a test; each call is another window."""
    return lambda: opened_at(folder / "home")


def test_two_windows_answer_different_items_and_both_stay(opened: Open):
    one, two = opened(), opened()
    one.answer("needs", STRATEGIES, 3)
    two.answer("needs", "support.academic", 1)
    one.refresh()
    assert one.answers("needs") == two.answers("needs") == {STRATEGIES: 3, "support.academic": 1}


def test_the_second_writer_of_an_item_is_told_and_shown_the_other_answer(opened: Open):
    one, two = opened(), opened()
    one.answer("needs", STRATEGIES, 3)
    with pytest.raises(Conflict) as conflict:
        two.answer("needs", STRATEGIES, 1)
    assert conflict.value.theirs == 3 and two.answers("needs") == {STRATEGIES: 3}
    two.answer("needs", STRATEGIES, 1)  # having seen it
    one.refresh()
    assert one.answers("needs") == {STRATEGIES: 1}


def test_repeating_an_answer_that_another_window_has_changed_is_a_conflict_and_not_saved(opened: Open):
    one, two = opened(), opened()
    one.answer("needs", STRATEGIES, 3)
    two.refresh()
    two.answer("needs", STRATEGIES, 4)
    with pytest.raises(Conflict):
        one.answer("needs", STRATEGIES, 3)


def test_what_the_writer_was_looking_at_decides_not_what_this_window_has_read(opened: Open):
    book = opened()
    book.answer("needs", STRATEGIES, 3)
    book.answer("needs", STRATEGIES, 4)
    with pytest.raises(Conflict):
        book.answer("needs", STRATEGIES, 1, seen=1)
    book.answer("needs", STRATEGIES, 1, seen=2)


def test_finishing_seals_what_another_window_added(opened: Open):
    one, two = opened(), opened()
    one.answer("needs", STRATEGIES, 3)
    two.answer("needs", "support.academic", 1)
    assert one.seal("needs").answers == {STRATEGIES: 3, "support.academic": 1}
    assert two.seal("needs").revision == 1


# Looking again


def test_whoever_listens_hears_of_every_answer_and_of_other_windows(opened: Open):
    one, two, heard = opened(), opened(), []
    one.on_change(lambda: heard.append(dict(one.draft("needs"))))
    one.answer("needs", STRATEGIES, 3)
    two.answer("needs", "support.academic", 1)
    one.refresh()
    one.refresh()
    assert heard == [{STRATEGIES: 3}, {STRATEGIES: 3, "support.academic": 1}]


def test_a_listener_that_fails_does_not_make_a_saved_answer_look_unsaved(opened: Open):
    book, heard = opened(), []
    book.on_change(lambda: 1 / 0)
    book.on_change(lambda: heard.append(True))
    assert book.answer("needs", STRATEGIES, 3) == 1 and heard


def test_an_open_workbook_shows_what_a_restore_brought_back(opened: Open):
    book = opened()
    book.answer("needs", STRATEGIES, 3)
    book.seal("needs")
    restore(book.home)
    book.refresh()
    assert book.answers("needs") == {STRATEGIES: 3} and book.is_sealed("needs")
    book.answer("needs", STRATEGIES, 4)
    assert opened().answers("needs") == {STRATEGIES: 4}


def test_an_open_workbook_saves_nothing_into_somebody_else_s_file(opened: Open, folder: Path):
    book = opened()
    book.add_mentor("Sam")
    book.answer("needs", STRATEGIES, 3)
    other = opened_at(folder / "other")
    other.answer("needs", "support.academic", 1)
    other.close()
    shutil.copy(other.home.records, folder / "copy")
    (folder / "copy").replace(book.home.records)
    with pytest.raises(NotSaved, match="exchanged in another window"):
        book.answer("needs", STRATEGIES, 4)
    assert opened_at(book.home.path).answers("needs") == {"support.academic": 1}


def test_an_answer_to_a_file_that_was_taken_away_is_not_saved(opened: Open):
    book = opened()
    book.answer("needs", STRATEGIES, 3)
    book.home.records.unlink()
    with pytest.raises(NotSaved):
        book.answer("needs", STRATEGIES, 4)

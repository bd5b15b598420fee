"""The file of records: what is saved stays, what is damaged or foreign is refused, what fails is said."""

import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from store_samples import answer, answers, finished, in_other_process, mentor, saved

from mentorkit.errors import NotSaved
from mentorkit.store import Home, Sealed, Setting, Stale, Store, find_home, schema, sqlite

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return find_home(tmp_path / "home")


@pytest.fixture
def path(home: Home) -> Path:
    return home.records


# What is saved stays


def test_what_was_saved_is_there_after_closing(path):
    store = Store(path)
    given = [answer(1), mentor(), Setting(revision=1, key="term", value={"term": "2026-fall"})]
    store.append(*given)
    store.append(sealed := Sealed(revision=1, worksheet="needs", version=1, term="2026-fall", answers={"a": 4}))
    store.close()
    assert saved(path) == [*given, sealed]


@pytest.mark.parametrize("value", ["Ærlig talt 😀", "中文 עברית", "a\r\nb\tc", "\x00", 4, None, ["a"], {"when": "now"}])
def test_an_answer_comes_back_letter_by_letter(path, value):
    Store(path).append(answer(1, value))
    assert saved(path) == [answer(1, value).model_copy(update={"at": saved(path)[0].at})]


def _nested(depth: int) -> object:
    return [_nested(depth - 1)] if depth else 1


@pytest.mark.parametrize("value", ["\ud800", "a\udfff", float("nan"), float("inf"), _nested(240)])
def test_what_could_not_be_read_back_is_refused_in_a_sentence_and_nothing_is_written(path, value):
    store = Store(path)
    with pytest.raises(NotSaved, match="type it again"):
        store.append(answer(1), answer(2, value))
    store.append(answer(1))
    assert len(saved(path)) == 1


def test_several_records_are_saved_all_or_none(path):
    store = Store(path)
    with pytest.raises(Stale):
        store.append(answer(1), answer(2), mentor(revision=2))
    assert store.records == saved(path) == []


def test_a_revision_that_another_tab_wrote_first_is_stale_and_the_next_one_is_not(path):
    one, other = Store(path), Store(path)
    other.append(answer(1, "theirs"))
    with pytest.raises(Stale):
        one.append(answer(1, "mine"))
    one.append(answer(2, "mine"))
    assert [record.value for record in saved(path)] == ["theirs", "mine"]


def test_a_revision_that_leaves_a_gap_is_stale(path):
    with pytest.raises(Stale):
        Store(path).append(answer(2))


def test_looking_again_shows_what_another_tab_saved(path):
    one, other = Store(path), Store(path)
    other.append(*answers(1, 3))
    one.refresh()
    assert one.records == other.records
    assert one.revision(answer(1).stream) == 3
    assert one.revision("setting/term") == 0


@forks
def test_looking_again_while_another_process_saves_never_sees_half_of_it(path):
    store = Store(path)
    child = in_other_process(lambda: _save_three_then_each(Store(path), 150))
    while len(store.records) < 150:
        with suppress(NotSaved):  # “in use”: the other one saves without a pause, as no student does
            store.refresh()
        assert len(store.records) not in {1, 2}
    assert finished(child)


def _save_three_then_each(store: Store, last: int) -> None:
    store.append(*answers(1, 3))
    for record in answers(4, last):
        store.append(record)


@forks
def test_several_processes_can_make_the_file_at_the_same_moment(home):
    wait, go = os.pipe()

    def work(number: int) -> None:
        os.read(wait, 1)
        Store(home.records).append(answer(1, worksheet=f"sheet-{number}"))

    children = [in_other_process(lambda number=number: work(number)) for number in range(8)]
    os.write(go, bytes(8))
    ended = [finished(child) for child in children]
    assert all(ended)
    assert len(saved(home.records)) == 8


# How it is kept


@posix
def test_only_the_owner_may_read_any_file_of_the_store(home):
    store = Store(home.records)
    store.append(answer(1))
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.path.iterdir()} == {0o600}


def test_the_file_is_kept_so_that_a_power_cut_loses_nothing(path):
    store = Store(path)
    asked = {name: store._pragma(name) for name in ("journal_mode", "synchronous", "fullfsync", "trusted_schema")}
    assert asked == {"journal_mode": "truncate", "synchronous": 3, "fullfsync": 1, "trusted_schema": 0}


def test_a_sqlite_that_cannot_promise_this_is_not_used(path, monkeypatch):
    monkeypatch.setitem(sqlite.SAFE, "synchronous", 7)
    with pytest.raises(NotSaved, match="cannot promise"):
        Store(path)


@pytest.mark.parametrize("change", ["UPDATE record SET document = '{}'", "DELETE FROM record WHERE id = 2"])
def test_a_record_cannot_be_changed_or_removed(path, change):
    Store(path).append(*answers(1, 2))
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        sqlite3.connect(path).execute(change)


def test_the_schema_of_a_released_version_is_never_edited():
    assert sorted(name.decode() for _, name, _, _ in schema.expected_shape(("schema.sql",))) == [
        "record", "record_is_never_changed", "record_is_never_removed", "sqlite_autoindex_record_1", "sqlite_sequence",
    ]  # fmt: skip

"""What the store refuses to open, and leaves as it is: files of others, of newer versions, and damaged ones."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from store_samples import answer, answers, damage, saved

from mentorkit.errors import Damaged, ForeignFile, NewerFile
from mentorkit.store import Store, find_home, schema, sqlite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return find_home(tmp_path / "home").records


# Files of others, and of other versions


def _refused(path: Path, refusal: type[Exception]) -> None:
    before = _contents(path.parent)
    with pytest.raises(refusal):
        Store(path)
    assert _contents(path.parent) == before


def _contents(folder: Path) -> dict[str, bytes]:
    """All but SQLite's list of who is reading, which every reader writes to."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".sqlite-shm"}


@pytest.mark.parametrize("content", [b"hello", b"a letter to my mentor\n" * 300, b"\0" * 4096, b"%PDF-1.7" * 900])
def test_a_file_that_is_no_database_is_foreign_and_left_as_it_is(path, content):
    path.write_bytes(content)
    _refused(path, ForeignFile)


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_database_of_another_program_is_left_as_it_is(path, journal):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"PRAGMA journal_mode={journal}")
    other.execute("CREATE TABLE song (title)")
    _refused(path, ForeignFile)


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(path, journal):
    Store(path).append(answer(1))
    newer = sqlite3.connect(path, isolation_level=None)
    newer.execute(f"PRAGMA journal_mode={journal}")
    newer.execute("PRAGMA user_version=2")
    _refused(path, NewerFile)


def test_a_record_that_only_a_newer_version_understands_is_not_called_damaged(path):
    store = Store(path)
    document = '{"kind":"dream","revision":1}'
    row = (1, "dream", 1, document, sqlite.row_hash(1, document.encode()))
    sqlite3.connect(path, isolation_level=None).execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", row)
    with pytest.raises(NewerFile):
        store.refresh()
    with pytest.raises(NewerFile):
        Store(path)


@pytest.fixture
def version_2(monkeypatch):
    monkeypatch.setattr(sqlite, "MIGRATIONS", ("schema.sql", "second.sql"))
    real = schema.statements
    added = "CREATE TABLE note (id INTEGER PRIMARY KEY) -- new in version 2"

    def with_second(migrations):
        return [*real(tuple(set(migrations) - {"second.sql"})), *([added] if "second.sql" in migrations else [])]

    monkeypatch.setattr(sqlite, "statements", with_second)
    monkeypatch.setattr(schema, "statements", with_second)


def test_an_older_file_is_brought_up_to_date_with_all_that_is_in_it(path, request):
    Store(path).append(*answers(1, 5))
    request.getfixturevalue("version_2")
    store = Store(path)
    assert len(store.records) == 5
    assert store._pragma("user_version") == 2
    store.append(answer(6))
    assert len(saved(path)) == 6


def test_a_damaged_older_file_is_not_brought_up_to_date(path, request):
    Store(path).append(*answers(1, 5))
    damage(path, b"words")
    request.getfixturevalue("version_2")
    _refused(path, Damaged)


# Damage


def test_an_empty_file_is_a_fresh_start(path):
    path.touch()
    assert Store(path).records == []


@pytest.mark.parametrize("part", [b"words", b'answer/needs//2026-fall{"', b"CREATE TRIGGER record_is_never_removed"])
def test_a_damaged_file_is_not_shown_and_left_as_it_is(path, part):
    Store(path).append(answer(1))
    damage(path, part)
    _refused(path, Damaged)


def test_a_version_number_that_was_lost_is_damage(path):
    Store(path).append(answer(1))
    sqlite3.connect(path).execute("PRAGMA user_version=0")
    _refused(path, Damaged)


@pytest.mark.parametrize("lost", [1, 3, 5])
def test_a_missing_row_is_noticed_also_the_last_one(path, lost):
    Store(path).append(*answers(1, 5))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("DROP TRIGGER record_is_never_removed")
    trigger = [statement for statement in schema.statements(("schema.sql",)) if "removed" in statement][-1]
    connection.execute("DELETE FROM record WHERE id = ?", (lost,))
    connection.execute(trigger)
    _refused(path, Damaged)


def test_damage_under_an_open_store_is_noticed_with_the_next_save(path):
    store = Store(path)
    store.append(answer(1, "the words that were saved"))
    damage(path, b"the words that were saved")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA user_version=1")  # so that SQLite reads anew
    with pytest.raises(Damaged):
        store.append(answer(2))


def test_opening_rolls_back_what_a_killed_process_left_half_written(path):
    store = Store(path)
    store.append(*answers(1, 3))
    killed = sqlite3.connect(path, isolation_level=None)
    killed.executescript("PRAGMA cache_size=1; BEGIN IMMEDIATE")
    killed.executemany("INSERT INTO record VALUES (?, 's', ?, ?, 'h')", [(n, n, "x" * 5000) for n in range(4, 40)])
    copy = path.with_name("copy.sqlite")
    shutil.copy(path, copy)
    shutil.copy(f"{path}-journal", f"{copy}-journal")
    assert Path(f"{copy}-journal").stat().st_size
    assert copy.stat().st_size > 40_000
    assert saved(copy) == store.records

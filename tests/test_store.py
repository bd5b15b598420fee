"""The file of records: what is saved stays, what is damaged or foreign is refused, what fails is said."""

import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_samples import answer, answers, damage, finished, in_other_process, mentor, saved

from mentorkit.errors import Damaged, ForeignFile, NewerFile, NotSaved
from mentorkit.store import Home, Sealed, Setting, Stale, Store, find_home, schema, sqlite

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return find_home(tmp_path / "home")


@pytest.fixture
def path(home: Home) -> Path:
    return home.records


@pytest.fixture
def as_a_person() -> Iterator[Path]:
    """A folder of someone whom permissions bind, which root is not."""
    folder = Path(tempfile.mkdtemp(prefix="mentorkit-person-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    shutil.rmtree(folder)


# What is saved stays


def test_what_was_saved_is_there_after_closing(path):
    store = Store(path)
    given = [answer(1), mentor(), Setting(revision=1, key="term", value={"term": "2026-fall"})]
    store.append(*given)
    store.append(sealed := Sealed(revision=1, worksheet="needs", version=1, term="2026-fall", answers={"a": 4}))
    store.close()
    assert saved(path) == [*given, sealed]


@pytest.mark.parametrize("value", ["Ærlig talt 😀", "中文 עברית", "a\r\nb\tc", "\x00", "‮x", 4, None, ["a"], {"when": "now"}])
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
    child = in_other_process(lambda: [Store(path).append(*answers(1, 3))] + _save_each(Store(path), 4, 150))
    while len(store.records) < 150:
        store.refresh()
        assert len(store.records) != 2
    assert finished(child)


def _save_each(store: Store, first: int, last: int) -> list[None]:
    return [store.append(record) for record in answers(first, last)]


@forks
def test_several_processes_can_make_the_file_at_the_same_moment(home):
    wait, go = os.pipe()

    def work(number: int) -> None:
        os.read(wait, 1)
        Store(home.records).append(answer(1, worksheet=f"sheet-{number}"))

    children = [in_other_process(lambda number=number: work(number)) for number in range(8)]
    os.write(go, bytes(8))
    assert all([finished(child) for child in children])
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


@pytest.mark.parametrize("change", ["UPDATE record SET document = '{}'", "DELETE FROM record", "DELETE FROM record WHERE id = 2"])
def test_a_record_cannot_be_changed_or_removed(path, change):
    Store(path).append(*answers(1, 2))
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        sqlite3.connect(path).execute(change)


def test_the_schema_of_a_released_version_is_never_edited():
    assert sorted(name.decode() for _, name, _, _ in schema.expected_shape(("schema.sql",))) == [
        "record", "record_is_never_changed", "record_is_never_removed", "sqlite_autoindex_record_1", "sqlite_sequence",
    ]  # fmt: skip


# Files of others, and of other versions


def _refused(path: Path, refusal: type[Exception]) -> None:
    before = _contents(path.parent)
    with pytest.raises(refusal):
        Store(path)
    assert _contents(path.parent) == before


def _contents(folder: Path) -> dict[str, bytes]:
    """All but SQLite's list of who is reading, which every reader writes to."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".sqlite-shm" and file.is_file()}


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


# When the disk or another program is in the way


def test_a_full_disk_is_said_and_the_next_save_works(path):
    room = [9]

    def small(given: str) -> sqlite3.Connection:
        connection = sqlite.connect(given)
        connection.execute(f"PRAGMA max_page_count={room[0]}")
        return connection

    store = Store(path, small)
    with pytest.raises(NotSaved, match="disk is full") as said:
        _save_long(store, 1, 30)
    assert str(said.value).endswith(".")
    before = len(store.records)
    room[0] = 1000
    store.append(answer(before + 1, "there is room again"))
    assert len(saved(path)) == before + 1 > 2


def _save_long(store: Store, first: int, last: int) -> None:
    for revision in range(first, last + 1):
        store.append(answer(revision, "long " * 400))


@posix
def test_a_file_that_may_only_be_read_is_shown_and_the_refusal_is_said(as_a_person):
    path = as_a_person / "records.sqlite"
    Store(path).append(answer(1))
    path.chmod(0o400)
    store = Store(path)
    assert len(store.records) == 1
    with pytest.raises(NotSaved, match="cannot be written"):
        store.append(answer(2))
    path.chmod(0o600)
    store.append(answer(2))
    assert len(saved(path)) == 2


@posix
def test_a_folder_that_may_only_be_read_is_said_and_the_next_save_works(as_a_person):
    path = as_a_person / "records.sqlite"
    Store(path).append(answer(1))
    store = Store(path)
    Path(f"{path}-journal").unlink()
    as_a_person.chmod(0o500)
    with pytest.raises(NotSaved):
        store.append(answer(2))
    with pytest.raises(NotSaved, match="Permission denied"):
        Store(as_a_person / "another.sqlite")
    as_a_person.chmod(0o700)
    store.append(answer(2))
    assert len(saved(path)) == 2


def test_a_locked_file_is_said_within_the_busy_timeout_and_the_next_save_works(path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_MS", 80)
    store = Store(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for use in (lambda: store.append(answer(1)), store.refresh, lambda: Store(path)):
        start = time.perf_counter()
        with pytest.raises(NotSaved, match="another program is using the file"):
            use()
        assert time.perf_counter() - start < 1
    other.execute("ROLLBACK")
    store.append(answer(1))
    assert len(saved(path)) == 1


def test_a_deleted_file_is_said_and_not_silently_made_anew(path):
    store = Store(path)
    store.append(answer(1))
    path.unlink()
    for use in (lambda: store.append(answer(2)), store.refresh):
        with pytest.raises(NotSaved, match="no longer there"):
            use()
    assert not path.exists()


def test_a_file_that_was_emptied_under_an_open_store_is_said(path):
    store = Store(path)
    store.append(answer(1))
    path.write_bytes(b"")
    with pytest.raises(NotSaved, match="no longer there"):
        store.append(answer(2))


def test_a_file_that_was_replaced_is_read_from_its_start(path):
    store = Store(path)
    store.append(answer(1, "first life"))
    other = Store(path.with_name("other.sqlite"))
    other.append(*answers(1, 4))
    opened = store.opened
    other.path.replace(path)
    store.refresh()
    assert store.records == other.records
    assert store.opened != opened
    store.append(answer(5))
    assert len(saved(path)) == 5


@pytest.mark.parametrize("moment", ["INSERT", "COMMIT"])
def test_a_file_that_is_replaced_during_a_save_is_not_called_saved(path, moment):
    other = path.with_name("other.sqlite")
    Store(other).append(*answers(1, 2))

    class Slow(Store):
        def _run(self, sql, *values):
            done = super()._run(sql, *values)
            if sql.startswith(moment) and self.opened and other.exists():
                other.replace(path)
            return done

    store = Slow(path)
    with pytest.raises(NotSaved, match="replaced"):
        store.append(answer(1, "lost with the old file"))
    store.append(answer(3))
    assert [record.revision for record in saved(path)] == [1, 2, 3]


def test_a_file_whose_content_was_exchanged_in_place_is_noticed(path):
    store = Store(path)
    store.append(answer(1, "mine"))
    other = Store(path.with_name("other.sqlite"))
    other.append(answer(1))
    other.append(*answers(2, 4))
    path.write_bytes(other.path.read_bytes())  # as a sync folder may do
    with pytest.raises(Damaged):
        store.refresh()

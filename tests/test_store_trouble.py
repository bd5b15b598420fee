"""When the disk, the system or another program is in the way of a save: it is said, and the next save works."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_samples import answer, answers, saved

from mentorkit.errors import Damaged, NotSaved
from mentorkit.store import Store, find_home, sqlite

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return find_home(tmp_path / "home").records


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

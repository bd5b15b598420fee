"""Backups: verified copies, made only of what is good, the newest five of them."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from store_samples import answer, answers, damage, saved

from mentorkit.errors import Damaged, NotSaved
from mentorkit.store import Store, back_up, backups, write_copy
from mentorkit.store import backup as backup_module

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


def test_a_backup_holds_every_record_and_is_made_only_when_something_is_new(home, store):
    assert back_up(home, store) is None
    store.append(*answers(1, 3))
    made = back_up(home, store)
    assert saved(made) == store.records
    assert back_up(home, store) is None
    store.append(answer(4))
    second = back_up(home, store)
    assert backups(home) == [made, second]


def test_the_newest_five_backups_are_kept_and_each_can_be_read(home, store):
    for revision in range(1, 9):
        store.append(answer(revision))
        back_up(home, store)
    assert [len(saved(path)) for path in backups(home)] == [4, 5, 6, 7, 8]


@posix
def test_only_the_owner_may_read_a_backup(home, store, tmp_path):
    store.append(answer(1))
    files = [write_copy(store, tmp_path / "copy.sqlite"), back_up(home, store)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(home.backups.stat().st_mode) == 0o700


def test_a_shorter_history_after_a_fresh_start_is_backed_up_too(home, store):
    store.append(*answers(1, 9))
    back_up(home, store)
    store.close()
    home.records.unlink()
    shorter = Store(home.path / "other.sqlite")
    shorter.append(answer(1, "a new start"))
    shorter.path.replace(home.records)
    now = Store(home.records)
    made = back_up(home, now)
    assert saved(made) == now.records
    assert backups(home)[-1] == made


def test_a_backup_is_never_made_of_a_damaged_file(home, store):
    store.append(*answers(1, 3))
    good = back_up(home, store)
    store.append(answer(4, "the words that were saved"))
    damage(home.records, b"the words that were saved")
    sqlite3.connect(home.records, isolation_level=None).execute("PRAGMA user_version=1")  # so that SQLite reads anew
    with pytest.raises(Damaged, match=r"mentorkit\.sqlite"):
        back_up(home, store)
    assert backups(home) == [good]
    assert list(home.backups.iterdir()) == [good]


def test_what_another_tab_saves_during_a_backup_does_not_spoil_it(home, store):
    store.append(answer(1))
    Store(home.records).append(answer(2))
    assert len(saved(back_up(home, store))) == 2


def test_a_disk_without_room_for_a_backup_does_not_stop_the_student(home, store, monkeypatch):
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    store.append(answer(1))
    monkeypatch.setattr(backup_module, "sync_file", full)
    assert back_up(home, store) is None
    with pytest.raises(NotSaved, match="No space left"):
        back_up(home, store, insist=True)
    assert list(home.backups.iterdir()) == []


def test_unfinished_copies_of_killed_processes_are_harmless_and_go_after_a_while(home, store):
    home.backups.mkdir()
    old, new = home.backups / ".records-000001-x.sqlite.ab.part", home.backups / ".records-000002-x.sqlite.cd.part"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.append(answer(1))
    made = back_up(home, store)
    assert backups(home) == [made]
    assert new.exists()
    assert not old.exists()


def test_a_copy_to_a_place_that_is_not_there_is_said(store, tmp_path):
    store.append(answer(1))
    with pytest.raises(NotSaved):
        write_copy(store, tmp_path / "no such folder" / "copy.sqlite")

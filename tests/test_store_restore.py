"""The way back: a damaged or lost file, a backup, and all that still verifies."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from store_samples import answer, answers, damage, mentor, saved

from mentorkit.errors import BadFile, Damaged, MentorkitError, NewerFile, NotSaved
from mentorkit.store import Home, Store, back_up, find_home, readable_rows, restore, write_copy
from mentorkit.store import backup as backup_module


def test_damage_is_mended_from_the_backup_and_from_every_row_that_still_verifies(home, store):
    store.append(*answers(1, 3))
    back_up(home, store)
    store.append(answer(4, "unlucky words"), mentor(), answer(5))
    store.close()
    damage(home.records, b"unlucky words")
    damaged = home.records.read_bytes()
    with pytest.raises(Damaged):
        Store(home.records)
    restored = restore(home)
    back = saved(home.records)
    assert [record.kind for record in back] == ["answer"] * 3 + ["mentor", "answer"]
    assert [record.revision for record in back] == [1, 2, 3, 1, 4]
    assert (restored.records, restored.from_backup, restored.salvaged) == (5, 3, 2)
    assert restored.set_aside.read_bytes() == damaged


def test_a_restore_of_a_good_file_loses_nothing_that_is_newer_than_the_backup(home, store):
    store.append(*answers(1, 3))
    back_up(home, store)
    store.append(*answers(4, 9))
    given = store.records
    restored = restore(home)
    assert saved(home.records) == given
    assert (restored.records, restored.from_backup, restored.salvaged) == (9, 3, 6)
    store.refresh()
    store.append(answer(10))
    assert len(saved(home.records)) == 10


def test_a_restore_from_a_named_backup_keeps_what_came_later(home, store, tmp_path):
    store.append(*answers(1, 2))
    named = write_copy(store, tmp_path / "stick.sqlite")
    before = named.read_bytes()
    store.append(*answers(3, 4))
    back_up(home, store)
    given = store.records
    store.close()
    home.records.write_bytes(b"")
    restored = restore(home, named)
    assert saved(home.records) == given
    assert (restored.from_backup, restored.salvaged) == (2, 2)
    assert named.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [home.path, named]


def test_two_histories_are_joined_and_neither_is_lost(home, store, tmp_path):
    other = Store(tmp_path / "laptop.sqlite")
    other.append(answer(1, "on the laptop"), answer(2, "later on the laptop"))
    store.append(answer(1, "here"))
    restore(home, other.path)
    assert [record.value for record in saved(home.records)] == ["on the laptop", "later on the laptop", "here"]
    restore(home, other.path)
    assert len(saved(home.records)) == 3


def test_a_damaged_backup_is_passed_over_for_the_one_before(home, store):
    store.append(answer(1))
    back_up(home, store)
    store.append(answer(2, "in the newer backup"))
    damage(back_up(home, store), b"in the newer backup")
    store.close()
    home.records.write_bytes(b"\xff" * 9000)
    assert restore(home).records == 1


@pytest.mark.parametrize("content", [None, b"", b"hello", b"\xff" * 9000])
def test_a_named_backup_that_is_none_is_refused_and_nothing_is_changed(home, store, tmp_path, content):
    store.append(answer(1))
    named = tmp_path / "named.sqlite"
    if content is not None:
        named.write_bytes(content)
    before = home.records.read_bytes()
    with pytest.raises(BadFile):
        restore(home, named)
    assert home.records.read_bytes() == before
    assert sorted(file.name for file in home.path.iterdir()) == ["mentorkit.sqlite", "mentorkit.sqlite-journal"]


def test_without_anything_good_a_restore_says_so_and_leaves_the_file(home):
    home.records.write_bytes(b"\xff" * 9000)
    with pytest.raises(BadFile, match="no backup"):
        restore(home)
    assert home.records.read_bytes() == b"\xff" * 9000
    home.records.unlink()
    with pytest.raises(BadFile, match="no backup"):
        restore(home)


@pytest.mark.parametrize("content", [None, b""])
def test_a_file_that_went_missing_is_no_fresh_start_when_there_are_backups(home, store, content):
    store.append(*answers(1, 3))
    back_up(home, store)
    store.close()
    home.records.unlink()
    if content is not None:
        home.records.write_bytes(content)
    with pytest.raises(Damaged, match="mentorkit restore"):
        Store(home.records)
    restore(home)
    assert len(saved(home.records)) == 3


def test_rows_are_read_also_where_the_first_page_is_broken_or_the_file_cut_short(home, store):
    store.append(*answers(1, 200))
    store.close()
    content = home.records.read_bytes()
    home.records.write_bytes(b"\xff" * 4096 + content[4096:])
    assert [record for _, record in readable_rows(home.records)] == store.records
    home.records.write_bytes(content[: len(content) // 8192 * 4096])
    assert [record for _, record in readable_rows(home.records)] == store.records[: len(readable_rows(home.records))]
    assert readable_rows(home.records)


def test_a_file_of_a_newer_version_is_not_restored_over(home, store):
    store.append(answer(1))
    back_up(home, store)
    document = '{"kind":"dream","revision":1}'
    row = (2, "dream", 1, document, backup_module.hashlib.sha256(f"2\n{document}".encode()).digest())
    sqlite3.connect(home.records, isolation_level=None).execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", row)
    before = home.records.read_bytes()
    with pytest.raises(NewerFile):
        restore(home)
    assert home.records.read_bytes() == before


def test_a_file_in_use_is_not_restored_over(home, store, monkeypatch):
    store.append(answer(1))
    back_up(home, store)
    monkeypatch.setattr("mentorkit.store.salvage.BUSY_MS", 50)
    other = sqlite3.connect(home.records, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSaved, match="another program"):
        restore(home)


def test_a_file_that_is_written_to_during_a_restore_is_not_restored_over(home, store, monkeypatch):
    store.append(answer(1))
    states = iter(range(2))  # another one at every look
    monkeypatch.setattr(backup_module, "_state", lambda home: next(states))
    with pytest.raises(NotSaved, match="close other windows"):
        restore(home)
    assert saved(home.records) == store.records
    assert sorted(file.name for file in home.path.iterdir()) == ["mentorkit.sqlite", "mentorkit.sqlite-journal"]


@pytest.mark.parametrize("fails", [False, True])
def test_a_journal_goes_aside_with_its_file_and_comes_back_when_the_restore_fails(home, store, monkeypatch, fails):
    store.append(answer(1))
    journal = home.records.with_name("mentorkit.sqlite-journal")
    real = backup_module._keep_under

    def keep_under(aside: Path, records: Path) -> None:
        real(aside, records)
        journal.write_bytes(b"half a transaction")

    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_module, "_keep_under", keep_under)
    if fails:
        monkeypatch.setattr(backup_module, "sync_folder", full)
        with pytest.raises(NotSaved):
            restore(home)
    else:
        restore(home)
    kept = journal if fails else home.path / "set-aside-1.sqlite-journal"
    assert kept.read_bytes() == b"half a transaction"
    assert journal.exists() == fails


def test_an_old_journal_is_not_played_back_into_the_restored_file(home, store):
    store.append(*answers(1, 3))
    back_up(home, store)
    store.close()
    home.records.write_bytes(b"\xff" * 9000)
    journal = home.records.with_name("mentorkit.sqlite-journal")
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + b"\xff" * 600)
    home.records.with_name("mentorkit.sqlite-wal").write_bytes(bytes.fromhex("377f0682") + b"\xff" * 6000)
    restore(home)
    assert not any(file.stat().st_size for file in home.path.glob("mentorkit.sqlite-*"))
    assert len(saved(home.records)) == 3


@pytest.mark.parametrize("links", [True, False])
def test_a_restore_that_fails_halfway_can_be_done_again_and_nothing_is_lost(tmp_path, monkeypatch, links):
    faulty_disk = pytest.importorskip("verify.faulty_disk")
    if not links:
        monkeypatch.setattr(os, "link", lambda *paths: (_ for _ in ()).throw(OSError(1, "no links here")))
    whole = find_home(tmp_path / "whole")
    store = Store(whole.records)
    store.append(*answers(1, 3))
    back_up(whole, store)
    store.append(answer(4))
    store.close()
    failed = 0
    for operation in range(1, 40):
        home = Home(tmp_path / f"home-{operation}")
        shutil.copytree(whole.path, home.path)
        disk = faulty_disk.FaultyDisk(operation, lasting=True)
        try:
            with disk.below():
                restore(home)
        except MentorkitError as error:
            assert isinstance(error, NotSaved)
            failed += 1
            restore(home)
        assert saved(home.records) == store.records
    assert 3 < failed < 39

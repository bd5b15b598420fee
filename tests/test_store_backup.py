"""The home folder, backups, and the way back to them."""

import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from store_samples import answer, answers, damage, mentor, saved

from mentorkit.errors import BadFile, Damaged, MentorkitError, NewerFile, NotSaved
from mentorkit.store import Home, Store, back_up, backups, erase, find_home, readable_rows, restore, write_copy
from mentorkit.store import backup as backup_module

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return find_home(tmp_path / "home")


@pytest.fixture
def store(home: Home) -> Store:
    return Store(home.records)


# The home folder


@posix
def test_a_home_is_closed_to_others_also_when_it_was_open_before(tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True, mode=0o755)
    (folder / "mentorkit.sqlite").touch(mode=0o644)
    home = find_home(folder)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (home.path, home.records)] == [0o700, 0o600]


def test_the_home_is_the_one_given_else_that_of_the_environment_else_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path / "env"))
    assert find_home(tmp_path / "given").path == tmp_path / "given"
    assert find_home().path == tmp_path / "env"
    monkeypatch.delenv("MENTORKIT_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in find_home().path.parents


def test_a_home_that_is_a_file_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(NotSaved, match="choose another with --home"):
            find_home(place)


@posix
def test_a_folder_that_everyone_shares_is_no_home_and_stays_open_to_everyone(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with pytest.raises(NotSaved, match="shared by everyone"):
        find_home(shared)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777


def test_erasing_removes_every_file_of_ours_and_nothing_else(home, store):
    store.append(answer(1))
    back_up(home, store)
    (home.backups / ".records.part").touch()
    restore(home)
    (home.path / "my own notes.txt").touch()
    assert erase(home) == 5
    assert [file.name for file in home.path.iterdir()] == ["my own notes.txt"]
    assert saved(home.records) == []


# Backups


def test_a_backup_holds_every_record_and_is_made_only_when_something_is_new(home, store):
    assert back_up(home, store) is None
    store.append(*answers(1, 3))
    made = back_up(home, store)
    assert saved(made) == store.records
    assert back_up(home, store) is None
    store.append(answer(4))
    assert backups(home) == [made, back_up(home, store)]


def test_the_newest_five_backups_are_kept_and_each_can_be_read(home, store):
    for revision in range(1, 9):
        store.append(answer(revision))
        back_up(home, store)
    assert [len(saved(path)) for path in backups(home)] == [4, 5, 6, 7, 8]


@posix
def test_only_the_owner_may_read_a_backup(home, store, tmp_path):
    store.append(answer(1))
    copy = write_copy(store, tmp_path / "copy.sqlite")
    files = [copy, *backups(home), *home.backups.glob("*")]
    back_up(home, store)
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
    assert saved(back_up(home, now)) == now.records
    assert backups(home)[-1] == back_up(home, now) or back_up(home, now) is None


def test_a_backup_is_never_made_of_a_damaged_file(home, store):
    store.append(*answers(1, 3))
    good = back_up(home, store)
    store.append(answer(4, "the words that were saved"))
    damage(home.records, b"the words that were saved")
    sqlite3.connect(home.records, isolation_level=None).execute("PRAGMA user_version=1")  # so that SQLite reads anew
    with pytest.raises(Damaged, match="mentorkit.sqlite"):
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
    assert backups(home) == [back_up(home, store)] == backups(home)
    assert new.exists()
    assert not old.exists()


def test_a_copy_to_a_place_that_is_not_there_is_said(store, tmp_path):
    store.append(answer(1))
    with pytest.raises(NotSaved):
        write_copy(store, tmp_path / "no such folder" / "copy.sqlite")


# The way back


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


def test_an_old_journal_is_not_played_back_into_the_restored_file(home, store):
    store.append(*answers(1, 3))
    back_up(home, store)
    store.close()
    home.records.write_bytes(b"\xff" * 9000)
    journal = home.records.with_name("mentorkit.sqlite-journal")
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + b"\xff" * 600)
    restored = restore(home)
    assert len(saved(home.records)) == 3
    assert restored.set_aside.with_name(f"{restored.set_aside.name}-journal").exists()


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

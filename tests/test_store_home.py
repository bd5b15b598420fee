"""The home folder: where it is, who may open it, and how it is erased."""

import os
import stat
from pathlib import Path

import pytest
from store_samples import answer, saved

from mentorkit.errors import NotSaved
from mentorkit.store import back_up, erase, find_home, restore

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


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
    assert erase(home) == 5  # the records, their journal, a backup, a half one, and the file that was set aside
    assert [file.name for file in home.path.iterdir()] == ["my own notes.txt"]
    assert saved(home.records) == []


def test_a_file_that_cannot_be_erased_is_said(home, store, monkeypatch):
    def busy(path: Path) -> None:
        raise PermissionError(13, "The file is in use", str(path))

    store.append(answer(1))
    monkeypatch.setattr(Path, "unlink", busy)
    with pytest.raises(NotSaved, match="cannot be removed"):
        erase(home)
    assert saved(home.records) == store.records

"""The keeper's file: many requests in one transaction, nothing lost or mixed up, and what is erased is gone."""

import sqlite3
import stat
from pathlib import Path

import pytest
from store_samples import change, damage, everything_in

from mentorkit.errors import Damaged, ForeignFile, NewerFile, NotSaved
from mentorkit.store import Store, lockers_file, schema
from mentorkit.store.changes import Added, Emptied, Finished, Opened, Outcome
from mentorkit.store.lockers import Lockers

ANNA, BEN = b"anna" * 4, b"ben." * 4
DONE, STALE = Outcome.DONE, Outcome.STALE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "lockers.sqlite"


@pytest.fixture
def lockers(path: Path) -> Lockers:
    made = Lockers(path)
    made.write([Opened(ANNA), Opened(BEN)])
    return made


def add(lockers: Lockers, locker: bytes, *sealed: bytes, after: int | None = None) -> Added:
    known = lockers.rows(locker)
    return Added(locker, known.life, len(known.sealed) if after is None else after, sealed)


def save(lockers: Lockers, locker: bytes, *sealed: bytes) -> None:
    assert lockers.write([add(lockers, locker, *sealed)]) == [DONE]


# Writing and reading


def test_what_was_written_is_there_after_closing(lockers, path):
    save(lockers, ANNA, b"one", b"two")
    save(lockers, BEN, b"three")
    salt = lockers.salt
    lockers.close()
    again = Lockers(path)
    assert (again.rows(ANNA).sealed, again.rows(BEN).sealed) == ((b"one", b"two"), (b"three",))
    assert again.rows(ANNA, after=1).sealed == (b"two",)
    assert again.salt == salt and len(salt) == 16


def test_many_requests_are_one_transaction(lockers):
    ran: list[str] = []
    batch = [add(lockers, ANNA, b"a"), Finished(ANNA, ["goals"]), add(lockers, BEN, b"b"), Opened(b"c" * 16)]
    lockers._open.set_trace_callback(ran.append)
    assert lockers.write(batch) == [DONE] * 4
    assert sum(sql == "COMMIT" for sql in ran) == 1


def test_a_stale_request_is_refused_alone_and_as_a_whole(lockers):
    batch = [add(lockers, ANNA, b"first"), add(lockers, ANNA, b"second", b"third"), add(lockers, BEN, b"b")]
    assert lockers.write(batch) == [DONE, STALE, DONE]
    assert (lockers.rows(ANNA).sealed, lockers.rows(BEN).sealed) == ((b"first",), (b"b",))


@pytest.mark.parametrize("after", [1, 2, 2**40])
def test_a_gap_is_never_left(lockers, after):
    assert lockers.write([add(lockers, ANNA, b"x", after=after)]) == [STALE]
    assert lockers.rows(ANNA).sealed == ()


def test_nothing_is_added_to_a_locker_that_is_not_there(lockers):
    assert lockers.write([Added(b"?" * 16, b"life" * 2, 0, [b"x"])]) == [STALE]
    assert not lockers.has(b"?" * 16)
    assert lockers.rows(b"?" * 16).sealed == ()


def test_a_locker_holds_as_much_as_one_student_needs_and_no_more(lockers, monkeypatch):
    monkeypatch.setattr("mentorkit.store.lockers.MOST_IN_A_LOCKER", 100)
    assert lockers.write([add(lockers, ANNA, b"x" * 101), add(lockers, BEN, b"b" * 100)]) == [Outcome.TOO_MUCH, DONE]
    assert lockers.write([add(lockers, BEN, b"b")]) == [Outcome.TOO_MUCH]


def test_long_lockers_are_read_a_page_at_a_time(lockers):
    save(lockers, ANNA, *(rows := [bytes([number]) * 300_000 for number in range(10)]))
    read: list[bytes] = []
    while (page := lockers.rows(ANNA, after=len(read))).more:
        assert sum(map(len, page.sealed)) < 1_500_000
        read += page.sealed
    assert [*read, *page.sealed] == rows


def test_the_counts_say_how_many_and_never_who(lockers):
    save(lockers, ANNA, b"row")
    lockers.write([Finished(ANNA, ["goals", "network", "goals"]), Finished(BEN, ["goals"])])
    lockers.write([Finished(ANNA, ["goals"])])
    counts = lockers.counts()
    assert (counts.lockers, counts.with_rows, counts.finished) == (2, 1, {"goals": 2})
    assert repr(ANNA) not in repr([counts, add(lockers, ANNA, b"x"), Finished(ANNA, ["goals"]), lockers.rows(ANNA)])


# Erasing


def test_what_is_erased_is_in_no_file_any_more_and_the_others_stay(lockers, path):
    save(lockers, ANNA, b"MARKED" * 500)
    save(lockers, BEN, b"STAYS" * 500)
    lockers.write([Finished(ANNA, ["goals"])])
    lockers.back_up()
    life = lockers.rows(ANNA).life
    assert b"MARKED" in everything_in(path.parent)
    assert lockers.write([Emptied(ANNA)]) == [DONE]
    assert b"MARKED" not in everything_in(path.parent)
    assert lockers.rows(ANNA).sealed == () and lockers.rows(ANNA).life != life
    assert lockers.has(ANNA)
    assert lockers.counts().finished == {}
    assert lockers.rows(BEN).sealed == (b"STAYS" * 500,)


def test_a_writer_who_knows_what_was_erased_is_stale(lockers):
    late = add(lockers, ANNA, b"late")
    lockers.write([Emptied(ANNA)])
    assert lockers.write([late]) == [STALE]


# A copy


def test_a_copy_is_a_whole_file_that_can_take_the_place_of_the_first(lockers, path):
    save(lockers, ANNA, b"one")
    lockers.back_up()
    save(lockers, ANNA, b"two")
    copy = lockers.back_up()
    lockers.close()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    copy.replace(path)
    again = Lockers(path)
    assert again.rows(ANNA).sealed == (b"one", b"two")
    assert again.salt == lockers.salt
    assert {file.name for file in path.parent.iterdir()} == {path.name, f"{path.name}-wal"}


def test_a_copy_that_cannot_be_made_leaves_the_one_before(lockers, path, monkeypatch):
    save(lockers, ANNA, b"one")
    before = lockers.back_up().read_bytes()
    save(lockers, ANNA, b"two")
    monkeypatch.setattr(lockers_file, "_all_there", lambda connection: False)
    with pytest.raises(Damaged):
        lockers.back_up()
    assert path.with_name("lockers-copy.sqlite").read_bytes() == before
    assert len(list(path.parent.iterdir())) == 3


def test_a_file_that_is_missing_beside_its_copy_is_no_fresh_start(lockers, path):
    lockers.back_up()
    lockers.close()
    path.unlink()
    with pytest.raises(Damaged, match=r"lockers-copy\.sqlite"):
        Lockers(path)
    assert not path.exists()


# How it is kept


def test_only_the_owner_may_read_any_file_of_the_keeper(lockers, path):
    save(lockers, ANNA, b"row")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_the_file_is_kept_so_that_a_power_cut_loses_nothing_and_no_second_keeper_opens_it(lockers, path):
    names = ("journal_mode", "synchronous", "fullfsync", "locking_mode", "secure_delete", "trusted_schema")
    assert [lockers._run(f"PRAGMA {name}")[0][0] for name in names] == ["wal", 2, 1, "exclusive", 1, 0]
    with pytest.raises(NotSaved, match="held by another keeper"):
        Lockers(path)
    save(lockers, ANNA, b"still mine")


def test_a_row_cannot_be_changed(lockers, path):
    save(lockers, ANNA, b"row")
    lockers.close()
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        change(path, "UPDATE sealed_row SET sealed = x'00'")


def test_the_schema_of_a_released_version_is_never_edited():
    assert sorted(name.decode() for _, name, _, _ in schema.expected_shape(("lockers.sql",))) == [
        "finished", "locker", "room", "sealed_row", "sealed_row_is_never_changed",
        "sqlite_autoindex_finished_1", "sqlite_autoindex_locker_1", "sqlite_autoindex_sealed_row_1",
    ]  # fmt: skip


# What is refused, and left as it is


def refused(path: Path, refusal: type[Exception]) -> None:
    before = path.read_bytes()
    with pytest.raises(refusal) as error:
        Lockers(path)
    assert str(error.value).endswith(".")
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"hello", b"\0" * 4096, b"%PDF-1.7" * 900])
def test_a_file_that_is_no_database_is_foreign(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    refused(path, ForeignFile)


def test_the_records_of_a_student_at_home_are_not_a_keeper_s_file(path):
    Store(path).close()
    refused(path, ForeignFile)


def test_a_file_of_a_newer_version_is_refused(lockers, path):
    lockers.close()
    change(path, "PRAGMA user_version=3")
    refused(path, NewerFile)


@pytest.mark.parametrize("part", [b"MARKED", ANNA, b"CREATE TRIGGER sealed_row_is_never_changed"])
def test_a_damaged_file_is_not_opened(lockers, path, part):
    save(lockers, ANNA, b"MARKED")
    lockers.close()
    damage(path, part)
    refused(path, Damaged)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_lost_row_is_noticed_also_the_last_one(lockers, path, place):
    save(lockers, ANNA, b"one", b"two", b"three")
    lockers.close()
    change(path, f"DELETE FROM sealed_row WHERE place = {place}")
    refused(path, Damaged)


@pytest.mark.parametrize(
    "swap",
    [
        ("UPDATE sealed_row SET place = place + 10", "UPDATE sealed_row SET place = 13 - place"),
        ("UPDATE sealed_row SET locker = locker + 10", "UPDATE sealed_row SET locker = 13 - locker"),
        ("UPDATE locker SET id = randomblob(16) WHERE number = 1",),
        ("UPDATE locker SET life = randomblob(8) WHERE number = 1",),
    ],
)
def test_rows_that_were_swapped_are_noticed(lockers, path, swap):
    for locker in (ANNA, BEN):
        save(lockers, locker, b"one of " + locker, b"two of " + locker)
    lockers.close()
    (trigger,) = (one for one in schema.statements(("lockers.sql",)) if "TRIGGER" in one)
    change(path, "DROP TRIGGER sealed_row_is_never_changed", *swap, trigger)
    refused(path, Damaged)


def test_damage_under_an_open_file_is_said_to_the_student_concerned_alone(lockers):
    save(lockers, ANNA, b"one")
    save(lockers, BEN, b"two")
    lockers._run("UPDATE locker SET last = 2 WHERE id = ?", ANNA)
    with pytest.raises(Damaged, match="your records"):
        lockers.rows(ANNA)
    assert lockers.rows(BEN).sealed == (b"two",)


# A disk that refuses


def test_a_full_disk_is_said_nothing_of_the_batch_is_written_and_later_it_goes_on(lockers):
    save(lockers, ANNA, b"before")
    pages = lockers._run("PRAGMA page_count")[0][0]
    lockers._run(f"PRAGMA max_page_count={pages}")
    batch = [add(lockers, ANNA, b"small"), add(lockers, BEN, b"x" * 100_000)]
    with pytest.raises(NotSaved, match="no space left"):
        lockers.write(batch)
    assert lockers.rows(ANNA).sealed == (b"before",)
    lockers._run("PRAGMA max_page_count=1000000")
    assert lockers.write(batch) == [DONE, DONE]


def test_a_disk_that_fails_is_said_and_the_file_is_opened_anew_when_it_is_back(lockers, path):
    save(lockers, ANNA, b"before")
    lockers.close()
    away = path.rename(path.with_name("away"))
    path.mkdir()
    with pytest.raises(NotSaved, match=r"\.$"):
        lockers.write([Opened(BEN)])
    path.rmdir()
    away.rename(path)
    save(lockers, ANNA, b"after")
    assert lockers.rows(ANNA).sealed == (b"before", b"after")


class Failing:
    """A connection to a disk that reports an error."""

    in_transaction = closed = False

    def execute(self, *_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    def close(self) -> None:
        self.closed = True


def test_a_connection_on_which_the_disk_failed_is_not_used_again(lockers):
    save(lockers, ANNA, b"before")
    lockers.close()
    lockers._connection = failing = Failing()
    with pytest.raises(NotSaved, match="reports an error"):
        lockers.write([Opened(BEN)])
    assert failing.closed
    save(lockers, ANNA, b"after")

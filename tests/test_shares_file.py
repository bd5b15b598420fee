"""The shares in a room's file: tied to nobody, really gone when withdrawn, and read beside a room."""

import random
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from players import TERM, a_share
from store_samples import change, damage, everything_in

from mentorkit.errors import BadFile, Damaged, ForeignFile, NewerFile
from mentorkit.store import schema, shares
from mentorkit.store.changes import Added, Opened, Outcome, Shared, Withdrawn
from mentorkit.store.lockers import Lockers
from mentorkit.store.lockers_file import APPLICATION_ID, FILE, row_hash
from mentorkit.store.shares import MOST_TERMS, place_of

ANNA, BEN = b"anna" * 4, b"ben." * 4
KEY, OTHER = b"k" * 32, b"o" * 32


def put(locker: bytes = ANNA, key: bytes = KEY, term: str = TERM, document: str = "") -> Shared:
    return Shared(locker, place_of(key), term, document or a_share(term))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / FILE


@pytest.fixture
def lockers(path: Path) -> Iterator[Lockers]:
    made = Lockers(path)
    made.write([Opened(ANNA), Opened(BEN)])
    yield made
    made.close()


# One for each


def test_one_locker_shares_a_term_once_and_not_under_many_keys(lockers: Lockers, path: Path):
    assert lockers.write([put(), put(key=OTHER), put(BEN, OTHER), put()]) == ["done", "another", "done", "done"]
    assert lockers._run("SELECT count(*) FROM share")[0][0] == 2
    assert lockers.write([Withdrawn(place_of(KEY)), put(key=b"n" * 32)]) == ["done", "done"]


def test_one_locker_shares_as_many_terms_as_a_student_has(lockers: Lockers):
    batch = [put(key=number.to_bytes(32, "big"), term=f"{2000 + number}-fall") for number in range(MOST_TERMS + 1)]
    assert lockers.write(batch) == [Outcome.DONE] * MOST_TERMS + [Outcome.TOO_MUCH]


def test_who_holds_the_key_of_a_share_may_replace_it_from_another_locker(lockers: Lockers):
    """A student who lost the return code and brings their file comes in under another one."""
    assert lockers.write([put(), put(BEN), put(BEN, OTHER)]) == ["done", "done", "another"]


# Tied to nobody


def test_the_file_says_of_no_share_whose_it_is(lockers: Lockers, path: Path):
    lockers.write([put(), put(BEN, OTHER)])
    lockers.close()
    raw = everything_in(path.parent)
    assert KEY not in raw and OTHER not in raw
    with closing(sqlite3.connect(path)) as file:
        columns = [row[1] for row in file.execute("PRAGMA table_info(share)")]
        place = {bytes(row[0]) for row in file.execute("SELECT place FROM share")}
    assert columns == ["place", "document", "hash"]
    assert place == {place_of(KEY), place_of(OTHER)}


def order_in(path: Path, marks: list[bytes]) -> tuple[int, ...]:
    """The order in which marks stand in a file."""
    raw = path.read_bytes()
    return tuple(sorted(range(len(marks)), key=lambda number: raw.index(marks[number])))


def test_when_the_keeper_ends_the_place_in_the_file_does_not_tell_who_came_first(path: Path):
    """In many rooms the same five come in one order. While a room is open the file shows it, and afterwards not."""
    during, after = set(), set()
    for number in range(12):
        file = path.with_name(f"{number}.sqlite")
        lockers = Lockers(file)
        marks = [secrets.token_hex(16) for _ in range(5)]
        for place, mark in enumerate(marks):
            long = "." * 9000 + mark  # takes pages of its own, in the order of arrival
            lockers.write([put(bytes([place]) * 16, bytes([place]) * 32, document=long)])
        during.add(order_in(file, [mark.encode() for mark in marks]))
        lockers.close()
        after.add(order_in(file, [mark.encode() for mark in marks]))
    assert len(during) == 1 and len(after) > 6


def test_the_log_tells_no_order_either(lockers: Lockers, path: Path):
    lockers.write([put()])
    assert path.with_name(f"{FILE}-wal").stat().st_size == 0


def test_reading_gives_them_in_no_order_of_arrival(path: Path):
    lockers = Lockers(path)
    texts = [a_share(need=number) for number in range(20)]
    random.Random(4).shuffle(texts)
    for number, one in enumerate(texts):
        lockers.write([put(bytes([number]) * 16, bytes([number]) * 32, document=one)])
    lockers.close()
    assert shares(path) == sorted(texts) != texts


# Withdrawn is gone


def test_what_is_withdrawn_is_in_no_file_any_more_and_the_others_stay(lockers: Lockers, path: Path):
    mine, other = a_share(student="a" * 32), a_share(student="b" * 32)
    lockers.write([put(document=mine), put(BEN, OTHER, document=other)])
    lockers.back_up()
    assert b"a" * 32 in everything_in(path.parent)
    lockers.write([Withdrawn(place_of(KEY))])
    assert b"a" * 32 not in everything_in(path.parent)
    assert lockers.shared(place_of(KEY)) is None and lockers.shared(place_of(OTHER)) == other
    with closing(sqlite3.connect(path.with_name("lockers-copy.sqlite"))) as copy:
        assert copy.execute("SELECT document FROM share").fetchall() == [(other,)]


def test_what_was_replaced_is_gone_from_the_file(lockers: Lockers, path: Path):
    lockers.write([put(document=a_share(student="a" * 32))])
    lockers.write([put(document=a_share(student="b" * 32))])
    assert b"a" * 32 not in everything_in(path.parent)


def test_a_copy_of_before_there_were_shares_stays_when_something_is_withdrawn(lockers: Lockers, path: Path):
    copy = path.with_name("lockers-copy.sqlite")
    old_room(copy)
    before = copy.read_bytes()
    lockers.write([put(), Withdrawn(place_of(KEY))])
    assert copy.exists() and copy.read_bytes()[100:] == before[100:]


# A room of before


def old_room(path: Path) -> None:
    """The file as version 1 made it, with one locker and a row in it."""
    path.parent.mkdir(exist_ok=True)
    life = b"lifelife"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in schema.statements(("lockers.sql",)):
            file.execute(statement)
        file.execute("INSERT INTO room VALUES (?)", (b"s" * 16,))
        file.execute("INSERT INTO locker VALUES (1, ?, ?, 1, 3)", (ANNA, life))
        file.execute("INSERT INTO sealed_row VALUES (1, 1, ?, ?)", (b"row", row_hash(ANNA, life, 1, b"row")))
        file.execute(f"PRAGMA application_id={APPLICATION_ID}")
        file.execute("PRAGMA user_version=1")


def test_a_room_of_before_is_read_as_one_without_shares_and_opened_with_all_its_rows(path: Path):
    old_room(path)
    assert shares(path) == []
    lockers = Lockers(path)
    assert lockers.rows(ANNA).sealed == (b"row",) and lockers.salt == b"s" * 16
    lockers.write([put(document=(given := a_share()))])
    lockers.close()
    assert shares(path.parent) == [given]


def test_the_schema_of_a_released_version_is_never_edited():
    made = schema.expected_shape(("lockers.sql", "shares.sql")) - schema.expected_shape(("lockers.sql",))
    columns = b"( place BLOB NOT NULL PRIMARY KEY, document TEXT NOT NULL, hash BLOB NOT NULL )"
    assert [sql for _, _, _, sql in made if sql] == [b"CREATE TABLE share %b WITHOUT ROWID" % columns]


# Reading


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_what_lies_there_is_what_was_shared_last_and_not_withdrawn(tmp_path_factory: Any, data: Any):
    folder = tmp_path_factory.mktemp("any")
    lockers, expected = Lockers(folder / FILE), {}
    keys = [bytes([number]) * 32 for number in range(4)]
    for _ in range(data.draw(st.integers(1, 8))):
        number = data.draw(st.integers(0, 3))
        if data.draw(st.booleans()):
            expected[number] = a_share(need=data.draw(st.integers(0, 100)))
            lockers.write([put(bytes([number]) * 16, keys[number], document=expected[number])])
        else:
            expected.pop(number, None)
            lockers.write([Withdrawn(place_of(keys[number]))])
    lockers.close()
    assert shares(folder) == sorted(expected.values())


def test_a_share_that_a_killed_keeper_left_in_the_log_is_read(lockers: Lockers, path: Path, tmp_path: Path):
    with lockers._transaction():
        lockers._shares.put(put(document=(given := a_share())))
    left = tmp_path / "left"  # all files as they are at this moment
    left.mkdir()
    for file in path.parent.iterdir():
        (left / file.name).write_bytes(file.read_bytes())
    assert given.encode() not in (left / FILE).read_bytes()
    assert shares(left) == [given]


def test_what_is_no_room_is_refused_in_a_sentence(tmp_path: Path, path: Path):
    for name, content, refusal in (("a", b"hello", ForeignFile), ("b", b"SQLite format 3\0" + bytes(84), ForeignFile)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(refusal, match=r"\.$"):
            shares(tmp_path / name)
    for missing in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(BadFile, match="no room"):
            shares(missing)
    Lockers(path).close()
    change(path, "PRAGMA user_version=3")
    with pytest.raises(NewerFile):
        shares(path)


def test_a_damaged_share_is_never_passed_on(lockers: Lockers, path: Path):
    lockers.write([put(document=a_share(student="a" * 32)), put(BEN, OTHER)])
    lockers.close()
    damage(path, b"a" * 32)
    with pytest.raises(Damaged):
        shares(path)
    with pytest.raises(Damaged):
        Lockers(path)


def test_damage_under_an_open_file_concerns_its_own_student_alone(lockers: Lockers):
    lockers.write([put(), put(BEN, OTHER)])
    lockers._run("UPDATE share SET hash = x'00' WHERE place = ?", place_of(KEY))
    with pytest.raises(Damaged, match="What you shared"):
        lockers.shared(place_of(KEY))
    given = Added(ANNA, lockers.rows(ANNA).life, 0, [b"row"])
    assert lockers.write([given, put(), put(BEN, OTHER)]) == ["done"] * 3
    assert lockers.shared(place_of(KEY)) and lockers.shared(place_of(OTHER))

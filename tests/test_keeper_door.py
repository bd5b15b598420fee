"""Who may ask the keeper for what, what strangers and broken messages get, and how requests share a commit."""

import asyncio
import json
import random
import secrets
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knocking import connection, greeted, heard, hung_up
from protocol import run
from store_samples import answer

from mentorkit.errors import NotSaved, StoreRefused
from mentorkit.serve.keeper import KeptStore, Locker, grant
from mentorkit.serve.keeper.address import read_address
from mentorkit.serve.keeper.capability import operator_grant
from mentorkit.serve.keeper.group import GroupCommit
from mentorkit.serve.keeper.line import Line
from mentorkit.serve.keeper.messages import MOST, Message, Unreadable, packed, size_of, unpacked
from mentorkit.serve.keeper.sealing import Sealer
from mentorkit.store.changes import Opened, Outcome
from verify.keeping import Keeping, some_locker


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    kept = Keeping(tmp_path_factory.mktemp("room") / "home").start()
    yield kept
    kept.stop()


@dataclass
class Student:
    locker: Locker
    store: KeptStore


@pytest.fixture
def anna(keeping: Keeping) -> Iterator[Student]:
    """A student who has saved something; it is there unchanged at the end, in the same keeper, which logged nothing."""
    store, process = keeping.storage(locker := some_locker()), keeping.process.pid
    store.append(answer(1, "mine"))
    yield Student(locker, store)
    assert keeping.storage(locker).records == store.records
    assert keeping.process.pid == process and keeping.process.poll() is None
    assert keeping.log == ""


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit.serve.keeper.line.PATIENCE", 0.2)


# Strangers


def test_the_capability_of_one_student_admits_to_no_other_locker(keeping, anna):
    own = some_locker()
    for capability in (grant(keeping.secret, own.id), b"", secrets.token_bytes(32), operator_grant(keeping.secret)):
        with pytest.raises(StoreRefused, match="return code"):
            KeptStore(keeping.address, Locker(anna.locker.id, own.key), capability)


def test_a_thousand_tries_to_get_into_another_locker_get_nothing(keeping, anna):
    about = anna.locker.id
    mine, rng = grant(keeping.secret, some_locker().id), random.Random(5)
    right = grant(keeping.secret, about)
    for _ in range(1000):
        flipped = bytearray(right)
        flipped[rng.randrange(32)] ^= 1 << rng.randrange(8)
        tried = rng.choice([bytes(flipped), rng.randbytes(32), right[:-1], right + b"x", mine])
        line = connection(keeping)
        line.sendall(packed({"who": about.hex(), "capability": tried.hex()}) + packed({"do": "read", "after": 0}))
        assert heard(line).head["kind"] == "stranger"
        assert hung_up(line)


@pytest.mark.parametrize("what", ["read", "append", "finished", "erase", "open", "has", "list", "lockers", "rows"])
def test_the_operator_s_capability_opens_no_locker(keeping, anna, what):
    line = greeted(keeping)
    head = {"do": what, "after": 0, "life": "00" * 8, "pages": [], "locker": anna.locker.id.hex()}
    line.sendall(packed(head, [b"row"]))
    assert hung_up(line)


@pytest.mark.parametrize(
    "what", ["counts", "salt", "copy", "list", "lockers", "rows", "__class__", "", None, 4, ["read"]]
)
def test_a_student_s_capability_lists_nothing_and_counts_nothing(keeping, anna, what):
    line = greeted(keeping, some_locker())
    line.sendall(packed({"do": what}))
    assert hung_up(line)


@pytest.mark.parametrize("who", [b"", b"Operator", b"short", bytes(15), bytes(17)])
def test_whoever_is_neither_a_locker_nor_the_operator_is_a_stranger(keeping, who):
    line = connection(keeping)
    line.sendall(packed({"who": who.hex(), "capability": grant(keeping.secret, who).hex()}))
    assert heard(line).head["kind"] == "stranger"
    assert hung_up(line)


def test_a_locker_named_in_a_request_is_not_the_one_that_is_read(keeping, anna):
    line = greeted(keeping, some_locker())
    about = anna.locker.id.hex()
    line.sendall(packed({"do": "read", "after": 0, "locker": about, "who": about}))
    assert heard(line).pieces == ()


def test_nobody_is_heard_before_saying_who_they_are(keeping, anna):
    line = connection(keeping)
    line.sendall(packed({"do": "read", "after": 0, "who": anna.locker.id.hex()}))
    assert hung_up(line)


def test_whoever_says_nothing_is_hung_up_on(keeping, anna):
    line = connection(keeping)
    line.sendall(struct.pack(">I", 200) + b"half a greeting")
    assert hung_up(line)


# Broken messages

HEADS = st.dictionaries(
    st.text(max_size=8), st.none() | st.booleans() | st.integers() | st.text(max_size=8), max_size=4
)


@given(HEADS, st.lists(st.binary(max_size=50), max_size=5))
def test_a_message_is_read_as_it_was_packed(head, pieces):
    head.pop("sizes", None)
    raw = packed(head, pieces)
    assert size_of(raw[:4]) == len(raw) - 4
    assert unpacked(raw[4:]) == Message(head, tuple(pieces))


@given(st.binary(max_size=300) | st.builds(lambda head: struct.pack(">I", len(head)) + head, st.binary(max_size=100)))
def test_whatever_is_no_message_is_unreadable_and_nothing_else(raw):
    with suppress(Unreadable):
        message = unpacked(raw)
        assert isinstance(message.head, dict)


def test_a_message_that_is_too_long_is_neither_sent_nor_read():
    with pytest.raises(Unreadable):
        packed({}, [bytes(MOST)])
    with pytest.raises(Unreadable):
        size_of(struct.pack(">I", MOST + 1))


def said(head: bytes, rest: bytes = b"") -> bytes:
    body = struct.pack(">I", len(head)) + head + rest
    return struct.pack(">I", len(body)) + body


BROKEN = {
    "garbage": b"GET / HTTP/1.1\r\nHost: keeper\r\n\r\n",
    "longest": b"\xff\xff\xff\xff",
    "empty": b"\0\0\0\0",
    "no JSON": said(b"{"),
    "no head": said(b"[]"),
    "a number": said(b"4"),
    "no sizes": said(b"{}"),
    "sizes of another kind": said(b'{"sizes": 4}'),
    "negative sizes": said(b'{"sizes": [-4, 8]}', b"1234"),
    "true sizes": said(b'{"sizes": [true]}', b"1"),
    "wrong sizes": said(b'{"sizes": [4000000000]}', b"1234"),
    "not all said": said(b'{"sizes": []}', b"1234"),
    "deep": said(b'{"sizes": ' + b"[" * 100_000),
    "a long number": said(b'{"sizes": [' + b"9" * 10_000 + b"]}"),
    "not a number": said(b'{"sizes": [NaN]}'),
    "no text": said(b"\xff\xfe{}"),
    "head that is longer than all": struct.pack(">II", 8, 4_000_000_000) + b"{}{}",
}
ASKED = [
    {}, {"do": "read"}, {"do": "read", "after": -1}, {"do": "read", "after": 2**70}, {"do": "read", "after": "1"},
    {"do": "read", "after": True}, {"do": "read", "after": None}, {"do": "append"}, {"do": "append", "after": 0},
    {"do": "append", "after": 0, "life": "00"}, {"do": "append", "after": 0, "life": "zz" * 8},
    {"do": "append", "after": 0, "life": 4}, {"do": "finished"}, {"do": "finished", "pages": "goals"},
    {"do": "finished", "pages": ["Goals and secrets"]}, {"do": "finished", "pages": [4]},
    {"do": "finished", "pages": ["x"] * 1000}, {"do": "finished", "pages": ["x" * 1000]},
    {"do": "finished", "pages": {}},
]  # fmt: skip


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("known", [False, True], ids=["stranger", "student"])
def test_a_broken_message_ends_its_connection_and_harms_nobody(keeping, anna, raw, known):
    line = greeted(keeping, some_locker()) if known else connection(keeping)
    line.sendall(raw)
    line.shutdown(socket.SHUT_WR)
    assert hung_up(line)


@pytest.mark.parametrize("known", [False, True], ids=["stranger", "student"])
def test_a_message_that_is_announced_as_too_long_is_not_waited_for(keeping, anna, known):
    line = greeted(keeping, some_locker()) if known else connection(keeping)
    line.settimeout(3)
    line.sendall(struct.pack(">I", MOST + 1 if known else 2000) + b"its beginning")
    assert hung_up(line)


@pytest.mark.parametrize("head", ASKED, ids=json.dumps)
def test_a_request_that_makes_no_sense_ends_its_connection(keeping, anna, head):
    line = greeted(keeping, some_locker())
    line.sendall(packed(head, [b"row"]))
    assert hung_up(line)


def test_a_thousand_messages_with_changed_bytes_harm_nobody(keeping, anna):
    rng, locker = random.Random(3), some_locker()
    for _ in range(1000):
        raw = bytearray(packed({"do": rng.choice(["read", "append", "finished"]), "after": 0}, [b"row"] * 3))
        for _ in range(rng.randrange(1, 6)):
            raw[rng.randrange(4, len(raw))] = rng.randrange(256)
        line = greeted(keeping, locker)
        line.sendall(raw[: rng.choice([len(raw), rng.randrange(len(raw))])])
        line.close()


def test_what_is_too_long_is_refused_in_a_sentence(keeping, anna):
    for size in (2 * 1024 * 1024, 9 * 1024 * 1024):
        with pytest.raises(NotSaved, match=r"shorten it\.$"):
            anna.store.append(answer(2, "x" * size))


def test_forged_rows_in_one_s_own_locker_show_nothing_good(keeping, anna):
    store = keeping.storage(locker := some_locker())
    other = Sealer(some_locker()).sealed(b"{}", store._life, 1)
    assert store._arrived([other])
    with pytest.raises(StoreRefused, match="damaged"):
        keeping.storage(locker)


# Sealing


@given(st.binary(max_size=2000).map(lambda raw: b"{" + raw + b"}"), st.integers(1, 2**40), st.data())
def test_a_row_opens_at_its_place_in_its_life_with_its_key_unchanged_and_else_not(document, place, data):
    locker, life = some_locker(), b"life" * 2
    sealer = Sealer(locker)
    row = sealer.sealed(document, life, place)
    assert sealer.opened(row, life, place) == document
    bit = data.draw(st.integers(0, len(row) * 8 - 1))
    changed = bytearray(row)
    changed[bit // 8] ^= 1 << bit % 8
    end = data.draw(st.integers(0, len(row) - 1))
    assert [sealer.opened(bytes(one), life, place) for one in (changed, row[:end], row + b"x")] == [None] * 3
    assert sealer.opened(row, life, place + 1) is sealer.opened(row, b"eternal ", place) is None
    for other in (Locker(some_locker().id, locker.key), Locker(locker.id, some_locker().key)):
        assert Sealer(other).opened(row, life, place) is None


# A slow disk


class SlowDisk:
    """Commits when it is let; remembers what came together."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.let = threading.Event()
        self.full = False

    def write(self, batch: list[object]) -> list[Outcome]:
        assert self.let.wait(20)
        self.batches.append(len(batch))
        if self.full:
            raise NotSaved("The disk is full.")
        return [Outcome.DONE] * len(batch)

    def close(self) -> None:
        pass


async def asked(group: GroupCommit, times: int) -> list[asyncio.Task[Outcome]]:
    tasks = [asyncio.create_task(group.make(Opened(bytes(16)))) for _ in range(times)]
    while group.waiting < times:
        await asyncio.sleep(0)
    return tasks


def with_group(play) -> SlowDisk:
    disk = SlowDisk()

    async def whole() -> None:
        group = GroupCommit(disk)
        saving = asyncio.create_task(group.run())
        await play(group, disk)
        group.end()
        await saving
        group.close()

    run(whole())
    return disk


def test_nothing_is_acknowledged_before_the_commit_returned_and_what_waits_goes_together():
    async def play(group: GroupCommit, disk: SlowDisk) -> None:
        first = await asked(group, 1)
        rest = await asked(group, 41)
        done, _ = await asyncio.wait([*first, *rest], timeout=0.2)
        assert not done  # while the loop went on all along
        disk.let.set()
        assert set(await asyncio.gather(*first, *rest)) == {Outcome.DONE}

    assert with_group(play).batches == [1, 41]


def test_a_batch_that_the_disk_refuses_is_refused_and_the_next_is_tried():
    async def play(group: GroupCommit, disk: SlowDisk) -> None:
        disk.full = True
        refused = await asked(group, 3)
        disk.let.set()
        for task in refused:
            with pytest.raises(NotSaved, match=r"The disk is full\."):
                await task
        assert group.health.failing_since
        disk.full = False
        assert await group.make(Opened(bytes(16))) == Outcome.DONE
        assert group.health.failing_since is None and group.health.last_commit

    with_group(play)


def test_somebody_who_hung_up_keeps_nobody_from_being_answered():
    async def play(group: GroupCommit, disk: SlowDisk) -> None:
        gone, *rest = await asked(group, 3)
        gone.cancel()
        disk.let.set()
        assert set(await asyncio.gather(*rest)) == {Outcome.DONE}

    with_group(play)


def test_what_waits_when_it_is_told_to_end_is_still_saved():
    async def play(group: GroupCommit, disk: SlowDisk) -> None:
        waiting = await asked(group, 5)
        group.end()
        disk.let.set()
        await asyncio.gather(*waiting)

    assert sum(with_group(play).batches) == 5


# Importing


def test_importing_it_opens_nothing_and_starts_no_thread():
    code = (
        "import os, threading; before = set(os.listdir('/proc/self/fd')) if os.path.isdir('/proc/self/fd') else set();"
        "import mentorkit.serve.keeper, mentorkit.serve.keeper.process;"
        "after = set(os.listdir('/proc/self/fd')) if os.path.isdir('/proc/self/fd') else set();"
        "print(threading.active_count(), sorted(after - before))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "1 []\n"


def test_a_line_shows_nothing_of_what_it_says(keeping):
    locker = some_locker()
    line = Line(read_address(keeping.address), locker.id, grant(keeping.secret, locker.id))
    store = keeping.storage(locker)
    for shown in (repr(line), repr(store), repr(Message({"who": "anna"}))):
        assert locker.id.hex() not in shown and "anna" not in shown

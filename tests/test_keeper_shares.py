"""Shares in a room: apart from the sealed rows, replaced and withdrawn by their student alone, and tied to nobody."""

import json
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from knocking import greeted, heard, hung_up
from players import TERM, a_share, met, rate, student
from somewhere import InRoom
from store_samples import answers

from mentorkit.consent import draw_up, hand_in, handed_in, lies_here, take_back
from mentorkit.errors import NotReady, NotSaved
from mentorkit.serve.keeper.messages import packed
from mentorkit.sharing import LARGEST, as_text, read_share
from mentorkit.store import TakesShares, shares
from mentorkit.store.shares import place_of
from verify.keeping import Keeping, some_locker

KEY = b"k" * 32


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    kept = Keeping(tmp_path_factory.mktemp("room") / "home").start()
    yield kept
    kept.stop()


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit.serve.keeper.line.PATIENCE", 0.2)


# One promise, at the keeper and in the tests' own room


@pytest.fixture(params=["at the keeper", "in memory"])
def room(request: pytest.FixtureRequest) -> TakesShares:
    return InRoom() if request.param == "in memory" else request.getfixturevalue("keeping").storage(some_locker())


def test_what_is_shared_lies_there_until_it_is_replaced_or_withdrawn(room: TakesShares):
    key = secrets.token_bytes(32)
    assert isinstance(room, TakesShares) and room.shared(key) is None
    room.share(key, first := a_share())
    assert room.shared(key) == first
    room.share(key, second := a_share(need=75))
    room.share(key, second)
    assert room.shared(key) == second
    room.withdraw(key)
    room.withdraw(key)
    assert room.shared(key) is None
    room.share(key, first)
    assert room.shared(key) == first


def test_each_term_has_its_own(room: TakesShares):
    keys = {term: secrets.token_bytes(32) for term in ("2026-fall", "2027-spring")}
    for term, key in keys.items():
        room.share(key, a_share(term))
    room.withdraw(keys["2026-fall"])
    assert read_share(room.shared(keys["2027-spring"]).encode()).term == "2027-spring"


def test_at_home_there_is_no_such_room(tmp_path: Path):
    from mentorkit import open_workbook

    assert not isinstance(open_workbook(tmp_path).storage, TakesShares)


# Whose a share is


def test_a_visitor_can_neither_read_nor_change_nor_remove_another_s_share(keeping: Keeping):
    anna, key = keeping.storage(some_locker()), secrets.token_bytes(32)
    anna.share(key, mine := a_share())
    ben, line = keeping.storage(locker := some_locker()), greeted(keeping, locker)
    for guess in (bytes(32), place_of(key), key[:-1] + bytes([key[-1] ^ 1]), secrets.token_bytes(32)):
        assert ben.shared(guess) is None
        ben.withdraw(guess)
        ben.share(guess, a_share("2031-fall"))
        ben.withdraw(guess)
    for head in ({"do": "shared", "key": key.hex()[:-2]}, {"do": "withdraw"}):
        line = greeted(keeping, locker)
        line.sendall(packed({**head, "who": anna._sealer._about.hex()}))
        assert hung_up(line)
    assert anna.shared(key) == mine


@pytest.mark.parametrize("what", ["share", "shared", "withdraw"])
def test_the_operator_s_capability_shares_and_withdraws_nothing(keeping: Keeping, what: str):
    line = greeted(keeping)
    line.sendall(packed({"do": what, "key": KEY.hex()}, [a_share().encode()]))
    assert hung_up(line)


# What is taken


REFUSED = {
    "nothing": b"",
    "no JSON": b"{",
    "a name": a_share().replace('"needs"', '"name": "Anna", "needs"').encode(),
    "a score too high": a_share(need=50).replace("50.0", "500").encode(),
    "another version": a_share().replace("share/1", "share/2").encode(),
    "a withdrawal": b'{"schema": "mentorkit-withdrawal/1", "shares": ["%b"]}' % (b"0" * 32),
    "too long": a_share().encode() + b" " * LARGEST,
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_whatever_is_no_share_is_refused_in_a_sentence_and_nothing_lies_there(keeping: Keeping, raw: bytes):
    store, key = keeping.storage(some_locker()), secrets.token_bytes(32)
    with pytest.raises(NotSaved) as refused:
        store.share(key, raw.decode())
    assert str(refused.value).endswith(".") and "Anna" not in str(refused.value)
    assert store.shared(key) is None


def test_blanks_and_another_order_are_not_kept(keeping: Keeping):
    store, key = keeping.storage(some_locker()), secrets.token_bytes(32)
    tree = json.loads(given := a_share())
    store.share(key, json.dumps(dict(reversed(tree.items())), indent=7))
    assert store.shared(key) == given


@pytest.mark.parametrize(
    ("head", "pieces"),
    [
        ({"do": "share"}, [b"{}"]), ({"do": "share", "key": "00"}, [b"{}"]), ({"do": "share", "key": "00" * 32}, []),
        ({"do": "share", "key": "00" * 32}, [b"{}", b"{}"]), ({"do": "shared", "key": 4}, []), ({"do": "withdraw"}, []),
        ({"do": "withdraw", "key": "zz" * 32}, []), ({"do": "shares", "key": "00" * 32}, []),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_ends_its_connection(keeping: Keeping, head: dict[str, Any], pieces: list[bytes]):
    line = greeted(keeping, some_locker())
    line.sendall(packed(head, pieces))
    assert hung_up(line)


def test_a_share_is_acknowledged_once_it_is_on_the_disk(keeping: Keeping):
    store, key = keeping.storage(locker := some_locker()), secrets.token_bytes(32)
    store.share(key, given := a_share())
    keeping.restart()  # as a kill does
    assert keeping.storage(locker).shared(key) == given
    assert given in shares(keeping.home)


def test_a_keeper_that_is_gone_is_said(keeping: Keeping):
    store = keeping.storage(some_locker())
    keeping.kill()
    for deed in (lambda: store.share(KEY, a_share()), lambda: store.shared(KEY), lambda: store.withdraw(KEY)):
        with pytest.raises(NotSaved, match=r"\.$"):
            deed()
    keeping.start()


def test_a_sentence_for_who_shares_a_term_twice_from_two_workbooks(keeping: Keeping):
    store = keeping.storage(some_locker())
    store.share(secrets.token_bytes(32), a_share())
    with pytest.raises(NotSaved, match="take that back there first"):
        store.share(secrets.token_bytes(32), a_share())


# Reading beside a room


def test_the_shares_of_a_running_room_are_read_and_the_room_goes_on(keeping: Keeping):
    store, key = keeping.storage(some_locker()), secrets.token_bytes(32)
    store.append(*answers(1, 3))
    store.share(key, given := a_share())
    store.append(*answers(4, 6))
    before = {file.name: file.stat().st_mtime_ns for file in keeping.home.iterdir()}
    assert given in shares(keeping.home) == shares(keeping.file)
    assert {file.name: file.stat().st_mtime_ns for file in keeping.home.iterdir()} == before
    store.withdraw(key)
    assert given not in shares(keeping.home)
    store.append(*answers(7, 8))
    assert keeping.process.poll() is None


def test_reading_while_many_write_gives_what_was_acknowledged_and_nothing_half(keeping: Keeping):
    lying, done = threading.Lock(), threading.Event()
    acknowledged: list[str] = []

    def write(number: int) -> None:
        store = keeping.storage(some_locker())
        for revision in range(1, 9):
            store.append(*answers(revision, revision))
            store.share(bytes([number]) * 31 + b"\1", given := a_share(need=revision))
            with lying:
                acknowledged[number] = given

    acknowledged += [""] * 4
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    reads = 0
    while any(writer.is_alive() for writer in writers):
        try:
            found = shares(keeping.home)
        except NotSaved:  # written to all the time: said, and tried again
            continue
        reads += 1
        assert all(as_text(read_share(one.encode())) == one for one in found)
    done.set()
    assert reads and set(acknowledged) <= set(shares(keeping.home))


# A student at the keeper


def test_a_student_shares_corrects_and_takes_back_in_a_real_room(keeping: Keeping):
    book = student(storage=keeping.storage(locker := some_locker()), in_room=True)
    rate(book, "needs", 3)
    met(book, "peer", 2)
    share = draw_up(book, TERM, "m1", link=True)
    hand_in(book, share)
    assert as_text(share) in shares(keeping.home)
    again = student(storage=keeping.storage(locker), in_room=True)  # on another device
    assert lies_here(again, handed_in(again)[TERM])
    rate(again, "needs", 1)
    hand_in(again, corrected := draw_up(again, TERM))
    assert as_text(corrected) in shares(keeping.home) and as_text(share) not in shares(keeping.home)
    assert take_back(again, TERM) is None
    assert all(read_share(one.encode()).id != share.id for one in shares(keeping.home))
    with pytest.raises(NotReady):
        take_back(again, "2020-fall")


def test_the_keeper_hears_the_share_and_never_the_student_s_key(keeping: Keeping):
    line = greeted(keeping, some_locker())
    line.sendall(packed({"do": "shared", "key": KEY.hex()}))
    assert heard(line).head == {} and keeping.log == ""

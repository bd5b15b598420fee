"""One promise, two places: what a storage does in a folder at home and at the keeper of a room, in the same words."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from made import TODAY, fill
from store_samples import answer, answers, damage, mentor

from mentorkit import Workbook, load_content
from mentorkit.errors import Damaged, NewerFile, NotSaved
from mentorkit.serve.keeper import KeptStore
from mentorkit.serve.keeper.sealing import Sealer
from mentorkit.store import RECORD, HomeStore, Sealed, Setting, Stale, Storage, find_home
from mentorkit.store.row import row_hash
from verify.keeping import Keeping, some_locker


class Somewhere(Protocol):
    """A place for the records of one student, of which several storages may be open."""

    def __call__(self) -> Storage: ...
    def damage(self) -> None: ...
    def write_from_the_future(self) -> None: ...
    def break_down(self) -> None: ...
    def mend(self) -> None: ...


class AtHome:
    def __init__(self, folder: Path) -> None:
        self.home = find_home(folder)
        self._away = self.home.records.with_suffix(".away")

    def __call__(self) -> HomeStore:
        return HomeStore(self.home)

    def damage(self) -> None:
        damage(self.home.records, b"words")

    def write_from_the_future(self) -> None:
        import sqlite3

        document = '{"kind":"dream","revision":1}'
        row = (1, "dream", 1, document, row_hash(1, document.encode()))
        sqlite3.connect(self.home.records, isolation_level=None).execute("INSERT INTO record VALUES (?,?,?,?,?)", row)

    def break_down(self) -> None:
        self.home.records.replace(self._away)

    def mend(self) -> None:
        self._away.replace(self.home.records)


class AtTheKeeper:
    def __init__(self, keeping: Keeping) -> None:
        self.keeping, self.locker = keeping, some_locker()

    def __call__(self) -> KeptStore:
        return self.keeping.storage(self.locker)

    def damage(self) -> None:
        """A row that the keeper finds to be as it got it, and that no key of ours sealed."""
        store = self()
        row = bytearray(store._sealer.sealed(b"{}", store._life, len(store.records) + 1))
        row[20] ^= 1
        assert store._arrived([bytes(row)])

    def write_from_the_future(self) -> None:
        store = self()
        document = Sealer(self.locker).sealed(b'{"kind":"dream","revision":1}', store._life, 1)
        assert store._arrived([document])

    def break_down(self) -> None:
        self.keeping.kill()

    def mend(self) -> None:
        self.keeping.start()


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    kept = Keeping(tmp_path_factory.mktemp("room") / "home").start()
    yield kept
    kept.stop()


@pytest.fixture(params=["at home", "at the keeper"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Somewhere:
    return AtHome(tmp_path / "home") if request.param == "at home" else AtTheKeeper(request.getfixturevalue("keeping"))


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit.serve.keeper.line.PATIENCE", 0.2)


# What is saved stays


def test_a_new_place_is_empty(place):
    store = place()
    assert store.records == []
    assert store.revision(answer(1).stream) == 0


def test_what_was_saved_is_there_in_order_when_it_is_opened_again(place):
    store = place()
    given = [answer(1), mentor(), Setting(revision=1, key="term", value={"term": "2026-fall"})]
    store.append(*given)
    store.append(sealed := Sealed(revision=1, worksheet="needs", version=1, term="2026-fall", answers={"a": 4}))
    store.close()
    again = place()
    assert again.records == store.records == [*given, sealed]
    assert again.revision(sealed.stream) == 1


@pytest.mark.parametrize("value", ["Ærlig talt 😀", "中文 עברית", "a\r\nb\tc  ", "\x00", 4, None, ["a"], "x" * 20_000])
def test_an_answer_comes_back_letter_by_letter(place, value):
    place().append(given := answer(1, value))
    assert place().records == [given]


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf")])
def test_what_could_not_be_read_back_is_refused_in_a_sentence_and_nothing_is_written(place, value):
    store = place()
    with pytest.raises(NotSaved, match="type it again"):
        store.append(answer(1), answer(2, value))
    store.append(answer(1))
    assert len(place().records) == 1


def test_nothing_to_save_is_saved_at_once(place):
    store = place()
    store.append()
    assert store.records == place().records == []


def test_many_records_are_read_again_whole(place):
    place().append(*(given := [answer(number, "x" * 5000) for number in range(1, 700)]))
    assert place().records == given


# All or none, and in order


def test_several_records_are_saved_all_or_none(place):
    store = place()
    with pytest.raises(Stale):
        store.append(answer(1), answer(2), mentor(revision=2))
    assert store.records == place().records == []


@pytest.mark.parametrize("revision", [2, 7])
def test_a_revision_that_leaves_a_gap_is_stale(place, revision):
    with pytest.raises(Stale):
        place().append(answer(revision))


def test_a_revision_that_another_page_wrote_first_is_stale_and_the_next_one_is_not(place):
    one, other = place(), place()
    other.append(answer(1, "theirs"))
    with pytest.raises(Stale):
        one.append(answer(1, "mine"))
    one.append(answer(2, "mine"))
    assert [record.value for record in place().records] == ["theirs", "mine"]


def test_pages_that_write_about_different_things_do_not_disturb_each_other(place):
    one, other = place(), place()
    other.append(mentor(), *answers(1, 2))
    one.append(answer(3))
    assert one.records == place().records == [*other.records, *one.records[-1:]]


def test_looking_again_shows_what_another_page_saved_and_keeps_what_was_known(place):
    one, other = place(), place()
    one.append(answer(1))
    known, opened = one.records, one.opened
    other.append(*answers(2, 3))
    one.refresh()
    assert one.records == place().records
    assert (one.records is known, one.opened == opened, one.revision(answer(1).stream)) == (True, True, 3)


def test_two_writers_at_the_same_time_lose_nothing_and_leave_no_gap(place):
    def write(worksheet: str) -> None:
        store = place()
        for revision in range(1, 26):
            store.append(answer(revision, worksheet=worksheet))

    writers = [threading.Thread(target=write, args=(name,)) for name in ("needs", "network")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = place().records
    assert len(found) == 50
    for name in ("needs", "network"):
        assert [record.revision for record in found if record.worksheet == name] == list(range(1, 26))


# Erasing


def test_erasing_removes_everything_and_goes_on_empty(place):
    store = place()
    store.append(*answers(1, 3))
    assert store.erase() >= 1
    assert store.records == place().records == []
    store.append(answer(1, "anew"))
    assert [record.value for record in place().records] == ["anew"]


def test_a_page_that_shows_what_was_erased_elsewhere_notices_and_does_not_go_on_from_it(place):
    store, other = place(), place()
    store.append(*answers(1, 3))
    other.refresh()
    shown, opened = other.records, other.opened
    store.erase()
    with pytest.raises(Stale):
        other.append(answer(4))
    other.refresh()
    assert other.records == [] and other.opened != opened
    assert len(shown) == 3  # its list is another one


def test_other_records_in_the_same_places_are_not_mixed_with_those_that_were_erased(place):
    store, other = place(), place()
    store.append(*answers(1, 2))
    other.refresh()
    store.erase()
    store.append(*(anew := [answer(number, "anew") for number in range(1, 6)]))
    other.refresh()
    assert other.records == anew


# Names


def test_a_place_has_one_name_and_another_student_s_has_another(place, tmp_path, request):
    assert place().place == place().place != ""
    other = AtTheKeeper(place.keeping) if isinstance(place, AtTheKeeper) else AtHome(tmp_path / "other")
    assert place().place != other().place
    if isinstance(place, AtTheKeeper):
        assert place.locker.id.hex() not in place().place


# What is refused, and said


def test_damage_is_never_shown(place):
    place().append(answer(1, "words"))
    place.damage()
    with pytest.raises(Damaged) as refused:
        place()
    assert str(refused.value).endswith(".")


def test_a_record_that_only_a_newer_version_understands_is_not_called_damaged(place):
    place()
    place.write_from_the_future()
    with pytest.raises(NewerFile) as refused:
        place()
    assert str(refused.value).endswith(".")


def test_what_cannot_be_saved_is_said_in_a_sentence_and_the_next_save_works(place, short_patience):
    store = place()
    store.append(answer(1))
    place.break_down()
    with pytest.raises(NotSaved) as refused:
        store.append(answer(2))
    assert not isinstance(refused.value, Stale)
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
    place.mend()
    store.append(answer(2))
    assert [record.revision for record in place().records] == [1, 2]


# A workbook over it


def test_a_workbook_is_played_over_it_and_stands_the_same_when_it_is_opened_again(place):
    book = Workbook(place(), load_content(), today=lambda: TODAY)
    fill(book)
    book.answer("needs", "area.own", None)
    again = Workbook(place(), load_content(), today=lambda: TODAY)
    assert again.records == book.records
    assert again.answers("needs") == book.answers("needs")
    assert [mentor.name for mentor in again.mentors] == [mentor.name for mentor in book.mentors]
    again.erase()
    with pytest.raises(NotSaved, match="erased or exchanged in another window"):
        book.answer("needs", "area.own", "typed beside what is gone")


def test_two_windows_answer_different_items_without_a_conflict(place):
    books = [Workbook(place(), load_content(), today=lambda: TODAY) for _ in range(2)]
    for book, item in zip(books, ("need.academic.strategies", "need.academic.resources"), strict=True):
        book.answer("needs", item, 3)
    books[0].refresh()
    assert books[0].answers("needs") == books[1].answers("needs")


def test_every_record_of_a_filled_workbook_comes_back_as_it_was(place):
    book = Workbook(place(), load_content(), today=lambda: TODAY)
    fill(book)
    assert [RECORD.dump_json(one) for one in place().records] == [RECORD.dump_json(one) for one in book.records]

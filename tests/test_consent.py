"""Sharing is the student's act: off until then, exactly what was looked at, and taken back when they say so."""

import json
from dataclasses import dataclass, field

import pytest
from made import TODAY
from players import TERM, met, rate, student
from somewhere import InMemory, InRoom

from mentorkit import Workbook
from mentorkit.consent import clear_room, draw_up, hand_in, handed_in, holds, lies_here, linked, take_back
from mentorkit.errors import NewerFile, NotReady, NotSaved, Unknown
from mentorkit.merging import bring_in
from mentorkit.reports.exchange import as_json, read_export
from mentorkit.sharing import Share, as_text, read_share
from mentorkit.store import Setting

SPRING = "2026-spring"


def ready(storage: InMemory | None = None) -> Workbook:
    """A student who finished two terms."""
    book = student(storage=storage, in_room=isinstance(storage, InRoom))
    for term, code in ((SPRING, 1), (TERM, 3)):
        book.term = term
        rate(book, "needs", code)
    met(book, "peer", 2)
    return book


def shared(book: Workbook, term: str = TERM, link: bool = False, year: str | None = None) -> Share:
    return read_share(hand_in(book, draw_up(book, term, year, link)).encode())


def carried(book: Workbook, to: Workbook) -> Workbook:
    """What an export and an import take over."""
    bring_in(to, read_export(as_json(book.content, book.records).encode(), to.content))
    return to


# Off until the student decides


def test_nothing_is_shared_and_no_number_is_made_before_the_student_agrees():
    book = ready()
    before = book.records
    draw_up(book, TERM, "m1", link=True)
    assert book.records == before
    assert handed_in(book) == {} and linked(book) is None


def test_what_is_handed_in_is_what_was_looked_at_letter_by_letter():
    book = ready()
    looked_at = draw_up(book, TERM, "m3", link=True)
    assert hand_in(book, looked_at) == as_text(looked_at)
    assert looked_at.class_year == "m3"


def test_what_changed_since_it_was_looked_at_is_not_handed_in():
    book = ready()
    looked_at = draw_up(book, TERM)
    rate(book, "needs", 2)
    assert not holds(book, looked_at)
    with pytest.raises(NotReady, match="Look at it again"):
        hand_in(book, looked_at)
    assert handed_in(book) == {}


def test_a_class_year_that_is_none_is_refused():
    with pytest.raises(Unknown, match="m1, m2"):
        draw_up(ready(), TERM, "sophomore")


# Linking


def test_terms_are_linked_only_when_the_student_agrees():
    book = ready()
    spring, fall = shared(book, SPRING), shared(book, TERM)
    assert spring.student is fall.student is None and spring.id != fall.id
    spring, fall = shared(book, SPRING, link=True), shared(book, TERM, link=True)
    assert spring.student == fall.student is not None


def test_taking_the_link_back_makes_another_number_the_next_time():
    book = ready()
    first = shared(book, SPRING, link=True).student
    assert shared(book, TERM).student is None and linked(book) is None
    assert shared(book, TERM, link=True).student not in (None, first)


def test_taking_back_all_that_was_linked_takes_the_link_back_too():
    book = ready()
    first = shared(book, TERM, link=True).student
    take_back(book, TERM)
    assert linked(book) is None
    assert shared(book, TERM, link=True).student not in (None, first)


def test_taking_back_one_of_two_leaves_the_other_linked():
    book = ready()
    first = [shared(book, term, link=True).student for term in (SPRING, TERM)]
    take_back(book, SPRING)
    assert linked(book) == first[1] == first[0]


# A file


def test_a_corrected_share_takes_the_place_of_the_first():
    book = ready()
    first = shared(book)
    rate(book, "needs", 2)
    assert shared(book).id == first.id


def test_what_is_taken_back_is_named_by_its_random_number_alone():
    book = ready()
    share = shared(book)
    withdrawal = take_back(book, TERM)
    assert json.loads(as_text(withdrawal)) == {"schema": "mentorkit-withdrawal/1", "shares": [share.id]}
    assert handed_in(book)[TERM].taken_back


def test_a_share_after_a_withdrawal_is_another_one_so_that_the_withdrawal_does_not_meet_it():
    book = ready()
    first = shared(book)
    take_back(book, TERM)
    second = shared(book)
    assert second.id != first.id
    assert take_back(book, TERM).shares == tuple(sorted((first.id, second.id)))
    assert take_back(book, TERM).shares == tuple(sorted((first.id, second.id)))  # the file once more


def test_what_was_not_shared_cannot_be_taken_back():
    with pytest.raises(NotReady, match="Fall 2026"):
        take_back(ready(), TERM)


def test_a_preview_of_before_a_withdrawal_is_not_handed_in_after_it():
    book = ready()
    shared(book)
    looked_at = draw_up(book, TERM)
    take_back(book, TERM)
    with pytest.raises(NotReady):
        hand_in(book, looked_at)


def test_two_windows_share_once():
    storage = InMemory()
    one = ready(storage)
    other = Workbook(storage, one.content, today=lambda: TODAY)
    looked_at = [draw_up(book, TERM, link=True) for book in (one, other)]
    hand_in(one, looked_at[0])
    with pytest.raises(NotReady, match="Look at it again"):
        hand_in(other, looked_at[1])
    assert draw_up(other, TERM, link=True) == looked_at[0]


# In a room


def test_in_a_room_what_was_looked_at_lies_there_and_nowhere_else():
    room = InRoom()
    book = ready(room)
    share = shared(book, year="m1")
    ((key, text),) = room.shares.items()
    assert text == as_text(share) and len(key) == 32
    assert lies_here(book, handed_in(book)[TERM])


def test_in_a_room_a_correction_replaces_and_a_withdrawal_removes():
    room = InRoom()
    book = ready(room)
    shared(book, SPRING)
    shared(book)
    rate(book, "needs", 2)
    shared(book)
    assert len(room.shares) == 2
    assert take_back(book, TERM) is None
    assert [read_share(text.encode()).term for text in room.shares.values()] == [SPRING]
    clear_room(book)
    assert room.shares == {}


def test_what_was_shared_in_a_room_is_taken_back_by_a_file_at_home():
    book = ready(InRoom())
    share = shared(book)
    at_home = carried(book, student())
    assert not lies_here(at_home, handed_in(at_home)[TERM])
    assert take_back(at_home, TERM).shares == (share.id,)


def test_what_was_shared_in_a_room_is_taken_back_there_also_under_a_new_return_code():
    lying: dict[bytes, str] = {}
    book = ready(InRoom(lying))
    shared(book)
    again = carried(book, student(storage=InRoom(lying), in_room=True))
    assert take_back(again, TERM) is None and lying == {}


def test_what_was_handed_in_as_a_file_needs_a_file_also_in_a_room():
    book = ready()
    share = shared(book)
    room = InRoom()
    in_room = carried(book, student(storage=room, in_room=True))
    assert shared(in_room).id == share.id and len(room.shares) == 1
    assert take_back(in_room, TERM).shares == (share.id,) and room.shares == {}


@dataclass
class Failing(InRoom):
    """A room whose keeper does not answer."""

    records: list = field(default_factory=list)

    def share(self, key: bytes, text: str) -> None:
        raise NotSaved("The keeper does not answer.")

    def shared(self, key: bytes) -> str | None:
        return None


def test_a_keeper_that_does_not_answer_is_said_and_the_same_share_can_be_tried_again():
    room = Failing()
    book = ready(room)
    looked_at = draw_up(book, TERM)
    with pytest.raises(NotSaved):
        hand_in(book, looked_at)
    book.go_on_with(again := InRoom())
    again.records += room.records
    book.refresh()
    hand_in(book, draw_up(book, TERM))
    assert [read_share(text.encode()).id for text in again.shares.values()] == [looked_at.id]


# Taken along


def test_the_link_goes_along_to_another_computer():
    book = ready()
    first = shared(book, SPRING, link=True)
    there = carried(book, student())
    assert shared(there, TERM, link=True).student == first.student
    back = carried(there, book)
    assert set(handed_in(back)) == {SPRING, TERM}
    take_back(back, SPRING)
    assert handed_in(carried(back, there))[SPRING].taken_back


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("share/link", "Anna"), ("share/link", 4), ("share/2026-fall", {"share": "0" * 32}), ("share/soon", None),
        ("share/2026-winter", {"share": "0" * 32, "student": None, "class_year": None, "file": True, "key": None}),
        ("share", None), ("sharing/2026-fall", {}),
    ],
)  # fmt: skip
def test_an_import_with_another_choice_is_refused(key: str, value: object):
    from mentorkit.errors import BadFile

    book = ready()
    book.add([Setting(revision=1, key=key, value=value)])
    with pytest.raises(BadFile):
        read_export(as_json(book.content, book.records).encode(), book.content)


def test_what_a_newer_version_noted_is_not_written_over():
    book = ready()
    book.add([Setting(revision=1, key="share/2026-fall", value={"share": "0" * 32, "mood": "good"})])
    with pytest.raises(NewerFile):
        draw_up(book, TERM)

"""Whatever two machines did, in whatever order files come in: no answer is lost or doubled, and they can agree."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made import exported, opened, scratch_home
from test_exchange import edit_somewhere
from test_merging import bring, export_of, read, settle

from mentorkit import Workbook
from mentorkit.errors import BadAnswer, BadFile, NotReady
from mentorkit.merging import Choice, Merge, bring_in, plan, thread
from mentorkit.records import Records
from mentorkit.reports.exchange import read_export, shareable
from mentorkit.store import AnyRecord, Setting

ITEMS = ("need.academic.strategies", "need.academic.resources", "support.academic")
ANSWER = st.tuples(st.just("answer"), st.sampled_from(ITEMS), st.sampled_from((0, 2, 4, None)))
TERM = st.tuples(st.just("term"), st.sampled_from(("2026-spring", "2026-fall")), st.none())
SEAL = st.tuples(st.just("seal"), st.none(), st.none())
MENTOR = st.tuples(st.just("mentor"), st.sampled_from(("Kim", "Ali")), st.sampled_from(("peer", None)))
NOTE = st.tuples(st.just("note"), st.sampled_from(("surgery", "")), st.integers(0, 2))
RATE = st.tuples(st.just("rate"), st.sampled_from((0, 3)), st.integers(0, 2))
CARD = st.tuples(st.just("card"), st.none(), st.integers(0, 2))
MEET = st.tuples(st.just("meet"), st.sampled_from((30, 60)), st.integers(0, 2))
PRIVATE = st.tuples(st.just("private"), st.sampled_from((["boundary"], None)), st.integers(0, 2))
DEEDS = st.lists(st.one_of(ANSWER, ANSWER, ANSWER, TERM, SEAL, MENTOR, NOTE, RATE, CARD, MEET, PRIVATE), max_size=8)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def do(book: Workbook, deeds: list[tuple[str, Any, Any]]) -> None:
    for deed in deeds:
        with suppress(BadAnswer, NotReady):  # a namesake; nothing to finish
            do_one(book, *deed)


def do_one(book: Workbook, what: str, first: Any, second: Any) -> None:
    about = book.mentors[second].id if isinstance(second, int) and second < len(book.mentors) else None
    match what:
        case "answer":
            book.answer("needs", first, second)
        case "term":
            book.term = first
        case "seal":
            book.seal("needs")
        case "mentor":
            book.add_mentor(first, second)
        case "note" if about:
            book.change_mentor(about, field=first)
        case "rate" if about:
            book.answer("relationship", "practice.prepared.topics", first, mentor=about)
        case "card" if about:
            book.seal("relationship", mentor=about)
        case "meet" if about:
            meetings = book.meetings(about)
            one = meetings[0].id if meetings else book.add_meeting(about, date(2026, 12, 1))
            book.answer("meeting", "meeting.minutes", first, mentor=one)
        case "private" if about:
            book.answer("relationship", "relationship.flags", first, mentor=about)


def known(book: Workbook) -> tuple[AnyRecord, ...]:
    """Everything that a file can know, but for the term worked on, which is each machine's own."""
    return tuple(record for record in shareable(book.content, book.records) if not isinstance(record, Setting))


def saying(records: tuple[AnyRecord, ...]) -> Counter[str]:
    """What was ever said and when, and how often."""
    return Counter(record.model_copy(update={"revision": 1}).model_dump_json() for record in records)


def state(book: Workbook) -> object:
    """What counts now, as far as a file can know it."""
    found = Records(known(book))
    drafts = {key: draft.answers for key, draft in found.drafts.items() if draft.answers}
    return drafts, {key: cards[-1].answers for key, cards in found.cards.items()}, found.mentors


def latest(records: tuple[AnyRecord, ...]) -> dict[str, AnyRecord]:
    return {thread(record): record for record in records}


def privately(book: Workbook) -> object:
    """The private answers, in drafts and in the scorecards that count."""
    private = {item.id for sheet in book.content.worksheets.values() for item in sheet if item.private}
    found = Records(book.records)
    drafts = [(key, item, value) for key, draft in found.drafts.items() for item, value in draft.items()]
    cards = [(key, item, value) for key, kept in found.cards.items() for item, value in kept[-1].answers.items()]
    return [[one for one in each if one[1] in private] for each in (drafts, cards)]


@MANY
@given(st.lists(DEEDS, min_size=1, max_size=6))
@example([[("answer", ITEMS[0], 0), ("answer", ITEMS[0], 2)], [("answer", ITEMS[0], 0)]])  # back within a second
def test_machines_that_take_turns_say_the_same_and_are_never_asked(turns: list):
    with scratch_home() as one, scratch_home() as two:
        here, there = opened(one), opened(two)
        for deeds in turns:
            do(here, deeds)
            before = privately(there)
            merge = bring(there, export_of(here))
            assert merge.differing == () and merge.namesakes == ()
            assert state(there) == state(here) and saying(known(there)) == saying(known(here))
            assert privately(there) == before
            assert not bring(there, export_of(here)).add and not bring(here, export_of(there)).add
            here, there = there, here


SIDES = st.sampled_from(("here", "file", None))
TRIP = st.tuples(DEEDS, DEEDS, st.booleans(), st.lists(SIDES, min_size=1, max_size=5))
TRIPS = st.lists(TRIP, min_size=1, max_size=4)


@MANY
@given(TRIPS)
def test_machines_that_go_apart_lose_nothing_double_nothing_and_can_be_brought_together(trips: list):
    with scratch_home() as one, scratch_home() as two:
        books = opened(one), opened(two)
        for first, second, towards_first, sides in trips:
            do(books[0], first)
            do(books[1], second)
            here, there = books if towards_first else books[::-1]
            expect_a_careful_import(here, export_of(there), sides)
        for here, there in (books, books[::-1]):
            settle(here, export_of(there), "file" if trips[0][2] else "here")
        assert state(books[0]) == state(books[1])
        for here, there in (books, books[::-1]):
            merge = bring(here, export_of(there))
            assert not merge.add and not merge.differing


def expect_a_careful_import(here: Workbook, text: str, sides: list[Choice | None]) -> None:
    file, before = read(here, text), here.records
    secret, told, shown = privately(here), known(here), plan(here, file)
    choices = {one.id: side for one, side in zip(shown.differing, sides * 99, strict=False) if side}
    merge = bring_in(here, file, choices)
    added = here.records[len(before) :]
    assert here.records[: len(before)] == before and added == merge.add
    if not choices:
        assert merge == shown, "a dry run says what happens"
    expect_what_counts(here, merge, shown, choices, latest(told), latest(file))
    assert (saying(known(here)) - (saying(told) | saying(file))).total() <= len(choices), "nothing is there twice"
    assert privately(here) == secret
    again = bring_in(here, file)
    assert not again.add and again.differing == merge.differing and not again.namesakes


def expect_what_counts(
    here: Workbook,
    merge: Merge,
    shown: Merge,
    choices: Mapping[str, Choice],
    was: dict[str, AnyRecord],
    told: dict[str, AnyRecord],
) -> None:
    """Each thing says what it said, or what the file says where that knew of it or was chosen."""
    now, differing = latest(known(here)), {thread(one.here): one for one in shown.differing}
    for name in (was.keys() | told.keys()) - {"setting/term"}:  # which is each machine's own
        one = differing.get(name)
        side = choices.get(one.id) if one else None
        if one and side != "file":
            assert same(now[name], was[name]), "it stays until the file's is chosen"
        elif one or name not in was:
            assert same(now[name], told[name])
        else:
            assert same(now[name], was[name]) or same(now[name], told[name])
    assert {one.id for one in merge.differing} == {one.id for one in shown.differing} - choices.keys()


def same(one: AnyRecord, other: AnyRecord) -> bool:
    facts = {"revision": 1, "at": one.at}
    return one.model_copy(update=facts) == other.model_copy(update=facts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_edited_export_never_harms_what_is_here(data: st.DataObject):
    found = copy.deepcopy(json.loads(exported()))
    for _ in range(data.draw(st.integers(1, 3))):
        edit_somewhere(found, data)
    with scratch_home() as home:
        book = opened(home)
        bring(book, exported())
        text = json.dumps(found).encode("utf-8", "surrogatepass")
        try:
            read_export(text, book.content, [person.id for person in book.people])
        except BadFile:
            return
        sides = data.draw(st.lists(SIDES, min_size=1, max_size=3))
        expect_a_careful_import(book, text.decode("utf-8", "surrogatepass"), sides)
        use_everything(opened(home))


def use_everything(book: Workbook) -> None:
    """Whatever came in, every page can be drawn."""
    for draw in pages(book):
        draw()


def pages(book: Workbook) -> list[Callable[[], object]]:
    return [
        lambda: book.terms,
        lambda: book.scores("needs"),
        lambda: book.ranking(),
        lambda: book.score_rows("needs"),
        lambda: book.score_rows("relationship"),
        lambda: export_of(book),
        *(lambda id=mentor.id: book.scores("relationship", mentor=id) for mentor in book.mentors),
    ]

"""Bringing an export home: what goes on from here is added, nothing is lost, and what went apart is chosen or stays."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from made import exported, fill, opened, scratch

from mentorkit import Workbook
from mentorkit.errors import BadAnswer, BadFile
from mentorkit.merging import Choice, Merge, bring_in, in_words, plan, thread
from mentorkit.records import Records
from mentorkit.reports.along import left_line, lines
from mentorkit.reports.exchange import as_json, read_export, shareable
from mentorkit.store import AnyRecord

STRATEGIES = "need.academic.strategies"


def read(book: Workbook, text: str) -> tuple[AnyRecord, ...]:
    return read_export(text.encode("utf-8", "surrogatepass"), book.content, [person.id for person in book.people])


def bring(book: Workbook, text: str, choices: Mapping[str, Choice] | None = None) -> Merge:
    """Import the text of an export."""
    return bring_in(book, read(book, text), choices)


def settle(book: Workbook, text: str, side: Choice) -> Merge:
    """Import the text of an export, and decide each difference for the same side."""
    return bring(book, text, {one.id: side for one in plan(book, read(book, text)).differing})


def differences(book: Workbook, merge: Merge) -> list[str]:
    return [left_line(book.content, one) for one in in_words(book.content, merge).differing]


def export_of(book: Workbook) -> str:
    return as_json(book.content, book.records)


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


@pytest.fixture
def two(folder: Path) -> tuple[Workbook, Workbook]:
    """The same student on a laptop and on a desktop, which start from the same export."""
    laptop, desktop = opened(folder / "laptop"), opened(folder / "desktop")
    fill(laptop)
    bring(desktop, export_of(laptop))
    return laptop, desktop


def test_an_empty_home_gets_the_same_drafts_scorecards_mentors_and_terms(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    ours, theirs = (Records(shareable(book.content, book.records)) for book in two)
    assert (theirs.drafts, theirs.cards, theirs.mentors) == (ours.drafts, ours.cards, ours.mentors)
    assert (desktop.term, desktop.terms, desktop.mentors) == (laptop.term, laptop.terms, laptop.mentors)
    assert desktop.history("needs").equals(laptop.history("needs"))
    assert export_of(desktop).split('"records"')[1] == export_of(laptop).split('"records"')[1]


def test_importing_twice_adds_nothing(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    count = len(desktop.records)
    for text in (export_of(laptop), export_of(desktop)):
        merge = bring(desktop, text)
        assert not merge.add and not merge.differing and not merge.namesakes
    assert len(desktop.records) == count and not bring(laptop, export_of(laptop)).differing


def test_what_only_the_other_machine_has_is_added(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    laptop.term = "2027-spring"
    laptop.answer("needs", STRATEGIES, 4)
    laptop.seal("needs")
    laptop.add_mentor("Kim")
    merge = bring(desktop, export_of(laptop))
    assert (len(merge.add), merge.differing) == (3, ())
    assert desktop.answers("needs", term="2027-spring") == {STRATEGIES: 4}
    assert desktop.term == "2026-fall", "which term is worked on is this machine's own choice"


def test_drafts_of_two_machines_come_together(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    laptop.answer("needs", "need.clinical.reasoning", 1)
    desktop.answer("needs", "need.clinical.decisions", 2)
    merge = bring(desktop, export_of(laptop))
    assert (
        desktop.draft("needs")["need.clinical.reasoning"] == 1
        and desktop.draft("needs")["need.clinical.decisions"] == 2
    )
    assert len(merge.add) == 1 and not merge.differing


def test_an_answer_that_was_given_and_taken_back_elsewhere_is_not_given_here(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    for value in (1, None):
        laptop.answer("needs", "need.clinical.reasoning", value)
    bring(desktop, export_of(laptop))
    assert "need.clinical.reasoning" not in desktop.draft("needs")


# Going back and forth


def test_what_was_changed_on_the_other_machine_comes_home_with_its_times(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    sam, lind = (mentor.id for mentor in laptop.mentors)
    desktop.answer("needs", STRATEGIES, 4)
    desktop.answer("needs", "area.own", "something else")
    desktop.answer("relationship", "practice.prepared.topics", 1, mentor=lind)
    desktop.seal("relationship", mentor=lind)
    desktop.change_mentor(sam, field="surgery")
    merge = bring(laptop, export_of(desktop))
    assert not merge.differing and len(merge.add) == 5
    assert laptop.draft("needs")[STRATEGIES] == 4 and laptop.mentor(sam).field == "surgery"
    assert laptop.sealed("relationship", mentor=lind)[-1].answers["practice.prepared.topics"] == 1
    assert laptop.draft("needs").saved_at == desktop.draft("needs").saved_at
    assert [record.value for record in laptop.records if thread(record).endswith(f"2026-fall#{STRATEGIES}")] == [1, 4]


def test_a_file_from_before_changes_nothing(two: tuple[Workbook, Workbook]):
    _, desktop = two
    old = export_of(desktop)
    desktop.answer("needs", STRATEGIES, 4)
    desktop.seal("needs")
    merge = bring(desktop, old)
    assert not merge.add and not merge.differing and desktop.draft("needs")[STRATEGIES] == 4


def test_two_files_of_one_machine_may_come_in_the_wrong_order(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    files = []
    for code in (2, 3):
        laptop.answer("needs", STRATEGIES, code)
        files.append(export_of(laptop))
    assert bring(desktop, files[1]).add and not bring(desktop, files[0]).add
    assert desktop.draft("needs")[STRATEGIES] == 3


def test_private_answers_here_survive_a_scorecard_that_was_corrected_elsewhere(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    lind = next(mentor.id for mentor in laptop.mentors if mentor.left)
    desktop.answer("relationship", "practice.prepared.topics", 1, mentor=lind)
    desktop.seal("relationship", mentor=lind)
    bring(laptop, export_of(desktop))
    assert laptop.draft("relationship", mentor=lind)["relationship.flags"] == ["boundary"]
    assert laptop.sealed("relationship", mentor=lind)[-1].answers["relationship.flags"] == ["boundary"]
    assert laptop.is_sealed("relationship", mentor=lind), "it was finished there, and nothing is open here"
    assert not bring(laptop, export_of(desktop)).add and not bring(desktop, export_of(laptop)).add


def test_meetings_and_people_come_once(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    sam = laptop.mentors[0].id
    meeting = desktop.add_meeting(sam, date(2026, 12, 1))
    desktop.add_prospect("Kim")
    for _ in range(3):
        bring(laptop, export_of(desktop))
        laptop.answer("meeting", "meeting.minutes", 30, mentor=meeting)
        bring(desktop, export_of(laptop))
    for book in two:
        assert [(one.id, one.answers["meeting.minutes"]) for one in book.meetings()] == [(meeting, 30)]
        assert [person.name for person in book.people] == ["Sam", "Prof. Lind (lab)", "Kim"]


# Both went on


@pytest.fixture
def apart(two: tuple[Workbook, Workbook]) -> tuple[Workbook, Workbook]:
    """The laptop says 4, the desktop 0."""
    laptop, desktop = two
    laptop.answer("needs", STRATEGIES, 4)
    desktop.answer("needs", STRATEGIES, 0)
    return laptop, desktop


def test_an_answer_that_was_changed_in_both_places_stays_and_is_named_in_words(apart: tuple[Workbook, Workbook]):
    laptop, desktop = apart
    merge = bring(desktop, export_of(laptop))
    assert desktop.draft("needs")[STRATEGIES] == 0 and not merge.add
    question = desktop.worksheet("needs").item(STRATEGIES).text
    assert differences(desktop, merge) == [
        f"Changed in both places: “What do I need from mentoring now?”, Fall 2026: {question}"
        " – here: Not needed this semester; in the file: Cannot move on without it"
    ]


@pytest.mark.parametrize(("side", "code"), [("here", 0), ("file", 4)])
def test_the_one_that_is_chosen_counts_on_both_machines_and_both_stay(
    apart: tuple[Workbook, Workbook], side: Choice, code: int
):
    laptop, desktop = apart
    settle(desktop, export_of(laptop), side)
    assert desktop.draft("needs")[STRATEGIES] == code
    assert not bring(desktop, export_of(laptop)).differing, "it is not asked again"
    assert not bring(laptop, export_of(desktop)).differing
    assert laptop.draft("needs")[STRATEGIES] == code
    assert {0, 4} <= {record.value for record in desktop.records if thread(record).endswith(f"2026-fall#{STRATEGIES}")}
    laptop.answer("needs", STRATEGIES, 2)
    assert not bring(desktop, export_of(laptop)).differing and desktop.draft("needs")[STRATEGIES] == 2


def test_both_may_choose_the_other_s_and_are_asked_once_more(apart: tuple[Workbook, Workbook]):
    laptop, desktop = apart
    from_laptop, from_desktop = map(export_of, apart)
    settle(desktop, from_laptop, "file")
    settle(laptop, from_desktop, "file")
    assert (laptop.draft("needs")[STRATEGIES], desktop.draft("needs")[STRATEGIES]) == (0, 4)
    assert len(settle(desktop, export_of(laptop), "file").add) == 1
    assert not bring(laptop, export_of(desktop)).differing
    assert (laptop.draft("needs")[STRATEGIES], desktop.draft("needs")[STRATEGIES]) == (0, 0)


def test_the_same_answer_on_both_machines_is_no_difference(two: tuple[Workbook, Workbook]):
    for book, order in zip(two, ("ab", "ba"), strict=True):
        ids = {"a": two[0].mentors[0].id, "b": two[0].mentors[0].id}
        book.answer("needs", STRATEGIES, 3)
        book.answer("needs", "top.areas", ["academic", "career"])
        book.answer("needs", "support.academic.from", [ids[one] for one in order])
    merge = bring(two[1], export_of(two[0]))
    assert not merge.add and not merge.differing


@pytest.mark.parametrize("side", ["here", "file"])
def test_scorecards_that_differ_both_stay_and_the_chosen_one_counts(two: tuple[Workbook, Workbook], side: Choice):
    laptop, desktop = two
    lind = next(mentor.id for mentor in laptop.mentors if mentor.left)
    for book, code in ((laptop, 1), (desktop, 3)):
        book.answer("relationship", "practice.prepared.topics", code, mentor=lind)
        book.seal("relationship", mentor=lind)
    before = desktop.sealed("relationship", mentor=lind)
    merge = bring(desktop, export_of(laptop))
    assert desktop.sealed("relationship", mentor=lind) == before
    about = "“How is this relationship going this semester?”, Prof. Lind (lab), Fall 2026"
    assert [line.partition(" – ")[0] for line in differences(desktop, merge)] == [
        f"Changed in both places: {about}: {desktop.worksheet('relationship').item('practice.prepared.topics').text}",
        f"Changed in both places: {about}: The finished worksheet",
    ]
    settle(desktop, export_of(laptop), side)
    cards = Records(desktop.records).cards["relationship", "2026-fall", lind]
    assert {card.answers["practice.prepared.topics"] for card in cards} == {4, 1, 3}
    assert cards[-1].answers["practice.prepared.topics"] == (3 if side == "here" else 1)
    assert desktop.is_sealed("relationship", mentor=lind)
    bring(laptop, export_of(desktop))
    assert laptop.is_sealed("relationship", mentor=lind), "with the private flags that are on the laptop only"


def test_a_private_answer_here_does_not_differ_from_a_file_that_cannot_have_it(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    lind = next(mentor.id for mentor in laptop.mentors if mentor.left)
    merge = bring(laptop, export_of(desktop))
    assert not merge.add and not merge.differing
    assert laptop.draft("relationship", mentor=lind)["relationship.flags"] == ["boundary"]


def test_what_was_noted_about_a_mentor_in_both_places_is_chosen(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    sam = laptop.mentors[0].id
    laptop.change_mentor(sam, field="surgery")
    desktop.change_mentor(sam, left=True)
    assert differences(desktop, bring(desktop, export_of(laptop))) == [
        "Changed in both places: What you noted about Sam – here: Sam, Peer mentoring, no longer a mentor; "
        "in the file: Sam, Peer mentoring, surgery"
    ]
    assert desktop.mentor(sam).field == ""
    settle(desktop, export_of(laptop), "file")
    assert desktop.mentor(sam) == laptop.mentor(sam)


def test_every_kind_of_answer_is_named_in_words(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    sam = laptop.mentors[0].id
    long = "word " * 60
    for book, mark in ((laptop, "one"), (desktop, "two")):
        first = mark == "one"
        book.answer("mentor_types", "chosen.why", long if first else f"{mark}\nline")
        book.answer("needs", "top.areas", ["academic", "career"] if first else ["own"])
        book.answer("needs", "goals", [{"goal": mark, "by": "2027-01-02"}, {"goal": "more"}] if first else [])
        book.answer("needs", "support.academic.from", [sam] if first else None)
    found = [line.partition("– here: ")[2] for line in differences(desktop, bring(desktop, export_of(laptop)))]
    assert found == [
        f"“two line”; in the file: “{long[:160]}…”",
        "The area in my own words; in the file: Academic guidance and Career planning",
        "no answer; in the file: “one”, January 2, 2027; “more”",
        "no answer; in the file: Sam",
    ]


def test_what_would_be_added_is_said_per_worksheet_and_term(two: tuple[Workbook, Workbook]):
    laptop, desktop = two
    laptop.answer("needs", STRATEGIES, 3)
    laptop.answer("needs", "need.clinical.reasoning", 3)
    laptop.answer("needs", "need.clinical.decisions", 3)
    laptop.seal("needs")
    laptop.term = "2027-spring"
    laptop.answer("needs", STRATEGIES, 3)
    laptop.change_mentor(laptop.mentors[0].id, field="surgery")
    laptop.add_mentor("Kim")
    news = in_words(desktop.content, plan(desktop, read(desktop, export_of(laptop))))
    assert list(lines(desktop.content, news)) == [
        "“What do I need from mentoring now?”, Fall 2026: 3 answers, 1 of them newer than what is here, finished",
        "“What do I need from mentoring now?”, Spring 2027: 1 answer",
        "What you noted about Sam",
        "New people: Kim",
    ]


def test_another_student_s_mentors_come_in_as_other_people_and_namesakes_are_named(
    two: tuple[Workbook, Workbook], folder: Path
):
    _, desktop = two
    other = opened(folder / "other")
    kim = other.add_mentor("Sam", "faculty")
    other.add_mentor("Somebody else")
    other.answer("relationship", "relationship.form", "short", mentor=kim)
    before = desktop.mentors
    merge = bring(desktop, export_of(other))
    assert desktop.mentors[: len(before)] == before and desktop.mentor(kim).type == "faculty"
    assert merge.namesakes == ("Sam",) and merge.new_people == ("Sam", "Somebody else")
    assert bring(desktop, export_of(other)).namesakes == (), "it was said"
    desktop.change_mentor(kim, left=True)  # as the sentence about namesakes advises
    assert [mentor.left for mentor in desktop.mentors if mentor.name == "Sam"] == [False, True]
    with pytest.raises(BadAnswer):
        desktop.change_mentor(kim, name="Somebody else")


def test_a_file_that_does_not_fit_leaves_everything_as_it_was(two: tuple[Workbook, Workbook]):
    _, desktop = two
    before = desktop.records
    broken = json.loads(exported())
    broken["records"][-1]["revision"] = 99
    with pytest.raises(BadFile):
        bring(desktop, json.dumps(broken))
    desktop.refresh()
    assert desktop.records == before

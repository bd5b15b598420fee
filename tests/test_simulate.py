"""Made-up students: the same ones for the same seed, believable, in the past, and never among real records."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from made import opened, scratch, scratch_home

from mentorkit import Workbook, agenda, load_content, open_workbook
from mentorkit.change import Comparison
from mentorkit.errors import BadAnswer, BadFile
from mentorkit.reports.exchange import as_json, read_export
from mentorkit.simulate import simulate_student, simulate_students
from mentorkit.store import Answered, AnyRecord, Sealed

TODAY = date(2026, 11, 22)
CALENDAR = load_content().calendar


def made_up(seed: int = 7, terms: int = 4, today: date = TODAY, last: str | None = None) -> tuple[AnyRecord, ...]:
    with scratch_home() as home:
        book = simulate_student(home, terms=terms, seed=seed, last=last, today=today)
        book.close()
        return book.records


@pytest.fixture(scope="module")
def demo():
    with scratch_home() as home:
        simulate_student(home, today=TODAY).close()
        yield opened(home)


def comparisons(book: Workbook) -> list[Comparison]:
    every = [book.compare("relationship", mentor=mentor.id) for mentor in book.mentors]
    return [found for found in every if isinstance(found, Comparison)]


def test_the_same_seed_makes_the_same_student_and_another_seed_another():
    assert made_up(1) == made_up(1) != made_up(2)


def test_the_demo_shows_a_rise_a_fall_and_a_change_too_small_to_detect(demo: Workbook):
    found = comparisons(demo)
    assert sorted(one.verdict or "" for one in found) == ["clear", "clear", "none detectable"]
    assert {one.difference > 0 for one in found if one.difference and one.verdict == "clear"} == {True, False}


def test_mentors_come_one_after_another(demo: Workbook):
    begun = [demo.sealed("relationship", mentor=mentor.id)[0].term for mentor in demo.mentors]
    assert begun == demo.terms[:3] and len(demo.terms) == 4


def test_the_forms_are_short_and_full_and_some_answers_do_not_count(demo: Workbook):
    cards = [card for mentor in demo.mentors for card in demo.sealed("relationship", mentor=mentor.id)]
    assert {card.answers["relationship.form"] for card in cards} == {"short", "full"}
    assert any(value == "na" for card in cards for value in card.answers.values())


def test_the_demo_has_something_on_every_page(demo: Workbook):
    assert demo.is_sealed("needs") and demo.is_sealed("mentor_types")
    assert demo.ranking().first and max(one.value or 0 for one in demo.scores("needs").unmet.values()) >= 25
    assert demo.answers("needs")["goals"] and len(demo.answers("needs")["top.areas"]) == 3
    assert [person.name for person in demo.prospects] == ["Dr. Osei (cardiology)", "Maya (M4)"]
    assert all(demo.answers("network", mentor=mentor.id)["network.areas"] for mentor in demo.mentors)
    assert all(demo.answers("agreement", mentor=mentor.id) for mentor in demo.mentors)
    assert {meeting.state for meeting in demo.meetings()} == {"planned", "held"}
    assert {"step", "meeting", "follow_up"} <= {one.kind for one in agenda.due(demo)}


@pytest.mark.parametrize("seed", range(5))
def test_made_up_answers_fit_the_worksheets(seed: int):
    with scratch_home() as home:
        book = simulate_student(home, seed=seed, today=TODAY)
        read_export(as_json(book.content, book.records).encode(), book.content)
        assert all(card.answers == book.answers("needs", term=card.term) for card in book.sealed("needs"))
        assert not any(
            item.private and item.id in card.answers
            for card in book.sealed("needs")
            for item in book.worksheet("needs")
        )


@pytest.mark.parametrize(
    "today", [TODAY, date(2026, 7, 1), date(2027, 1, 1), date(2027, 1, 3), date(2028, 2, 29)], ids=str
)
def test_every_term_is_answered_within_it_and_not_in_the_future(today: date):
    found = made_up(today=today)
    for record in found:
        if isinstance(record, Answered | Sealed) and record.term is not None:
            assert CALENDAR.at(record.at.date()) == record.term
    assert all(one.at < two.at for one, two in pairwise(found))
    assert found[-1].at.date() <= today


@pytest.mark.parametrize("terms", [1, 2, 16])
def test_as_many_terms_as_wished(terms: int):
    assert len({record.term for record in made_up(terms=terms) if isinstance(record, Sealed)}) == terms


def test_a_last_term_of_one_s_own_is_the_one_worked_on():
    with scratch_home() as home:
        simulate_student(home, last="2025-spring", today=TODAY).close()
        assert opened(home).term == "2025-spring" == opened(home).terms[-1]


def test_a_made_up_student_never_mixes_with_a_real_one():
    with scratch() as folder:
        book = open_workbook(folder / "home")
        book.answer("needs", "need.academic.strategies", 3)
        with pytest.raises(BadAnswer, match="has answers"):
            simulate_student(folder / "home")
        with pytest.raises(BadFile, match="something in it"):
            simulate_students(folder / "home", students=3, terms=1, seed=1)
        assert len(book.records) == 1


def test_several_students_are_different_and_each_is_told_of():
    with scratch() as folder:
        homes = list(simulate_students(folder / "made-up", students=3, terms=1, seed=1))
        assert homes == [Path(folder / "made-up" / f"student-000{number}") for number in (1, 2, 3)]
        assert len({str(opened(home).answers("needs")) for home in homes}) == 3

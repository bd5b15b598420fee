from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mentorkit.errors import Unknown
from mentorkit.term import Calendar

# fmt: off
YEAR = Calendar.model_validate({
    "season": [
        {"id": "spring", "name": "Spring {year}", "starts": "01-15"},
        {"id": "summer", "name": "Summer {year}", "starts": "06-01"},
        {"id": "fall", "name": "Fall {year}", "starts": "08-20", "also": ["Autumn {year}/{next2}", "WS {year}/{next}"]},
    ]
})
TWO = Calendar.model_validate({
    "season": [
        {"id": "sose", "name": "Sommersemester {year}", "starts": "04-01"},
        {"id": "wise", "name": "Wintersemester {year}/{next2}", "starts": "10-01"},
    ]
})
# fmt: on
NAMED_BY_ITS_END = Calendar.model_validate({"season": [{"id": "year", "name": "Class of {next}", "starts": "09-01"}]})

calendars = st.sampled_from([YEAR, TWO, NAMED_BY_ITS_END])
days = st.dates(date(1902, 1, 1), date(2900, 12, 31))


def test_terms_sort_by_time_and_not_by_text():
    terms = {"2026-fall", "2026-spring", "2025-fall", "2026-summer"}
    assert YEAR.sort(terms) == ["2025-fall", "2026-spring", "2026-summer", "2026-fall"]
    assert YEAR.sort(terms) != sorted(terms)


@given(calendars, days, st.integers(0, 2000))
def test_a_later_day_never_lies_in_an_earlier_term(calendar, day, later):
    first, second = calendar.at(day), calendar.at(day + timedelta(days=later))
    assert calendar.key(first) <= calendar.key(second)
    assert calendar.sort({second, first})[0] == first


@given(calendars, days)
def test_the_next_term_comes_next(calendar, day):
    term = calendar.at(day)
    following = calendar.after(term)
    assert calendar.key(term) < calendar.key(following)
    later = day
    while calendar.at(later) == term:
        later += timedelta(days=1)
    assert calendar.at(later) == following


def test_a_term_that_is_left_out_is_a_step_and_a_season_that_is_never_used_is_none():
    assert YEAR.steps(("2024-fall", "2025-spring", "2025-fall")) == (0, 1, 2)  # nothing in summer
    assert YEAR.steps(("2024-fall", "2025-fall", "2026-spring")) == (0, 2, 3)
    assert YEAR.steps(("2025-spring", "2025-summer", "2025-fall", "2026-fall")) == (0, 1, 2, 5)
    assert YEAR.steps(()) == ()


@given(calendars, days)
def test_a_term_is_found_again_by_its_name_and_by_its_id(calendar, day):
    term = calendar.at(day)
    assert calendar.parse(term) == term
    assert calendar.parse(calendar.name(term)) == term


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 1, 1), "2025-fall"),  # before the year's first term: still the last one of the year before
        (date(2026, 1, 14), "2025-fall"),
        (date(2026, 1, 15), "2026-spring"),
        (date(2026, 8, 19), "2026-summer"),
        (date(2026, 8, 20), "2026-fall"),
        (date(2026, 12, 31), "2026-fall"),
    ],
)
def test_a_term_runs_from_its_first_day_to_the_day_before_the_next(day, term):
    assert YEAR.at(day) == term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2026-fall", "2026-fall"),
        ("Fall 2026", "2026-fall"),
        ("  fall   2026 ", "2026-fall"),
        ("AUTUMN 2026/27", "2026-fall"),
        ("ws 2026/2027", "2026-fall"),
        ("2026-SPRING", "2026-spring"),
    ],
)
def test_a_term_may_be_typed_as_people_write_it(text, term):
    assert YEAR.parse(text) == term


def test_the_last_two_digits_turn_with_the_century():
    assert TWO.name("2099-wise") == "Wintersemester 2099/00"
    assert TWO.parse("wintersemester 2099/00") == "2099-wise"


@pytest.mark.parametrize(
    "text", ["", "fall", "2026", "2026-winter", "Fall 26", "Autumn 2026/28", "0026-fall", "٢٠٢٦-fall"]
)
def test_what_is_not_a_term_is_refused_with_an_example(text):
    with pytest.raises(Unknown, match="write one such as 2026-spring, 2026-summer, 2026-fall"):
        YEAR.parse(text)
    with pytest.raises(Unknown):
        YEAR.key(text)


def test_a_name_is_not_yet_a_term():
    with pytest.raises(Unknown, match="Fall 2026"):
        YEAR.name("Fall 2026")


def test_seasons_stand_in_the_order_in_which_they_start():
    fall, spring = {"id": "fall", "name": "Fall", "starts": "08-20"}, {"id": "spring", "name": "S", "starts": "01-15"}
    with pytest.raises(ValidationError, match="in the order in which they start"):
        Calendar.model_validate({"season": [fall, spring]})
    with pytest.raises(ValidationError, match="in the order in which they start"):
        Calendar.model_validate({"season": [spring, {**fall, "starts": "01-15"}]})


def test_two_seasons_cannot_share_an_id():
    fall = {"id": "fall", "name": "Fall {year}", "starts": "08-20"}
    with pytest.raises(ValidationError, match="same id"):
        Calendar.model_validate({"season": [fall, {**fall, "starts": "09-01"}]})


@pytest.mark.parametrize("starts", ["13-01", "1-1", "00-10", "01-32", "01-00"])
def test_a_season_starts_on_a_day_of_the_year(starts):
    with pytest.raises(ValidationError, match="starts"):
        Calendar.model_validate({"season": [{"id": "fall", "name": "Fall", "starts": starts}]})

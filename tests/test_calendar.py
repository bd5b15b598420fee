"""The calendar file, read back by another library as a calendar would."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from made import MARKED, scratch_home

from mentorkit import Workbook, cli, open_workbook
from mentorkit.errors import BadAnswer
from mentorkit.reports.calendar import calendar_file

TODAY = date(2026, 11, 22)
LATER = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def new_york() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return open_workbook(tmp_path / "home", today=lambda: TODAY)


def read(file: bytes) -> dict[str, vobject.base.Component]:
    """The events by UID."""
    return {event.uid.value: event for event in vobject.readOne(file.decode()).vevent_list}


class Elsewhere(dict[str, vobject.base.Component]):
    """Somebody's calendar: an event of a known UID takes the place of the one with a lower or equal sequence."""

    def take_in(self, file: bytes) -> None:
        for uid, event in read(file).items():
            if uid not in self or int(event.sequence.value) >= int(self[uid].sequence.value):
                self[uid] = event

    @property
    def shown(self) -> list[str]:
        events = sorted(self.values(), key=lambda event: str(event.dtstart.value))
        return [event.summary.value for event in events if event.status.value == "CONFIRMED"]


def test_a_meeting_with_a_time_is_an_instant_and_half_an_hour_unless_said(book: Workbook, new_york: None):
    meeting = book.add_meeting(book.add_mentor("Dr. K"), date(2026, 12, 1))
    book.answer("meeting", "meeting.time", "14:30", mentor=meeting)
    (event,) = [one for one in read(calendar_file(book)).values() if one.summary.value == "Meet Dr. K"]
    assert event.dtstart.value == datetime(2026, 12, 1, 19, 30, tzinfo=UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=30)
    book.answer("meeting", "meeting.minutes", 60, mentor=meeting)
    (event,) = [one for one in read(calendar_file(book)).values() if one.summary.value == "Meet Dr. K"]
    assert event.dtend.value - event.dtstart.value == timedelta(hours=1)


@pytest.mark.parametrize(("day", "hour"), [("2026-10-30", 18), ("2026-11-02", 19), ("2027-03-15", 18)])
def test_the_clock_changes_with_summer_time(book: Workbook, new_york: None, day: str, hour: int):
    meeting = book.add_meeting(book.add_mentor("Dr. K"), date.fromisoformat(day))
    book.answer("meeting", "meeting.time", "14:00", mentor=meeting)
    (event,) = [one for one in read(calendar_file(book)).values() if one.summary.value == "Meet Dr. K"]
    assert event.dtstart.value.astimezone(UTC).hour == hour


def test_what_has_no_time_lies_on_its_day_in_every_time_zone(book: Workbook, new_york: None):
    person = book.add_prospect("Prof. Lind")
    book.answer("approach", "approach.next", "2026-12-05", mentor=person)
    (event,) = read(calendar_file(book)).values()
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 12, 5), date(2026, 12, 6))
    assert event.transp.value == "TRANSPARENT"


def test_it_holds_meetings_follow_ups_reviews_first_checks_and_the_end_of_the_term(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    book.add_meeting(mentor, date(2026, 12, 1))
    book.answer("agreement", "agreement.review", "2026-12-20", mentor=mentor)
    person = book.add_prospect("Prof. Lind")
    book.answer("approach", "approach.next", "2026-12-05", mentor=person)
    calendar = Elsewhere()
    calendar.take_in(calendar_file(book))
    assert sorted(calendar.shown) == [
        "First check: how is it going with Dr. K?",
        "Follow up with Prof. Lind",
        "Look at what you agreed with Dr. K",
        "Look at your mentoring this semester (Fall 2026)",
        "Meet Dr. K",
    ]


def test_reading_it_again_updates_and_does_not_double(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    meeting = book.add_meeting(mentor, date(2026, 12, 1))
    calendar = Elsewhere()
    calendar.take_in(calendar_file(book))
    known = set(calendar)
    book.answer("meeting", "meeting.day", "2026-12-03", mentor=meeting)
    calendar.take_in(calendar_file(book, LATER))
    assert set(calendar) == known
    assert date(2026, 12, 3) in [event.dtstart.value for event in calendar.values()]
    assert date(2026, 12, 1) not in [event.dtstart.value for event in calendar.values()]


def test_what_is_planned_no_more_is_taken_away_by_reading_it_again(book: Workbook):
    mentor, person = book.add_mentor("Dr. K"), book.add_prospect("Prof. Lind")
    meeting = book.add_meeting(mentor, date(2026, 12, 1))
    book.answer("approach", "approach.next", "2026-12-05", mentor=person)
    calendar = Elsewhere()
    calendar.take_in(calendar_file(book))
    assert {"Meet Dr. K", "Follow up with Prof. Lind"} <= set(calendar.shown)
    book.answer("meeting", "meeting.state", "cancelled", mentor=meeting)
    book.answer("approach", "approach.next", None, mentor=person)
    calendar.take_in(calendar_file(book, LATER))
    assert not {"Meet Dr. K", "Follow up with Prof. Lind"} & set(calendar.shown)


def test_an_older_file_read_late_does_not_bring_back_an_old_day(book: Workbook):
    meeting = book.add_meeting(book.add_mentor("Dr. K"), date(2026, 12, 1))
    old = calendar_file(book)
    book.answer("meeting", "meeting.day", "2026-12-03", mentor=meeting)
    calendar = Elsewhere()
    calendar.take_in(calendar_file(book, LATER))
    calendar.take_in(old)
    assert date(2026, 12, 1) not in [event.dtstart.value for event in calendar.values()]


def test_two_students_who_share_a_calendar_do_not_overwrite_each_other(tmp_path: Path):
    books = [open_workbook(tmp_path / name, today=lambda: TODAY) for name in ("one", "two")]
    calendar = Elsewhere()
    for book in books:
        book.add_mentor("Dr. K")
        calendar.take_in(calendar_file(book))
    assert len(calendar) == 4


def test_nothing_that_was_written_for_oneself_is_in_it(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    meeting = book.add_meeting(mentor, date(2026, 12, 1))
    for item in ("bring", "decision", "know", "notes"):
        book.answer("meeting", f"meeting.{item}", f"{MARKED}-{item}", mentor=meeting)
    book.answer("agreement", "agreement.goals", MARKED, mentor=mentor)
    book.answer("network", "network.background", MARKED, mentor=mentor)
    file = calendar_file(book).decode().replace("\r\n ", "")
    assert MARKED not in file
    assert "CLASS:PRIVATE" in file


@given(st.text(min_size=1, max_size=80).filter(str.strip), st.text(max_size=200))
def test_any_name_and_place_comes_back_as_it_was_typed(name: str, place: str):
    with scratch_home() as home:
        book = open_workbook(home, today=lambda: TODAY)
        try:
            mentor = book.add_mentor(name)
            meeting = book.add_meeting(mentor, date(2026, 12, 1))
            book.answer("meeting", "meeting.where", place, mentor=meeting)
        except BadAnswer:  # not a name, not a place
            return
        file = calendar_file(book)
        book.close()
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert f"Meet {name.strip()}" in [event.summary.value for event in read(file).values()]


def test_the_command_writes_the_same_file(book: Workbook, tmp_path: Path):
    book.add_meeting(book.add_mentor("Dr. K"), date(2026, 12, 1))
    target = tmp_path / "dates.ics"
    assert cli.run(["export", str(target), "--home", str(book.home.path)]) == 0
    assert "Meet Dr. K" in [event.summary.value for event in read(target.read_bytes()).values()]
    assert target.read_bytes().count(b"\r\n") == target.read_bytes().count(b"\n")

"""A calendar file (RFC 5545) of what lies ahead: reading it again updates, and does not double."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from mentorkit.agenda import Event, events
from mentorkit.store import now
from mentorkit.workbook import Workbook

if TYPE_CHECKING:
    import icalendar

MEDIA = "text/calendar; charset=utf-8"
NAME = "mentorkit.ics"
SEND_AHEAD = timedelta(days=2)  # before a meeting, what the student brings is sent


def calendar_file(book: Workbook, made_at: datetime | None = None) -> bytes:
    """The file. A meeting with a time is an instant in UTC, all else a whole day; private words are in none of them."""
    import icalendar

    words = book.content.words
    found = icalendar.Calendar()
    found.add("prodid", "-//Mentorkit//Workbook//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", words["calendar_name"])
    for event in events(book):
        found.add_component(_entry(book, event, made_at or now()))
    return bytes(found.to_ical())


def _entry(book: Workbook, event: Event, made_at: datetime) -> "icalendar.Event":
    import icalendar

    words = book.content.words
    entry = icalendar.Event()
    summary = words[f"calendar_{event.kind}"].format(name=event.who, term=book.content.calendar.name(book.term))
    entry.add("uid", f"{event.id.replace('/', '-')}@mentorkit")
    entry.add("dtstamp", made_at.astimezone(UTC))
    entry.add("last-modified", made_at.astimezone(UTC))
    entry.add("sequence", event.revision)
    entry.add("summary", summary)
    entry.add("class", "PRIVATE")
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    begin, end = _span(event)
    entry.add("dtstart", begin)
    entry.add("dtend", end)
    entry.add("transp", "OPAQUE" if event.clock else "TRANSPARENT")
    if event.where:
        entry.add("location", event.where)
    if event.kind == "meeting" and not event.cancelled:
        entry.add_component(_reminder(words["calendar_send_ahead"].format(name=event.who)))
    return entry


def _span(event: Event) -> tuple[datetime, datetime] | tuple[date, date]:
    """First and last instant in UTC, or the day and the day after."""
    if not event.clock:
        return event.day, event.day + timedelta(days=1)
    here = datetime.combine(event.day, time.fromisoformat(event.clock))
    begin = here.astimezone(UTC)
    return begin, begin + timedelta(minutes=event.minutes)


def _reminder(said: str) -> "icalendar.Alarm":
    import icalendar

    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", said)
    alarm.add("trigger", -SEND_AHEAD)
    return alarm

"""What is due and when: meetings, follow-ups, steps, goals, a first check, the end of the term. It holds no words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mentorkit.scorecard import Mentor
from mentorkit.store import Answered
from mentorkit.workbook import Workbook
from mentorkit.worksheet import Group

FIRST_CHECK = timedelta(days=30)  # after somebody became a mentor (a judgment; no trial compared rhythms)
REASSESS = timedelta(days=14)  # before the term ends
SOON = timedelta(days=7)

Kind = Literal["meeting", "held", "follow_up", "step", "review", "first_check", "reassess", "goal", "plan"]
"""`held` is a meeting whose day has passed and of which nothing is said yet."""

PAGE: dict[Kind, str] = {
    "meeting": "working-together",
    "held": "working-together",
    "follow_up": "reaching-out",
    "step": "working-together",
    "review": "working-together",
    "first_check": "reassess",
    "reassess": "reassess",
    "goal": "goals",
    "plan": "reaching-out",
}


@dataclass(frozen=True)
class Due:
    """One thing with its day."""

    kind: Kind
    day: date
    who: str = ""  # the name of the mentor it is about, if any
    what: str = ""  # in the student's own words, if there are any
    clock: str = ""  # the time of a meeting, HH:MM

    @property
    def page(self) -> str:
        """The page of the app where it is done."""
        return PAGE[self.kind]

    def is_late(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.day < today


@dataclass(frozen=True)
class Event:
    """One entry of the calendar. The same thing keeps its `id`; `revision` grows when it is changed."""

    id: str
    kind: Kind
    day: date
    who: str = ""
    where: str = ""
    clock: str = ""  # HH:MM in the time zone of this computer; empty for the whole day
    minutes: int = 30
    revision: int = 0
    cancelled: bool = False


def due(book: Workbook, within: timedelta = SOON) -> tuple[Due, ...]:
    """What is overdue, due today, or due within some days, earliest first."""
    every = (*_meetings(book), *_follow_ups(book), *_steps(book), *_reviews(book), *_goals(book), *_plans(book))
    found = [one for one in (*every, *_first_checks(book), *_end_of_term(book)) if one.day <= book.today + within]
    return tuple(sorted(found, key=lambda one: (one.day, one.clock, one.kind, one.who)))


def first_check(book: Workbook, mentor: Mentor) -> date:
    """The day of a first look at a new relationship."""
    return book.mentor_since(mentor.id).astimezone().date() + FIRST_CHECK


def reassessment(book: Workbook, term: str) -> date:
    """The day in a term from which its relationships are due to be looked at."""
    calendar = book.content.calendar
    return calendar.starts(calendar.after(term)) - REASSESS


def to_reassess(book: Workbook) -> tuple[Mentor, ...]:
    """The mentors of whom nothing is finished in this term."""
    return tuple(m for m in book.present_mentors if not book.is_sealed("relationship", mentor=m.id))


def _meetings(book: Workbook) -> Iterator[Due]:
    for meeting in book.meetings():
        if meeting.day and meeting.state == "planned":
            day, who = date.fromisoformat(meeting.day), book.mentor(meeting.mentor).name
            clock = str(meeting.answers.get("meeting.time", ""))
            yield Due("held" if day < book.today else "meeting", day, who, clock=clock)


def _follow_ups(book: Workbook) -> Iterator[Due]:
    for person in book.prospects:
        approach = book.answers("approach", mentor=person.id)
        stage = book.content.stages.get(str(approach.get("approach.state")))
        if "approach.next" in approach and not (stage and stage.over) and not person.left:
            yield Due("follow_up", date.fromisoformat(approach["approach.next"]), person.name)


def _steps(book: Workbook) -> Iterator[Due]:
    sheet = book.content.worksheet("actions").item("actions.list")
    assert isinstance(sheet, Group)
    for mentor in _unflagged(book):
        for step in book.answers("actions", mentor=mentor.id).get("actions.list", ()):
            if "by" in step and step.get("owner") != "mentor" and not sheet.is_settled(step):
                yield Due("step", date.fromisoformat(step["by"]), mentor.name, step.get("what", ""))


def _reviews(book: Workbook) -> Iterator[Due]:
    for mentor in _unflagged(book):
        if review := book.answers("agreement", mentor=mentor.id).get("agreement.review"):
            yield Due("review", date.fromisoformat(review), mentor.name)


def _goals(book: Workbook) -> Iterator[Due]:
    for goal in book.goals:
        if "by" in goal:
            yield Due("goal", date.fromisoformat(goal["by"]), what=str(goal.get("goal", "")))


def _plans(book: Workbook) -> Iterator[Due]:
    for way in book.answers("finding").get("finding.plan", ()):
        if "by" in way:
            name = book.content.ways[way["way"]].name if way.get("way") in book.content.ways else ""
            yield Due("plan", date.fromisoformat(way["by"]), what=str(way.get("first") or name))


def _unflagged(book: Workbook) -> Iterator[Mentor]:
    """The mentors about whom the student marked nothing in private: nobody is sent back to the others."""
    for mentor in book.present_mentors:
        cards = book.sealed("relationship", mentor=mentor.id)
        last = book.answers("relationship", mentor=mentor.id) or (cards[-1].answers if cards else {})
        if not last.get("relationship.flags"):
            yield mentor


def _first_checks(book: Workbook) -> Iterator[Due]:
    for mentor in _unflagged(book):
        if not book.sealed("relationship", mentor=mentor.id):
            yield Due("first_check", first_check(book, mentor), mentor.name)


def _end_of_term(book: Workbook) -> Iterator[Due]:
    flagged = {mentor.id for mentor in book.present_mentors} - {mentor.id for mentor in _unflagged(book)}
    for mentor in to_reassess(book):
        if mentor.id not in flagged and book.sealed("relationship", mentor=mentor.id):  # else its first check is due
            yield Due("reassess", reassessment(book, book.term), mentor.name)


# The calendar


def events(book: Workbook) -> tuple[Event, ...]:
    """What belongs into a calendar: meetings, follow-ups, reviews, first checks and the end of this term.

    What was planned once and is no longer is there as cancelled, so that reading the file again takes it away.
    """
    found = [*_dated(book), *(_first_look(book, mentor) for mentor in _unflagged(book))]
    if book.present_mentors:
        about = f"{book.people[0].id}/{book.term}"  # a random id: two students may share a calendar
        found.append(Event(f"{about}/reassess", "reassess", reassessment(book, book.term)))
    return tuple(sorted(found, key=lambda event: (event.day, event.id)))


def _first_look(book: Workbook, mentor: Mentor) -> Event:
    return Event(f"{mentor.id}/first-check", "first_check", first_check(book, mentor), mentor.name)


def _dated(book: Workbook) -> Iterator[Event]:
    """Each day that was ever given: as it is now, or as cancelled."""
    kinds: dict[str, Kind] = {"meeting.day": "meeting", "approach.next": "follow_up", "agreement.review": "review"}
    last: dict[tuple[str, str], str] = {}
    for record in book.records:
        if isinstance(record, Answered) and record.item in kinds and record.subject and record.value:
            last[record.item, record.subject] = str(record.value)
    for (item, about), day in last.items():
        yield _event(book, kinds[item], item, about, date.fromisoformat(day))


def _event(book: Workbook, kind: Kind, item: str, about: str, day: date) -> Event:
    person = book.mentor(about.partition("/")[0])
    draft = book.draft(item.partition(".")[0], mentor=about)
    over = {
        "meeting": draft.get("meeting.state") == "cancelled",
        "follow_up": draft.get("approach.state") in {stage.id for stage in book.content.stages.values() if stage.over},
        "review": person.left,
    }[kind]
    return Event(
        id=f"{about}/{kind}",
        kind=kind,
        day=day,
        who=person.name,
        where=str(draft.get("meeting.where", "")),
        clock=str(draft.get("meeting.time", "")),
        minutes=int(draft.get("meeting.minutes", 30)),
        revision=draft.revision,
        cancelled=over or item not in draft,
    )

"""Made-up students over several terms, seeded: for demonstrations, tests and load. Nobody real is in them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from mentorkit.content import Content
from mentorkit.errors import BadAnswer, BadFile
from mentorkit.scoring import needs_scores
from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed, Setting, find_home
from mentorkit.workbook import Workbook, open_workbook
from mentorkit.worksheet import NOT_COUNTED, Choice, Choices, Day, Group, Item, Rating, Text, Value, Worksheet

GOALS = (
    ("Feel ready for my surgery shelf exam", "A practice score above 70", "Ask Sam which question bank was worth it"),
    ("See two specialties up close", "Two half days, with notes on each", "Write to Dr. K about a half day in clinic"),
    ("Have one research project of my own", "A one-page plan that Prof. Lind agrees with", "Send three topics"),
)
RANKS = {"faculty": ("faculty", "monthly"), "peer": ("ahead", "weekly"), "research": ("faculty", "termly")}
AGREED: dict[str, Value] = {
    "agreement.kind": "senior",
    "agreement.goals": "Present a patient in five minutes.\nChoose an elective by March.",
    "agreement.often": "monthly",
    "agreement.channel": ["email", "person"],
    "agreement.reply": "week",
    "agreement.limits": "No messages after 9 p.m. Nothing about grades.",
    "agreement.confidential": "all",
}
BROUGHT: dict[str, Value] = {
    "meeting.time": "16:30",
    "meeting.minutes": 30,
    "meeting.where": "Office, fourth floor",
    "meeting.bring": "How to cut my presentations short.\nWhether a research year makes sense.",
    "meeting.decision": "Which elective to take first",
}
STEPS: tuple[dict[str, Value], ...] = (
    {"what": "Read the two review papers", "owner": "me", "state": "done", "came": "One of them answered my question."},
    {"what": "Send a one-page plan", "owner": "me"},
    {"what": "Introduce me to the fellow", "owner": "mentor"},
)
APPROACHED: tuple[dict[str, Value], ...] = (
    {
        "name": "Dr. Osei (cardiology)",
        "approach.situation": "inperson",
        "approach.know": "the way you explained the echo to the family",
        "approach.want": "get better at reading an ECG",
        "approach.ask": "talk",
        "approach.state": "contacted",
    },
    {"name": "Maya (M4)", "approach.situation": "organic", "approach.ask": "again", "approach.state": "to_approach"},
)
HABIT, DAY = 0.5, 0.35  # how far an item or its group stands from the level always, and on one day, in steps of 0–4


@dataclass(frozen=True)
class Bond:
    """One made-up relationship: with whom, from which term on, on which form, and how it goes (0–4)."""

    name: str
    type: str
    begins: int
    form: str
    start: float
    gain: float  # a term
    turns: float = 0  # what the last term adds


BONDS = (
    Bond("Dr. K (ward)", "faculty", 0, "full", 1.7, 0.2, 1.0),  # the student learns to use the meetings
    Bond("Sam, two years ahead", "peer", 1, "short", 3.0, 0.0),  # good, and stays so
    Bond("Prof. Lind (lab)", "research", 2, "full", 2.9, -0.1, -1.1),  # fades when the project does
)


def simulate_students(folder: Path, *, students: int, terms: int, seed: int) -> Iterator[Path]:
    """Fill an empty folder with made-up students, one home each, and tell each when it is ready.

    Raises `BadFile` when something is in the folder, and `NotSaved` when it cannot be written to.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise BadFile(f"{folder} has something in it. Choose an empty folder for made-up students.")
    except OSError as error:
        raise BadFile(f"{folder} cannot be used ({error.strerror}). Choose an empty or new folder.") from error
    homes = [folder / f"student-{number:04d}" for number in range(1, students + 1)] if students > 1 else [folder]
    find_home(homes[0])  # so that what is wrong with the folder is said before anything begins
    return (_filled(home, terms, seed + number) for number, home in enumerate(homes))


def _filled(home: Path, terms: int, seed: int) -> Path:
    simulate_student(home, terms=terms, seed=seed).close()
    return home


def simulate_student(
    home: Path, *, terms: int = 4, seed: int = 7, last: str | None = None, today: date | None = None
) -> Workbook:
    """Fill an empty home with one made-up student over several terms, the last of them `last` (by default today's).

    Raises `BadAnswer` when the home has records already: a made-up student never mixes with a real one.
    """
    day = today or date.today()
    book = open_workbook(home, today=lambda: day)
    if book.records:
        raise BadAnswer(f"{home} has answers in it. Choose an empty folder for made-up ones.")
    student = _Student(book.content, seed, day)
    book.add(student.over(last or book.term, terms))
    return book


class _Student:
    def __init__(self, content: Content, seed: int, today: date) -> None:
        self._content = content
        self._rng = random.Random(seed)
        self._aside = random.Random(-seed - 1)  # for what is not scored, so that scores stay when it is changed
        self._today = today
        self._bonds = {f"m-{self._rng.getrandbits(40):010x}": self._varied(bond) for bond in BONDS}
        self._met: list[str] = []
        self._habits: dict[tuple[str | None, str], float] = {}
        self._records: list[AnyRecord] = []
        self._revisions: dict[str, int] = {}
        self._clock = datetime.min.replace(tzinfo=UTC)

    def over(self, last: str, count: int) -> list[AnyRecord]:
        """The records of `count` terms up to `last`, in order."""
        terms = terms_up_to(self._content, last, count)
        for place, term in enumerate(terms):
            self._live(term, place, turning=place == len(terms) - 1)
        during = self._content.calendar.at(self._today)
        self._day = self._today if last == during else self._clock.date()
        self._reach_out(last)
        if last != during:
            self._note(Setting(revision=1, key="term", value={"term": last, "during": during}))
        return self._records

    def _live(self, term: str, place: int, turning: bool) -> None:
        self._clock = max(self._clock + timedelta(minutes=1), self._late_in(term))
        self._day = self._clock.date()
        for mentor, bond in self._bonds.items():
            if bond.begins == place:
                self._met.append(mentor)
                self._note(MentorNoted(revision=1, subject=mentor, name=bond.name, type=bond.type))
                self._keep("agreement", mentor, AGREED)
        self._fill("needs", term, None, {"need": 2.8 - 0.1 * place, "support": 0.9 + 0.3 * place})
        self._fill("mentor_types", term, None, {})
        for mentor in self._met:
            bond = self._bonds[mentor]
            level = bond.start + bond.gain * (place - bond.begins) + bond.turns * (turning and place > bond.begins)
            self._fill("relationship", term, mentor, {"practice": level, "outcome": level + 0.2})
            self._cover(term, mentor)
            self._meet(mentor, -self._aside.randrange(10, 40), {"meeting.state": "held"})

    def _fill(self, worksheet: str, term: str, mentor: str | None, levels: dict[str, float]) -> None:
        """Answers to what is asked, one after another as a student gives them, and the sealed card."""
        sheet = self._content.worksheet(worksheet)
        about = {"worksheet": sheet.id, "version": sheet.version, "term": term, "subject": mentor}
        answers: dict[str, Value] = {}
        for item in sheet:
            value = self._value(sheet, item, mentor, levels, answers) if item in sheet.asked(answers) else None
            if value is not None:
                answers[item.id] = value
                self._note(Answered(revision=1, item=item.id, value=value, **about))
        self._note(Sealed(revision=1, answers=answers, **about))

    # What is kept up to date, and not scored

    def _cover(self, term: str, mentor: str) -> None:
        kind = self._bonds[mentor].type
        strength, (rank, often) = self._content.strength[kind], RANKS[kind]
        areas = [area for area in self._content.areas if strength[area] >= 2]
        values = {"network.rank": rank, "network.areas": areas, "network.often": often}
        self._keep("network", mentor, values, term)

    def _meet(self, mentor: str, days: int, more: dict[str, Value]) -> None:
        meeting = f"{mentor}/d-{self._aside.getrandbits(40):010x}"
        self._keep("meeting", meeting, {"meeting.day": self._in_days(days), **BROUGHT, **more})

    def _reach_out(self, term: str) -> None:
        """The last weeks: days to look again, a plan, people approached, steps agreed on, and the next meeting."""
        for place, mentor in enumerate(self._met):
            self._keep("agreement", mentor, {"agreement.review": self._in_days(20 + 30 * place)})
        plan = [{"way": "events", "first": "Cardiology grand rounds on Thursday", "by": self._in_days(5)}]
        self._keep("finding", None, {"finding.plan": plan}, term)
        for person in APPROACHED:
            subject = f"m-{self._aside.getrandbits(40):010x}"
            self._note(MentorNoted(revision=1, subject=subject, name=str(person["name"])), self._aside)
            answers = {item: value for item, value in person.items() if item != "name"}
            days = {"approach.contacted": self._in_days(-9), "approach.next": self._in_days(4)}
            self._keep("approach", subject, answers | (days if answers["approach.state"] == "contacted" else {}))
        steps = [{**step, "by": self._in_days(7 * place - 2)} for place, step in enumerate(STEPS)]
        self._keep("actions", self._met[0], {"actions.list": steps})
        self._meet(self._met[0], 6, {})

    def _keep(self, worksheet: str, subject: str | None, answers: dict[str, Value], term: str | None = None) -> None:
        version = self._content.worksheet(worksheet).version
        for item, value in answers.items():
            about = {"worksheet": worksheet, "version": version, "term": term, "subject": subject}
            self._note(Answered(revision=1, item=item, value=value, **about), self._aside)

    def _in_days(self, days: int) -> str:
        return (self._day + timedelta(days=days)).isoformat()

    # What is answered once a term

    def _value(
        self, sheet: Worksheet, item: Item, mentor: str | None, levels: dict[str, float], answers: dict[str, Value]
    ) -> Value:
        match item:
            case Rating(id="relationship.overall"):
                return min(max(round(2.5 * levels["outcome"]), 0), 10)
            case Rating(id="relationship.change"):
                return self._felt(mentor, levels["practice"])
            case Rating():
                return self._rating(item, mentor, levels[item.id.split(".")[0]])
            case Choice(id="relationship.form"):
                return self._bonds[mentor or ""].form
            case Choice(id="relationship.meetings"):
                return "4+" if levels["practice"] > 2 else "2-3"
            case Choice(id="relationship.decision"):
                return "keep" if levels["practice"] > 2.2 else "adjust"
            case Choice():
                return item.options[-1].code
            case Choices(id="top.areas"):
                return item.check(needs_scores(sheet, answers).order[:3])
            case Choices(id="chosen.types"):
                return item.check([bond.type for bond in BONDS[:2]])
            case Choices(options_from="mentors"):
                return self._giving(item.id.split(".")[1])
            case Group():
                return [self._goal(item, goal) for goal in GOALS[: self._rng.choice((1, 2, 3))]]
        return None  # nothing in words, and no private flag

    def _rating(self, item: Rating, mentor: str | None, level: float) -> Value:
        about = (item.id, item.id.rpartition(".")[0])
        habit = sum(self._habits.setdefault((mentor, name), self._rng.gauss(0, HABIT)) for name in about)
        if NOT_COUNTED in [option.code for option in item.options] and self._rng.random() < 0.04:
            return NOT_COUNTED
        return min(max(round(level + habit + self._rng.gauss(0, DAY)), 0), 4)

    def _felt(self, mentor: str | None, level: float) -> Value:
        """What the student feels has changed since last term; left open in the first."""
        before = self._habits.get((mentor, "level"))
        self._habits[mentor, "level"] = level
        return None if before is None else min(max(round(2 * (level - before)), -3), 3)

    def _giving(self, area: str) -> Value:
        """The mentors so far whose kind can give a good deal in the area."""
        strength = self._content.strength
        return [mentor for mentor in self._met if strength[self._bonds[mentor].type].get(area, 0) >= 2] or None

    def _goal(self, item: Group, goal: tuple[str, ...]) -> Value:
        words = iter(goal)
        by = (self._clock.date() + timedelta(days=60)).isoformat()
        asked = [part for part in item.items if isinstance(part, Day | Text)]
        return {part.id: by if isinstance(part, Day) else next(words) for part in asked}

    def _note(self, record: AnyRecord, rng: random.Random | None = None) -> None:
        self._clock += timedelta(seconds=(rng or self._rng).randrange(4, 20))
        self._revisions[record.stream] = revision = self._revisions.get(record.stream, 0) + 1
        self._records.append(record.model_copy(update={"revision": revision, "at": self._clock}))

    def _late_in(self, term: str) -> datetime:
        """An evening two thirds into the term, or yesterday's when that is still to come."""
        begins, ends = (_first_day(self._content, one) for one in (term, self._content.calendar.after(term)))
        day = min(begins + (ends - begins) * 2 // 3, max(begins, self._today - timedelta(days=1)))
        return datetime.combine(day, time(18, self._rng.randrange(60)), UTC)

    def _varied(self, bond: Bond) -> Bond:
        """The bond as it is for this student."""
        rng = self._rng
        return replace(bond, start=bond.start + rng.gauss(0, 0.2), turns=bond.turns * rng.uniform(0.7, 1.2))


def _first_day(content: Content, term: str) -> date:
    year, place = content.calendar.key(term)
    month, day = content.calendar.seasons[place].starts.split("-")
    return date(year, int(month), min(int(day), 28))


def terms_up_to(content: Content, last: str, count: int) -> list[str]:
    """The last `count` fall and spring terms up to `last`."""
    year, _ = content.calendar.key(last)
    seasons = [season.id for season in content.calendar.seasons if season.id != "summer"]
    every = [f"{y}-{season}" for y in range(year - count, year + 1) for season in seasons]
    past = [term for term in every if content.calendar.key(term) < content.calendar.key(last)]
    return [*past[len(past) - count + 1 :], last]

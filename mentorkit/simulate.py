"""Made-up students over several terms, seeded: for demonstrations, tests and load. Nobody real is in them."""

import random
from datetime import date
from pathlib import Path

from mentorkit.content import Content, load_content
from mentorkit.errors import BadAnswer
from mentorkit.store import Answered, AnyRecord, Sealed, Setting
from mentorkit.workbook import Workbook, open_workbook
from mentorkit.worksheet import Choice, Choices, Group, Rating, Value, Worksheet

MENTORS = (("Dr. K (ward)", "faculty"), ("Sam, two years ahead", "peer"), ("Prof. Lind (lab)", "research"))
GOALS = (
    {"goal": "Feel ready for my surgery shelf exam", "measure": "A practice score above 70 two weeks before", "first": "Ask Sam which question bank was worth it"},
    {"goal": "Have one research project of my own", "measure": "A one-page plan that Prof. Lind agrees with", "first": "Send three topics by e-mail"},
)
COUNTED = range(5)


def simulate_student(home: Path, *, terms: int, seed: int, last: str | None = None) -> Workbook:
    """Fill an empty home with one made-up student over several terms, the last of them `last` (by default today's).

    Raises `BadAnswer` when the home has records already: a made-up student never mixes with a real one.
    """
    book = open_workbook(home)
    if book.records:
        raise BadAnswer(f"{home} has answers in it. Choose an empty folder for made-up ones.")
    calendar = book.content.calendar
    names = _terms_up_to(book.content, last or calendar.at(date.today()), terms)
    rng = random.Random(seed)
    mentors = [(book.add_mentor(name, kind), rng.uniform(1.4, 2.8), rng.uniform(-0.1, 0.75)) for name, kind in MENTORS]
    for place, term in enumerate(names):
        records = _worksheet(rng, book.worksheet("needs"), term, None, 2.9 - 0.25 * place)
        records += _worksheet(rng, book.worksheet("mentor_types"), term, None, 2)
        for which, (mentor, level, gain) in enumerate(mentors):
            if place >= which:  # mentors come one after another
                records += _worksheet(rng, book.worksheet("relationship"), term, mentor, level + gain * place)
        book.add(_in_streams(records))
    if names[-1] != book.term:
        during = calendar.at(date.today())
        book.add([Setting(revision=1, key="term", value={"term": names[-1], "during": during})])
    return book


def _terms_up_to(content: Content, last: str, count: int) -> list[str]:
    """The last `count` fall and spring terms up to `last`."""
    year, _ = content.calendar.key(last)
    seasons = [season.id for season in content.calendar.seasons if season.id != "summer"]
    every = [f"{y}-{season}" for y in range(year - count, year + 1) for season in seasons]
    past = [term for term in every if content.calendar.key(term) < content.calendar.key(last)]
    return [*past[len(past) - count + 1 :], last]


def _worksheet(rng: random.Random, sheet: Worksheet, term: str, mentor: str | None, level: float) -> list[AnyRecord]:
    """Answers to what is asked, one after another as a student gives them, and the sealed card."""
    answers: dict[str, Value] = {}
    for item in sheet:
        if item in sheet.asked(answers):
            value = _value(rng, item, level)
            if value is not None:
                answers[item.id] = item.check(value)
    about = {"worksheet": sheet.id, "version": sheet.version, "term": term, "subject": mentor}
    given: list[AnyRecord] = [Answered(revision=1, item=item, value=value, **about) for item, value in answers.items()]
    return [*given, Sealed(revision=1, answers=answers, **about)]


def _value(rng: random.Random, item: object, level: float) -> Value:
    match item:
        case Rating():
            codes = [option.code for option in item.options if isinstance(option.code, int)]
            scaled = codes[0] + (level / 4) * (codes[-1] - codes[0])
            return min(max(round(rng.gauss(scaled, 0.18 * (codes[-1] - codes[0]))), codes[0]), codes[-1])
        case Choice(id="relationship.form"):
            return "full"
        case Choice(id="relationship.meetings"):
            return "4+"
        case Choice(id="relationship.decision"):
            return "keep" if level > 2.4 else "adjust"
        case Choice():
            return item.options[-1].code
        case Choices(id="top.areas"):
            return ["academic", "career", "research"]
        case Choices(id="chosen.types"):
            return ["peer", "research"]
        case Group():
            parts = [part.id for part in item.items]
            return [dict(zip([parts[0], parts[1], parts[-1]], goal.values(), strict=True)) for goal in GOALS]
    return None


def _in_streams(records: list[AnyRecord]) -> list[AnyRecord]:
    last: dict[str, int] = {}
    for place, record in enumerate(records):
        last[record.stream] = last.get(record.stream, 0) + 1
        records[place] = record.model_copy(update={"revision": last[record.stream]})
    return records


def simulate_students(folder: Path, *, students: int, terms: int, seed: int) -> list[Path]:
    """One home for each made-up student below `folder`; returns their folders."""
    load_content()
    homes = [folder / f"student-{number:03d}" for number in range(1, students + 1)]
    for number, home in enumerate(homes):
        simulate_student(home, terms=terms, seed=seed + number).close()
    return homes

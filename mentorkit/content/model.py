"""What the content files hold, as frozen values. How they are read stands in `loader`, what must agree in `checks`."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field

from mentorkit.errors import Unknown
from mentorkit.term import Calendar
from mentorkit.worksheet import Answers, Choice, Choices, Code, Group, Part, Scale, Worksheet

NAME = r"^[a-z][a-z0-9_]*$"
Level = Literal["high", "low"]


class Area(Part):
    """One of the areas in which a mentor can help."""

    id: str = Field(pattern=NAME)
    name: str
    definition: str
    facets: tuple[str, ...] = Field(min_length=1)  # one rating each: need.<area>.<facet>
    advice: str  # what to do in the next week


class Prompt(Part):
    """One small thing that a student could do for a mentor; `say` are words to send, with [brackets] to fill in."""

    what: str
    say: str = ""


class Practice(Part):
    """Something a student does in a relationship, or (as an outcome) something that comes of it."""

    id: str = Field(pattern=NAME)
    name: str
    definition: str
    why: str
    advice: str  # one thing to say or do this week when the score is low
    sources: tuple[str, ...] = Field(min_length=1)
    prompts: tuple[Prompt, ...] = ()


class Strength(Part):
    """How much one type of mentor can usually give in one area, 0 (nothing to count on) to 3."""

    value: Literal[0, 1, 2, 3]
    reason: str
    source: str


class Unsuited(Part):
    """A filter: these answers to a feasibility question set a type aside, for a stated reason."""

    item: str
    answers: tuple[Code, ...] = Field(min_length=1)
    reason: str


class MentorType(Part):
    """One kind of mentor, what it can give, and how to begin this week."""

    id: str = Field(pattern=NAME)
    name: str
    what: str
    begin: str
    why: tuple[str, ...] = ()  # ids of texts
    strength: Mapping[str, Strength]
    unsuited: tuple[Unsuited, ...] = ()


class ClassYear(Part):
    """A class year that a student may give when they share scores."""

    id: str = Field(pattern=NAME, max_length=40)
    name: str


class Quadrant(Part):
    """One of the four fields of practice and outcome; `scoring` says in which one two scores lie."""

    id: Literal["keep_it_up", "mentor_carries", "talk_or_add", "restart_or_close"]
    practice: Level
    outcome: Level
    name: str
    meaning: str
    say: str


class Draft(Part):
    """Words to send, with `{mentor}` for the mentor's name and [brackets] for the student to fill in."""

    id: str = Field(pattern=NAME)
    name: str
    text: str


class Decision(Part):
    """What a student may decide about a relationship, with words for it."""

    id: str = Field(pattern=NAME)
    name: str
    help: str
    drafts: tuple[Draft, ...] = Field(min_length=1, alias="draft")


class Flag(Part):
    """A private flag, the help for it, and whom the school names (empty until it does)."""

    id: str = Field(pattern=NAME)
    name: str
    help: str
    contact: str = ""


class Way(Part):
    """One way of finding a mentor, with a first step for this week; `pages` show it beside the page on reaching out."""

    id: str = Field(pattern=NAME)
    name: str
    what: str
    first: str
    pages: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)


class Letter(Part):
    """Words to approach someone: names in {braces} are filled in, [brackets] are the student's."""

    id: str = Field(pattern=NAME)
    name: str
    kind: Literal["email", "spoken", "application"]
    know: str = "{text}"  # how {know} is said, with {text} for what the student noticed
    text: str


class Reach(Part):
    """One way to approach someone: the situation it fits, why, and what is good manners."""

    id: str = Field(pattern=NAME)
    name: str
    situation: str  # what a student chooses
    what: str
    reason: str
    etiquette: tuple[str, ...] = Field(min_length=1)
    address: Literal["title", "name", "first"]  # Dr. K, AMWA chapter, Maya
    drafts: tuple[Letter, ...] = Field(min_length=1, alias="draft")
    sources: tuple[str, ...] = Field(min_length=1)


class Ask(Part):
    """One small thing to ask for: `say` asks a person, `need` names it as part of a sentence."""

    id: str = Field(pattern=NAME)
    name: str
    say: str
    need: str


class Stage(Part):
    """How far an approach has come, and a next step; after `days` the next step is due, when it is `over` none is."""

    id: Literal["to_approach", "contacted", "talking", "mentor", "no_reply", "declined"]
    name: str
    next: str
    over: bool = False
    days: int | None = Field(default=None, ge=1, le=90)
    drafts: tuple[Letter, ...] = Field(default=(), alias="draft")


class Tone(Part):
    """Phrases that may not serve a student in a message, and a kind remark."""

    id: str = Field(pattern=NAME)
    phrases: tuple[str, ...] = Field(min_length=1)
    remark: str


class Sign(Part):
    """Phrases by which a message shows something, and what is said when one is there and when none is."""

    id: Literal["request", "way_out", "about"]
    phrases: tuple[str, ...] = Field(min_length=1)
    there: str
    missing: str


class Wording(Part):
    """Words of the language by which a draft is put together."""

    id: Literal["verbs", "before", "things", "gifts", "asking", "speaking", "small", "leads", "titles", "small_talk"]
    words: tuple[str, ...] = Field(min_length=1)


IN_ROOM = "room_"


class Passage(Part):
    """A text that pages show; a blank line starts a paragraph."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")
    title: str
    body: str
    room: str = ""  # the body instead, where the records are kept for a room
    pages: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)


class Source(Part):
    """Where a statement comes from, and what it can bear."""

    id: str = Field(pattern=NAME)
    citation: str
    about: str


class Norm(Part):
    """What a change of one index is compared with; mean and sd on 0–100, `items` the length of the index.

    A norm from a school's own retests names its `source`, which else is that of the file, and how many `students`
    were asked again: at least 50.
    """

    mean: float = Field(ge=0, le=100)
    sd: float = Field(gt=0, le=50)
    reliability: float = Field(gt=0, lt=1)
    items: int = Field(ge=1)
    students: int | None = Field(default=None, ge=50)
    source: str | None = None


class Norms(Part):
    """The norms of both indexes, the cut between low and high (0–100), and where they come from."""

    practice: Norm
    outcome: Norm
    cut: float = Field(gt=0, lt=100)
    source: str


class Content(Part):
    """Everything the workbook asks and says. Mappings go from an id to its entry, in the order of the files."""

    worksheets: Mapping[str, Worksheet]
    scales: Mapping[str, Scale]
    areas: Mapping[str, Area]
    types: Mapping[str, MentorType]
    years: Mapping[str, ClassYear]
    practices: Mapping[str, Practice]
    outcomes: Mapping[str, Practice]
    quadrants: Mapping[str, Quadrant]
    decisions: Mapping[str, Decision]
    flags: Mapping[str, Flag]
    ways: Mapping[str, Way]
    reaches: Mapping[str, Reach]
    asks: Mapping[str, Ask]
    stages: Mapping[str, Stage]
    signs: Mapping[str, Sign]
    tones: Mapping[str, Tone]
    wording: Mapping[str, Wording]
    texts: Mapping[str, Passage]
    sources: Mapping[str, Source]
    words: Mapping[str, str]
    cohort: Mapping[str, str]  # what the report on a cohort says
    calendar: Calendar
    norms: Norms

    def worksheet(self, worksheet_id: str) -> Worksheet:
        """The worksheet with this id; raises `Unknown`."""
        try:
            return self.worksheets[worksheet_id]
        except KeyError:
            known = ", ".join(self.worksheets)
            raise Unknown(f"There is no worksheet {worksheet_id!r}: there are {known}.") from None

    def in_room(self) -> "Content":
        """What is said where a room's keeper has the records: `room_x` in place of the word `x`, a text's `room`."""
        instead = {key.removeprefix(IN_ROOM): said for key, said in self.words.items() if key.startswith(IN_ROOM)}
        texts = {key: text.model_copy(update={"body": text.room or text.body}) for key, text in self.texts.items()}
        return self.model_copy(update={"words": {**self.words, **instead}, "texts": texts})

    @cached_property
    def strength(self) -> Mapping[str, Mapping[str, int]]:
        """For each type of mentor and each area, how much it can usually give, 0–3."""
        return {t.id: {area: t.strength[area].value for area in self.areas} for t in self.types.values()}

    def unsuited(self, answers: Answers) -> dict[str, tuple[str, ...]]:
        """The types that these answers set aside, each with its reasons."""
        reasons = {
            kind.id: tuple(rule.reason for rule in kind.unsuited if answers.get(rule.item) in rule.answers)
            for kind in self.types.values()
        }
        return {kind: why for kind, why in reasons.items() if why}

    def ids(self) -> frozenset[str]:
        """Every permanent id: none of them may ever be given another meaning."""
        tables: Mapping[str, Mapping[str, object]] = {
            "area": self.areas,
            "type": self.types,
            "year": self.years,
            "keep": self.practices,
            "outcome": self.outcomes,
            "quadrant": self.quadrants,
            "decision": self.decisions,
            "flag": self.flags,
            "find": self.ways,
            "reach": self.reaches,
            "ask": self.asks,
            "stage": self.stages,
            "sign": self.signs,
            "tone": self.tones,
            "source": self.sources,
            "scale": self.scales,
            "worksheet": self.worksheets,
            "term": {season.id: season for season in self.calendar.seasons},
        }
        entries = {f"{kind}.{name}" for kind, table in tables.items() for name in table}
        return frozenset(entries | set(self.texts) | self._drafts() | self._asked())

    def _drafts(self) -> set[str]:
        decided = {f"decision.{d.id}.{draft.id}" for d in self.decisions.values() for draft in d.drafts}
        reaching = {f"reach.{r.id}.{draft.id}" for r in self.reaches.values() for draft in r.drafts}
        return decided | reaching | {f"stage.{s.id}.{draft.id}" for s in self.stages.values() for draft in s.drafts}

    def _asked(self) -> set[str]:
        """Items, their parts, the codes of options that have no table of their own, and subscales."""
        found: set[str] = set()
        for sheet in self.worksheets.values():
            found |= {subscale.id for subscale in sheet.subscales}
            for item in sheet:
                found.add(item.id)
                if isinstance(item, Group):
                    found |= {f"{item.id}.{part.id}" for part in item.items}
                    choices = [part for part in item.items if isinstance(part, Choice)]
                    found |= {f"{item.id}.{part.id}={option.code}" for part in choices for option in part.options}
                if isinstance(item, Choice | Choices):
                    found |= {f"{item.id}={option.code}" for option in item.options}
        return found

"""What must agree between the content files, in both directions: every reference exists, and every entry is used."""

import string
from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import get_args

from mentorkit.content.mistakes import mistake
from mentorkit.content.model import Content, Letter, Practice, Sign, Stage, Wording
from mentorkit.errors import BadContent
from mentorkit.worksheet import (
    Choice,
    Choices,
    Code,
    Group,
    Item,
    Part,
    Rating,
    ResponseOption,
    Section,
    When,
    Worksheet,
)

Mistakes = Iterator[BadContent]

PAGES = (
    "00_start_here",
    "01_goals",
    "02_network",
    "03_mentor_types",
    "04_reaching_out",
    "05_working_together",
    "06_reassess",
    "07_what_changed",
    "90_cohort",
)
RELIED_ON: Mapping[str, tuple[str, ...]] = {
    "network": ("network.areas", "network.often", "network.rank", "network.stays"),
    "finding": ("finding.plan",),
    "approach": (
        "approach.situation",
        "approach.know",
        "approach.want",
        "approach.ask",
        "approach.message",
        "approach.email",
        "approach.state",
        "approach.contacted",
        "approach.next",
    ),
    "agreement": ("agreement.kind", "agreement.goals", "agreement.often", "agreement.channel", "agreement.review"),
    "meeting": (
        "meeting.day",
        "meeting.time",
        "meeting.minutes",
        "meeting.where",
        "meeting.bring",
        "meeting.decision",
        "meeting.state",
        "meeting.notes",
    ),
    "actions": ("actions.list",),
    "needs": ("area.own", "need.own.overall", "support.own", "top.areas", "goals"),
    "mentor_types": ("chosen.types", "chosen.why"),
    "relationship": (
        "relationship.occasion",
        "relationship.meetings",
        "relationship.form",
        "relationship.overall",
        "relationship.change",
        "relationship.decision",
        "relationship.flags",
    ),
}
"""Items that the workbook reads by their id, so that no edit may take them away."""


def first_mistake(content: Content, shipped: Content) -> BadContent | None:
    """The first thing that does not agree, or None; `shipped` says which texts and words the pages show."""
    found = chain(
        _scales(content),
        _worksheets(content),
        _needs(content),
        _types(content),
        _relationship(content),
        _advice(content),
        _reaching(content),
        _texts(content, shipped),
        _used(content),
        _calendar(content),
        _words("interface.toml", content.words, shipped.words),
        _words("cohort.toml", content.cohort, shipped.cohort),
    )
    return next(found, None)


def _scales(content: Content) -> Mistakes:
    """A code stands once in a scale, and the code "own" is not an area's."""
    for scale in content.scales.values():
        yield from _codes("scales.toml", scale.id, scale.options)
    if "own" in content.areas:
        yield mistake("areas.toml", "own", "cannot be the id of an area: it stands for the student's own words")


def _codes(file: str, key: str, options: tuple[ResponseOption, ...]) -> Mistakes:
    codes = [option.code for option in options]
    for code in codes:
        if codes.count(code) > 1:
            yield mistake(file, f"{key}.options", f"has the code {code} twice")


def _worksheets(content: Content) -> Mistakes:
    """Ids stand once over all worksheets, conditions name answers that exist and come earlier."""
    seen: set[str] = set()
    for sheet in content.worksheets.values():
        file = f"{sheet.id}.toml"
        for names in ([s.id for s in sheet.sections], [s.id for s in sheet.subscales]):
            for name in names:
                if names.count(name) > 1:
                    yield mistake(file, f"the id {name}", "stands twice")
        for item in sheet:
            if item.id in seen:
                yield mistake(file, item.id, "stands in another worksheet too")
            seen.add(item.id)
            yield from _item(file, item)
        yield from _conditions(file, sheet)
        for name in RELIED_ON[sheet.id]:
            if name not in {item.id for item in sheet}:
                yield mistake(file, name, "is missing, and the workbook relies on it")


def _item(file: str, item: Item) -> Mistakes:
    if isinstance(item, Choice | Choices | Rating):
        yield from _codes(file, item.id, item.options)
        if not item.options and not (isinstance(item, Choices) and item.options_from):
            yield mistake(file, f"{item.id}.options", "is missing")
    if isinstance(item, Group):
        names = [part.id for part in item.items]
        for name in names:
            if names.count(name) > 1:
                yield mistake(file, f"{item.id}.{name}", "stands twice")
        for part in item.items:
            yield from _item(file, part)
        over = item.settled and {item.settled.part: item.settled.codes}
        codes = {part.id: tuple(option.code for option in getattr(part, "options", ())) for part in item.items}
        for said in _conditions_of(over or {}, codes):
            yield mistake(file, f"{item.id}.settled", said)
        if item.sort and item.sort not in names:
            yield mistake(file, f"{item.id}.sort", f"names {item.sort}, which is not a part of it")


def _conditions(file: str, sheet: Worksheet) -> Mistakes:
    before: dict[str, tuple[Code, ...]] = {}
    for part in _in_order(sheet):
        for key, conditions in (("when", part.when), ("unless", part.unless)):
            for said in _conditions_of(conditions, before):
                yield mistake(file, f"{part.id}.{key}", said)
        if not isinstance(part, Section):
            before[part.id] = tuple(option.code for option in getattr(part, "options", ()))


def _conditions_of(conditions: When, before: Mapping[str, tuple[Code, ...]]) -> Iterator[str]:
    for name, codes in conditions.items():
        if name not in before:
            yield f"names {name}, which is asked later"
        elif codes != "answered":
            for code in codes:
                if code not in before[name]:
                    yield f"names the answer {code}, which {name} does not have"


def _in_order(sheet: Worksheet) -> Iterator[Section | Item]:
    for section in sheet.sections:
        yield section
        yield from section.items


def _needs(content: Content) -> Mistakes:
    """Every area has its section, ratings and subscales in needs.toml, and every need rating has its facet."""
    sheet, wanted = content.worksheet("needs"), {"need.own.overall", "support.own"}
    sections = {section.id for section in sheet.sections}
    for area in content.areas.values():
        if area.id not in sections:
            yield mistake("needs.toml", area.id, "is missing: areas.toml has an area of this id")
        facets = [f"need.{area.id}.{facet}" for facet in area.facets]
        wanted |= {*facets, f"support.{area.id}"}
        present = {item.id for section in sheet.sections if section.id == area.id for item in section.items}
        for name in (*facets, f"support.{area.id}", f"support.{area.id}.from"):
            if name not in present:
                yield mistake("needs.toml", f"{area.id}", f"has no item {name}")
        yield from _subscale("needs.toml", sheet, f"need.{area.id}", facets)
        yield from _subscale("needs.toml", sheet, f"support.{area.id}", [f"support.{area.id}"])
    yield from _subscale("needs.toml", sheet, "need.own", ["need.own.overall"])
    yield from _subscale("needs.toml", sheet, "support.own", ["support.own"])
    for item in sheet:
        if isinstance(item, Rating) and item.id not in wanted:
            yield mistake("needs.toml", item.id, "belongs to no facet of an area in areas.toml")


def _subscale(file: str, sheet: Worksheet, name: str, items: list[str]) -> Mistakes:
    found = {subscale.id: subscale.items for subscale in sheet.subscales}
    if name not in found:
        yield mistake(file, f"the subscale {name}", "is missing")
    elif sorted(found[name]) != sorted(items):
        yield mistake(file, f"the subscale {name}", f"must have the items {', '.join(items)}")


def _types(content: Content) -> Mistakes:
    """Every type has a cell for every area, and every rule names a question and an answer that exist."""
    file, asked = "types.toml", set()
    questions = {i.id: i for i in content.worksheet("mentor_types") if i.id.startswith("feasible.")}
    for kind in content.types.values():
        for area in content.areas:
            if area not in kind.strength:
                yield mistake(file, f"{kind.id}.strength.{area}", "is missing")
        for area in kind.strength:
            if area not in content.areas:
                yield mistake(file, f"{kind.id}.strength.{area}", "names an area that is not in areas.toml")
        for number, rule in enumerate(kind.unsuited, start=1):
            key, item = f"{kind.id}.unsuited {number}", questions.get(rule.item)
            asked.add(rule.item)
            if not isinstance(item, Choice):
                yield mistake(file, f"{key}.item", f"names {rule.item}, which is not a question of mentor_types.toml")
            able = {option.code for option in getattr(item, "options", ())} - {"any"}
            for answer in rule.answers:
                if answer not in able:
                    yield mistake(file, f"{key}.answers", f"names {answer}: {rule.item} has no such answer to go by")
    for name in questions:
        if name not in asked:
            yield mistake("mentor_types.toml", name, "is asked, but no rule in types.toml uses it")


def _relationship(content: Content) -> Mistakes:
    """Every practice and outcome has its ratings, one of them on the short form, and every rating its practice."""
    file, sheet = "relationship.toml", content.worksheet("relationship")
    ratings = [item for item in sheet if isinstance(item, Rating) and item.id not in RELIED_ON["relationship"]]
    homes: dict[str, Practice] = {f"practice.{name}": p for name, p in content.practices.items()}
    homes |= {f"outcome.{name}": p for name, p in content.outcomes.items()}
    for rating in ratings:
        if rating.id.rpartition(".")[0] not in homes:
            yield mistake(file, rating.id, "belongs to no practice or outcome of practices.toml")
    for home in homes:
        items = [rating for rating in ratings if rating.id.rpartition(".")[0] == home]
        yield from _subscale(file, sheet, home, [item.id for item in items])
        if sum(item.short for item in items) != 1:
            yield mistake(file, home, "must have exactly one item marked short")
        for item in items:
            if item.short == ("relationship.form" in item.unless):
                yield mistake(file, item.id, "must be either short, or left out of the short form by unless")


def _advice(content: Content) -> Mistakes:
    """The four quadrants are all there, and a draft can be filled in."""
    fields: list[tuple[str, str]] = [(q.practice, q.outcome) for q in content.quadrants.values()]
    for field in product(("high", "low"), repeat=2):
        if fields.count(field) != 1:  # type: ignore[arg-type]  # product forgets how long its tuples are
            what = f"must have one entry for practice {field[0]} and outcome {field[1]}"
            yield mistake("advice.toml", "quadrant", what)
    for decision in content.decisions.values():
        names = [draft.id for draft in decision.drafts]
        for draft in decision.drafts:
            key = f"{decision.id}.{draft.id}"
            if names.count(draft.id) > 1:
                yield mistake("advice.toml", key, "stands twice")
            yield from _braces("advice.toml", f"{key}.text", draft.text, {"mentor"})


def _reaching(content: Content) -> Mistakes:
    """Every stage, sign and list of words is there, a draft can be filled in, and a way names pages that exist."""
    needed: tuple[tuple[str, type[Part], Mapping[str, object]], ...] = (
        ("stage", Stage, content.stages),
        ("sign", Sign, content.signs),
        ("wording", Wording, content.wording),
    )
    for kind, model, there in needed:
        for name in get_args(model.model_fields["id"].annotation):
            if name not in there:
                yield mistake("reaching.toml", f"the {kind} {name}", "is missing")
    for reach in content.reaches.values():
        yield from _letters(reach.id, reach.drafts, {"mentor", "want", "know", "ask", "need"})
    for stage in content.stages.values():
        yield from _letters(stage.id, stage.drafts, {"greeting", "mentor", "want", "close"})
    for way in content.ways.values():
        for page in way.pages:
            if page not in PAGES:
                yield mistake("ways.toml", f"{way.id}.pages", f"names {page}, which is not a page of the workbook")


def _letters(owner: str, letters: tuple[Letter, ...], allowed: set[str]) -> Mistakes:
    names = [letter.id for letter in letters]
    for letter in letters:
        key = f"{owner}.{letter.id}"
        if names.count(letter.id) > 1:
            yield mistake("reaching.toml", key, "stands twice")
        yield from _braces("reaching.toml", f"{key}.text", letter.text, allowed)
        yield from _braces("reaching.toml", f"{key}.know", letter.know, {"text"})


def _texts(content: Content, shipped: Content) -> Mistakes:
    """Every text is shown somewhere, on a page that exists, and every page has its texts."""
    for text in shipped.texts.values():
        if text.pages and text.id not in content.texts:
            yield mistake("texts.toml", text.id, f"is missing, and the page {text.pages[0]} shows it")
    shown = {name for kind in content.types.values() for name in kind.why}
    for kind in content.types.values():
        for name in kind.why:
            if name not in content.texts:
                yield mistake("types.toml", f"{kind.id}.why", f"names {name}, which is not in texts.toml")
    for text in content.texts.values():
        for page in text.pages:
            if page not in PAGES:
                yield mistake("texts.toml", f"{text.id}.pages", f"names {page}, which is not a page of the workbook")
        if not text.pages and text.id not in shown:
            yield mistake("texts.toml", text.id, "is not used: give it pages, or name it in types.toml")


def _used(content: Content) -> Mistakes:
    """Sources and scales: what is named exists, and what exists is named."""
    named: set[str] = set()
    for file, key, source in _sources(content):
        named.add(source)
        if source not in content.sources:
            yield mistake(file, key, f"names {source}, which is not in sources.toml")
    for source in content.sources:
        if source not in named:
            yield mistake("sources.toml", source, "is not used")
    scales = {i.scale for sheet in content.worksheets.values() for i in sheet if isinstance(i, Rating)}
    for scale in content.scales.values():
        if scale.id not in scales:
            yield mistake("scales.toml", scale.id, "is not used")


def _sources(content: Content) -> Iterator[tuple[str, str, str]]:
    for kind in content.types.values():
        for area, cell in kind.strength.items():
            yield "types.toml", f"{kind.id}.strength.{area}.source", cell.source
    for practice in (*content.practices.values(), *content.outcomes.values()):
        yield from (("practices.toml", f"{practice.id}.sources", source) for source in practice.sources)
    for text in content.texts.values():
        yield from (("texts.toml", f"{text.id}.sources", source) for source in text.sources)
    for way in content.ways.values():
        yield from (("ways.toml", f"{way.id}.sources", source) for source in way.sources)
    for reach in content.reaches.values():
        yield from (("reaching.toml", f"{reach.id}.sources", source) for source in reach.sources)


def _calendar(content: Content) -> Mistakes:
    for season in content.calendar.seasons:
        for key, pattern in (("name", season.name), *(("also", name) for name in season.also)):
            yield from _braces("terms.toml", f"{season.id}.{key}", pattern, {"year", "next", "next2"})


def _words(file: str, words: Mapping[str, str], shipped: Mapping[str, str]) -> Mistakes:
    """The same keys as the shipped texts, filled in with the same names."""
    for key in shipped:
        if key not in words:
            yield mistake(file, f"words.{key}", "is missing")
    for key, text in words.items():
        if key not in shipped:
            yield mistake(file, f"words.{key}", "is not a key that exists")
        else:
            yield from _braces(file, f"words.{key}", text, _names(shipped[key]) or set())


def _braces(file: str, key: str, text: str, allowed: set[str]) -> Mistakes:
    names = _names(text)
    if names is None:
        yield mistake(file, key, "has a brace { or } without its partner")
    for name in (names or set()) - allowed:
        may = ", ".join(f"{{{each}}}" for each in sorted(allowed)) or "no braces"
        yield mistake(file, key, f"has {{{name}}}, and may have {may}")


def _names(text: str) -> set[str] | None:
    """The names in {braces}, or None when the braces do not pair up."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None

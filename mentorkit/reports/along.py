"""What can be taken along, brought in and erased, in words and as HTML; what an import would do stands in `merging`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mentorkit.content import Content
from mentorkit.reports.html import Html, and_, day, details, join, tag
from mentorkit.scorecard import Mentor
from mentorkit.store import Answered, AnyRecord, Home, MentorNoted, Sealed
from mentorkit.worksheet import Choice, Choices, Day, Group, Item, Rating, Text, Value

LONGEST = 160  # characters of a text shown in a difference
FEW = 3  # differences; with more of them, all can be taken from the file at once

People = Mapping[str, Mentor]


@dataclass(frozen=True)
class Gain:
    """What would be added to one worksheet, or to what is noted about one person."""

    about: str
    answers: int
    newer: int  # of these, how many go on from an answer that is here
    finished: bool  # whether it was finished there


@dataclass(frozen=True)
class Differs:
    """One thing that was changed here and in the file."""

    id: str
    about: str
    question: str  # empty for what is not an answer to one
    here: str
    there: str


@dataclass(frozen=True)
class News:
    """What a file would bring."""

    gains: tuple[Gain, ...]
    people: tuple[str, ...]  # the names of those who are not here yet
    differing: tuple[Differs, ...]
    namesakes: tuple[str, ...]


# Words


def about(content: Content, record: AnyRecord, people: People) -> str:
    """What a record belongs to, as *“How is it going?”, Sam, Fall 2026*."""
    if isinstance(record, MentorNoted):
        return content.words["along_noted"].format(name=people[record.subject].name)
    assert isinstance(record, Answered | Sealed)
    with_ = people[record.subject.partition("/")[0]].name if record.subject else ""
    when = content.calendar.name(record.term) if record.term else ""
    return ", ".join(filter(None, (f"“{content.worksheet(record.worksheet).title}”", with_, when)))


def value_words(content: Content, record: AnyRecord, people: People) -> str:
    """What a record says, in one line."""
    words = content.words
    match record:
        case Answered():
            return _answer(content, content.worksheet(record.worksheet).item(record.item), record.value, people)
        case Sealed():
            said = words["along_card"] if len(record.answers) != 1 else words["along_card_one"]
            return said.format(when=day(record.at.astimezone().date().isoformat()), count=len(record.answers))
        case MentorNoted():
            kind = content.types[record.type].name if record.type else ""
            left = words["along_left"] if record.left else ""
            return ", ".join(filter(None, (record.name, kind, record.field, record.distance, left)))
    return ""


def _answer(content: Content, item: Item, value: Value, people: People) -> str:
    if value is None:
        return content.words["no_answer"]
    try:
        return _in_words(content, item, value, people)
    except (AttributeError, KeyError, TypeError, ValueError):  # written into the records by hand
        return _short(str(value))


def _in_words(content: Content, item: Item, value: Value, people: People) -> str:
    match item:
        case Rating() | Choice():
            return _label(item, value, people)
        case Choices():
            return and_(_label(item, code, people) for code in value)
        case Day():
            return day(value)
        case Text():
            return f"“{_short(value)}”"
        case Group():
            parts = {part.id: part for part in item.items}
            return "; ".join(
                ", ".join(_answer(content, parts[key], said, people) for key, said in entry.items() if key in parts)
                for entry in value
            )
    return str(value)


def _label(item: Rating | Choice | Choices, code: Value, people: People) -> str:
    if isinstance(code, str) and code in people:
        return people[code].name
    return next((option.label for option in item.options if option.code == code), str(code))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def lines(content: Content, news: News) -> Iterator[str]:
    """What would be added, a line for each worksheet, and then the people."""
    words = content.words
    for gain in news.gains:
        yield _gain_line(content, gain)
    if news.people:
        yield words["along_people"].format(names=and_(news.people))


def _gain_line(content: Content, gain: Gain) -> str:
    words = content.words
    said = []
    if gain.answers:
        said.append(words["along_answer"] if gain.answers == 1 else words["along_answers"].format(count=gain.answers))
    if gain.newer == gain.answers > 0:
        said.append(words["along_newer_all"])
    elif gain.newer:
        said.append(words["along_newer"].format(count=gain.newer))
    if gain.finished:
        said.append(words["along_finished"])
    return f"{gain.about}: {', '.join(said)}" if said else gain.about


def left_line(content: Content, one: Differs) -> str:
    """One difference, as text."""
    what = ": ".join(filter(None, (one.about, one.question)))
    return content.words["along_differs"].format(what=what, here=one.here, there=one.there)


def namesake_lines(content: Content, news: News) -> list[str]:
    """A sentence for each name that several people would have."""
    return [content.words["along_namesake"].format(name=name) for name in news.namesakes]


# HTML


def saving(content: Content, is_empty: bool) -> Html:
    """The two ways to save what is here, and what is in each."""
    words = content.words
    if is_empty:
        return tag("p", words["along_none_yet"])
    file = tag("button", words["along_save"], type="button", class_="mk-button", data_do="save")
    copy = tag("button", words["along_copy"], type="button", class_="mk-button mk-quiet", data_do="copy")
    return join(
        _way(words["along_save_title"], words["along_save_what"], file),
        _way(words["along_copy_title"], words["along_copy_what"], copy),
    )


def _way(title: str, what: str, button: Html) -> Html:
    return join(tag("h3", title), tag("p", what), tag("div", button, class_="mk-buttons"))


def bringing(content: Content, news: News | None) -> Html:
    """A file to choose, and what it would bring once it was looked at."""
    words = content.words
    label = tag("label", words["along_bring_label"], for_="mk-along-file")
    file = tag("input", type="file", name_="file", id="mk-along-file", accept=".json,application/json")
    look = tag("button", words["along_look"], type="button", class_="mk-button mk-quiet", data_do="look")
    ask = tag("div", label, file, tag("div", look, class_="mk-buttons"), class_="mk-ask", data_ask="look")
    shown = _brought(content, news) if news else None
    title, what = tag("h3", words["along_bring_title"]), tag("p", words["along_bring_what"])
    return tag("div", title, what, ask, shown, data_answers="look add leave")


def _brought(content: Content, news: News) -> Html:
    words = content.words
    found = list(lines(content, news))
    without = words["along_differs_title"] if news.differing else words["along_nothing"]
    head = tag("h4", words["along_would"] if found else without, tabindex="-1", data_arrive="brought")
    gains = tag("ul", (tag("li", line) for line in found)) if found else None
    namesakes = (tag("p", line) for line in namesake_lines(content, news))
    both = _differing(content, news.differing, bool(found)) if news.differing else None
    buttons = tag("div", _endings(content, news, bool(found)), class_="mk-buttons")
    return tag("div", head, gains, namesakes, both, buttons, class_="mk-ask", data_ask="bring")


def _endings(content: Content, news: News, adds: bool) -> Iterator[Html]:
    words = content.words
    if adds or news.differing:
        yield tag("button", words["along_add"], type="button", class_="mk-button", data_do="add")
    if len(news.differing) > FEW:
        every = words["along_add_file"]
        yield tag("button", every, type="button", class_="mk-button mk-quiet", data_do="add", data_of="file")
    close = words["along_leave"] if adds or news.differing else words["along_close"]
    yield tag("button", close, type="button", class_="mk-button mk-quiet", data_do="leave")


def _differing(content: Content, differing: tuple[Differs, ...], has_head: bool) -> Html:
    words = content.words
    head = tag("h4", words["along_differs_title"]) if has_head else None
    groups: dict[str, list[Html]] = {}
    for one in differing:
        groups.setdefault(one.about if one.question else "", []).append(_either(content, one))
    found = (join(tag("p", tag("strong", name)) if name else None, group) for name, group in groups.items())
    return join(head, tag("p", words["along_differs_what"]), found)


def _either(content: Content, one: Differs) -> Html:
    words = content.words
    said = {"here": words["along_here"].format(value=one.here), "file": words["along_file"].format(value=one.there)}
    options = (
        tag("label", tag("input", type="radio", name_=one.id, value=code), " ", tag("span", text), class_="mk-either")
        for code, text in said.items()
    )
    return tag("fieldset", tag("legend", one.question or one.about), options, class_="mk-field")


def whereabouts(content: Content, home: Home, backed_up: datetime | None) -> Html:
    """Where the files lie, when the last backup was made, and how to go back to one."""
    words = content.words
    when = backed_up and f"{day(backed_up.date().isoformat())}, {backed_up:%H:%M}"
    command = "mentorkit restore" if home.is_usual else f'mentorkit restore --home "{home.path}"'
    return details(
        words["along_where"],
        tag("p", words["along_folder"].format(folder=home.path)),
        tag("p", words["along_backup"].format(when=when) if when else words["along_no_backup"]),
        tag("p", words["along_restore"]),
        tag("p", tag("code", command)),
        tag("p", words["along_restore_copy"]),
    )


def erasing(content: Content, folder: Path | None) -> Html:
    """What would be removed, and the word to type before it is; a room has no folder."""
    words = content.words
    label = tag("label", words["along_erase_label"], for_="mk-along-word")
    word = tag("input", type="text", name_="word", id="mk-along-word", autocomplete="off", spellcheck="false")
    button = tag("button", words["along_erase"], type="button", class_="mk-button mk-quiet", data_do="erase")
    field, buttons = tag("div", label, word, class_="mk-field"), tag("div", button, class_="mk-buttons")
    ask = tag("div", field, buttons, class_="mk-ask", data_ask="erase")
    what = words["along_erase_what"].format(folder=folder)
    return details(words["along_erase"], tag("p", what), tag("p", words["along_erase_traces"]), ask)

"""Taking in another file: what goes on from here is added; where both went on, one is chosen or what is here stays."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from mentorkit.content import Content
from mentorkit.records import Records, mentor_of
from mentorkit.reports.along import Differs, Gain, News, about, value_words
from mentorkit.reports.exchange import shareable
from mentorkit.scorecard import Mentor
from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed, Setting, Stale, now
from mentorkit.workbook import Workbook
from mentorkit.worksheet import Value

Choice = Literal["here", "file"]


@dataclass(frozen=True)
class Difference:
    """One thing that was changed here and in the file, neither knowing of the other."""

    id: str  # the same as long as it is about the same thing
    here: AnyRecord  # what counts here, and stays unless the file's is chosen
    there: AnyRecord  # what counts in the file
    news: tuple[AnyRecord, ...]  # what only the file has about it, in its order

    def settled(self, choice: Choice) -> tuple[AnyRecord, ...]:
        """What to add so that one of the two counts: the other, and all before it, stays in the history."""
        chosen = self.here if choice == "here" else self.there
        if self.news and self.news[-1] is chosen:
            return self.news
        return *self.news, chosen.model_copy(update={"at": now()})  # the same again, said now


@dataclass(frozen=True)
class Merge:
    """What an import would do."""

    add: tuple[AnyRecord, ...]  # with the revisions they get here
    newer: frozenset[str]  # of what is added: the threads that go on from something that is here
    same: int  # records of the file that say nothing new
    differing: tuple[Difference, ...]
    namesakes: tuple[str, ...]  # names that two people would have
    new_people: tuple[str, ...]  # their names
    people: Mapping[str, Mentor]  # everyone here and in the file


def plan(workbook: Workbook, records: tuple[AnyRecord, ...], choices: Mapping[str, Choice] | None = None) -> Merge:
    """What importing these records would add, pass over and leave; nothing is done yet.

    `choices` settle differences by their id: what that takes is among what is added.
    """
    ours = _threads(shareable(workbook.content, workbook.records))  # as far as a file can know them
    latest = {thread(record): record for record in workbook.records}
    add: list[AnyRecord] = []
    differing: list[Difference] = []
    passed = len(records)
    for name, theirs in _threads(records).items():
        news, undecided = _compared(ours.get(name, []), theirs)
        passed -= len(news)
        difference = Difference(_id(name), latest[name], theirs[-1], tuple(news)) if undecided else None
        choice = (choices or {}).get(difference.id) if difference else None
        if difference and choice:
            add += difference.settled(choice)
        elif difference:
            differing.append(difference)
        else:
            add += news
    found = tuple(_as_here(workbook, latest, _in_order(add, records)))
    newer = frozenset({thread(record) for record in found} & ours.keys())
    here, there, after = Records(workbook.records), Records(records), Records([*workbook.records, *found])
    new = tuple(person.name for person in after.mentors.values() if person.id not in here.mentors)
    people = {**there.mentors, **after.mentors}
    return Merge(found, newer, passed, tuple(differing), _namesakes(here, after), new, people)


def bring_in(workbook: Workbook, records: tuple[AnyRecord, ...], choices: Mapping[str, Choice] | None = None) -> Merge:
    """Do what `plan` says of the latest state, all of it or nothing, and return it; raises `NotSaved`."""
    while True:
        workbook.refresh()
        merge = plan(workbook, records, choices)
        try:
            workbook.add(list(merge.add))
        except Stale:  # another window was first: look again
            continue
        return merge


def thread(record: AnyRecord) -> str:
    """What a record says something about: one item of a draft, a worksheet's scorecards in a term, a person."""
    return f"{record.stream}#{record.item}" if isinstance(record, Answered) else record.stream


def _threads(records: Iterable[AnyRecord]) -> dict[str, list[AnyRecord]]:
    found: dict[str, list[AnyRecord]] = {}
    for record in records:
        found.setdefault(thread(record), []).append(record)
    return found


def _compared(ours: list[AnyRecord], theirs: list[AnyRecord]) -> tuple[list[AnyRecord], bool]:
    """What is new in the file's part of a thread, and whether the student has to choose.

    Whoever has the other's last record went on from it, and is newer.
    """
    if not ours:
        return theirs, False
    if isinstance(ours[-1], Setting) and ours[-1].key == "term":  # this machine's own choice
        return [], False
    known, said = Counter(map(_mark, ours)), Counter(map(_mark, theirs))
    last, their_last = _mark(ours[-1]), _mark(theirs[-1])
    is_newer, is_older = said[last] >= known[last], known[their_last] >= said[their_last]
    if is_newer and not is_older:
        return _beyond(known, theirs), False
    if (is_older and not is_newer) or _meaning(ours[-1]) == _meaning(theirs[-1]):
        return [], False
    if isinstance(ours[-1], Setting):  # what was shared from here counts here
        return [], False
    return _beyond(known, theirs), True


def _beyond(known: Counter[str], theirs: list[AnyRecord]) -> list[AnyRecord]:
    left = known.copy()
    found = []
    for record in theirs:
        left[_mark(record)] -= 1
        if left[_mark(record)] < 0:
            found.append(record)
    return found


def _mark(record: AnyRecord) -> str:
    """What a record says and when, whatever its number: by this it is known again in another file."""
    written = record.model_dump(mode="json", exclude={"revision", "at"})
    return f"{record.at.timestamp()} {json.dumps(written, sort_keys=True)}"


def _meaning(record: AnyRecord) -> object:
    match record:
        case Answered():
            return _in_any_order(record.value)
        case Sealed():
            return {item: _in_any_order(value) for item, value in record.answers.items()}
        case MentorNoted():
            return mentor_of(record)
    return record.value


def _in_any_order(value: Value) -> Value:
    """Choices are chosen or not: their order depends on the order of the mentors, say."""
    return sorted(value) if isinstance(value, list) and all(isinstance(code, str) for code in value) else value


def _in_order(add: list[AnyRecord], records: tuple[AnyRecord, ...]) -> list[AnyRecord]:
    """As they stand in the file, and what is said anew at the end."""
    place = {id(record): number for number, record in enumerate(records)}
    return sorted(add, key=lambda record: place.get(id(record), len(records)))


def _as_here(workbook: Workbook, latest: Mapping[str, AnyRecord], add: list[AnyRecord]) -> list[AnyRecord]:
    """The records with the next revisions, and scorecards with the private answers that the last one here has."""
    revisions = {record.stream: record.revision for record in workbook.records}
    found = []
    for record in add:
        revisions[record.stream] = revisions.get(record.stream, 0) + 1
        last = latest.get(thread(record))
        if isinstance(record, Sealed) and isinstance(last, Sealed):
            record = record.model_copy(update={"answers": _with_private(workbook.content, record, last)})
        found.append(record.model_copy(update={"revision": revisions[record.stream]}))
    return found


def _with_private(content: Content, card: Sealed, last: Sealed) -> dict[str, Value]:
    """The answers of a card from elsewhere, and those private ones of our last card that are still asked."""
    sheet = content.worksheet(card.worksheet)
    private = {item.id for item in sheet if item.private}
    answers = {**{item: value for item, value in last.answers.items() if item in private}, **card.answers}
    asked = {item.id for item in sheet.asked(answers)}
    return {item: value for item, value in answers.items() if item not in private or item in asked}


def _namesakes(here: Records, after: Records) -> tuple[str, ...]:
    """Names that come to be those of several people: one person, or two, which only the student knows."""
    before, then = _by_name(here), _by_name(after)
    return tuple(after.mentors[ids[0]].name for name, ids in then.items() if len(ids) > 1 and before.get(name) != ids)


def _by_name(records: Records) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in records.mentors.values():
        found.setdefault(person.name.casefold(), []).append(person.id)
    return found


def _id(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:12]


# In words


def in_words(content: Content, merge: Merge) -> News:
    """What a merge would do, as the student reads it: worksheets and questions, no ids."""
    gains: dict[str, list[AnyRecord]] = {}
    for record in merge.add:
        if not isinstance(record, Setting) and (not isinstance(record, MentorNoted) or thread(record) in merge.newer):
            gains.setdefault(about(content, record, merge.people), []).append(record)
    return News(
        tuple(_gain(name, records, merge) for name, records in gains.items()),
        merge.new_people,
        tuple(_differs(content, one, merge) for one in merge.differing),
        merge.namesakes,
    )


def _gain(name: str, records: list[AnyRecord], merge: Merge) -> Gain:
    threads = {thread(record) for record in records if isinstance(record, Answered)}
    finished = any(isinstance(record, Sealed) for record in records)
    return Gain(name, len(threads), len(threads & merge.newer), finished)


def _differs(content: Content, one: Difference, merge: Merge) -> Differs:
    here, there = (value_words(content, record, merge.people) for record in (one.here, one.there))
    question = content.words["along_card_title"] if isinstance(one.here, Sealed) else ""
    if isinstance(one.here, Answered):
        question = content.worksheet(one.here.worksheet).item(one.here.item).text
    return Differs(one.id, about(content, one.here, merge.people), question, here, there)

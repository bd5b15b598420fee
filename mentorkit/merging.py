"""Taking in the records of another file: what is new is added, what is here stays, and where they differ is named."""

from dataclasses import dataclass

from mentorkit.records import Records, key_of
from mentorkit.reports.exchange import shareable
from mentorkit.scorecard import Draft
from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed
from mentorkit.workbook import Workbook


@dataclass(frozen=True)
class Merge:
    """What an import would do."""

    add: tuple[AnyRecord, ...]  # in order, with the revisions they get here
    same: int  # records that say nothing new
    differing: tuple[str, ...]  # where the file says something else than what is here, which stays, in words
    namesakes: tuple[str, ...]  # names that two mentors would have


def plan(workbook: Workbook, records: tuple[AnyRecord, ...]) -> Merge:
    """What importing these records would add, pass over and leave; nothing is done yet."""
    here = Records(shareable(workbook.content, workbook.records))  # as far as a file can know it
    there = Records(records)
    revisions = {record.stream: record.revision for record in workbook.records}
    begun = set(revisions)
    add: list[AnyRecord] = []
    differing: dict[str, list[str]] = {}
    for record in records:
        if record.stream in begun and not _fills_a_gap(record, here):
            if not _says_nothing_new(record, here, there):
                differing.setdefault(_about(workbook, record), []).append(getattr(record, "item", ""))
            continue
        revisions[record.stream] = revisions.get(record.stream, 0) + 1
        add.append(record.model_copy(update={"revision": revisions[record.stream]}))
    left = sum(map(len, differing.values()))
    return Merge(tuple(add), len(records) - len(add) - left, tuple(_sentences(differing)), _namesakes(here, there))


def _fills_a_gap(record: AnyRecord, here: Records) -> bool:
    """Whether it answers an item that was never answered here, not even to clear it."""
    return isinstance(record, Answered) and record.item not in here.drafts.get(key_of(record), Draft()).revisions


def _says_nothing_new(record: AnyRecord, here: Records, there: Records) -> bool:
    match record:
        case Answered():
            draft = here.drafts.get(key_of(record), Draft())
            return _is_superseded(record, there) or draft.get(record.item) == record.value
        case Sealed():
            return any(card.answers == record.answers for card in here.cards.get(key_of(record), []))
        case MentorNoted():
            return there.mentors[record.subject] == here.mentors[record.subject]
    return True  # a choice about this machine stays this machine's


def _is_superseded(record: Answered, there: Records) -> bool:
    """Whether the file itself answers the item again later."""
    return there.drafts[key_of(record)].revisions[record.item] != record.revision


def _about(workbook: Workbook, record: AnyRecord) -> str:
    if isinstance(record, MentorNoted):
        return f"what you noted about {workbook.mentor(record.subject).name}"
    assert isinstance(record, Answered | Sealed)
    who = f" with {workbook.mentor(record.subject.partition('/')[0]).name}" if record.subject else ""
    finished = "finished " if isinstance(record, Sealed) else ""
    when = f" of {record.term}" if record.term else ""
    return f"the {finished}{record.worksheet}{when}{who}"


def _sentences(differing: dict[str, list[str]]) -> list[str]:
    named = ((about, ", ".join(filter(None, items))) for about, items in differing.items())
    return [f"{about} ({items})" if items else about for about, items in named]


def _namesakes(here: Records, there: Records) -> tuple[str, ...]:
    """Names of different mentors here and in the file: one person, or two, which only the student knows."""
    new = [mentor.name for mentor in there.mentors.values() if mentor.id not in here.mentors]
    return tuple(name for name in new if name in {mentor.name for mentor in here.mentors.values()})

"""Taking in the records of another file: what is new is added, what is the same is passed over, what differs stays as it is."""

from dataclasses import dataclass

from mentorkit.records import Records
from mentorkit.scorecard import Mentor
from mentorkit.store import Answered, AnyRecord, MentorNoted, Sealed, Setting
from mentorkit.workbook import Workbook


@dataclass(frozen=True)
class Merge:
    """What an import would do."""

    add: tuple[AnyRecord, ...]  # in order, with the revisions they get here
    same: int  # records that are here already
    differing: tuple[str, ...]  # what differs from what is here, in words; left as it is


def plan(workbook: Workbook, records: tuple[AnyRecord, ...]) -> Merge:
    """What importing these records would add, pass over and leave; nothing is done yet."""
    here = Records()
    here.read(workbook.records)
    return _Plan(here, {record.stream for record in workbook.records}, workbook.records).merged(records)


class _Plan:
    def __init__(self, here: Records, streams: set[str], present: tuple[AnyRecord, ...]) -> None:
        self.here = here
        self.streams = streams
        self.last: dict[str, int] = {}
        for record in present:
            self.last[record.stream] = record.revision
        self.add: list[AnyRecord] = []
        self.same = 0
        self.differing: dict[str, None] = {}

    def merged(self, records: tuple[AnyRecord, ...]) -> Merge:
        there = Records()
        there.read(records)
        for record in records:
            if record.stream not in self.streams:
                self._take(record)
            else:
                self._beside(record, there)
        return Merge(tuple(self.add), self.same, tuple(self.differing))

    def _take(self, record: AnyRecord) -> None:
        revision = self.last.get(record.stream, 0) + 1
        self.last[record.stream] = revision
        self.add.append(record.model_copy(update={"revision": revision}))

    def _beside(self, record: AnyRecord, there: Records) -> None:
        """A record of something that is here too: only what has no answer here is added."""
        match record:
            case Answered():
                self._answer(record, there)
            case Sealed():
                cards = self.here.cards[(record.worksheet, record.term, record.subject)]
                known = any(card.answers == record.answers or _only_private_missing(card.answers, record.answers) for card in cards)
                self._settle(known, f"the finished {record.worksheet} of {record.term}")
            case MentorNoted():
                latest: Mentor = there.mentors[record.subject]
                self._settle(latest == self.here.mentors[record.subject], f"the mentor {latest.name}")
            case Setting():
                self.same += 1  # a choice about this machine stays this machine's

    def _answer(self, record: Answered, there: Records) -> None:
        key = (record.worksheet, record.term, record.subject)
        ours, theirs = self.here.drafts[key], there.drafts[key]
        if theirs.revisions[record.item] != record.revision:
            self.same += 1  # an earlier answer that the file itself replaces later
        elif ours.answers.get(record.item) == record.value:
            self.same += 1
        elif record.item not in ours.revisions:
            self._take(record)
        else:
            self.differing[f"{record.item} in {record.term}"] = None

    def _settle(self, known: bool, what: str) -> None:
        if known:
            self.same += 1
        else:
            self.differing[what] = None


def _only_private_missing(ours: object, theirs: object) -> bool:
    """Whether a card is the same but for private items, which no export carries."""
    assert isinstance(ours, dict) and isinstance(theirs, dict)
    return all(ours.get(item) == value for item, value in theirs.items()) and set(theirs) <= set(ours)

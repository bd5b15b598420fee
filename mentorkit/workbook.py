"""One student at work: content, records and the core meet here. It is the whole application without its screen."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mentorkit import change, matching, scoring
from mentorkit.content import Content, load_content
from mentorkit.errors import BadAnswer, Conflict, NotReady, Unknown
from mentorkit.history import ScoreRow, score_rows
from mentorkit.ledger import Ledger, Listener
from mentorkit.network import Network
from mentorkit.records import Key, Records, checked_mentor, expect_content_for
from mentorkit.scorecard import Draft, Meeting, Mentor, Scorecard
from mentorkit.store import Answered, AnyRecord, Home, HomeStore, MentorNoted, Sealed, Setting, Storage, find_home
from mentorkit.supporters import network_of
from mentorkit.worksheet import Answers, ResponseOption, Value, Worksheet, is_empty

if TYPE_CHECKING:
    import pandas

Scores = scoring.NeedsScores | scoring.RelationshipScores
Comparison = change.Comparison | change.NeedsComparison
NO_SCORES = "The worksheet “{}” has no scores."


def open_workbook(
    home: Path | str | None = None, *, content: Content | None = None, today: Callable[[], date] = date.today
) -> "Workbook":
    """The student's workbook, usable without any widget.

    `home` is the folder of the records (else `MENTORKIT_HOME`, else the user's data folder). Raises `BadContent`,
    `NotSaved` when the folder cannot be used, and `StoreRefused` when its records are foreign, newer or damaged.
    """
    content = content or load_content()
    return Workbook(HomeStore(find_home(home)), content, today)


class Workbook:
    """A student's answers, scorecards and mentors, and what follows from them."""

    def __init__(self, storage: Storage, content: Content, today: Callable[[], date] = date.today):
        self.content = content
        self._today = today
        self._ledger = Ledger(storage)
        self._ranked: tuple[object, matching.Ranking] | None = None  # the last one, with what it was drawn from
        expect_content_for(self._standing, content)
        self._ledger.back_up()

    @property
    def storage(self) -> Storage:
        """Where the records are kept."""
        return self._ledger.storage

    @property
    def home(self) -> Home | None:
        """The folder of the records on this computer; None where they are kept elsewhere."""
        return self.storage.home

    @property
    def place(self) -> str:
        """Names these records for the browser; no two students have the same."""
        return self.storage.place

    def go_on_with(self, storage: Storage, anew: bool = True) -> None:
        """Take the records from another place; without `anew` they say the same. Raises as on opening."""
        self._ledger.go_on_with(storage, anew)
        expect_content_for(self._standing, self.content)

    # Terms

    @property
    def term(self) -> str:
        """The term worked on, for example `2026-fall`: the one that today lies in, unless the student chose another.

        A choice holds until the next term begins; a term chosen ahead of time holds until it is over.
        """
        now = self.content.calendar.at(self._today())
        match self._standing.settings.get("term"):
            case {"term": str(chosen), "during": during}:
                return chosen if during == now else max(now, chosen, key=self.content.calendar.key)
        return now

    @term.setter
    def term(self, term: str) -> None:
        chosen = {"term": self.content.calendar.parse(term), "during": self.content.calendar.at(self._today())}
        new = Setting(revision=1, key="term", value=chosen)
        self._ledger.write(lambda: None if self._standing.settings.get("term") == chosen else new)

    @property
    def today(self) -> date:
        """The day on which the student works."""
        return self._today()

    @property
    def terms(self) -> list[str]:
        """The terms with anything in them, and the current one; earliest first."""
        return self.content.calendar.sort(self._standing.terms() | {self.term})

    # Mentors, people who may become mentors, and meetings

    @property
    def people(self) -> tuple[Mentor, ...]:
        """Everyone whom the student noted: mentors, and people to approach; in the order in which they were added."""
        return tuple(self._standing.mentors.values())

    @property
    def mentors(self) -> tuple[Mentor, ...]:
        """The student's mentors, those who left too."""
        return tuple(person for person in self.people if self.is_mentor(person.id))

    @property
    def present_mentors(self) -> tuple[Mentor, ...]:
        """The mentors who have not left."""
        return tuple(mentor for mentor in self.mentors if not mentor.left)

    @property
    def prospects(self) -> tuple[Mentor, ...]:
        """The people whom the student approaches or approached and who are not mentors."""
        return tuple(person for person in self.people if not self.is_mentor(person.id))

    def is_mentor(self, person_id: str) -> bool:
        """Whether a person is a mentor: nobody who is still being approached, or who declined."""
        approach = self._draft(("approach", None, person_id))
        return not approach.revisions or approach.get("approach.state") == "mentor"

    def mentor(self, mentor_id: str) -> Mentor:
        """One mentor or person to approach; raises `Unknown`."""
        try:
            return self._standing.mentors[mentor_id]
        except KeyError:
            raise Unknown(f"There is no mentor {mentor_id!r} in this workbook.") from None

    def add_mentor(self, name: str, type: str | None = None, *, field: str = "", distance: str = "") -> str:
        """Add a mentor under a name or nickname, and return their permanent id; raises `BadAnswer`."""
        mentor_id = f"m-{secrets.token_hex(5)}"
        self._note_mentor(mentor_id, name=name, type=type, field=field, distance=distance)
        return mentor_id

    def add_prospect(self, name: str, type: str | None = None) -> str:
        """Add someone to approach, and return their permanent id; raises `BadAnswer`."""
        self.refresh()
        noted = self._noted(f"m-{secrets.token_hex(5)}", name=name, type=type)
        assert noted is not None  # a new id says something new
        sheet = self.content.worksheet("approach")
        about = _about(sheet, (sheet.id, None, noted.subject))
        self.add([noted, Answered(revision=1, item="approach.state", value="to_approach", **about)])
        return noted.subject

    def change_mentor(self, mentor_id: str, **changes: object) -> None:
        """Correct a mentor's name, type, field or distance, or say that they `left`; the id stays."""
        self._note_mentor(self.mentor(mentor_id).id, **changes)

    def _note_mentor(self, mentor_id: str, **changes: object) -> None:
        self._ledger.write(lambda: self._noted(mentor_id, **changes))

    def _noted(self, mentor_id: str, **changes: object) -> MentorNoted | None:
        known = self._standing.mentors.get(mentor_id, Mentor(mentor_id, "", None))
        mentor = checked_mentor(replace(known, **changes), self.content.types)  # type: ignore[arg-type]  # checked
        taken = {other.name.casefold() for other in self.people if other.id != mentor_id} - {known.name.casefold()}
        if mentor.name.casefold() in taken:
            raise BadAnswer(f"You have someone called {mentor.name} already: choose another nickname.")
        noted = {name: value for name, value in vars(mentor).items() if name != "id"}
        return None if mentor == known else MentorNoted(revision=1, subject=mentor_id, **noted)

    def meetings(self, mentor_id: str | None = None) -> tuple[Meeting, ...]:
        """The meetings with one mentor, or with all, earliest first; those without a day last."""
        found = (
            Meeting(about, about.partition("/")[0], draft.answers)
            for (sheet, _, about), draft in self._standing.drafts.items()
            if sheet == "meeting" and about and draft.answers
        )
        mine = (meeting for meeting in found if mentor_id in (None, meeting.mentor))
        return tuple(sorted(mine, key=lambda meeting: (meeting.day or "9", meeting.id)))

    def add_meeting(self, mentor_id: str, day: date) -> str:
        """Plan a meeting with a mentor, and return its permanent id; raises `Unknown`."""
        meeting_id = f"{self.mentor(mentor_id).id}/d-{secrets.token_hex(5)}"
        self.answer("meeting", "meeting.day", day.isoformat(), mentor=meeting_id)
        return meeting_id

    def mentor_since(self, mentor_id: str) -> datetime:
        """When someone was noted as a mentor, or became one; raises `Unknown`."""
        self.mentor(mentor_id)
        return self._standing.since[mentor_id]

    # Answering

    def worksheet(self, worksheet_id: str) -> Worksheet:
        """A worksheet as this student sees it, with their mentors among the options; raises `Unknown`."""
        options = tuple(ResponseOption(code=mentor.id, label=mentor.name) for mentor in self.present_mentors)
        return self.content.worksheet(worksheet_id).with_options("mentors", options)

    def answer(
        self, worksheet: str, item: str, value: Value, *, mentor: str | None = None, seen: int | None = None
    ) -> int:
        """Validate and save one answer in the current term; None or nothing clears it. Returns the draft's revision.

        `mentor` is the id of a mentor or, for a worksheet about one meeting, of that meeting. `seen` is the revision
        of this item that the writer was looking at (by default, the last this workbook knows).
        Raises `BadAnswer`, `Unknown`, `NotSaved`, or `Conflict` when the item was answered elsewhere since.
        """
        sheet = self.worksheet(worksheet)
        asked = sheet.item(item)
        checked = None if is_empty(value) else asked.check(value)
        key = self._key(sheet, mentor)
        looked_at = self._draft(key).revisions.get(item, 0) if seen is None else seen

        def drawn_up() -> Answered | None:
            draft = self._draft(key)
            if item in draft.revisions and draft.answers.get(item) == checked:
                return None  # it is saved already
            if draft.revisions.get(item, 0) > looked_at:
                raise Conflict("You answered this differently in another tab.", draft.answers.get(item))
            return Answered(revision=1, item=item, value=checked, **_about(sheet, key))

        self._ledger.write(drawn_up)
        return self._draft(key).revision

    def draft(self, worksheet: str, *, mentor: str | None = None) -> Draft:
        """The answers so far in the current term, by item id."""
        return self._draft(self._key(self.content.worksheet(worksheet), mentor))

    def answers(self, worksheet: str, *, mentor: str | None = None, term: str | None = None) -> Answers:
        """The answers of one term (the current one by default), finished or not."""
        return self._draft(self._key(self.content.worksheet(worksheet), mentor, term)).answers

    def seal(self, worksheet: str, *, mentor: str | None = None) -> Scorecard:
        """Finish a worksheet. A card that is sealed stays; sealing changed answers adds one that replaces it.

        Raises `NotReady` when nothing was answered.
        """
        sheet = self.content.worksheet(worksheet)
        key = self._key(sheet, mentor)
        if sheet.standing:
            raise NotReady("There is nothing to finish here: this is kept up to date all along.")

        def drawn_up() -> Sealed | None:
            answers = self._in_force(sheet, key)
            if not answers:
                raise NotReady("There is nothing to finish yet: answer at least one question first.")
            return None if self._is_sealed(sheet, key) else Sealed(revision=1, answers=answers, **_about(sheet, key))

        self._ledger.write(drawn_up)
        self._ledger.back_up()
        return self._standing.cards[key][-1]

    def is_sealed(self, worksheet: str, *, mentor: str | None = None) -> bool:
        """Whether the current term's scorecard says what the current term's answers say."""
        sheet = self.content.worksheet(worksheet)
        return self._is_sealed(sheet, self._key(sheet, mentor))

    def sealed(self, worksheet: str, *, mentor: str | None = None) -> tuple[Scorecard, ...]:
        """The scorecards that count, one a term, earliest term first."""
        cards = self._standing.cards.items()
        found = {kept[-1].term: kept[-1] for (sheet, _, about), kept in cards if (sheet, about) == (worksheet, mentor)}
        return tuple(found[term] for term in self.content.calendar.sort(set(found)))

    # What follows from the answers

    def scores(self, worksheet: str, *, mentor: str | None = None, term: str | None = None) -> Scores:
        """The scores of one term (the current one by default), each 0–100 or not scored (k of n)."""
        return self._scored(worksheet, self.answers(worksheet, mentor=mentor, term=term))

    def card_scores(self, card: Scorecard) -> Scores:
        """The scores of one scorecard."""
        return self._scored(card.worksheet, card.answers)

    def needs_term(self) -> str:
        """The term whose needs count in the current one: itself, or the last one before it that was sealed."""
        when = self.content.calendar.key
        earlier = [card.term for card in self.sealed("needs") if when(card.term) < when(self.term)]
        return self.term if self.answers("needs") or not earlier else earlier[-1]

    def ranking(self) -> matching.Ranking:
        """The mentor types with fit 0–100, reasons, ties and stability, from the needs that count now."""
        answers = self.answers("needs", term=self.needs_term())
        unsuited = self.content.unsuited(self.answers("mentor_types"))
        if self._ranked is None or self._ranked[0] != (answers, unsuited):
            sheet = self.content.worksheet("needs")
            self._ranked = (answers, unsuited), matching.ranking(sheet, answers, self.content.strength, unsuited)
        return self._ranked[1]

    def network(self, term: str | None = None) -> Network:
        """Which mentor covers which area in a term (the current one by default)."""
        when = self.term if term is None else self.content.calendar.parse(term)
        return network_of(self._standing, self.content, self.mentors, when, self.term)

    def compare(self, worksheet: str, *, mentor: str | None = None) -> Comparison:
        """What changed between the last two sealed terms; raises `NotReady` when there are fewer."""
        cards = self.sealed(worksheet, mentor=mentor)
        if len(cards) < 2:
            raise NotReady("A comparison needs two terms: finish this worksheet again next semester.")
        return self.compare_cards(cards[-2], cards[-1])

    def compare_cards(self, before: Scorecard, after: Scorecard) -> Comparison:
        """What changed between two scorecards of one worksheet; raises `NotReady` for one without scores."""
        sheet = self.content.worksheet(after.worksheet)
        match sheet.id:
            case "needs":
                return change.compare_needs(sheet, before.answers, after.answers)
            case "relationship":
                return change.compare(sheet, before.answers, after.answers, norms(self.content))
        raise NotReady(NO_SCORES.format(sheet.id))

    def history(self, worksheet: str) -> "pandas.DataFrame":
        """One row a score: term, mentor, revision, scale, score (0–100 or missing), answered, of."""
        import pandas  # only when a table is asked for: the student's pages start without it

        return pandas.DataFrame(self.score_rows(worksheet), columns=ScoreRow._fields).astype({"score": float})

    def score_rows(self, worksheet: str) -> list[ScoreRow]:
        """The scores of every scorecard of a worksheet that counts, earliest term first for each mentor."""
        about = [mentor.id for mentor in self.mentors] if self.content.worksheet(worksheet).per_mentor else [None]
        cards = [card for mentor in about for card in self.sealed(worksheet, mentor=mentor)]
        return [row for card in cards for row in score_rows(card, self.card_scores(card))]

    def _scored(self, worksheet: str, answers: Answers) -> Scores:
        sheet = self.content.worksheet(worksheet)
        match sheet.id:
            case "needs":
                return scoring.needs_scores(sheet, answers)
            case "relationship":
                return scoring.relationship_scores(sheet, answers, norms(self.content), self.content.norms.cut)
        raise NotReady(NO_SCORES.format(sheet.id))

    # The records

    @property
    def records(self) -> tuple[AnyRecord, ...]:
        """Every record, verified, in order of arrival."""
        return self._ledger.records

    def on_change(self, listener: Listener, moves: bool = False) -> None:
        """Call `listener` after anything was saved or read anew; with `moves`, also when only the place is another."""
        self._ledger.on_change(listener, moves)

    def refresh(self) -> None:
        """Take in what another tab saved."""
        self._ledger.refresh()

    def add(self, records: list[AnyRecord]) -> None:
        """Add records as they are, all or none: the way in for an import, which decides what to add."""
        self._ledger.add(records)

    def erase(self, notebooks: bool = True) -> int:
        """Remove everything for good, and go on empty; returns how many files were removed."""
        return self._ledger.erase(notebooks)

    def close(self) -> None:
        """Let go of the file."""
        self._ledger.close()

    @property
    def goals(self) -> tuple[Answers, ...]:
        """The goals that count now: the parts of each by id."""
        return tuple(self.answers("needs", term=self.needs_term()).get("goals", ()))

    @property
    def _standing(self) -> Records:
        return self._ledger.standing

    def _key(self, sheet: Worksheet, mentor: str | None, term: str | None = None) -> Key:
        about = sheet.per_mentor or sheet.per_meeting
        if about and mentor is None:
            raise Unknown(f"Say which mentor “{sheet.id}” is about: mentor=…")
        if mentor is not None:
            person, _, meeting = mentor.partition("/")
            self.mentor(person)
            if sheet.per_meeting != bool(meeting):
                raise Unknown(f"“{sheet.id}” is about {'one meeting' if sheet.per_meeting else 'a mentor'}.")
        when = self.term if term is None else self.content.calendar.parse(term)
        return sheet.id, None if sheet.standing else when, mentor if about else None

    def _draft(self, key: Key) -> Draft:
        return self._standing.drafts.get(key, Draft())

    def _in_force(self, sheet: Worksheet, key: Key) -> Answers:
        """The answers to what is asked: a condition that no longer holds keeps its answers out of the scorecard."""
        draft = self._draft(key)
        asked = {item.id for item in sheet.asked(draft)}
        return {item: value for item, value in draft.items() if item in asked}

    def _is_sealed(self, sheet: Worksheet, key: Key) -> bool:
        cards = self._standing.cards.get(key, [])
        return bool(cards) and cards[-1].answers == self._in_force(sheet, key)


def norms(content: Content) -> change.Norms:
    """What is assumed about the two indexes when change is judged."""
    given = content.norms
    own = [one.model_dump(exclude={"students"}) for one in (given.practice, given.outcome)]
    return change.Norms(*(change.Norm(**one | {"source": one["source"] or given.source}) for one in own))


def _about(sheet: Worksheet, key: Key) -> dict[str, object]:
    return {"worksheet": sheet.id, "version": sheet.version, "term": key[1], "subject": key[2]}

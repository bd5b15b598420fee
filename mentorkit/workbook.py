"""One student at work: content, records and the core meet here. It is the whole application without its screen."""

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mentorkit import change, matching, scoring
from mentorkit.content import Content, load_content
from mentorkit.errors import BadAnswer, Conflict, NotReady, Unknown
from mentorkit.history import ScoreRow, score_rows
from mentorkit.records import Key, Records
from mentorkit.scorecard import Draft, Mentor, Scorecard
from mentorkit.store import (
    Answered,
    AnyRecord,
    Home,
    MentorNoted,
    Sealed,
    Setting,
    Stale,
    Store,
    back_up,
    find_home,
)
from mentorkit.worksheet import Answers, ResponseOption, Value, Worksheet, is_empty

if TYPE_CHECKING:
    import pandas

Scores = scoring.NeedsScores | scoring.RelationshipScores
Listener = Callable[[], None]


def open_workbook(
    home: Path | str | None = None, *, content: Content | None = None, today: Callable[[], date] = date.today
) -> "Workbook":
    """The student's workbook, usable without any widget.

    `home` is the folder of the records (else `MENTORKIT_HOME`, else the user's data folder). Raises `NotSaved` when
    the folder cannot be used, and `StoreRefused` when its records are foreign, newer or damaged.
    """
    place = find_home(home)
    return Workbook(place, Store(place.records), content or load_content(), today)


class Workbook:
    """A student's answers, scorecards and mentors, and what follows from them."""

    def __init__(self, home: Home, store: Store, content: Content, today: Callable[[], date] = date.today):
        self.home = home
        self.content = content
        self._store = store
        self._today = today
        self._listeners: list[Listener] = []
        self._ranked: tuple[object, matching.Ranking] | None = None  # the last one, with what it was drawn from
        self._start_over()
        self._take_in()
        back_up(home, store)

    # Terms

    @property
    def term(self) -> str:
        """The term worked on: the one that today lies in, unless the student chose another, for example `2026-fall`."""
        now = self.content.calendar.at(self._today())
        chosen = self._records.settings.get("term")
        if not isinstance(chosen, dict):
            return now
        if chosen["during"] == now:
            return str(chosen["term"])
        return max(now, str(chosen["term"]), key=self.content.calendar.key)

    @term.setter
    def term(self, term: str) -> None:
        chosen = self.content.calendar.parse(term)
        during = self.content.calendar.at(self._today())
        self._note(lambda revision: Setting(revision=revision, key="term", value={"term": chosen, "during": during}), "setting/term")

    @property
    def terms(self) -> list[str]:
        """The terms with anything in them, and the current one; earliest first."""
        return self.content.calendar.sort(self._records.terms() | {self.term})

    # Mentors

    @property
    def mentors(self) -> tuple[Mentor, ...]:
        """The student's mentors, in the order in which they were added."""
        return tuple(self._records.mentors.values())

    def mentor(self, mentor_id: str) -> Mentor:
        """One mentor; raises `Unknown`."""
        try:
            return self._records.mentors[mentor_id]
        except KeyError:
            raise Unknown(f"There is no mentor {mentor_id!r} in this workbook.") from None

    def add_mentor(self, name: str, type: str | None = None, *, field: str = "", distance: str = "") -> str:
        """Add a mentor under a name or nickname, and return their permanent id; raises `BadAnswer`."""
        mentor = Mentor(f"m-{secrets.token_hex(5)}", self._mentor_name(name), self._mentor_type(type), field, distance)
        self._save_mentor(mentor)
        return mentor.id

    def change_mentor(self, mentor_id: str, **changes: object) -> None:
        """Correct a mentor's name, type, field or distance, or say that they `left`; the id stays."""
        noted = {**vars(self.mentor(mentor_id)), **changes}
        noted["name"] = self._mentor_name(noted["name"])
        noted["type"] = self._mentor_type(noted["type"])
        self._save_mentor(Mentor(**noted))

    def _mentor_name(self, name: object) -> str:
        if not isinstance(name, str) or not name.strip():
            raise BadAnswer("Give the mentor a name or a nickname.")
        if len(name.strip()) > 80 or not name.isprintable():
            raise BadAnswer("A mentor's name takes at most 80 letters on one line.")
        if name.strip() in {mentor.name for mentor in self.mentors}:
            raise BadAnswer(f"You have a mentor called {name.strip()} already: choose another nickname.")
        return name.strip()

    def _mentor_type(self, type: object) -> str | None:
        if type is not None and type not in self.content.types:
            raise BadAnswer(f"A mentor's type is one of {', '.join(self.content.types)}, or none.")
        return type if type is None else str(type)

    def _save_mentor(self, mentor: Mentor) -> None:
        noted = {"subject" if key == "id" else key: value for key, value in vars(mentor).items()}
        self._note(lambda revision: MentorNoted(revision=revision, **noted), f"mentor/{mentor.id}")

    # Answering

    def worksheet(self, worksheet_id: str) -> Worksheet:
        """A worksheet as this student sees it, with their mentors among the options; raises `Unknown`."""
        options = tuple(ResponseOption(code=mentor.id, label=mentor.name) for mentor in self.mentors if not mentor.left)
        return self.content.worksheet(worksheet_id).with_options("mentors", options)

    def answer(
        self, worksheet: str, item: str, value: Value, *, mentor: str | None = None, seen: int | None = None
    ) -> int:
        """Validate and save one answer in the current term; None or nothing clears it. Returns the draft's revision.

        `seen` is the revision of this item that the writer was looking at (by default, the last this workbook knows).
        Raises `BadAnswer`, `Unknown`, `NotSaved`, or `Conflict` when the item was answered elsewhere since.
        """
        sheet = self.worksheet(worksheet)
        checked = None if is_empty(value) else sheet.item(item).check(value)
        key = self._key(sheet, mentor)
        looked_at = self._draft(key).revisions.get(item, 0) if seen is None else seen
        while True:
            draft = self._draft(key)
            if draft.answers.get(item) == checked and item in draft.revisions:
                return draft.revision
            if draft.revisions.get(item, 0) > looked_at:
                raise Conflict("You answered this differently in another tab.", draft.answers.get(item))
            try:
                return self._save_answer(sheet, key, item, checked)
            except Stale:
                self.refresh()

    def draft(self, worksheet: str, *, mentor: str | None = None) -> Draft:
        """The answers so far in the current term, by item id."""
        return self._draft(self._key(self.content.worksheet(worksheet), mentor))

    def seal(self, worksheet: str, *, mentor: str | None = None) -> Scorecard:
        """Finish a worksheet. A card that is sealed stays; sealing changed answers adds one that replaces it.

        Raises `NotReady` when nothing was answered.
        """
        sheet = self.worksheet(worksheet)
        key = self._key(sheet, mentor)
        answers = self._in_force(sheet, self._draft(key))
        if not answers:
            raise NotReady("There is nothing to finish yet: answer at least one question first.")
        last = self._records.cards.get(key, [])
        if not last or last[-1].answers != answers:
            about = {"worksheet": sheet.id, "version": sheet.version, "term": key[1], "subject": key[2]}
            stream = Sealed(revision=1, answers=answers, **about).stream
            self._note(lambda revision: Sealed(revision=revision, answers=answers, **about), stream)
            back_up(self.home, self._store)
        return self._records.cards[key][-1]

    def is_sealed(self, worksheet: str, *, mentor: str | None = None) -> bool:
        """Whether the draft of the current term holds nothing that its scorecard does not."""
        key = self._key(self.content.worksheet(worksheet), mentor)
        cards = self._records.cards.get(key, [])
        return bool(cards) and cards[-1].answers == self._in_force(self.worksheet(worksheet), self._draft(key))

    def sealed(self, worksheet: str, *, mentor: str | None = None) -> tuple[Scorecard, ...]:
        """The scorecards that count, one a term, earliest term first."""
        found = {key[1]: cards[-1] for key, cards in self._records.cards.items() if (key[0], key[2]) == (worksheet, mentor)}
        return tuple(found[term] for term in self.content.calendar.sort(set(found)))

    # What follows from the answers

    def scores(self, worksheet: str, *, mentor: str | None = None, term: str | None = None) -> Scores:
        """The scores of one term (the current one by default), each 0–100 or not scored (k of n)."""
        sheet = self.content.worksheet(worksheet)
        return self._scored(sheet, self.answers(worksheet, mentor=mentor, term=term))

    def answers(self, worksheet: str, *, mentor: str | None = None, term: str | None = None) -> Answers:
        """The answers of one term: the draft, which holds whatever was sealed."""
        sheet = self.content.worksheet(worksheet)
        when = self.term if term is None else self.content.calendar.parse(term)
        return self._draft((sheet.id, when, self._key(sheet, mentor)[2])).answers

    def needs_term(self) -> str:
        """The term whose needs count now: the current one, or the last one sealed when it has none."""
        if self.answers("needs"):
            return self.term
        earlier = [card.term for card in self.sealed("needs")]
        return earlier[-1] if earlier else self.term

    def ranking(self) -> matching.Ranking:
        """The mentor types with fit 0–100, reasons, ties and stability, from the needs that count now."""
        answers = self.answers("needs", term=self.needs_term())
        unsuited = self.content.unsuited(self.answers("mentor_types"))
        if self._ranked is None or self._ranked[0] != (answers, unsuited):
            sheet = self.content.worksheet("needs")
            self._ranked = (answers, unsuited), matching.ranking(sheet, answers, self.content.strength, unsuited)
        return self._ranked[1]

    def compare(
        self, worksheet: str, *, mentor: str | None = None
    ) -> "change.Comparison | change.NeedsComparison":
        """What changed between the last two sealed terms; raises `NotReady` when there are fewer."""
        cards = self.sealed(worksheet, mentor=mentor)
        if len(cards) < 2:
            raise NotReady("A comparison needs two terms: finish this worksheet again next semester.")
        return self.compare_cards(cards[-2], cards[-1])

    def compare_cards(self, before: Scorecard, after: Scorecard) -> "change.Comparison | change.NeedsComparison":
        """What changed between two scorecards of one worksheet."""
        sheet = self.content.worksheet(after.worksheet)
        if sheet.id == "needs":
            return change.compare_needs(sheet, before.answers, after.answers)
        return change.compare(sheet, before.answers, after.answers, norms(self.content))

    def history(self, worksheet: str) -> "pandas.DataFrame":
        """One row a score: term, mentor, revision, scale, score (0–100 or missing), answered, of."""
        import pandas  # only when a table is asked for: the student's pages start without it

        return pandas.DataFrame(self.score_rows(worksheet), columns=ScoreRow._fields)

    def score_rows(self, worksheet: str) -> list[ScoreRow]:
        """The scores of every sealed card of a worksheet that counts, earliest term first for each mentor."""
        about = [mentor.id for mentor in self.mentors] if self.content.worksheet(worksheet).per_mentor else [None]
        cards = [card for mentor in about for card in self.sealed(worksheet, mentor=mentor)]
        return [row for card in cards for row in score_rows(card, self.card_scores(card))]

    def card_scores(self, card: Scorecard) -> Scores:
        """The scores of one scorecard."""
        return self._scored(self.content.worksheet(card.worksheet), card.answers)

    def _scored(self, sheet: Worksheet, answers: Answers) -> Scores:
        if sheet.id == "needs":
            return scoring.needs_scores(sheet, answers)
        if sheet.id == "relationship":
            return scoring.relationship_scores(sheet, answers, near=norms(self.content), cut=self.content.norms.cut)
        raise NotReady(f"The worksheet “{sheet.id}” has no scores.")

    # Listening and looking again

    def on_change(self, listener: Listener) -> None:
        """Call `listener` after anything was saved or read anew."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Take in what another tab saved."""
        self._store.refresh()
        self._take_in()

    @property
    def records(self) -> tuple[AnyRecord, ...]:
        """Every record, verified, in order of arrival."""
        return tuple(self._store.records)

    def add(self, records: list[AnyRecord]) -> None:
        """Add records as they are, all or none: the way in for an import, which decides what to add."""
        self._store.append(*records)
        self._take_in()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _key(self, sheet: Worksheet, mentor: str | None) -> Key:
        if sheet.per_mentor and mentor is None:
            raise Unknown(f"Say which mentor “{sheet.id}” is about: mentor=…")
        if mentor is not None:
            self.mentor(mentor)
        return sheet.id, self.term, mentor if sheet.per_mentor else None

    def _draft(self, key: Key) -> Draft:
        return self._records.drafts.get(key, Draft())

    def _in_force(self, sheet: Worksheet, draft: Draft) -> Answers:
        """The answers to what is asked: a condition that no longer holds takes its answers out of the scorecard."""
        asked = {item.id for item in sheet.asked(draft)}
        return {item: value for item, value in draft.items() if item in asked}

    def _save_answer(self, sheet: Worksheet, key: Key, item: str, value: Value) -> int:
        revision = self._draft(key).revision + 1
        about = {"worksheet": sheet.id, "version": sheet.version, "term": key[1], "subject": key[2]}
        self._store.append(Answered(revision=revision, item=item, value=value, **about))
        self._take_in()
        return revision

    def _note(self, record: Callable[[int], AnyRecord], stream: str) -> None:
        while True:
            try:
                self._store.append(record(self._store.revision(stream) + 1))
                break
            except Stale:
                self.refresh()
        self._take_in()

    def _start_over(self) -> None:
        self._records, self._taken, self._read_from = Records(), 0, self._store.opened

    def _take_in(self) -> None:
        if self._read_from != self._store.opened:  # the file was replaced: what was read no longer holds
            self._start_over()
        new = self._store.records[self._taken :]
        self._records.read(new)
        self._taken = len(self._store.records)
        if new:
            for listener in tuple(self._listeners):
                listener()


def norms(content: Content) -> change.Norms:
    """What is assumed about the two indexes when change is judged."""
    given = content.norms
    practice, outcome = (change.Norm(**norm.model_dump(), source=given.source) for norm in (given.practice, given.outcome))
    return change.Norms(practice, outcome)

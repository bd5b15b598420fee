"""Who supports the student in one term: what the records say of each mentor, gathered into a network."""

from collections.abc import Iterable
from typing import NamedTuple

from mentorkit.content import Content
from mentorkit.network import OWN_AREA, Member, Network, network
from mentorkit.records import Records
from mentorkit.scorecard import Draft, Mentor
from mentorkit.worksheet import Value

AREAS, OFTEN, RANK = "network.areas", "network.often", "network.rank"


class _Said(NamedTuple):
    areas: frozenset[str]
    term: str
    named: bool = False


def network_of(records: Records, content: Content, mentors: Iterable[Mentor], term: str, now: str) -> Network:
    """The network of a term, while `now` is worked on.

    What a mentor covers is what the student said about them in that term, also that it is nothing; else the areas in
    which the needs of that term name them; else, of a mentor who has not left, what was said last before. A mentor who
    left belongs to earlier terms only, and only to those in which something was said about them.
    """
    terms = _Terms(records, content, term)
    is_past = content.calendar.key(term) < content.calendar.key(now)
    found = [mentor for mentor in mentors if terms.has(mentor, is_past)]
    return network(term, [terms.member(mentor) for mentor in found], content.areas, terms.own(term))


class _Terms:
    """What was said in one term and in those before it."""

    def __init__(self, records: Records, content: Content, term: str) -> None:
        self._records, self._content, self._term = records, content, term
        key = content.calendar.key
        past = [one for one in reversed(content.calendar.sort(records.terms())) if key(one) < key(term)]
        self._terms = [term, *past]  # the latest first
        self._naming: dict[str, dict[str, frozenset[str]]] = {}

    def has(self, mentor: Mentor, is_past: bool) -> bool:
        """Whether a mentor belongs to the term."""
        if not is_past:
            return not mentor.left
        if self._is_looked_at(mentor):
            return True
        calendar = self._content.calendar
        noted = calendar.at(self._records.since[mentor.id].astimezone().date())
        return not mentor.left and (calendar.key(noted) <= calendar.key(self._term) or self._said(mentor) is not None)

    def member(self, mentor: Mentor) -> Member:
        """A mentor as a part of the term's network."""
        said = self._said(mentor)
        often, rank = self._last(OFTEN, mentor), self._last(RANK, mentor)
        return Member(
            mentor=mentor.id,
            areas=said.areas if said else frozenset(),
            said_in=said.term if said else None,
            named=bool(said and said.named),
            looked_at=self._is_looked_at(mentor),
            often=often,
            rank=rank,
            kind=mentor.type,
            distance=mentor.distance or None,
        )

    def own(self, term: str) -> str:
        """The area in the student's own words, as last named or taken back up to a term; empty when there is none."""
        for one in self._terms[self._terms.index(term) :]:
            draft = self._draft("needs", one)
            if "area.own" in draft.revisions:
                return str(draft.get("area.own", "")).strip()
        return ""

    def _said(self, mentor: Mentor) -> _Said | None:
        found = (self._said_in(term, mentor) for term in self._counting(mentor))
        said = next((one for one in found if one), None)
        if said and self.own(said.term) != self.own(self._term):  # the same tick would now be about something else
            return said._replace(areas=said.areas - {OWN_AREA})
        return said

    def _said_in(self, term: str, mentor: Mentor) -> _Said | None:
        draft = self._draft("network", term, mentor.id)
        if AREAS in draft.revisions:
            return _Said(_codes(draft.get(AREAS)), term)
        if term not in self._naming:
            self._naming[term] = self._named_in(term)
        named = self._naming[term].get(mentor.id)
        return _Said(named, term, named=True) if named else None

    def _named_in(self, term: str) -> dict[str, frozenset[str]]:
        """By mentor, the areas in which the needs of a term name them, in answers that still count."""
        draft = self._draft("needs", term)
        asked = {item.id for item in self._content.worksheet("needs").asked(draft)} if draft else set()
        sources = {area: f"support.{area}.from" for area in (*self._content.areas, OWN_AREA)}
        given = {area: _codes(draft.get(item)) for area, item in sources.items() if item in asked}
        everyone = frozenset[str]().union(*given.values())
        return {one: frozenset(area for area, named in given.items() if one in named) for one in everyone}

    def _is_looked_at(self, mentor: Mentor) -> bool:
        draft = self._draft("network", self._term, mentor.id)
        return any(draft.get(item) for item in (OFTEN, RANK)) or self._said_in(self._term, mentor) is not None

    def _last(self, item: str, mentor: Mentor) -> str | None:
        drafts = (self._draft("network", term, mentor.id) for term in self._counting(mentor))
        return next((str(draft[item]) for draft in drafts if item in draft), None)

    def _counting(self, mentor: Mentor) -> list[str]:
        """The terms whose answers count for a mentor, the latest first."""
        return [self._term] if mentor.left else self._terms

    def _draft(self, worksheet: str, term: str, mentor: str | None = None) -> Draft:
        return self._records.drafts.get((worksheet, term, mentor), Draft())


def _codes(value: Value) -> frozenset[str]:
    """The codes in an answer; none in what no form would write."""
    return frozenset(code for code in value if isinstance(code, str)) if isinstance(value, list) else frozenset()

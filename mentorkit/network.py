"""From who covers what to coverage, concentration and variety, and to what changed between two terms."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Coverage = Literal["none", "thin", "covered"]
"""Nobody, one mentor, or two and more."""

Links = Mapping[str, Collection[str]]
"""By area, the mentors who cover it."""

HIGH_SHARE = Fraction(6, 10)  # of all links: from here up one mentor carries a lot …
AREAS_NEEDED = 3  # … when at least so many areas are covered by anybody
OWN_AREA = "own"  # the area that a student names in words of their own
SELDOM = "rarely"  # the answer that says: in touch less than once a semester, or not yet


@dataclass(frozen=True)
class Member:
    """One mentor as a part of the network, in one term."""

    mentor: str  # the mentor's id
    areas: frozenset[str] = frozenset()  # the areas in which they help
    said_in: str | None = None  # the term in which the student said so; None when nothing is known of them
    named: bool = False  # said on the needs worksheet, not about this mentor
    looked_at: bool = True  # whether anything was said about them in the network's own term
    often: str | None = None  # how often the student is in touch with them
    rank: str | None = None  # where they stand, seen from the student
    kind: str | None = None  # the type of mentor
    distance: str | None = None


@dataclass(frozen=True)
class Concentration:
    """The largest share of the links that one mentor holds."""

    mentors: tuple[str, ...]  # who hold it: several when they hold equally many
    share: float  # 0–1
    is_high: bool  # whether it is worth saying


@dataclass(frozen=True)
class Variety:
    """How many different kinds, ranks and distances there are. It is not added up, and background is no part of it."""

    kinds: frozenset[str]
    ranks: frozenset[str]
    distances: frozenset[str]


@dataclass(frozen=True)
class Network:
    """Who covers which area in one term, and what may be said about it."""

    term: str
    members: tuple[Member, ...]
    links: Mapping[str, tuple[str, ...]]  # by area, in the order asked; the mentors in the order of the members
    coverage: Mapping[str, Coverage]  # by area
    concentration: Concentration | None  # None without any link
    variety: Variety
    seldom: tuple[str, ...]  # areas that only mentors cover with whom the student is rarely in touch
    own: str = ""  # the student's own words for `OWN_AREA`

    @property
    def is_empty(self) -> bool:
        """Whether nobody covers anything."""
        return not any(self.links.values())

    def with_coverage(self, coverage: Coverage) -> tuple[str, ...]:
        """The areas with this coverage."""
        return tuple(area for area, found in self.coverage.items() if found == coverage)


@dataclass(frozen=True)
class NetworkChange:
    """What is different between two terms."""

    steps: Mapping[str, tuple[Coverage, Coverage]]  # by area: its coverage before and after, where it differs
    new: tuple[str, ...]  # mentors who were not there before
    gone: tuple[str, ...]  # mentors who are not there any more

    @property
    def gained(self) -> tuple[str, ...]:
        """Areas that nobody covered before."""
        return tuple(area for area, (before, _) in self.steps.items() if before == "none")

    @property
    def lost(self) -> tuple[str, ...]:
        """Areas that nobody covers any more."""
        return tuple(area for area, (_, after) in self.steps.items() if after == "none")

    @property
    def is_none(self) -> bool:
        """Whether nothing is different."""
        return not (self.steps or self.new or self.gone)


def coverage(links: Links) -> dict[str, Coverage]:
    """How well each area is covered: by nobody, by one mentor (thin), or by two and more."""
    steps: tuple[Coverage, ...] = ("none", "thin", "covered")
    return {area: steps[min(len(set(mentors)), 2)] for area, mentors in links.items()}


def shares(links: Links) -> dict[str, Fraction]:
    """The share (0–1) of all links that each mentor holds; the shares sum to 1. Nobody without a link is listed."""
    held = [mentor for mentors in links.values() for mentor in set(mentors)]
    return {mentor: Fraction(held.count(mentor), len(held)) for mentor in sorted(set(held))}


def concentration(links: Links) -> Concentration | None:
    """Who holds the largest share of the links. It is high from .6 up with at least three areas covered at all."""
    held = shares(links)
    if not held:
        return None
    most = max(held.values())
    covered = sum(found != "none" for found in coverage(links).values())
    mentors = tuple(mentor for mentor, share in held.items() if share == most)
    return Concentration(mentors, float(most), most >= HIGH_SHARE and covered >= AREAS_NEEDED)


def variety(members: Iterable[Member]) -> Variety:
    """The different kinds, ranks and distances, as far as the student noted them."""
    every = list(members)
    return Variety(
        kinds=frozenset(one.kind for one in every if one.kind),
        ranks=frozenset(one.rank for one in every if one.rank),
        distances=frozenset(one.distance for one in every if one.distance),
    )


def network(term: str, members: Iterable[Member], areas: Iterable[str], own: str = "") -> Network:
    """The network of one term: these mentors, and every area that could be covered.

    The student's own area is one of them when they named it (`own`), or when a mentor covers it.
    """
    every = tuple(members)
    asked = [area for area in areas if area != OWN_AREA]
    if own or any(OWN_AREA in one.areas for one in every):
        asked.append(OWN_AREA)
    links = {area: tuple(one.mentor for one in every if area in one.areas) for area in asked}
    return Network(
        term=term,
        members=every,
        links=links,
        coverage=coverage(links),
        concentration=concentration(links),
        variety=variety(every),
        seldom=_seldom(every, links),
        own=own,
    )


def compare(before: Network, after: Network) -> NetworkChange:
    """What changed between two terms. The student's own area is compared only under the same name."""
    is_same_own = _named(before) == _named(after)
    areas = [area for area in dict.fromkeys((*after.links, *before.links)) if area != OWN_AREA or is_same_own]
    pairs = {area: (before.coverage.get(area, "none"), after.coverage.get(area, "none")) for area in areas}
    earlier, later = ([one.mentor for one in each.members] for each in (before, after))
    return NetworkChange(
        steps={area: pair for area, pair in pairs.items() if pair[0] != pair[1]},
        new=tuple(mentor for mentor in later if mentor not in earlier),
        gone=tuple(mentor for mentor in earlier if mentor not in later),
    )


def _seldom(members: Iterable[Member], links: Links) -> tuple[str, ...]:
    rare = {one.mentor for one in members if one.often == SELDOM}
    return tuple(area for area, mentors in links.items() if mentors and rare.issuperset(mentors))


def _named(one: Network) -> str:
    return " ".join(one.own.split()).casefold()

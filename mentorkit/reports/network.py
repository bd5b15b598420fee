"""Who covers which area: the map, what stands out in it, and what changed since the last term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mentorkit.content import Content
from mentorkit.network import Coverage, Member, Network, NetworkChange
from mentorkit.reports.html import Html, and_, details, figure, join, notice, table, tag
from mentorkit.reports.marks import key
from mentorkit.reports.needs import GAP
from mentorkit.scorecard import Mentor
from mentorkit.scoring import NeedsScores

COLUMNS = 8  # mentors that fit beside each other; with more, the map is a list on a wide screen too
AT_ONCE = 3  # steps that are shown at once
NAMED = 3  # areas that a caption names; more are counted
DISTANCES = ("in_person", "remote", "both")  # codes of what is noted about a mentor


@dataclass(frozen=True)
class Shown:
    """A network with the names in it, and the areas in the order in which they are shown."""

    content: Content
    net: Network
    mentors: Mapping[str, Mentor]  # by id: everyone who may be named
    areas: Mapping[str, str]  # the areas' names by id
    needs: NeedsScores

    @property
    def order(self) -> list[str]:
        """The areas that matter most first, then by unmet need, then by need; unrated ones as they come."""
        rated = [area for area in self.needs.order if area in self.net.links]
        return [*rated, *(area for area in self.net.links if area not in rated)]

    @property
    def is_rated(self) -> bool:
        """Whether the order says something: an area was chosen, or rated."""
        return bool(self.needs.top) or any(score.scored for score in self.needs.need.values())

    def with_coverage(self, coverage: Coverage) -> list[str]:
        """The areas with this coverage, in order."""
        return [area for area in self.order if self.net.coverage[area] == coverage]

    @property
    def open(self) -> list[str]:
        """The areas that nobody covers, without those in which the student needs little."""
        return [area for area in self.with_coverage("none") if not self.is_little(area)]

    def is_little(self, area: str) -> bool:
        """Whether the student said that they need little in an area, and did not choose it as one that matters."""
        need = self.needs.need.get(area)
        return area not in self.needs.top and need is not None and need.value is not None and need.value < GAP

    def name(self, mentor: str) -> str:
        """A mentor's name."""
        return self.mentors[mentor].name

    def names(self, mentors: Iterable[str]) -> str:
        """Mentors' names as a person lists them."""
        return and_(self.name(mentor) for mentor in mentors)

    def called(self, areas: Iterable[str]) -> str:
        """Areas' names as a person lists them."""
        return and_(self.areas[area] for area in areas)

    def people(self, area: str) -> str:
        """How many people cover an area, in words."""
        words, found = self.content.words, self.net.coverage[area]
        return words[f"coverage_{found}"].format(count=len(self.net.links[area]))

    def carried(self, member: Member) -> str:
        """The term from which a mentor's areas are carried over; empty when they are of the map's own term."""
        said = member.said_in
        return "" if said is None or said == self.net.term else self.content.calendar.name(said)

    @property
    def unseen(self) -> list[str]:
        """The mentors of whom nothing was said in this term."""
        return [member.mentor for member in self.net.members if not member.looked_at]


# The map


def network_map(shown: Shown) -> Html:
    """Areas and the mentors who cover them; without anybody, the areas alone."""
    words = shown.content.words
    if not shown.net.members:
        return join(notice(words["network_nobody"]), areas_list(shown))
    if shown.net.is_empty:
        return join(notice(words["network_no_links"]), areas_list(shown))
    is_grid = len(shown.net.members) <= COLUMNS
    rows = [_row(shown, area, is_grid) for area in shown.order]
    return figure(
        _finding(shown),
        tag("span", _how(shown)),
        _key(shown) if is_grid and any(map(shown.carried, shown.net.members)) else None,
        _head(shown) if is_grid else None,
        tag("ol", rows, class_="mk-net mk-net-grid" if is_grid else "mk-net"),
        details(words["as_table"], _table(shown)),
        details(words["network_areas"], _definitions(shown)),
    )


def areas_list(shown: Shown) -> Html:
    """The areas with what belongs to each."""
    return tag("div", tag("h3", shown.content.words["network_areas"]), _definitions(shown, ids=True), class_="mk-card")


def _definitions(shown: Shown, ids: bool = False) -> Html:
    areas = shown.content.areas
    rows = (
        tag("li", tag("strong", f"{areas[area].name}."), " ", areas[area].definition, data_id=ids and f"area.{area}")
        for area in shown.order
        if area in areas
    )
    return tag("ul", rows)


def _finding(shown: Shown) -> str:
    words, open_, thin = shown.content.words, shown.open, shown.with_coverage("thin")
    if len(open_) > NAMED:
        return words["network_open_many"].format(count=len(open_), total=len(shown.net.links))
    if open_:
        return words["network_open"].format(areas=shown.called(open_))
    if shown.with_coverage("none"):
        return words["network_open_unneeded"]
    if len(thin) > NAMED:
        return words["network_thin_many"].format(count=len(thin), total=len(shown.net.links))
    return words["network_thin"].format(areas=shown.called(thin)) if thin else words["network_covered"]


def _how(shown: Shown) -> str:
    words = shown.content.words
    named = any(member.named for member in shown.net.members)
    said = [words["network_order" if shown.is_rated else "network_order_none"]]
    return " ".join([*said, words["network_named"]] if named else said)


def _key(shown: Shown) -> Html:
    words = shown.content.words
    entries = (_mark(False), words["network_now"]), (_mark(True), words["network_before"])
    return tag("div", key(*entries), class_="mk-net-key")


def _head(shown: Shown) -> Html:
    """The names above the columns, for the eye: each name stands in its cells too."""
    names = (tag("li", shown.name(member.mentor)) for member in shown.net.members)
    return tag("div", tag("ul", names), class_="mk-net-head", aria_hidden="true")


def _row(shown: Shown, area: str, is_grid: bool) -> Html:
    top = tag("span", shown.content.words["top_three"], class_="mk-tag") if area in shown.needs.top else None
    chips = [_chip(shown, member, area) for member in shown.net.members if is_grid or area in member.areas]
    return tag(
        "li",
        tag("span", tag("strong", shown.areas[area]), " ", top, class_="mk-net-area"),
        tag("span", shown.people(area), class_="mk-net-said"),
        tag("ul", chips, class_="mk-chips") if any(area in member.areas for member in shown.net.members) else None,
        class_="mk-net-row",
        data_id=f"area.{area}" if area in shown.content.areas else None,
    )


def _chip(shown: Shown, member: Member, area: str) -> Html:
    if area not in member.areas:
        return tag("li", class_="mk-none", aria_hidden="true")
    carried = shown.carried(member)
    since = tag("span", f" ({carried})", class_="mk-since") if carried else None
    style = "mk-chip mk-carried" if carried else "mk-chip"
    drawn = tag("svg", _mark(bool(carried)), aria_hidden="true", focusable="false")
    return tag("li", drawn, tag("span", shown.name(member.mentor), since, class_="mk-who"), class_=style)


def _mark(carried: bool) -> Html:
    return tag("circle", cx="50%", cy="50%", r=6.5, class_="support" if carried else "need")


def _table(shown: Shown) -> Html:
    words, members = shown.content.words, shown.net.members
    heads = [words["area"], words["network_people"], *(shown.name(member.mentor) for member in members)]
    rows = [
        [shown.areas[area], shown.people(area), *(_cell(shown, member, area) for member in members)]
        for area in shown.order
    ]
    return table(words["network_table"], heads, rows, numbers=len(heads))


def _cell(shown: Shown, member: Member, area: str) -> str:
    words, carried = shown.content.words, shown.carried(member)
    if area not in member.areas:
        return words["network_no"]
    return words["network_as_said"].format(term=carried) if carried else words["network_yes"]


# What stands out


def network_findings(shown: Shown) -> Html:
    """Areas without anybody, each with a step for this week; thin and covered ones; what rests on one person."""
    words = shown.content.words
    if not shown.net.members or shown.net.is_empty:
        return notice(words["network_findings_empty"])
    return join(_unseen(shown), _open(shown), _concentration(shown), _thin(shown), _covered(shown))


def _unseen(shown: Shown) -> Html | None:
    said = shown.content.words["network_unseen"].format(names=shown.names(shown.unseen))
    return tag("p", said) if shown.unseen else None


def _open(shown: Shown) -> Html | None:
    words = shown.content.words
    cards = [_step(shown, area) for area in shown.open]
    little = [area for area in shown.with_coverage("none") if area not in shown.open]
    first, more = cards[:AT_ONCE], cards[AT_ONCE:]
    return join(
        tag("h3", words["network_open_title"]) if first else None,
        tag("div", first, class_="mk-cards") if first else None,
        details(words["network_open_more"].format(count=len(more)), tag("div", more, class_="mk-cards"))
        if more
        else None,
        tag("p", words["network_unneeded"].format(areas=shown.called(little))) if little else None,
    )


def _step(shown: Shown, area: str) -> Html:
    words = shown.content.words
    top = tag("span", words["top_three"], class_="mk-tag") if area in shown.needs.top else None
    advice = shown.content.areas[area].advice if area in shown.content.areas else words["network_open_own"]
    return tag("div", tag("h4", shown.areas[area], " ", top), tag("p", advice), class_="mk-card")


def concentration_words(shown: Shown) -> str:
    """On whom most rests, when it is worth saying; else nothing."""
    words, found = shown.content.words, shown.net.concentration
    if found is None or not found.is_high:
        return ""
    (mentor,) = found.mentors  # from .6 up there is one
    total = sum(map(len, shown.net.links.values()))
    count = sum(mentor in mentors for mentors in shown.net.links.values())
    said = words["network_high_all"] if count == total else words["network_high"]
    return said.format(total=total, count=count, name=shown.name(mentor))


def _concentration(shown: Shown) -> Html | None:
    said = concentration_words(shown)
    title = tag("h3", shown.content.words["network_high_title"])
    return tag("div", title, tag("p", said), class_="mk-card") if said else None


def _thin(shown: Shown) -> Html | None:
    words, thin = shown.content.words, shown.with_coverage("thin")
    rows = [tag("li", _alone(shown, area)) for area in thin]
    seldom = [area for area in shown.order if area in shown.net.seldom]
    rare = tag("p", words["network_seldom"].format(areas=shown.called(seldom))) if seldom else None
    if not rows:
        return rare
    return join(tag("h3", words["network_thin_title"]), tag("ul", rows), tag("p", words["network_thin_step"]), rare)


def _alone(shown: Shown, area: str) -> str:
    (mentor,) = shown.net.links[area]
    return shown.content.words["network_thin_one"].format(area=shown.areas[area], name=shown.name(mentor))


def _covered(shown: Shown) -> Html | None:
    words = shown.content.words
    covered = [area for area in shown.with_coverage("covered") if area not in shown.net.seldom]
    if not covered:
        return None
    named = tag("p", tag("strong", f"{shown.called(covered)}."), " ", words["network_covered_step"])
    return join(tag("h3", words["network_covered_title"]), named)


# Variety


def network_variety(shown: Shown) -> Html | None:
    """How different the mentors are, as facts; None without mentors."""
    words = shown.content.words
    if not shown.net.members:
        return None
    facts = variety_words(shown)
    listed = tag("ul", (tag("li", fact) for fact in facts)) if facts else tag("p", words["network_variety_open"])
    return tag("div", tag("h3", words["network_variety_title"]), listed, tag("p", words["network_variety"]))


def variety_words(shown: Shown) -> list[str]:
    """One sentence each for kinds, ranks and ways of meeting, as far as the student noted them."""
    content, found, words = shown.content, shown.net.variety, shown.content.words
    options = content.worksheet("network").item("network.rank").options  # type: ignore[union-attr]  # a choice
    kinds = [kind.name for kind in content.types.values() if kind.id in found.kinds]
    ranks = [option.label for option in options if option.code in found.ranks]
    own = sorted(found.distances - set(DISTANCES))
    ways = [distance_words(content, way) for way in (*DISTANCES, *own) if way in found.distances]
    facts = {words["network_kinds"]: kinds, words["network_ranks"]: ranks, words["network_distances"]: ways}
    return [said.format(count=len(names), names="; ".join(names)) for said, names in facts.items() if names]


def distance_words(content: Content, distance: str) -> str:
    """How a student meets a mentor, in words; what is none of our codes is the student's own."""
    return content.words[f"distance_{distance}"] if distance in DISTANCES else distance


# What changed


def network_change(shown: Shown, before: Network | None, change: NetworkChange | None) -> Html:
    """Areas gained and lost, people new and gone since the last term in which anything was said."""
    words = shown.content.words
    if before is None or change is None:
        return notice(words["network_first_term"])
    term = shown.content.calendar.name(before.term)
    if change.is_none:
        return join(tag("p", words["network_same"].format(term=term)), _still_open(shown))
    rows = (tag("li", said) for said in change_words(shown, change))
    lost = tag("p", words["network_lost_step"]) if change.lost else None
    steps = _steps_table(shown, before, change, term) if change.steps else None
    title = tag("h3", words["network_moved"].format(term=term))
    return join(tag("div", title, tag("ul", rows), lost, class_="mk-card"), _still_open(shown), steps)


def _still_open(shown: Shown) -> Html | None:
    """Who was not looked at: what is carried over cannot have changed."""
    return _unseen(shown) if any(map(shown.carried, shown.net.members)) else None


def change_words(shown: Shown, change: NetworkChange) -> list[str]:
    """One sentence for each thing that is different, losses first."""
    words = shown.content.words
    thinner = [area for area, step in change.steps.items() if step == ("covered", "thin")]
    stronger = [area for area, step in change.steps.items() if step == ("thin", "covered")]
    areas = {
        words["network_lost"]: change.lost,
        words["network_weaker"]: thinner,
        words["network_gained"]: change.gained,
        words["network_stronger"]: stronger,
    }
    people = {words["network_new"]: change.new, words["network_gone"]: change.gone}
    return [
        *(said.format(areas=shown.called(found)) for said, found in areas.items() if found),
        *(said.format(names=shown.names(found)) for said, found in people.items() if found),
    ]


def _steps_table(shown: Shown, before: Network, change: NetworkChange, term: str) -> Html:
    words = shown.content.words
    heads = [words["area"], term, shown.content.calendar.name(shown.net.term)]
    counts = [[shown.areas[a], *(len(net.links.get(a, ())) for net in (before, shown.net))] for a in change.steps]
    return details(words["as_table"], table(words["network_change_table"], heads, counts))


# Ways to look further


def ways_to_look(content: Content, page: str) -> Html:
    """The ways of finding a mentor that belong to a page, each with a first step for this week."""
    ways = (way for way in content.ways.values() if page in way.pages)
    cards = (
        tag(
            "div",
            tag("h3", way.name),
            tag("p", way.what),
            tag("p", tag("strong", content.words["begin"]), " ", way.first),
            class_="mk-card",
            data_id=f"find.{way.id}",
        )
        for way in ways
    )
    return tag("div", cards, class_="mk-cards")

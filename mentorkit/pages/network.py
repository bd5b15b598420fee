"""02: Who supports me already?"""

from functools import cache
from typing import Any

from ipywidgets import DOMWidget

from mentorkit.network import Member, Network, NetworkChange, compare
from mentorkit.pages.chosen import Chosen, FormAbout
from mentorkit.pages.desk import panel, shown, texts, workbook
from mentorkit.pages.goals import names as area_names
from mentorkit.pages.paper import made_in_term, take_along
from mentorkit.reports.html import Html, join, notice, tag
from mentorkit.reports.mentors import (
    closed_offer,
    how_far,
    mentor_card,
    mentor_line,
    off_the_list,
    still_so,
    undo_leave,
)
from mentorkit.reports.network import (
    Shown,
    network_change,
    network_findings,
    network_map,
    network_variety,
    ways_to_look,
)
from mentorkit.reports.network_sheets import network_sheet, network_to_show
from mentorkit.reports.paper import Sheet
from mentorkit.scorecard import Mentor
from mentorkit.scoring import NeedsScores
from mentorkit.widgets.panel import Panel, Reply
from mentorkit.workbook import Workbook

PAGE = "02_network"


@shown
def who() -> DOMWidget:
    """The mentors to choose from, and how to add one."""
    return _people().picker


@shown
def correct() -> DOMWidget:
    """The chosen mentor as noted, and the way off the list and back."""
    return _people().card


@shown
def form() -> DOMWidget:
    """What the chosen mentor helps with in this term."""
    return _people().asked.box


@shown
def go_on() -> DOMWidget:
    """How many mentors were looked at, and the next one."""
    return _people().going_on


@shown
def picture() -> DOMWidget:
    """Areas and the mentors who cover them."""
    return panel(lambda: network_map(seen()))


@shown
def findings() -> DOMWidget:
    """What stands out: nobody, one person alone, a lot on one person; and how different the mentors are."""
    return panel(lambda: join(network_findings(seen()), network_variety(seen())))


@shown
def changed() -> DOMWidget:
    """What is different from the last term."""
    return panel(_changed)


@shown
def ways() -> DOMWidget:
    """Ways to look further, each with a first step."""
    return panel(lambda: ways_to_look(workbook().content, PAGE))


@shown
def sheet() -> DOMWidget:
    """The network on paper, for the student."""
    return take_along(lambda: network_sheet(seen(), change(), made_in_term()), "network_sheet_empty")


@shown
def names_on_it() -> DOMWidget:
    """Whether the sheet to show has the mentors' names on it."""
    return _to_show().switch


@shown
def sheet_to_show() -> DOMWidget:
    """What a mentor or an advisor may see of it."""
    return _to_show().sheet


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts(PAGE)


def seen(term: str | None = None) -> Shown:
    """The network of a term, with the names and the needs that count now."""
    book = workbook()
    needs = book.scores("needs", term=book.needs_term())
    assert isinstance(needs, NeedsScores)
    net = book.network(term)
    names = area_names() | ({"own": net.own} if net.own else {})
    return Shown(book.content, net, {one.id: one for one in book.people}, names, needs)


def before() -> Network | None:
    """The network of the last earlier term in which anything was said about a mentor; None without one."""
    book = workbook()
    when = book.content.calendar.key
    earlier = (book.network(term) for term in reversed(book.terms) if when(term) < when(book.term))
    return next((net for net in earlier if any(member.looked_at for member in net.members)), None)


def change() -> NetworkChange | None:
    """What is different from the last term; None when there is none."""
    earlier = before()
    return compare(earlier, workbook().network()) if earlier else None


def _changed() -> Html:
    return network_change(seen(), before(), change())


# The mentors


@cache
def _people() -> "People":
    return People(workbook())


class People(Chosen):
    """The mentors of this page: the chosen one, what was noted about them, and who comes next."""

    def __init__(self, book: Workbook) -> None:
        super().__init__(book, self._first)
        self._off: str | None = None  # who was taken off the list just now
        self.asked = FormAbout(book, "network", sections=("covers",))
        deeds = {"correct": self._correct, "leave": self._leave, "back": self._back, "stay": self._stay}
        self.card = panel(self._card, {**deeds, "still": self._still})
        self.going_on = panel(self._going_on, {"next": self._next})
        self.follow(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.asked.show(self.mentor.id if self.mentor else None)
        self.card.draw()
        self.going_on.draw()

    def _first(self) -> Mentor | None:
        """The first mentor of whom nothing was said in this term; else the first."""
        return next(iter((*self._unseen(), *self._book.present_mentors)), None)

    def _unseen(self) -> list[Mentor]:
        return [self._book.mentor(member.mentor) for member in self._book.network().members if not member.looked_at]

    def _options(self) -> dict[str, Any]:
        content, words = self._book.content, self._book.content.words
        spec = super()._options()
        present, unseen = self._book.present_mentors, self._unseen()
        for option, mentor in zip(spec["options"], present, strict=True):
            seen_now = "" if mentor in unseen else words["seen_now"]
            option["help"] = " · ".join(part for part in (mentor_line(content, mentor), seen_now) if part)
            kind = content.types[mentor.type].name if mentor.type else words["kind_unsure"]
            option["by"] = {"name": mentor.name, "kind": kind, "open": int(mentor not in unseen)}
        orders = {
            "added": words["sort_added"],
            "name": words["sort_name"],
            "kind": words["sort_kind"],
            "open": words["sort_open"],
        }
        return {
            **spec,
            "finding": {"find_in_list": words["network_find"], "shown_of": words["network_found"]},
            "sorting": {
                "label": words["network_sort"],
                "orders": [{"code": code, "label": label} for code, label in orders.items()],
            },
        }

    # The chosen one

    def _card(self) -> Html:
        content = self._book.content
        off = [mentor for mentor in self._book.mentors if mentor.left]
        undo = next((undo_leave(content, mentor) for mentor in off if mentor.id == self._off), None)
        offers = [closed_offer(content, mentor) for mentor in self._closed()]
        if self.mentor is None:
            return join(undo, off_the_list(content, off))
        return join(undo, offers, self._carried(), mentor_card(content, self.mentor), off_the_list(content, off))

    def _carried(self) -> Html | None:
        assert self.mentor is not None
        member = self._member(self.mentor.id)
        if member is None or member.looked_at or member.said_in is None:
            return None
        here = seen()
        areas = here.called(area for area in here.order if area in member.areas)
        return still_so(self._book.content, self.mentor, here.carried(member), areas)

    def _member(self, mentor: str) -> Member | None:
        return next((one for one in self._book.network().members if one.mentor == mentor), None)

    def _closed(self) -> list[Mentor]:
        """The mentors with whom the student ended it, as long as nothing was said to the offer."""
        return [mentor for mentor in self._book.present_mentors if self._is_closed(mentor.id)]

    def _is_closed(self, mentor: str) -> bool:
        cards, key = self._book.sealed("relationship", mentor=mentor), self._book.content.calendar.key
        if not cards or cards[-1].answers.get("relationship.decision") != "close":
            return False
        since = [term for term in self._book.terms if key(term) >= key(cards[-1].term)]
        return not any("network.stays" in self._book.answers("network", mentor=mentor, term=t) for t in since)

    # What the buttons do

    def _correct(self, values: dict[str, str]) -> Reply:
        changes = {name: values[name] for name in ("name", "field", "distance") if name in values}
        self._book.change_mentor(values.get("of", ""), **changes, type=values.get("type") or None)
        return self._book.content.words["mentor_corrected"]

    def _leave(self, values: dict[str, str]) -> Reply:
        return self._moved(values, left=True)

    def _back(self, values: dict[str, str]) -> Reply:
        said = self._moved(values, left=False)
        self._turn_to(values["of"])
        return said

    def _moved(self, values: dict[str, str], left: bool) -> str:
        mentor = self._book.mentor(values.get("of", ""))
        self._book.change_mentor(mentor.id, left=left)
        self._off = mentor.id if left else None
        self.card.draw()
        words = self._book.content.words
        return words["mentor_left" if left else "mentor_back"].format(name=mentor.name)

    def _stay(self, values: dict[str, str]) -> Reply:
        mentor = self._book.mentor(values.get("of", ""))
        self._book.answer("network", "network.stays", "yes", mentor=mentor.id)
        self.card.draw()
        return self._book.content.words["mentor_stays_said"].format(name=mentor.name)

    def _still(self, values: dict[str, str]) -> Reply:
        mentor = self._book.mentor(values.get("of", ""))
        member = self._member(mentor.id) or Member(mentor.id)
        said = {"network.areas": sorted(member.areas), "network.often": member.often, "network.rank": member.rank}
        for item, value in said.items():
            if value is not None:
                self._book.answer("network", item, value, mentor=mentor.id)
        return self._book.content.words["mentor_still_said"]

    # The next one

    def _after(self) -> Mentor | None:
        return next((mentor for mentor in self._unseen() if not self.mentor or mentor.id != self.mentor.id), None)

    def _going_on(self) -> Html:
        total, unseen = len(self._book.present_mentors), self._unseen()
        if not total:
            return notice(self._book.content.words["mentor_first"])
        after = self._after()
        if after is None and unseen:  # only the one in hand is left
            return Html()
        return how_far(self._book.content, total - len(unseen), total, after)

    def _next(self, values: dict[str, str]) -> Reply:
        mentor = self._book.mentor(values.get("of", ""))
        self._turn_to(mentor.id)
        return self._book.content.words["network_next_said"].format(name=mentor.name)

    def _turn_to(self, mentor: str) -> None:
        self._choose(mentor)
        self.picker.show()


# The sheet to show


@cache
def _to_show() -> "ToShow":
    return ToShow()


class ToShow:
    """The sheet for others, and whether it has names on it: not before the student says so, and not the next time."""

    def __init__(self) -> None:
        self._names = False
        self.sheet: Panel = take_along(self._sheet)
        self.switch: Panel = panel(self._switch, {"names": self._turn})

    def _sheet(self) -> Sheet | None:
        return network_to_show(seen(), self._names, made_in_term())

    def _switch(self) -> Html:
        words = workbook().content.words
        if workbook().network().is_empty:
            return Html()
        said = words["sheet_names_are_on" if self._names else "sheet_names_are_off"]
        label = words["sheet_names_off" if self._names else "sheet_names_on"]
        button = tag("button", label, type="button", class_="mk-button mk-quiet", data_do="names")
        return join(tag("p", said), tag("div", button, class_="mk-buttons"))

    def _turn(self, _: dict[str, str]) -> Reply:
        self._names = not self._names
        self.sheet.draw()
        self.switch.draw()
        words = workbook().content.words
        return words["sheet_names_are_on" if self._names else "sheet_names_are_off"]

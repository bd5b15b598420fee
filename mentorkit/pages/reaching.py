"""04: How do I find and approach them?"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from ipywidgets import DOMWidget

from mentorkit.errors import BadAnswer, Unknown
from mentorkit.message import one_line
from mentorkit.pages.chosen import FormAbout
from mentorkit.pages.desk import link, panel, shown, texts, workbook
from mentorkit.pages.goals import goals
from mentorkit.pages.paper import take_along
from mentorkit.reports import reaching as reports
from mentorkit.reports.drafts import Approach, draft_shown, letters, look_shown
from mentorkit.reports.html import Html, day, tag
from mentorkit.reports.paper import Sheet
from mentorkit.scorecard import Mentor
from mentorkit.store import Answered
from mentorkit.widgets.form import Form
from mentorkit.widgets.panel import Deed, Panel, Reply
from mentorkit.widgets.picker import Picker
from mentorkit.workbook import Workbook


@shown
def ways() -> DOMWidget:
    """Eight ways to find somebody, and national groups."""
    content = workbook().content
    return panel(lambda: reports.ways_list(content))


@shown
def plan_form() -> DOMWidget:
    """Which two ways the student tries, and when."""
    return Form(workbook(), "finding", sections=("plan",))


@shown
def plan() -> DOMWidget:
    """The chosen ways as lines to do."""
    return panel(lambda: reports.plan_shown(workbook().content, _plan()))


@shown
def who() -> DOMWidget:
    """The people to choose from, and how to add one."""
    return _reaching().picker


@shown
def situation_form() -> DOMWidget:
    """How the student knows the chosen person, and what they want."""
    return _reaching().form("situation")


@shown
def way_to_ask() -> DOMWidget:
    """How to ask somebody in this situation."""
    return _reaching().way_to_ask()


@shown
def draft() -> DOMWidget:
    """A draft from what was said."""
    return _reaching().draft()


@shown
def message_form() -> DOMWidget:
    """The student's own message."""
    return _reaching().form("message")


@shown
def look() -> DOMWidget:
    """A kind look at the message, and the ways to send it."""
    return _reaching().look()


@shown
def state_form() -> DOMWidget:
    """How far it has come with the chosen person."""
    return _reaching().form("state")


@shown
def next_step() -> DOMWidget:
    """What to do now with the chosen person."""
    return _reaching().next_step()


@shown
def everyone() -> DOMWidget:
    """Everyone who is approached, with the next days."""
    return _reaching().everyone()


@shown
def sheet() -> DOMWidget:
    """The plan for reaching out, on paper."""
    return _reaching().sheet()


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("04_reaching_out")


@cache
def _reaching() -> "Reaching":
    return Reaching(workbook())


def _plan() -> list[dict[str, Any]]:
    return list(workbook().answers("finding").get("finding.plan", ()))


class Reaching:
    """The parts of this page, about the one person who is chosen on it."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._content = book.content
        self._order: reports.Order = "next"
        self._put: dict[str, str] = {}  # by person: the draft that was put into their message,
        self._replaced: dict[str, str] = {}  # and the message that a draft took the place of
        self._parts: list[Callable[[], None]] = []  # what is drawn anew when another person is chosen
        self._id = self._at_hand()
        self.picker = Picker(self._options, self._choose, self._add)
        book.on_change(self._look_again)

    # The people

    def _people(self) -> list[Approach]:
        """Everyone who was ever approached here and is not taken off the list, mentors by now among them."""
        found = [one for one in self._book.people if not one.left and self._draft(one.id).revisions]
        since = self._since() if found else {}
        people = (Approach(one, dict(self._draft(one.id)), since.get(one.id)) for one in found)
        return reports.in_order(self._content, people, "next")

    def _draft(self, person_id: str) -> Any:
        return self._book.draft("approach", mentor=person_id)

    def _since(self) -> dict[str, date]:
        """By person, the day on which it was said how far it has come."""
        return {
            record.subject: record.at.astimezone().date()
            for record in self._book.records
            if isinstance(record, Answered) and record.item == "approach.state" and record.subject
        }

    def _one(self) -> Approach | None:
        return next((one for one in self._people() if one.person.id == self._id), None)

    def _at_hand(self) -> str | None:
        """The person with the earliest next day of those under way; else whoever comes first."""
        return next((one.person.id for one in self._people()), None)

    def _choose(self, person_id: str) -> None:
        if person_id not in {one.person.id for one in self._people()}:
            raise Unknown(self._content.words["person_gone"])
        self._take(person_id)

    def _add(self, name: str, kind: str | None) -> None:
        gone = self._taken_off(name)
        if gone:
            self._book.change_mentor(gone.id, left=False)
        self._take(gone.id if gone else self._book.add_prospect(name, kind))

    def _taken_off(self, name: str) -> Mentor | None:
        same = (one for one in self._book.prospects if one.name.casefold() == name.strip().casefold())
        return next((one for one in same if one.left), None)

    def _take(self, person_id: str | None) -> None:
        self._id = person_id
        for draw in self._parts:
            draw()

    def _look_again(self) -> None:
        """Another page or tab may have added people or taken them off; and the days beside the names change."""
        if self._one() is None:
            found = self._at_hand()
            if found != self._id:
                self._take(found)
        self.picker.show()

    def _options(self) -> dict[str, Any]:
        words, people, today = self._content.words, self._people(), self._book.today
        stages, kinds = list(self._content.stages), self._content.types.values()
        options = [
            {
                "code": one.person.id,
                "label": one.person.name,
                "help": reports.person_help(self._content, one, today),
                "by": {"name": one.person.name, "stage": stages.index(one.stage(self._content).id)},
            }
            for one in people
        ]
        adding = {key: words[f"person_{key}"] for key in ("title", "hint", "kind", "add")}
        unsure = {"code": "", "label": words["kind_unsure"]}
        orders = [{"code": name, "label": words[f"person_by_{name}"]} for name in reports.ORDERS]
        return {
            "title": words["person_choose"],
            "options": options,
            "chosen": self._id,
            "adding": {
                **adding,
                "name": words["mentor_name"],
                "kinds": [unsure, *({"code": kind.id, "label": kind.name} for kind in kinds)],
            },
            "finding": {key: words[key] for key in ("find_in_list", "shown_of")},
            "sorting": {"label": words["person_order"], "orders": orders},
        }

    # The parts

    def form(self, section: str) -> DOMWidget:
        """One part of the form about the chosen person; empty while there is nobody."""
        made = FormAbout(self._book, "approach", (section,))
        self._parts.append(lambda: made.show(self._id))
        made.show(self._id)
        return made.box

    def _panel(self, draw: Callable[[Approach], Html], does: dict[str, Deed] | None = None, waiting: str = "") -> Panel:
        """A result about the chosen person; while there is nobody, the word with the key `waiting`."""

        def drawn() -> Html:
            one = self._one()
            if one is not None:
                return draw(one)
            return tag("p", self._content.words[waiting], class_="mk-hint") if waiting else Html("")

        return self._followed(panel(drawn, does))

    def _followed(self, made: Panel) -> Panel:
        self._parts.append(made.draw)
        return made

    def way_to_ask(self) -> Panel:
        """The way that fits, and the others."""
        return self._followed(panel(self._drawn_way))

    def _drawn_way(self) -> Html:
        return reports.way_to_ask(self._content, self._one())

    def draft(self) -> Panel:
        """The draft, and what can be done with it."""
        does: dict[str, Deed] = {
            "use": self._use,
            "replace": self._replace,
            "back": self._bring_back,
            "goal": self._use_goal,
        }
        return self._panel(self._drawn_draft, does, "draft_choose")

    def _drawn_draft(self, one: Approach) -> Html:
        return draft_shown(
            self._content, one, goals(self._book), one.person.id in self._replaced, self._is_untouched(one)
        )

    def _is_untouched(self, one: Approach) -> bool:
        """Whether the message is a draft that was put there and that the student did not change."""
        return one.text("message") == self._put.get(one.person.id, "")

    def look(self) -> Panel:
        """The remarks about the message, and the ways to send it."""
        return self._panel(lambda one: look_shown(self._content, one), {"sent": self._sent}, "look_waiting")

    def next_step(self) -> Panel:
        """What to do now."""
        does: dict[str, Deed] = {"follow": self._follow, "again": self._sent, "remove": self._remove}
        return self._panel(self._drawn_step, does)

    def _drawn_step(self, one: Approach) -> Html:
        onward = link("working-together", self._content.words["stage_together"], "mk-button")
        return reports.stage_shown(self._content, one, goals(self._book), self._book.today, onward)

    def everyone(self) -> Panel:
        """The list of everyone, in the order that the student chose."""
        return self._followed(panel(self._drawn_everyone, {"order": self._sort}))

    def _drawn_everyone(self) -> Html:
        return reports.tracker(self._content, self._people(), self._order, self._book.today)

    def sheet(self) -> Panel:
        """The plan on paper."""
        return self._followed(take_along(self._on_paper, "plan_sheet_waiting"))

    def _on_paper(self) -> Sheet | None:
        return reports.plan_sheet(self._content, _plan(), self._people(), self._one(), self._book.today)

    # What the buttons do

    def _answer(self, person_id: str, item: str, value: str | None) -> None:
        self._book.answer("approach", f"approach.{item}", value, mentor=person_id)

    def _drafted(self, values: dict[str, str]) -> tuple[Approach, str]:
        """The person whom a draft is for, and the draft as it now is."""
        person_id, _, letter = values["of"].partition("/")
        one = next((one for one in self._people() if one.person.id == person_id), None)
        found = letters(self._content, one, goals(self._book)).get(letter) if one else None
        if one is None or found is None:
            raise Unknown(self._content.words["draft_choose"])
        return one, found

    def _use(self, values: dict[str, str]) -> Reply:
        one, text = self._drafted(values)
        written = one.text("message")
        if written and one_line(written) != one_line(text) and not self._is_untouched(one):
            raise BadAnswer(self._content.words["draft_kept"])
        return self._put_in(one, text)

    def _replace(self, values: dict[str, str]) -> Reply:
        one, text = self._drafted(values)
        if not self._is_untouched(one):
            self._replaced[one.person.id] = str(one.answers.get("approach.message", ""))
        return self._put_in(one, text)

    def _put_in(self, one: Approach, text: str) -> Reply:
        self._put[one.person.id] = text
        self._answer(one.person.id, "message", text)
        return self._content.words["draft_used"]

    def _bring_back(self, values: dict[str, str]) -> Reply:
        earlier = self._replaced.pop(values["of"], None)
        if earlier is not None:
            self._answer(values["of"], "message", earlier)
        return self._content.words["draft_back_done"]

    def _use_goal(self, values: dict[str, str]) -> Reply:
        person_id, _, goal = values["of"].partition("/")
        self._answer(person_id, "want", goal)
        return self._content.words["draft_goal_used"]

    def _sent(self, values: dict[str, str]) -> Reply:
        """Note that it was sent or asked today, and a day to follow up."""
        words, today, wait = self._content.words, self._book.today, self._content.stages["contacted"].days
        self._answer(values["of"], "state", "contacted")
        self._answer(values["of"], "contacted", today.isoformat())
        if wait is None:
            return words["sent_noted"].format(day=day(today.isoformat()))
        next_ = today + timedelta(days=wait)
        self._answer(values["of"], "next", next_.isoformat())
        return words["sent_next"].format(day=day(today.isoformat()), next=day(next_.isoformat()))

    def _follow(self, values: dict[str, str]) -> Reply:
        person_id, _, when = values["of"].partition("/")
        self._answer(person_id, "next", when)
        return self._content.words["stage_followed"].format(day=day(when))

    def _remove(self, values: dict[str, str]) -> Reply:
        person = self._book.mentor(values["of"])
        self._book.change_mentor(person.id, left=True)
        return self._content.words["stage_removed"].format(name=person.name)

    def _sort(self, values: dict[str, str]) -> Reply:
        self._order = next((order for order in reports.ORDERS if order == values["of"]), "next")
        for draw in self._parts:
            draw()
        return None

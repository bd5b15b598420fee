"""06: How is this relationship going this semester?"""

from collections.abc import Callable
from functools import cache
from typing import Any

from ipywidgets import DOMWidget, VBox

from mentorkit.pages.desk import panel, shown, texts, workbook
from mentorkit.reports.html import Html, notice
from mentorkit.reports.relationship import decision_words, relationship_picture
from mentorkit.scorecard import Mentor
from mentorkit.scoring import RelationshipScores
from mentorkit.widgets.form import Form
from mentorkit.widgets.panel import Panel
from mentorkit.widgets.picker import Picker
from mentorkit.workbook import Workbook


@shown
def who() -> DOMWidget:
    """The mentors to choose from, and how to add one."""
    return _reassessment().picker


@shown
def form() -> DOMWidget:
    """The relationship worksheet about the chosen mentor."""
    return _reassessment().form


@shown
def picture() -> DOMWidget:
    """Practice beside outcome, as far as it is answered."""
    return _reassessment().panel(relationship_picture)


@shown
def words() -> DOMWidget:
    """Words for the decision, and one thing for next week."""
    return _reassessment().panel(decision_words)


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("06_reassess")


@cache
def _reassessment() -> "Reassessment":
    return Reassessment(workbook())


class Reassessment:
    """The parts of this page, about the one mentor who is chosen on it."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._mentor: Mentor | None = self._in_hand()
        self._panels: list[Panel] = []
        self.form = VBox()  # empty until there is a mentor
        self.picker = Picker(self._choices, self._choose, self._add)
        self._show_form()

    def panel(self, draw: Callable[..., Html]) -> Panel:
        """A result about the chosen mentor, drawn from their name, answers and scores."""
        made = panel(lambda: self._drawn(draw))
        self._panels.append(made)
        return made

    def _present(self) -> list[Mentor]:
        return [mentor for mentor in self._book.mentors if not mentor.left]

    def _in_hand(self) -> Mentor | None:
        """The mentor whose form was worked on last and is unfinished; else the first unfinished one; else the first."""
        present = self._present()
        unfinished = [one for one in present if not self._book.is_sealed("relationship", mentor=one.id)]
        begun = [one for one in unfinished if self._saved_at(one)]
        return max(begun, key=self._saved_at, default=next(iter(unfinished or present), None))

    def _saved_at(self, mentor: Mentor) -> float:
        saved = self._book.draft("relationship", mentor=mentor.id).saved_at
        return saved.timestamp() if saved else 0.0

    def _choose(self, mentor_id: str) -> None:
        self._mentor = self._book.mentor(mentor_id)
        self._show_form()
        for one in self._panels:
            one.draw()

    def _add(self, name: str, kind: str | None) -> None:
        self._choose(self._book.add_mentor(name, kind))

    def _show_form(self) -> None:
        if self._mentor and self.form.children:
            self.form.children[0].show(self._mentor.id)
        elif self._mentor:
            self.form.children = (Form(self._book, "relationship", mentor=self._mentor.id),)

    def _drawn(self, draw: Callable[..., Html]) -> Html:
        content = self._book.content
        if self._mentor is None:
            return notice(content.words["mentor_first"])
        answers = self._book.answers("relationship", mentor=self._mentor.id)
        scores = self._book.scores("relationship", mentor=self._mentor.id)
        assert isinstance(scores, RelationshipScores)
        return draw(content, scores, self._mentor.name, answers)

    def _choices(self) -> dict[str, Any]:
        content, words = self._book.content, self._book.content.words
        kinds = [{"code": kind.id, "label": kind.name} for kind in content.types.values()]
        options = [
            {"code": one.id, "label": one.name, "help": content.types[one.type].name if one.type else ""}
            for one in self._present()
        ]
        adding = {key: words[f"mentor_{key}"] for key in ("title", "name", "hint", "kind", "add")}
        return {
            "title": words["mentor_choose"],
            "options": options,
            "chosen": self._mentor.id if self._mentor else None,
            "adding": {**adding, "kinds": [{"code": "", "label": words["kind_unsure"]}, *kinds]},
        }

"""06: How is this relationship going this semester?"""

from collections.abc import Callable
from functools import cache

from ipywidgets import DOMWidget

from mentorkit.pages.chosen import Chosen
from mentorkit.pages.desk import panel, shown, workbook
from mentorkit.pages.paper import made_in_term, take_along
from mentorkit.pages.sharing import share_scores
from mentorkit.reports.html import Html, join, notice, passage
from mentorkit.reports.paper import Sheet
from mentorkit.reports.relationship import decision_words, relationship_picture
from mentorkit.reports.sheets import relationship_sheet
from mentorkit.reports.together import habits_by_name
from mentorkit.scorecard import Mentor
from mentorkit.scoring import RelationshipScores
from mentorkit.widgets.panel import Panel
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
def sheet() -> DOMWidget:
    """The scorecard of the chosen mentor, on paper, for the student alone."""
    return _reassessment().sheet()


@shown
def share() -> DOMWidget:
    """Sharing scores with the program, off unless the student decides to."""
    return share_scores()


@shown
def good_to_know() -> DOMWidget:
    """The practices in short, and the texts for this page, one click away."""
    content = workbook().content
    about = [text for text in content.texts.values() if "06_reassess" in text.pages]
    return panel(lambda: join(habits_by_name(content), (passage(content, text) for text in about)))


@cache
def _reassessment() -> "Reassessment":
    return Reassessment(workbook())


class Reassessment:
    """The parts of this page, about the one mentor who is chosen on it."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._chosen = Chosen(book, self._in_hand)
        self.picker = self._chosen.picker
        self.form = self._chosen.form("relationship")

    def panel(self, draw: Callable[..., Html]) -> Panel:
        """A result about the chosen mentor, drawn from their name, answers and scores."""
        return self._followed(panel(lambda: self._drawn(draw)))

    def sheet(self) -> Panel:
        """The scorecard on paper, about the chosen mentor."""
        return self._followed(take_along(self._on_paper, "relationship_empty"))

    def _followed(self, made: Panel) -> Panel:
        self._chosen.follow(made.draw)
        return made

    def _on_paper(self) -> Sheet | None:
        mentor = self._chosen.mentor
        if mentor is None:
            return None
        scores = self._book.scores("relationship", mentor=mentor.id)
        assert isinstance(scores, RelationshipScores)
        return relationship_sheet(self._book.content, scores, mentor.name, made_in_term())

    def _in_hand(self) -> Mentor | None:
        """The mentor whose form was worked on last and is unfinished; else the first unfinished one; else the first."""
        present = self._book.present_mentors
        unfinished = [one for one in present if not self._book.is_sealed("relationship", mentor=one.id)]
        begun = [one for one in unfinished if self._saved_at(one)]
        return max(begun, key=self._saved_at, default=next(iter(unfinished or present), None))

    def _saved_at(self, mentor: Mentor) -> float:
        saved = self._book.draft("relationship", mentor=mentor.id).saved_at
        return saved.timestamp() if saved else 0.0

    def _drawn(self, draw: Callable[..., Html]) -> Html:
        content, mentor = self._book.content, self._chosen.mentor
        if mentor is None:
            return notice(content.words["mentor_first"])
        answers = self._book.answers("relationship", mentor=mentor.id)
        scores = self._book.scores("relationship", mentor=mentor.id)
        assert isinstance(scores, RelationshipScores)
        return draw(content, scores, mentor.name, answers)

"""07: What changed since last time?"""

from ipywidgets import DOMWidget

from mentorkit import change
from mentorkit.pages.desk import panel, shown, texts, workbook
from mentorkit.pages.paper import made_in_term, take_along
from mentorkit.pages.sharing import share_scores
from mentorkit.reports.change import TermScores, chance_words, needs_change, needs_over_terms, relationship_change
from mentorkit.reports.html import Html, join, notice, tag
from mentorkit.reports.needs import area_names
from mentorkit.reports.paper import Sheet
from mentorkit.reports.sheets import change_sheet
from mentorkit.reports.together import habit
from mentorkit.scorecard import Mentor, Scorecard
from mentorkit.scoring import NeedsScores, RelationshipScores


@shown
def needs() -> DOMWidget:
    """What the student needed, this time beside last time."""
    return panel(_needs)


@shown
def relationships() -> DOMWidget:
    """Each relationship, this time beside last time, with the band of noise."""
    return panel(_relationships)


@shown
def look_again() -> DOMWidget:
    """That needs change and may be looked at again at any time."""
    content = workbook().content
    again = [one for one in content.practices.values() if one.id == "reassess"]
    return panel(lambda: tag("ul", (habit(content, one) for one in again), class_="mk-habits"))


@shown
def sheet() -> DOMWidget:
    """What changed, on paper."""
    return take_along(_sheet, "sheet_no_change")


@shown
def share() -> DOMWidget:
    """Sharing scores with the program, off unless the student decides to."""
    return share_scores()


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("07_what_changed")


def _needs() -> Html:
    book = workbook()
    cards = book.sealed("needs")
    if len(cards) < 2:
        return notice(
            _waiting("needs_one_term", "needs_no_term", [book.content.calendar.name(card.term) for card in cards])
        )
    found = book.compare("needs")
    assert isinstance(found, change.NeedsComparison)
    names = area_names(book.content, cards[-1].answers)
    called = [book.content.calendar.name(card.term) for card in cards]
    scores = [one for card in cards if isinstance(one := book.card_scores(card), NeedsScores)]
    every = needs_over_terms(book.content, list(zip(called, scores, strict=True)), names) if len(cards) > 2 else None
    return join(needs_change(book.content, found, called[-2], called[-1], names), every)


def _relationships() -> Html:
    book = workbook()
    met = [mentor for mentor in book.mentors if book.sealed("relationship", mentor=mentor.id)]
    if not met:
        return notice(book.content.words["relationships_no_term"])
    compared = sum(len(book.sealed("relationship", mentor=mentor.id)) > 1 for mentor in met)
    return join((_relationship(mentor) for mentor in met), chance_words(book.content, compared))


def _relationship(mentor: Mentor) -> Html:
    book = workbook()
    cards = book.sealed("relationship", mentor=mentor.id)
    terms = [
        TermScores(book.content.calendar.name(card.term), scores)
        for card in cards
        if isinstance(scores := book.card_scores(card), RelationshipScores)
    ]
    found = book.compare("relationship", mentor=mentor.id) if len(cards) > 1 else None
    assert not isinstance(found, change.NeedsComparison)
    return relationship_change(book.content, book.content.worksheet("relationship"), mentor.name, terms, found)


def _sheet() -> Sheet | None:
    book = workbook()
    cards = book.sealed("needs")
    needs = None
    if len(cards) > 1:
        found = book.compare("needs")
        assert isinstance(found, change.NeedsComparison)
        needs = (found, *_last_two(cards), area_names(book.content, cards[-1].answers))
    compared = ((mentor, book.sealed("relationship", mentor=mentor.id)) for mentor in book.mentors)
    pairs = [_compared(mentor, cards) for mentor, cards in compared if len(cards) > 1]
    return change_sheet(book.content, needs, pairs, made_in_term())


def _compared(mentor: Mentor, cards: tuple[Scorecard, ...]) -> tuple[str, str, str, change.Comparison]:
    found = workbook().compare("relationship", mentor=mentor.id)
    assert isinstance(found, change.Comparison)
    return mentor.name, *_last_two(cards), found


def _last_two(cards: tuple[Scorecard, ...]) -> tuple[str, str]:
    name = workbook().content.calendar.name
    return name(cards[-2].term), name(cards[-1].term)


def _waiting(one: str, none: str, terms: list[str]) -> str:
    words = workbook().content.words
    return words[one].format(term=terms[-1]) if terms else words[none]

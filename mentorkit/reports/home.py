"""Where the student is: the next step and why, what is due, and the terms so far."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from mentorkit.agenda import Due
from mentorkit.content import Content
from mentorkit.reports.html import Html, day, details, figure, join, notice, table, tag

SOONEST = 6  # entries of what is due that are shown at once


@dataclass(frozen=True)
class Step:
    """One page, and how far the student is with it in this term."""

    page: str  # the page's place in the app: goals, mentor-types …
    title: str
    state: str  # in words
    done: bool


@dataclass(frozen=True)
class Next:
    """What to do next, and why this."""

    page: str
    title: str
    why: str


@dataclass(frozen=True)
class TermSoFar:
    """What was finished in one term."""

    name: str
    now: bool
    needs: bool
    mentors: int  # who were looked at
    meetings: int  # that were held

    @property
    def is_empty(self) -> bool:
        """Whether nothing was finished or held."""
        return not (self.needs or self.mentors or self.meetings)


Link = Callable[[str, str, str | None], Html]
"""Draws the name of a page: a link in the app, a name in JupyterLab; from the page, the words and a class."""


def welcome(content: Content, first: Next, link: Link) -> Html:
    """The first visit: one choice."""
    go = link(first.page, content.words["welcome_begin"], "mk-button")
    said = tag("p", content.words["welcome"])
    return tag("div", tag("h3", content.words["welcome_title"]), said, tag("p", go), class_="mk-welcome")


def next_step(content: Content, term: str, next_: Next | None, link: Link) -> Html:
    """The one thing to do next, and the reason."""
    words = content.words
    if next_ is None:
        return notice(join(tag("strong", f"{term}. "), words["all_done"]))
    title = tag("p", link(next_.page, next_.title, "mk-button"))
    return tag("div", tag("h3", words["next_title"].format(term=term)), tag("p", next_.why), title, class_="mk-welcome")


def pages_list(content: Content, steps: Iterable[Step], next_: Next | None, link: Link) -> Html:
    """Every page with its state in this term; any of them can be opened at any time."""
    here = next_.page if next_ else ""
    rows = (
        tag(
            "li",
            link(step.page, step.title, None),
            tag("span", step.state, class_="mk-state"),
            class_="mk-next" if step.page == here else None,
        )
        for step in steps
    )
    return tag("ol", rows, class_="mk-list mk-numbered")


def due_list(content: Content, found: Iterable[Due], today: date, link: Link) -> Html:
    """What is overdue or due soon, the first few at once; says so when there is nothing."""
    every = [_due(content, one, today, link) for one in found]
    if not every:
        return tag("p", content.words["due_nothing"])
    first, more = every[:SOONEST], every[SOONEST:]
    title = content.words["due_more"].format(count=len(more))
    rest = details(title, tag("ul", more, class_="mk-list")) if more else None
    return join(tag("ul", first, class_="mk-list"), rest)


def due_words(content: Content, one: Due) -> str:
    """What is due, in a few words."""
    return content.words[f"due_{one.kind}"].format(name=one.who, what=one.what)


def _due(content: Content, one: Due, today: date, link: Link) -> Html:
    words = content.words
    when = day(one.day.isoformat()) + (f", {one.clock}" if one.clock else "")
    if one.day == today:
        when = words["due_today"] + (f", {one.clock}" if one.clock else "")
    elif one.is_late(today):
        when = words["due_was"].format(when=when)
    name = link(one.page, due_words(content, one), None)
    return tag("li", name, tag("span", when, class_="mk-state"), class_="mk-late-one" if one.is_late(today) else None)


def timeline(content: Content, terms: Iterable[TermSoFar]) -> Html:
    """The terms so far as a line, and as a table."""
    words, found = content.words, list(terms)
    if all(term.is_empty for term in found):
        return tag("p", words["timeline_empty"])
    finished = sum(not term.is_empty for term in found)
    stops = (_stop(content, term) for term in found)
    needs = {True: words["done"], False: words["not_done"]}
    rows = [[term.name, needs[term.needs], term.mentors, term.meetings] for term in found]
    heads = [words["term"], words["timeline_needs"], words["timeline_mentors"], words["timeline_meetings"]]
    return figure(
        words["timeline_one"] if finished == 1 else words["timeline_many"].format(count=finished),
        None,
        tag("ol", stops, class_="mk-timeline"),
        details(words["as_table"], table(words["timeline_table"], heads, rows, numbers=2)),
    )


def _stop(content: Content, term: TermSoFar) -> Html:
    words = content.words
    said = [
        words["timeline_needs"] if term.needs else "",
        words["timeline_looked"].format(count=term.mentors) if term.mentors else "",
        words["timeline_held"].format(count=term.meetings) if term.meetings else "",
    ]
    parts = [part for part in said if part] or [words["timeline_nothing"]]
    kind = "mk-full" if not term.is_empty else "mk-hollow"
    name = join(term.name, f" ({words['timeline_now']})" if term.now else "")
    return tag("li", tag("strong", name), (tag("span", part) for part in parts), class_=kind)

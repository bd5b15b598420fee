"""What a made-up student is asked: the items of the content, and how easy each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from mentorkit.cohort.measure import Rules, rules_of
from mentorkit.content import Content
from mentorkit.term import Calendar
from mentorkit.worksheet import Answers, Worksheet

Array = np.ndarray[Any, np.dtype[Any]]
YEARS = ("m1", "m2", "m3", "m4")
FORMS = tuple(product(("full", "short"), (False, True)))  # the form, and whether there were fewer than two meetings
SHUFFLED = 20  # a fixed seed: which items are easy is the same in every cohort


@dataclass(frozen=True)
class Asked:
    """The items of one worksheet that count for a score."""

    items: tuple[str, ...]
    scales: tuple[str, ...]
    scale: Array  # by item: the place of its scale
    ease: Array  # by item: −1 to 1

    @property
    def family(self) -> tuple[str, ...]:
        """By item: what its id begins with."""
        return tuple(item.partition(".")[0] for item in self.items)


def asked_of(worksheet: Worksheet, rules: Rules, answers: Answers) -> Asked:
    """The scored items that these answers lead to."""
    there = {item.id for item in worksheet.asked(answers)}
    items = [(item, place) for place, part in enumerate(rules.items.values()) for item in part if item in there]
    names = tuple(item for item, _ in items)
    scale = np.array([place for _, place in items])
    return Asked(names, tuple(rules.items), scale, spread(len(names)))


def relationship(content: Content) -> tuple[Asked, Array]:
    """The items about a relationship, and for each of `FORMS` which of them are asked."""
    sheet, rules = content.worksheet("relationship"), rules_of(content)[1]
    on = [asked_of(sheet, rules, _form(*form)) for form in FORMS]
    return on[0], np.array([[item in one.items for item in on[0].items] for one in on])


def needs(content: Content) -> Asked:
    """The items about needs."""
    return asked_of(content.worksheet("needs"), rules_of(content)[0], {})


def spread(count: int) -> Array:
    """So many figures from −1 to 1 at equal distances, in a shuffled order that is always the same."""
    even = np.linspace(-1, 1, count) if count > 1 else np.zeros(count)
    return np.random.default_rng(SHUFFLED).permutation(even)


def years_since(calendar: Calendar, terms: Sequence[str]) -> Array:
    """How many academic years each term lies after the first: a year begins with the calendar's last season."""
    keys = [calendar.key(term) for term in terms]
    began = [year + (place == len(calendar.seasons) - 1) for year, place in keys]
    return np.array(began) - began[0]


def first_years(years: Array) -> int:
    """In how many of the years of study a student may begin without finishing within the terms; at least one."""
    return max(1, len(YEARS) - int(years[-1]))


def _form(form: str, few: bool) -> Answers:
    return {"relationship.form": form, "relationship.meetings": "one" if few else "4+"}

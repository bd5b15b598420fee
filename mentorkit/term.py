"""Terms: semesters that sort by time, not by text, under the names a school gives them."""

import re
from calendar import isleap
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from pydantic import ConfigDict, Field, model_validator

from mentorkit.errors import Unknown
from mentorkit.worksheet import Part


class Season(Part):
    """One term of a calendar year: when it starts, and what it is called.

    `name` may hold `{year}`, `{next}` (the year after) and `{next2}` (its last two digits).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9]*$")
    name: str
    starts: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")  # month and day
    also: tuple[str, ...] = ()

    def called(self, pattern: str, year: int) -> str:
        """One of the season's names, in one year."""
        return pattern.format(year=year, next=year + 1, next2=f"{(year + 1) % 100:02d}")


class Calendar(Part):
    """A school's terms. A term is written `2026-fall`: the year in which it starts, and its season."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    seasons: tuple[Season, ...] = Field(min_length=1, alias="season")

    @model_validator(mode="after")
    def _in_order(self) -> "Calendar":
        ids = [season.id for season in self.seasons]
        if len(set(ids)) < len(ids):
            raise ValueError("two seasons have the same id")
        starts = [season.starts for season in self.seasons]
        if starts != sorted(set(starts)):
            raise ValueError("the seasons must stand in the order in which they start")
        return self

    @cached_property
    def _place(self) -> dict[str, int]:
        return {season.id: place for place, season in enumerate(self.seasons)}

    def key(self, term: str) -> tuple[int, int]:
        """A key by which terms sort in time; raises `Unknown` for what is not a term."""
        year, _, season = term.partition("-")
        if not re.fullmatch(r"[12]\d{3}", year, re.ASCII) or season not in self._place:
            raise self._no(term)
        return int(year), self._place[season]

    def sort(self, terms: set[str]) -> list[str]:
        """The terms, earliest first."""
        return sorted(terms, key=self.key)

    def steps(self, terms: Sequence[str]) -> tuple[int, ...]:
        """How many terms each comes after the first of these, counted in the seasons in which any of them lies.

        So a term that is left out between two of them is a step, and a summer that a school never uses is none.
        """
        keys = [self.key(term) for term in terms]
        used = sorted({season for _, season in keys})
        places = [year * len(used) + used.index(season) for year, season in keys]
        return tuple(place - places[0] for place in places)

    def parse(self, text: str) -> str:
        """The term that a person means, by its id or by a name the school uses; raises `Unknown`."""
        wanted = " ".join(text.split()).casefold()
        found = {int(year) for year in re.findall(r"[12]\d{3}", wanted, re.ASCII)}
        for year in (*sorted(found), *sorted(year - 1 for year in found)):  # a name may hold only the year after
            for season in self.seasons:
                names = (f"{year}-{season.id}", *(season.called(n, year) for n in (season.name, *season.also)))
                if wanted in (name.casefold() for name in names):
                    return f"{year}-{season.id}"
        raise self._no(text)

    def name(self, term: str) -> str:
        """What the school calls the term, for example *Fall 2026*."""
        year, place = self.key(term)
        season = self.seasons[place]
        return season.called(season.name, year)

    def at(self, day: date) -> str:
        """The term that a day lies in."""
        begun = [season for season in self.seasons if season.starts <= f"{day:%m-%d}"]
        if begun:
            return f"{day.year}-{begun[-1].id}"
        return f"{day.year - 1}-{self.seasons[-1].id}"

    def starts(self, term: str) -> date:
        """The first day of a term."""
        year, place = self.key(term)
        month, day = map(int, self.seasons[place].starts.split("-"))
        last = 29 if isleap(year) else 28
        return date(year, month, min(day, last) if month == 2 else day)

    def after(self, term: str) -> str:
        """The next term."""
        year, place = self.key(term)
        last = place + 1 == len(self.seasons)
        return f"{year + last}-{self.seasons[0 if last else place + 1].id}"

    def _no(self, term: str) -> Unknown:
        known = ", ".join(f"2026-{season.id}" for season in self.seasons)
        return Unknown(f"There is no term {term!r}: write one such as {known}.")

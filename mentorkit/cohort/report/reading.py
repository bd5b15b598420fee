"""What a release says, by scale, term and group: the only place that knows how tables and columns are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mentorkit.cohort.disclosure import Published, Release
from mentorkit.cohort.report.charts import ChangeRow
from mentorkit.content import Content

TERM = re.compile(r"[12]\d{3}-[a-z][a-z0-9]*")
TOKEN = re.compile(r"[\w.\-]+")


@dataclass(frozen=True)
class About:
    """What one number is about, as its column says it."""

    scale: str  # unmet.career, practice_index; empty for numbers of students
    terms: tuple[str, ...]  # one for a level, two for a change
    mentor_type: str
    statistic: str  # n, mean, sd, low, high, share, figure, verdict
    band: str
    group: tuple[tuple[str, str], ...]  # (column without its term, level), sorted


class Reading:
    """A release, read with the names of the content."""

    def __init__(self, release: Release, content: Content):
        self.release, self._content = release, content
        self._found: dict[About, Published] = {}
        for one in release.numbers:
            self._found.setdefault(self._about(one), one)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The one or two terms that the release is about, earliest first."""
        return self._terms_of("needs", "practices", "answers")

    @cached_property
    def courses(self) -> tuple[str, ...]:
        """Every term of which the indices are said, earliest first."""
        return self._terms_of("trajectory") or self.terms

    def _terms_of(self, *names: str) -> tuple[str, ...]:
        titles = (table.split() for table in self.release.tables)
        found = {title[1] for title in titles if title[0] in names and len(title) > 1 and TERM.fullmatch(title[1])}
        return tuple(self._content.calendar.sort(found))

    @property
    def last(self) -> str:
        """The latest term."""
        return self.terms[-1]

    @cached_property
    def pair(self) -> tuple[str, str] | None:
        """The two terms between which change is shown, earlier first."""
        pairs = {tuple(self._content.calendar.sort(set(about.terms))) for about in self._found if len(about.terms) == 2}
        found = sorted(pairs, key=lambda pair: [self._content.calendar.key(term) for term in reversed(pair)])
        return (found[-1][0], found[-1][1]) if found else None

    # Levels

    def mean(
        self, scale: str, term: str, statistic: str = "mean", mentor_type: str = "", **group: str
    ) -> Published | None:
        """The mean of a scale in a term, over all students or one group; None when it was not asked for."""
        return self._found.get(About(scale, (term,), mentor_type, statistic, "", tuple(sorted(group.items()))))

    def levels(self, column: str, term: str) -> tuple[str, ...]:
        """The levels of a grouping column in that term, in the order of the content."""
        if column == "mentor_type":
            there = {about.mentor_type for about in self._found if about.terms == (term,)}
        else:
            there = {dict(a.group).get(column, "") for a in self._found if a.terms == (term,) and len(a.group) == 1}
        known = [*(self._content.types if column == "mentor_type" else self._content.years)]
        return tuple(
            sorted(there - {""}, key=lambda level: (known.index(level) if level in known else len(known), level))
        )

    def name(self, column: str, level: str) -> str:
        """A level as people call it."""
        named: Mapping[str, Any] = self._content.types if column == "mentor_type" else self._content.years
        if level in named:
            return str(named[level].name)
        return self._content.cohort["not_given"] if level == "not given" else level

    # Shares

    def bands(self, scale: str, term: str) -> tuple[str, ...]:
        """The bands of a scale, from low to high; none when shares were not asked for."""
        return tuple(
            dict.fromkeys(
                a.band for a in self._found if a.scale == scale and a.terms == (term,) and a.band and not a.group
            )
        )

    def share(self, scale: str, term: str, band: str) -> Published | None:
        """The share of students in a band, in percent."""
        return self._found.get(About(scale, (term,), "", "share", band, ()))

    # Change

    def change(self, scale: str, name: str, **group: str) -> ChangeRow | None:
        """The paired change of a scale, over all students or one group; None when it was not asked for."""
        if self.pair is None:
            return None
        before, after = self.pair
        of = tuple(sorted(group.items()))
        at = {s: self._found.get(About(scale, self.pair, "", s, "", of)) for s in ("mean", "low", "high", "verdict")}
        if at["mean"] is None:
            return None
        verdict = at["verdict"]
        detectable = None if verdict is None or verdict.mark == "withheld" else not verdict.word.startswith("no")
        rise = {"detectable rise": True, "detectable fall": False}.get(verdict.word) if verdict else None
        ends = self.mean(scale, before, **group), self.mean(scale, after, **group)
        return ChangeRow(name, *ends, at["mean"], at["low"], at["high"], detectable, rise)

    def moved(self, index: str, word: str) -> Published | None:
        """The share of single students of whom an index moved reliably `up`, `down`, or not: `same`."""
        return self._found.get(About(index, self.pair or (), "", "share", word, ()))

    def figure(self, name: str, scale: str, *terms: str) -> Published | None:
        """A figure such as alpha of an index in a term, dz between two, or its slope."""
        what = f"{name} {scale} {' to '.join(terms)}".strip()
        return next((one for one in self.release.numbers if one.statistic == "figure" and one.what == what), None)

    # How many

    def answered(self, term: str) -> Published | None:
        """How many students shared scores for a term."""
        tables = (f"{name} {term}" for name in ("needs", "practices", "answers"))
        return next((one for table in tables if (one := self.release.at(table))), None)

    def rated(self, term: str) -> int | None:
        """About how many of them scored a relationship, as far as it may be said."""
        behind = [one.n for one in self.release.rows(f"practices {term}") if one.statistic == "mean" and not one.group]
        return max((n for n in behind if n), default=None)

    @property
    def paired(self) -> int | None:
        """About how many answered in both terms of the pair, as far as it may be said: the most behind any change."""
        behind = [one.n for about, one in self._found.items() if len(about.terms) == 2 and one.statistic == "mean"]
        return max((n for n in behind if n), default=None)

    @property
    def parts(self) -> tuple[tuple[str, Published], ...]:
        """How many took part in which of two terms."""
        return tuple((one.group[0][1], one) for one in self.release.rows("part") if one.group)

    def titled(self, table: str) -> str:
        """A table as people call it."""
        words, (first, *rest) = self._content.cohort, table.split()
        terms = [self._content.calendar.name(term) for term in TERM.findall(table) if self._is_term(term)]
        kind = next((self.name("mentor_type", one) for one in rest if one in self._content.types), "")
        name = " ".join(
            [first, *(one for one in rest if one in ("words", "sizes", "change", "of", "needs", "mentors"))]
        )
        key = f"tbl_{name}_by_year" if table.endswith("by class_year") else f"tbl_{name}"
        title = words.get(key.replace(" ", "_"))
        return title.format(term=", ".join(terms), type=kind) if title else table

    def _is_term(self, term: str) -> bool:
        return term in {*self.terms, *self.courses}

    def _about(self, one: Published) -> About:
        tokens = TOKEN.findall(one.what)
        scale = next((t for t in tokens if "." in t or t.endswith("_index")), "")
        of_table = TERM.findall(one.table)
        terms = tuple(TERM.findall(one.what) or of_table)
        kind = next((t for t in tokens if t in self._content.types), "")
        group = tuple(sorted((column.split()[0], level) for column, level in one.group))
        is_plain = one.statistic == "share" or tokens[:1] == [scale] or not scale
        return About(scale if is_plain else one.what, terms, kind, one.statistic, one.band, group)

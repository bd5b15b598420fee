"""What a release on a cohort asks: its tables, under names that stay, for whoever reads releases.

Columns are called as in `mentorkit.cohort.columns`: `unmet.career 2026-fall`, with a type of mentor behind it `… peer`,
and a change `unmet.career 2026-spring to 2026-fall`. A and B are the earlier and the later term; with one term there is
only B, and no table on two. All numbers are about students: several mentors of one are averaged before.

| table | rows | what is asked |
|---|---|---|
| `change A to B` | one: `both terms` with mentors | mean changes of practices, outcomes, indices, with an interval |
| `change of needs A to B` | one: `both terms` | the same of `need.…`, `support.…`, `unmet.…` |
| `change words A to B` | as `change` | a verdict on each, of `CHANGES`: signed ranks, adjusted in its family (Holm) |
| `change words of needs A to B` | as `change of needs` | the same |
| `change sizes A to B` | as `change` | figures `dz …` and `d_av …` of the indices' changes |
| `reliable change A to B` | as `change`, of one mentor | shares up, same, down: `reliable practice_index A to B` |
| `needs T` | one: all of T | means of `need.…`, `support.…`, `unmet.…`, 7 areas each; T is A and B |
| `practices T` | one: all of T with mentors | means of `practice.…` (8), `outcome.…` (4) and both indices |
| `answers T` | as `practices T` | shares of `practice.…` and `outcome.…` over `BANDS` |
| `needs B by class_year` | class years in B | as `needs B` |
| `practices B by class_year` | class years in B | means of both indices |
| `change A to B by class_year` | class years in B, of `both terms` | mean changes of both indices, with an interval |
| `with TYPE T` | as `practices T` | means of both indices over relationships with that type of mentor |
| `trajectory T` | as `practices T` | means of both indices, for every term of the data |
| `trajectory of needs T` | one: everybody | means of `unmet.…`, for every term but A and B |
| `slope` | one: all with two terms | from three terms on: figures `slope practice_index` …, points a term |
| `consistency T` | as `practices T` | from 30 on: figures `alpha …`, `alpha low …`, `alpha high …`, `omega …` |
| `part` | by `part` | numbers of students: `both terms`, `earlier only`, `earlier, not linked`, `later only` … |
| `part with mentors` | the same | the same, of who scored a relationship; left out where nearly all did |
| `leavers A` | `part with mentors` | means of both indices in A: who stayed beside who left |

Their order is that in which withholding spares them. The number of students in `needs T` is how many shared scores in
T, and in `practices T` how many scored a relationship. Tables on change have the row of both terms when the minimum or
more of B are not in it. Otherwise that row and those of B would tell of few, so the row is all of B
(`Cohort.is_about`): the `n` of its numbers then is “about” how many were in both, and its own number of students is of
B. So take how many are paired from `n`. An `n` of None means that the minimum or more of the row did not answer this.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from mentorkit.cohort import figures
from mentorkit.cohort.columns import (
    BOTH,
    CLASS_YEAR,
    DOWN,
    IN_EARLIER,
    IN_LATER,
    INDICES,
    MENTOR_TYPE,
    SAME,
    TOOK_PART,
    UP,
    WITH_MENTORS,
    between,
    in_term,
    reliably,
)
from mentorkit.cohort.disclosure import Figure, Mean, Shares, Table, Verdict, either
from mentorkit.cohort.figures import CHANGES
from mentorkit.content import Content

BANDS, EDGES = ("0 to 39", "40 to 59", "60 to 79", "80 to 100"), (0.0, 40.0, 60.0, 80.0, 100.0)
"""Into which the scores of practices and outcomes are put; exactly 40 is in the second, 39.9 in the first."""
SLOPE_STEP, SLOPE_MOST = 2.5, 25.0  # points from one term to the next
SIZE_STEP, SIZE_MOST = 0.2, 2.0  # standard deviations
CONSISTENCY_STEP = 0.05
Pair = tuple[str, str]


@dataclass(frozen=True)
class Cohort:
    """What is asked about, and what there is to answer it."""

    terms: tuple[str, ...]  # one, or two of which the earlier stands first
    by: tuple[str, ...]  # of class_year and mentor_type
    courses: tuple[str, ...]  # every term of the data, earliest first
    there: frozenset[str]  # the columns in which somebody has something
    content: Content
    minimum: int = 10  # students, about fewer nothing is said
    is_about: frozenset[str] = frozenset()  # of `part` and `part with mentors`: where few of B are not in both

    @property
    def pair(self) -> Pair | None:
        """Both terms, when there are two."""
        return (self.terms[0], self.terms[1]) if len(self.terms) == 2 else None

    @property
    def mentored(self) -> str:
        """By which column those who scored a relationship are told: that of all where nearly all did."""
        return WITH_MENTORS if WITH_MENTORS in self.there else TOOK_PART

    def among(self, term: str, part: str = TOOK_PART) -> tuple[tuple[str, str], ...]:
        """Who were in one of the terms."""
        if self.pair is None or term not in self.terms:
            return ()
        return ((part, either(*(IN_EARLIER if term == self.terms[0] else IN_LATER))),)

    def paired(self, part: str) -> tuple[tuple[str, str], ...]:
        """Among whom changes are asked; of these only students of both terms have any."""
        return self.among(self.terms[-1], part) if part in self.is_about else ((part, BOTH),)


def tables(cohort: Cohort) -> list[Table]:
    """The tables, those about nothing left out; the most wanted first, for withholding takes from the end."""
    changes = _pair(cohort, cohort.pair) if cohort.pair else ()
    found = [*changes, *_levels(cohort), *_groups(cohort), *_courses(cohort), *_consistency(cohort)]
    found += [*_leavers(cohort)]
    return [table for table in found if table.asks or table.name in (TOOK_PART, WITH_MENTORS)]


def families(content: Content) -> dict[str, tuple[str, ...]]:
    """The scales that are judged together: several tests are adjusted for within one of these."""
    areas = {part: tuple(f"{part}.{area}" for area in content.areas) for part in ("need", "support", "unmet")}
    practices = tuple(f"practice.{one}" for one in content.practices)
    outcomes = tuple(f"outcome.{one}" for one in content.outcomes)
    return {"practice": practices, "outcome": outcomes, "index": INDICES, **areas}


def scales(content: Content) -> tuple[str, ...]:
    """Every scale."""
    return tuple(scale for family in families(content).values() for scale in family)


def _needs(content: Content) -> tuple[str, ...]:
    return tuple(scale for name in ("need", "support", "unmet") for scale in families(content)[name])


def _relationship(content: Content) -> tuple[str, ...]:
    return tuple(scale for name in ("practice", "outcome") for scale in families(content)[name])


def _means(cohort: Cohort, columns: Collection[str]) -> tuple[Mean, ...]:
    return tuple(Mean(column) for column in columns if column in cohort.there)


def _in(cohort: Cohort, term: str, scales: Sequence[str]) -> tuple[Mean, ...]:
    return _means(cohort, [in_term(scale, term) for scale in scales])


def _levels(cohort: Cohort) -> Iterator[Table]:
    content = cohort.content
    for term in cohort.terms:
        among, parts = cohort.among(term, cohort.mentored), _relationship(content)
        yield Table(f"needs {term}", (), _in(cohort, term, _needs(content)), cohort.among(term))
        yield Table(f"practices {term}", (), _in(cohort, term, (*parts, *INDICES)), among)
        columns = [in_term(scale, term) for scale in parts]
        shares = tuple(Shares(column, BANDS, EDGES) for column in columns if column in cohort.there)
        yield Table(f"answers {term}", (), shares, among)


def _pair(cohort: Cohort, pair: Pair) -> Iterator[Table]:
    name, among = " to ".join(pair), cohort.paired(cohort.mentored)
    needs = _changing(cohort, pair, _needs(cohort.content))
    changing = _changing(cohort, pair, (*_relationship(cohort.content), *INDICES))
    yield Table(f"change {name}", (), tuple(_change(scale, pair) for scale in changing), among)
    yield Table(f"change of needs {name}", (), tuple(_change(scale, pair) for scale in needs), cohort.paired(TOOK_PART))
    yield Table(f"change words {name}", (), tuple(_words(cohort, pair, changing)), among)
    words = tuple(_words(cohort, pair, needs))
    yield Table(f"change words of needs {name}", (), words, cohort.paired(TOOK_PART))
    yield Table(f"change sizes {name}", (), tuple(_sizes(cohort, pair)), among)
    moved = [reliably(index, pair) for index in INDICES if reliably(index, pair) in cohort.there]
    yield Table(f"reliable change {name}", (), tuple(Shares(column, (UP, SAME, DOWN)) for column in moved), among)


def _leavers(cohort: Cohort) -> Iterator[Table]:
    if cohort.pair:
        earlier = cohort.pair[0]
        asks = _in(cohort, earlier, INDICES)
        among = cohort.among(earlier, cohort.mentored)
        yield Table(TOOK_PART, (TOOK_PART,))
        if cohort.mentored != TOOK_PART:
            yield Table(WITH_MENTORS, (cohort.mentored,))
        yield Table(f"leavers {earlier}", (cohort.mentored,), asks, among, total=False)


def _changing(cohort: Cohort, pair: Pair, scales: Sequence[str]) -> list[str]:
    return [scale for scale in scales if between(scale, pair) in cohort.there]


def _change(scale: str, pair: Pair) -> Mean:
    after, before = in_term(scale, pair[1]), in_term(scale, pair[0])
    return Mean(between(scale, pair), low=-100.0, interval=True, change=(after, before))


def _words(cohort: Cohort, pair: Pair, scales: Collection[str]) -> Iterator[Verdict]:
    for family in families(cohort.content).values():
        columns = tuple(between(scale, pair) for scale in family if scale in scales)
        for column in columns:
            yield Verdict(column, figures.is_detectable(column, columns, cohort.minimum), CHANGES, columns)


def _sizes(cohort: Cohort, pair: Pair) -> Iterator[Figure]:
    for index in INDICES:
        if between(index, pair) in cohort.there:
            used = (in_term(index, pair[0]), in_term(index, pair[1]))
            for name in ("dz", "d_av"):
                size = figures.size(name, *used)
                yield Figure(f"{name} {between(index, pair)}", used, size, SIZE_STEP, -SIZE_MOST, SIZE_MOST)


def _groups(cohort: Cohort) -> Iterator[Table]:
    last = cohort.terms[-1]
    if CLASS_YEAR in cohort.by:
        asked = (("needs", _needs(cohort.content), TOOK_PART), ("practices", INDICES, cohort.mentored))
        for name, names, part in asked:
            asks = _in(cohort, last, names)
            yield Table(f"{name} {last} by {CLASS_YEAR}", (CLASS_YEAR,), asks, cohort.among(last, part), total=False)
        if cohort.pair:
            moved = tuple(_change(index, cohort.pair) for index in _changing(cohort, cohort.pair, INDICES))
            name, among = " to ".join(cohort.pair), cohort.paired(cohort.mentored)
            yield Table(f"change {name} by {CLASS_YEAR}", (CLASS_YEAR,), moved, among, total=False)
    for term in cohort.terms:
        if MENTOR_TYPE in cohort.by:
            for kind in cohort.content.types:
                asks = _means(cohort, [in_term(index, term, kind) for index in INDICES])
                yield Table(f"with {kind} {term}", (), asks, cohort.among(term, cohort.mentored))


def _courses(cohort: Cohort) -> Iterator[Table]:
    for term in cohort.courses:
        yield Table(f"trajectory {term}", (), _in(cohort, term, INDICES), cohort.among(term, cohort.mentored))
        if term not in cohort.terms:
            unmet = families(cohort.content)["unmet"]
            yield Table(f"trajectory of needs {term}", (), _in(cohort, term, unmet))
    if len(cohort.courses) >= figures.FEWEST_TERMS:
        asks = []
        for index in INDICES:
            used = tuple(in_term(index, term) for term in cohort.courses)
            if set(used) <= cohort.there:
                slope = figures.slope(used, cohort.content.calendar.steps(cohort.courses))
                asks.append(Figure(f"slope {index}", used, slope, SLOPE_STEP, -SLOPE_MOST, SLOPE_MOST, needs=2))
        yield Table("slope", (), tuple(asks))


def _consistency(cohort: Cohort) -> Iterator[Table]:
    alphas = {"alpha": figures.alpha, "alpha low": figures.alpha_low, "alpha high": figures.alpha_high}
    compute: dict[str, Callable[..., figures.Compute]] = {**alphas, "omega": figures.omega}
    for term in cohort.terms:
        asks = []
        for index in INDICES:
            parts = families(cohort.content)[index.removesuffix("_index")]
            used = tuple(column for scale in parts if (column := in_term(scale, term)) in cohort.there)
            if len(used) > 1:
                for name, one in compute.items():
                    figure = Figure(
                        f"{name} {in_term(index, term)}", used, one(used), CONSISTENCY_STEP, 0.0, 1.0,
                        least=figures.FEWEST_FOR_CONSISTENCY,
                    )  # fmt: skip
                    asks.append(figure)
        yield Table(f"consistency {term}", (), tuple(asks), cohort.among(term, cohort.mentored))

"""An attacker on releases, who has the published numbers and shares no code with the audit.

Of each release the attacker has what everybody has. Of the students the attacker knows, worse than anybody could:
how many there are; for sizes, which withheld groups are really small; for answers, who is in every group and who
answered what, so that each student's answer is one unknown between the ends of its scale.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from mentorkit.cohort.disclosure import Ask, Figure, Mean, Published, Release, Shares, Table, Verdict

WIDE = 5
TELLING = WIDE + 2  # with a smaller minimum “somebody, but fewer than it” is within WIDE already, as advisors are told
FEW_TABLES = 12  # published groups, of so many at most those few are looked for who are in two of them


class Untrue(Exception):
    """Published numbers that no cohort could have led to."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A release as the attacker has it, and the truth to judge the attacker's success by."""

    release: Release
    tables: tuple[Table, ...]
    frame: pd.DataFrame

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        return {column: self.frame[column].to_numpy() for column in self.frame}

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    def group(self, number: Published) -> np.ndarray:
        """Who is in a number's group."""
        return self.having((*number.group, *self.table(number.table).among))

    def having(self, levels: Iterable[tuple[str, str]]) -> np.ndarray:
        """Who has all of these levels; one level may be several, with “or” between them."""
        inside = np.ones(len(self.frame), dtype=bool)
        for column, level in levels:
            inside &= self.frame[column].astype(str).isin(level.split(" or ")).to_numpy()
        return inside

    def ask(self, number: Published) -> Ask:
        """What was asked when the answer is this number."""
        asks = self.table(number.table).asks
        if number.statistic == "figure":
            return next(ask for ask in asks if isinstance(ask, Figure) and ask.name == number.what)
        kind = {"share": Shares, "verdict": Verdict}.get(number.statistic, Mean)
        return next(ask for ask in asks if isinstance(ask, kind) and ask.column == number.what)

    def sources(self, number: Published) -> tuple[str, ...]:
        """The columns of answers that a number is made of: for a change the two that are subtracted."""
        if number.what == "students":
            return ()
        ask = self.ask(number)
        if isinstance(ask, Figure):
            return ask.columns
        return (ask.change if isinstance(ask, Mean) else None) or (ask.column,)

    def contributing(self, number: Published) -> np.ndarray:
        """Whose answers a number is made of; for a share all who could be in the band."""
        if number.what == "students":
            return self.group(number)
        ask = self.ask(number)
        columns = list(ask.columns) if isinstance(ask, Figure) else [ask.column]
        there = self.frame[columns].notna().sum(axis=1).to_numpy()
        return self.group(number) & (there >= (2 if number.what.startswith("slope") else len(columns)))

    def in_band(self, number: Published) -> np.ndarray:
        """Who of them is in a share's band."""
        ask, answers = self.ask(number), self.columns[number.what]
        if ask.edges is None:
            return self.contributing(number) & (answers == number.band)
        place = ask.bands.index(number.band)
        low, high = ask.edges[place : place + 2]
        last = place == len(ask.bands) - 1
        return self.contributing(number) & (answers >= low) & ((answers <= high) if last else (answers < high))

    def contributions(self, number: Published, inside: np.ndarray) -> frozenset[object]:
        """Who contributes what: the student, or the student's answers that a number is made of."""
        columns = self.sources(number)
        students = self.columns["student"][inside].tolist()
        if not columns:
            return frozenset(students)
        answers = [self.columns[column][inside].tolist() for column in columns]
        parts = [
            [(student, column, answer) for student, answer in zip(students, given, strict=True)]
            for column, given in zip(columns, answers, strict=True)
        ]
        return frozenset(zip(*parts, strict=True))


def said_of_few(seen: Seen) -> Iterator[str]:
    """Numbers that are about fewer students than the minimum, or are not rounded."""
    least = seen.release.minimum
    for number in seen.release.numbers:
        if number.mark == "withheld":
            continue
        about = int(seen.contributing(number).sum())
        if about < least:
            yield f"{number.statistic} of {number.what} is about {about} students"
        if number.statistic == "share":
            inside = int(seen.in_band(number).sum())
            if min(inside, about - inside) < least:
                yield f"a share is about {inside} of {about} students"
        if number.statistic in ("n", "mean", "sd", "share") and number.number % 5:
            yield f"{number.statistic} is said as {number.number}"
        if number.statistic == "share" and not 0 < number.number < 100:
            yield f"a share is said as {number.number} %"
        if number.statistic == "n" and number.number < least:
            yield f"a group is said to have {number.number} students"
        if number.n is not None and (number.n % 5 or number.n < least):
            yield f"{number.what} is said to rest on {number.n} students"


def too_alike(history: list[Seen]) -> Iterator[str]:
    """Two numbers of one kind about groups that differ by fewer students than the minimum, but by somebody."""
    groups: dict[str, set[frozenset[object]]] = {}
    for seen in history:
        for number in seen.release.numbers:
            if number.number is None or number.mark == "about" or number.statistic not in ("n", "mean", "share"):
                continue
            inside = seen.in_band(number) if number.statistic == "share" else seen.contributing(number)
            groups.setdefault(number.what, set()).add(seen.contributions(number, inside))
    least = min(seen.release.minimum for seen in history)
    for what, sets in groups.items():
        for one, other in combinations(sets, 2):
            if len(one ^ other) < least:
                yield f"two published groups differ by {len(one ^ other)} students in {what}"


def sizes_found(history: list[Seen]) -> Iterator[str]:
    """Withheld sizes of groups that are known too well from all releases of the same students."""
    last = history[-1]
    same = [seen for seen in history if _same_students(seen, last)]
    columns = sorted({c for seen in same for table in seen.tables for c in (*table.by, *(a for a, _ in table.among))})
    named = {("paired", "no"), ("paired", "yes")}  # known to be all that there can be
    named |= {pair for seen in same for number in seen.release.numbers for pair in number.group}
    there = {(c, str(v)) for seen in same for c in columns if c in seen.frame for v in seen.frame[c]}
    levels = {column: sorted({v for c, v in named | there if c == column}) for column in columns}
    boxes = list(product(*levels.values()))
    least, everybody = last.release.minimum, len(last.frame)
    rows, floors, tops = [np.ones(len(boxes))], [float(everybody)], [float(everybody)]
    hidden: dict[tuple[float, ...], int] = {}
    told: dict[
        tuple[float, ...], tuple[Seen, np.ndarray]
    ] = {}  # who is in it; of the same group in another table: no secret
    partly = {
        (seen, n.table, len(n.group))
        for seen in same
        for n in seen.release.numbers
        if n.what == "students" and n.mark == "rounded"
    }
    for seen in same:
        for number in (n for n in seen.release.numbers if n.what == "students"):
            must = {c: v.split(" or ") for c, v in (*seen.table(number.table).among, *number.group)}
            fits = [all(v in must.get(c, [v]) for c, v in zip(columns, box, strict=True)) for box in boxes]
            row = np.array(fits, dtype=float)
            true = int(seen.group(number).sum())
            if number.mark == "rounded":
                told[tuple(row)] = seen, seen.group(number)
                bottom = number.number - 2 if number.number - 5 >= least else least
                rows, floors, tops = [*rows, row], [*floors, bottom], [*tops, number.number + 2]
            elif number.mark == "about":
                bottom = max(least, number.number - 2 - least + 1)
                rows, floors, tops = [*rows, row], [*floors, bottom], [*tops, number.number + least + 1]
            elif least >= TELLING and (seen, number.table, len(number.group)) in partly:
                bottom, top = (0, least - 1) if true < least else (least, everybody)
                rows, floors, tops = [*rows, row], [*floors, bottom], [*tops, top]
            if number.mark != "rounded" and row.sum() < len(boxes):
                hidden[tuple(row)] = true
    for (one, (here, first)), (other, (there_too, second)) in combinations(told.items(), 2):
        if here is there_too and least >= TELLING and (first != second).any():
            rows, floors = [*rows, np.abs(np.subtract(one, other))], [*floors, float(least)]
            tops = [*tops, float(everybody)]
            for keep, drop in ((1, 1), (1, 0), (0, 1)) if len(told) <= FEW_TABLES else ():
                if 0 < (size := int(((first == keep) & (second == drop)).sum())) < least:
                    hidden[tuple(((np.array(one) == keep) & (np.array(other) == drop)).astype(float))] = size
    secret = [row for row in hidden if row not in told]
    for row, (low, high) in zip(secret, ends(np.array(rows), floors, tops, secret, everybody), strict=True):
        if np.floor(high + 1e-6) - np.ceil(low - 1e-6) < WIDE:
            yield f"a withheld group of {hidden[row]} is known to have {low:g} to {high:g} students"


def answers_found(history: list[Seen], spreads: bool = False) -> Iterator[str]:
    """Means of withheld groups, and of the few who came or went between two releases, that are known too well.

    Groups of the minimum and more are judged too when there is only one release: which of two nearly equal groups
    was published first is not the later one's doing. With `spreads` the published standard deviations are used too,
    through the square of each student's answer.
    """
    least = history[-1].release.minimum
    unknown: dict[object, int] = {}
    rows: list[dict[int, float]] = []
    limits: list[tuple[float, float]] = []
    means: dict[frozenset[object], tuple[float, float]] = {}
    deviations: dict[frozenset[object], tuple[float, float]] = {}
    targets: dict[frozenset[object], str] = {}
    published: dict[str, set[frozenset[object]]] = {}
    for seen in history:
        for number in (n for n in seen.release.numbers if n.statistic == "mean"):
            who = seen.contributions(number, seen.contributing(number))
            if number.mark == "withheld":
                if who and (len(who) < least or len(history) == 1):
                    targets[who] = f"the mean {number.what} of a withheld group of {len(who)}"
            elif who not in published.setdefault(number.what, set()):
                published[number.what].add(who)
                rows.append(_mean_of(who, unknown))
                bottom, top = seen.ask(number).low, seen.ask(number).high
                low = bottom if number.mark == "at most" else number.number - 2.5
                limits.append((low, top if number.mark == "at least" else number.number + 2.5))
                means[who] = limits[-1]
        spoken = (n for n in seen.release.numbers if n.statistic == "sd" and n.number)
        for number in (n for n in spoken if len(seen.sources(n)) == 1):
            low = 0.0 if number.mark == "at most" else number.number - 2.5
            high = 71.0 if number.mark == "at least" else number.number + 2.5
            deviations[seen.contributions(number, seen.contributing(number))] = low, high
    for what, sets in published.items():
        for one, other in permutations(sets, 2):
            if 0 < len(one - other) < least:
                targets[one - other] = f"the mean {what} of {len(one - other)} by whom two published groups differ"
    if not rows:
        return
    asked = [_mean_of(who, unknown) for who in targets]
    if spreads:
        for row, low, high in _squares(unknown, means, deviations):
            rows.append(row)
            limits.append((low, high))
    matrix, weights = (_dense(some, len(unknown)) for some in (rows, asked))
    floors, tops = zip(*limits, strict=True)
    for told, (low, high) in zip(targets.values(), ends(matrix, floors, tops, weights, 100.0), strict=True):
        if high - low < WIDE - 1e-6:
            yield f"{told} is known to lie in {low:.1f} to {high:.1f}"


def _squares(unknown, means, deviations) -> Iterator[tuple[dict[int, float], float, float]]:
    """What standard deviations tell: each answer's square lies over its tangents and under the chord from 0 to 100.

    Squares are counted in hundreds, so that they too lie between 0 and 100.
    """
    answers = list(unknown)
    for answer in answers:
        mean, square = unknown[answer], unknown.setdefault(("square", answer), len(unknown))
        yield {square: 1.0, mean: -1.0}, -100.0, 0.0
        for t in (10.0, 30.0, 50.0, 70.0, 90.0):
            yield {square: 1.0, mean: -t / 50}, -t * t / 100, 100.0
    for who, (low, high) in deviations.items():
        (least, most), n = means[who], len(who)
        squares = {unknown["square", part]: 1 / n for (part,) in who}
        sums = {unknown[part]: 1 / n for (part,) in who}
        chord = {**squares, **{place: -(least + most) / 100 * weight for place, weight in sums.items()}}
        yield chord, -1000.0, (n - 1) / n * high**2 / 100 - least * most / 100
        for t in (least, most):
            tangent = {**squares, **{place: -t / 50 * weight for place, weight in sums.items()}}
            yield tangent, (n - 1) / n * low**2 / 100 - t * t / 100, 1000.0


def _mean_of(who: frozenset[object], unknown: dict[object, int]) -> dict[int, float]:
    """A mean as weights of students' answers; a change is the answer after less the answer before."""
    row: dict[int, float] = {}
    for parts in who:
        for sign, part in zip((1, -1), parts, strict=False):
            row[unknown.setdefault(part, len(unknown))] = sign / len(who)
    return row


def _dense(rows: list[dict[int, float]], unknowns: int) -> np.ndarray:
    matrix = np.zeros((len(rows), unknowns))
    for place, row in enumerate(rows):
        matrix[place, list(row)] = list(row.values())
    return matrix


def ends(matrix, floors, tops, targets, most) -> Iterator[tuple[float, float]]:
    """The smallest and largest value of each target, the unknowns between 0 and the most."""
    used = matrix.any(axis=0)
    known = LinearConstraint(csc_array(matrix[:, used]), np.array(floors) - 1e-9, np.array(tops) + 1e-9)
    for target in targets:
        free = most * (np.minimum(target, 0)[~used].sum()), most * (np.maximum(target, 0)[~used].sum())
        both = [milp(sign * np.asarray(target)[used], constraints=known, bounds=Bounds(0, most)) for sign in (1, -1)]
        if any(end.status for end in both):
            raise Untrue(f"the published numbers cannot all be true: {both[0].message}")
        yield both[0].fun + free[0], -both[1].fun + free[1]


def _same_students(one: Seen, other: Seen) -> bool:
    asked = [{c for table in seen.tables for c in (*table.by, *(a for a, _ in table.among))} for seen in (one, other)]
    columns = ["student", *sorted(asked[0] & asked[1])]
    mine, others = (seen.frame[columns].astype(str).sort_values("student").to_numpy() for seen in (one, other))
    return np.array_equal(mine, others)

"""How firm a first place is: which single answer or judgement would change it, and how often noise would.

It counts in whole units (a twelfth of a need, say), so that equal is equal.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm, prod
from operator import mul

CODES = range(5)  # an answer stays within 0–4
STRENGTHS = range(4)  # a cell of the strength matrix stays within 0–3
MOVES = {-1: 1, 0: 2, 1: 1}  # an answer given again: one lower, the same or one higher, in quarters


@dataclass(frozen=True)
class AreaAnswers:
    """The counted answers of one area. *Not counted* and unanswered items are absent, and so never move."""

    need: Mapping[str, int]  # 0–4 by item id, at least one
    support: Mapping[str, int]  # 0–4 by item id; none when need alone is weighed

    def unmet(self, unit: int) -> int:
        """Unmet need, 0 to 4·unit; `unit` is a multiple of the number of answers."""
        return _unmet(list(self.need.values()), list(self.support.values()), unit)

    def moved(self) -> Iterator[tuple[str, int, "AreaAnswers"]]:
        """Every single answer one step lower and one step higher: its item, the step, and the answers then."""
        for item, step in product((*self.need, *self.support), (-1, 1)):
            moved = AreaAnswers(_stepped(self.need, item, step), _stepped(self.support, item, step))
            if moved != self:
                yield item, step, moved

    def given_again(self, unit: int) -> Counter[int]:
        """How likely each unmet need is when every answer moves by −1, 0 or +1 with ¼, ½, ¼, as whole weights."""
        codes = (*self.need.values(), *self.support.values())
        likely: Counter[int] = Counter()
        for steps in product(MOVES, repeat=len(codes)):
            again = [_within(CODES, code + step) for code, step in zip(codes, steps, strict=True)]
            cut = len(self.need)
            likely[_unmet(again[:cut], again[cut:], unit)] += prod(MOVES[step] for step in steps)
        return likely


@dataclass(frozen=True)
class Flip:
    """One small change that would put another type first."""

    what: str | tuple[str, str]  # an answer: its item's id; or a cell of the strength matrix: (type, area)
    step: int  # −1 or +1
    first: tuple[str, ...]  # who is first then: several when equal, none when nothing is unmet any more


@dataclass(frozen=True)
class Stability:
    """How firm the first place is."""

    first_share: Mapping[str, float]  # 0–1 by type: rank acceptability of the first place; sums to 1
    flips: tuple[Flip, ...]  # every single answer and cell that changes who is first


def stability(
    areas: Mapping[str, AreaAnswers], strength: Mapping[str, Mapping[str, int]], draws: int, seed: int
) -> Stability:
    """How firm the first place is among the types of `strength`.

    `first_share` is the share of `draws` seeded draws in which a type comes first (rank acceptability: Lahdelma &
    Salminen 2001); equal firsts split a draw, and so does everyone when a draw leaves nothing unmet.
    Empty when there is no type, or nothing is unmet to begin with. Raises `ValueError` for fewer than one draw.
    """
    if draws < 1:
        raise ValueError(f"Stability needs at least one draw, not {draws}.")
    rows = {kind: tuple(row.get(area, 0) for area in areas) for kind, row in strength.items()}
    if not rows or not any(area.unmet(_unit(areas)) for area in areas.values()):
        return Stability({}, ())
    return Stability(_first_shares(areas, rows, draws, seed), tuple(_flips(areas, rows)))


def _unmet(need: Sequence[int], support: Sequence[int], unit: int) -> int:
    supported = sum(support) * unit // len(support) if support else 0
    return max(0, sum(need) * unit // len(need) - supported)


def _within(allowed: range, value: int) -> int:
    return min(max(value, allowed[0]), allowed[-1])


def _stepped(codes: Mapping[str, int], item: str, step: int) -> dict[str, int]:
    return {name: _within(CODES, code + step) if name == item else code for name, code in codes.items()}


def _unit(areas: Mapping[str, AreaAnswers]) -> int:
    return lcm(*(len(part) for area in areas.values() for part in (area.need, area.support) if part))


def _firsts(unmet: Sequence[int], rows: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    if not any(unmet):
        return ()
    scores = [sum(map(mul, unmet, row)) for row in rows.values()]
    best = max(scores)
    return tuple(kind for kind, score in zip(rows, scores, strict=True) if score == best)


def _first_shares(
    areas: Mapping[str, AreaAnswers], rows: Mapping[str, Sequence[int]], draws: int, seed: int
) -> dict[str, float]:
    source, unit = random.Random(seed), _unit(areas)
    likely = [area.given_again(unit) for area in areas.values()]
    drawn = [source.choices(list(one), list(one.values()), k=draws) for one in likely]
    tally = Counter(_firsts(unmet, rows) or tuple(rows) for unmet in zip(*drawn, strict=True))
    won = dict.fromkeys(rows, Fraction(0))
    for firsts, times in tally.items():
        for kind in firsts:
            won[kind] += Fraction(times, len(firsts))
    return {kind: float(times / draws) for kind, times in won.items()}


def _flips(areas: Mapping[str, AreaAnswers], rows: Mapping[str, Sequence[int]]) -> Iterator[Flip]:
    unit = _unit(areas)
    unmet = {name: area.unmet(unit) for name, area in areas.items()}
    now = _firsts(list(unmet.values()), rows)
    for name, area in areas.items():
        for item, step, moved in area.moved():
            first = _firsts(list({**unmet, name: moved.unmet(unit)}.values()), rows)
            if first != now:
                yield Flip(item, step, first)
    for (kind, row), (place, name), step in product(rows.items(), enumerate(areas), (-1, 1)):
        cell = _within(STRENGTHS, row[place] + step)
        first = _firsts(list(unmet.values()), {**rows, kind: (*row[:place], cell, *row[place + 1 :])})
        if first != now:
            yield Flip((kind, name), step, first)

"""The attacker on shares: how many students there are in a withheld band, for whoever knows who is in which group."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from mentorkit.cohort.disclosure import Published
from verify.attacker import WIDE, Seen, ends

Contribution = tuple[str, str, float]  # a student's answer to something


def shares_found(history: list[Seen]) -> Iterator[str]:
    """Withheld bands whose number of students is known too well; judged by shares alone.

    As with means, bands with enough students inside and outside are judged when there is only one release. What the
    releases before had already told of a band is not the doing of the one that withholds it.
    """
    told: dict[str, list[tuple[int, Seen, Published]]] = {}
    for place, seen in enumerate(history):
        for number in seen.release.numbers:
            if number.statistic == "share":
                told.setdefault(number.what, []).append((place, seen, number))
    for numbers in told.values():
        yield from _found(numbers, history[-1].release.minimum, len(history) == 1)


def _found(told: list[tuple[int, Seen, Published]], least: int, alone: bool) -> Iterator[str]:
    """The same for the shares of one column."""
    groups = {id(number): seen.contributions(number, seen.contributing(number)) for _, seen, number in told}
    names = told[0][1].ask(told[0][2]).bands
    bases = sorted({groups[id(number)] for _, _, number in told}, key=len)
    alike = Counter(tuple(one in base for base in bases) for one in frozenset().union(*bases))
    kinds = {kind: place for place, kind in enumerate(alike)}
    unknowns = len(kinds) * len(names)
    rows, floors, tops, since, targets = [], [], [], [], {}
    for kind, size in alike.items():
        row = np.zeros(unknowns)
        row[kinds[kind] * len(names) :][: len(names)] = 1
        rows, floors, tops, since = [*rows, row], [*floors, size], [*tops, size], [*since, -1]
    for place, seen, number in told:
        group = groups[id(number)]
        base = bases.index(group)
        row = np.zeros(unknowns)
        row[[kinds[kind] * len(names) + names.index(number.band) for kind in kinds if kind[base]]] = 1
        if number.mark == "withheld":
            inside = int(seen.in_band(number).sum())
            if group and (min(inside, len(group) - inside) < least or alone):
                what = f"withheld “{number.band}” of {len(group)} students"
                targets.setdefault(tuple(row), (what, min(WIDE, len(group)), place))
        else:
            low = 0 if number.mark == "at most" else number.number - 2.5
            high = 100 if number.mark == "at least" else number.number + 2.5
            rows, floors, tops = [*rows, row], [*floors, low * len(group) / 100], [*tops, high * len(group) / 100]
            since = [*since, place]
    most, known = max(alike.values(), default=0), (np.array(rows), np.array(floors), np.array(tops))
    found = ends(*known, list(targets), most)
    for (row, (what, wide, place)), (low, high) in zip(targets.items(), found, strict=True):
        if high - low < wide - 1e-6:
            before = np.array(since) < place
            ((least_before, most_before),) = ends(*(part[before] for part in known), [row], most)
            if most_before - least_before >= wide - 1e-6:
                yield f"{what} is known to have {low:.1f} to {high:.1f}"

"""From unmet needs to kinds of mentor: which would fit, why, how firmly, and the fewest that cover what matters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from typing import Literal

from mentorkit.scoring import NeedsScores, needs_scores, ratings
from mentorkit.stability import AreaAnswers, Flip, Stability, stability
from mentorkit.worksheet import Answers, Worksheet

__all__ = [
    "BestSet",
    "Flip",
    "RankedType",
    "Ranking",
    "Reason",
    "Stability",
    "best_sets",
    "fit",
    "ranking",
    "smallest_sets",
    "uncovered",
    "weighted_sum",
]

Strength = Mapping[str, Mapping[str, int]]
"""How strongly each type of mentor serves each area, 0–3: `strength[type][area]`; an area not named is 0."""

Basis = Literal["unmet", "need"]

STRONGEST = 3
COVERS = 2  # an area is covered by a type from this strength up
CLEAR_SHARE = 0.60  # a single first place wins at least this share of the draws …
CLEAR_LEAD = 5.0  # … and leads by at least this many points
REASONS = 2
DIGITS = 9  # fits are rounded here, so that equal fits are equal in floating point too


@dataclass(frozen=True)
class Reason:
    """What one area adds to a fit."""

    area: str
    points: float  # of the fit's 0–100


@dataclass(frozen=True)
class RankedType:
    """One type of mentor and how it would fit."""

    type: str
    fit: float | None  # 0–100: the share of the unmet need it could meet; None when nothing is unmet
    rank: int | None  # 1 is best, equal fits share a rank; None for unsuited types and when nothing is unmet
    reasons: tuple[Reason, ...]  # the two areas that add most, the larger first; none that adds nothing
    unsuited: tuple[str, ...]  # why it is not feasible for this student; empty when it is


@dataclass(frozen=True)
class BestSet:
    """One of the sets of types that together could meet most."""

    types: frozenset[str]
    met: float  # 0–100: the share of the unmet need, each area met by the set's strongest type
    adds: Mapping[str, float]  # points by type: what the set would lose without it


@dataclass(frozen=True)
class Ranking:
    """The types of mentor in order of fit, and what may be said about that order."""

    types: tuple[RankedType, ...]  # the best fit first; unsuited types after all others
    first: tuple[str, ...]  # who leads: one type, several when it is a tie, none when nothing is unmet
    basis: Basis  # what was weighed: need alone when support was not rated at all
    weighed: Mapping[str, float | None]  # by area, 0–100: the unmet need (or the need), None when not scored
    stability: Stability  # how firm the first place is, among the suited types
    smallest: tuple[frozenset[str], ...]  # all smallest sets of suited types that cover what matters most
    uncovered: tuple[str, ...]  # what matters most and no suited type covers

    @property
    def is_tie(self) -> bool:
        """Whether more than one type leads."""
        return len(self.first) > 1


def weighted_sum(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """`Σ weight × value` over the weights; a value not given is 0."""
    return fsum(weight * values.get(name, 0) for name, weight in weights.items())


def fit(unmet: Mapping[str, float | None], strength: Strength) -> dict[str, float | None]:
    """The share (0–100) of the unmet need that each type could meet: `100 × Σ unmet·strength / (3 × Σ unmet)`.

    Areas that are not scored, and areas that no type's row names, are left out above and below: they say nothing
    about which type fits. None for every type when nothing is unmet. On a fixed scale on purpose: whether one type
    is listed never changes the order of the others.
    """
    weights = _weights(unmet, strength)
    return {kind: _share_met(weights, row) if any(weights.values()) else None for kind, row in strength.items()}


def uncovered(areas: Iterable[str], strength: Strength, at_least: int = COVERS) -> tuple[str, ...]:
    """The areas that no type covers with at least this strength (0–3)."""
    return tuple(area for area in areas if all(row.get(area, 0) < at_least for row in strength.values()))


def smallest_sets(areas: Iterable[str], strength: Strength, at_least: int = COVERS) -> tuple[frozenset[str], ...]:
    """All smallest sets of types that cover the areas, each with at least this strength (0–3).

    Areas that no type covers are left aside: `uncovered` names them. No set when nothing is left to cover.
    """
    wanted = set(areas)
    wanted -= set(uncovered(wanted, strength, at_least))
    if not wanted:
        return ()
    by_size = ([frozenset(kinds) for kinds in combinations(strength, size)] for size in range(1, len(strength) + 1))
    covering = (
        tuple(kinds for kinds in sets if not uncovered(wanted, _only(kinds, strength), at_least)) for sets in by_size
    )
    return next(filter(None, covering))


def best_sets(unmet: Mapping[str, float | None], strength: Strength, k: int) -> tuple[BestSet, ...]:
    """All sets of at most `k` types that together meet most, by `Σ unmet × the set's greatest strength`; exact.

    A set with a member that adds nothing is left out, since it is as good without. No set when nothing is unmet.
    Raises `ValueError` for fewer than one type.
    """
    if k < 1:
        raise ValueError(f"A set has at least one type, not {k}.")
    weights = _weights(unmet, strength)
    if not any(weights.values()):
        return ()
    sizes = range(1, min(k, len(strength)) + 1)
    sets = [_best_set(kinds, weights, strength) for size in sizes for kinds in combinations(strength, size)]
    most = max(one.met for one in sets)
    return tuple(one for one in sets if one.met == most and all(points > 0 for points in one.adds.values()))


def ranking(
    worksheet: Worksheet,
    answers: Answers,
    strength: Strength,
    unsuited: Mapping[str, tuple[str, ...]] | None = None,
    draws: int = 10_000,
    seed: int = 2026,
) -> Ranking:
    """Which types of mentor would fit this student, by the needs worksheet's answers.

    `unsuited` gives, by type, why it is not feasible: such a type is listed last, with its fit, and takes no part in
    the first place or in a set. The same seed gives the same result. Raises `ValueError` for fewer than one draw.
    """
    against = {kind: reasons for kind, reasons in (unsuited or {}).items() if reasons}
    suited = {kind: row for kind, row in strength.items() if kind not in against}
    needs = needs_scores(worksheet, answers)
    basis = _basis(needs, strength)
    weighed = {area: score.value for area, score in (needs.unmet if basis == "unmet" else needs.need).items()}
    areas = _area_answers(worksheet, answers, _weights(weighed, strength), basis)
    firm = stability(areas, suited, draws, seed)
    types = _ranked(weighed, strength, against)
    wanted = needs.top or [area for area in needs.order if weighed[area]]
    return Ranking(
        types=types,
        first=_first(types, firm.first_share),
        basis=basis,
        weighed=weighed,
        stability=firm,
        smallest=smallest_sets(wanted, suited),
        uncovered=uncovered(wanted, suited),
    )


def _weights(unmet: Mapping[str, float | None], strength: Strength) -> dict[str, float]:
    known = _known(strength)
    return {area: value for area, value in unmet.items() if value is not None and area in known}


def _share_met(weights: Mapping[str, float], row: Mapping[str, float]) -> float:
    return round(100 * weighted_sum(weights, row) / (STRONGEST * fsum(weights.values())), DIGITS)


def _best_set(kinds: tuple[str, ...], weights: Mapping[str, float], strength: Strength) -> BestSet:
    def met(members: Iterable[str]) -> float:
        rows = [strength[kind] for kind in members]
        return _share_met(weights, {area: max((row.get(area, 0) for row in rows), default=0) for area in weights})

    whole = met(kinds)
    adds = {kind: round(whole - met(other for other in kinds if other != kind), DIGITS) for kind in kinds}
    return BestSet(frozenset(kinds), whole, adds)


def _only(kinds: Iterable[str], strength: Strength) -> Strength:
    return {kind: strength[kind] for kind in kinds}


def _known(strength: Strength) -> set[str]:
    return {area for row in strength.values() for area in row}


def _basis(needs: NeedsScores, strength: Strength) -> Basis:
    return "unmet" if any(needs.support[area].answered for area in _known(strength) & set(needs.support)) else "need"


def _area_answers(worksheet: Worksheet, answers: Answers, areas: Iterable[str], basis: Basis) -> dict[str, AreaAnswers]:
    given, weigh_support = ratings(worksheet, answers), basis == "unmet"

    def codes(family: str, area: str) -> dict[str, int]:
        return given.codes(worksheet.subscale(f"{family}.{area}"))

    return {area: AreaAnswers(codes("need", area), codes("support", area) if weigh_support else {}) for area in areas}


def _ranked(
    weighed: Mapping[str, float | None], strength: Strength, against: Mapping[str, tuple[str, ...]]
) -> tuple[RankedType, ...]:
    fits, weights = fit(weighed, strength), _weights(weighed, strength)
    suited = [points for kind, points in fits.items() if points is not None and kind not in against]

    def ranked(kind: str) -> RankedType:
        points = fits[kind]
        rank = None if points is None or kind in against else 1 + sum(other > points for other in suited)
        return RankedType(kind, points, rank, _reasons(weights, strength[kind]), against.get(kind, ()))

    return tuple(ranked(kind) for kind in sorted(strength, key=lambda kind: (kind in against, -(fits[kind] or 0))))


def _reasons(weights: Mapping[str, float], row: Mapping[str, int]) -> tuple[Reason, ...]:
    whole = STRONGEST * fsum(weights.values())
    adding = [Reason(area, 100 * w * row[area] / whole) for area, w in weights.items() if w and row.get(area)]
    return tuple(sorted(adding, key=lambda reason: -round(reason.points, DIGITS))[:REASONS])


def _first(types: tuple[RankedType, ...], share: Mapping[str, float]) -> tuple[str, ...]:
    """The types near the best, then the next by fit for as long as those before them win too few of the draws."""
    fits = {one.type: one.fit for one in types if one.fit is not None and not one.unsuited}

    def won_by_better(points: float) -> float:
        return round(fsum(share[kind] for kind, other in fits.items() if other > points), DIGITS)

    best = max(fits.values(), default=0.0)
    return tuple(
        kind
        for kind, points in fits.items()
        if round(best - points, DIGITS) < CLEAR_LEAD or won_by_better(points) < CLEAR_SHARE
    )

"""What a made-up cohort's figures would be with endless students: worked out from the model, without drawing any.

Who stays depends on a student's conduct; means are taken over it with Gauss–Hermite quadrature.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import ceil, comb, sqrt
from typing import Any

import numpy as np

from mentorkit.cohort.measure import Rules, rules_of
from mentorkit.cohort.simulation import asking
from mentorkit.cohort.simulation.asking import YEARS, Array, Asked
from mentorkit.cohort.simulation.drawing import base_levels, leaving_chance, need_levels
from mentorkit.cohort.simulation.model import FAMILIES, Model
from mentorkit.cohort.simulation.normal import above, answer_covariance, answer_mean
from mentorkit.content import Content, load_content
from mentorkit.scoring import ITEMS_NEEDED, POINTS

SCHEMA = "mentorkit-truth/1"
NODES = 80  # of the quadrature


@dataclass(frozen=True)
class Mean:
    """The mean of a scale over the students of a term (0–100); of all class years, or of one."""

    term: str
    class_year: str | None
    scale: str
    mean: float


@dataclass(frozen=True)
class Change:
    """The mean change of a scale over the students who are there in both terms (points of 100)."""

    before: str
    after: str
    scale: str
    change: float


@dataclass(frozen=True)
class Truth:
    """The true figures of a model: of needs, support, practices, outcomes and both indices, not of unmet needs."""

    terms: tuple[str, ...]
    means: tuple[Mean, ...]
    changes: tuple[Change, ...]
    left: Mapping[str, float]  # by term: the share of the first term's students that has left for good
    at_the_top: Mapping[str, float]  # by family: the share of answers that are a 4, in the first term
    alpha: Mapping[str, float]  # by index: of its items in the first term, full form, everything answered
    halo: float  # correlation of the practice and the outcome index over relationships, in the same answers
    without_halo: float  # what that correlation would be if days had no halo

    def as_json(self, **about: Any) -> str:
        """The truth as one JSON document, with what else is to stand in it."""
        return json.dumps({"schema": SCHEMA, **about, **asdict(self)}, indent=1)


def truth_of(terms: Sequence[str], model: Model | None = None, content: Content | None = None) -> Truth:
    """The truth about the cohorts that `draw` makes of this model over these terms."""
    known, figures = content or load_content(), model or Model()
    about, _ = asking.relationship(known)
    alpha, halo = _reliability(figures, known, about)
    _, without_halo = _reliability(replace(figures, halo=0.0), known, about)
    conduct, weights = _over_conduct(figures, len(terms))
    scores = [_scores(figures, known, term, conduct) for term in range(len(terms))]
    return Truth(
        terms=tuple(terms),
        means=(*_means(terms, scores, weights), *_need_means(figures, known, terms)),
        changes=tuple(_changes(terms, scores, weights)),
        left=dict(zip(terms, _left(figures, len(terms)), strict=True)),
        at_the_top={name: _at_the_top(figures, known, about, name) for name in FAMILIES},
        alpha=alpha,
        halo=halo,
        without_halo=without_halo,
    )


# Means and changes


def _over_conduct(model: Model, terms: int) -> tuple[Array, Array]:
    """Values of conduct, and by term the share of those who are still there that each stands for."""
    nodes, density = np.polynomial.hermite_e.hermegauss(NODES)
    staying = (1 - leaving_chance(model, nodes))[None, :] ** np.arange(terms)[:, None]
    weights = density * staying
    return nodes, weights / weights.sum(axis=1, keepdims=True)


def _left(model: Model, terms: int) -> Iterator[float]:
    nodes, density = np.polynomial.hermite_e.hermegauss(NODES)
    staying = (1 - leaving_chance(model, nodes))[None, :] ** np.arange(terms)[:, None]
    return (float(1 - share) for share in staying @ (density / density.sum()))


def _scores(model: Model, content: Content, term: int, conduct: Array) -> Mapping[str, Array]:
    """By scale: the mean score of students with this conduct."""
    about, asked = asking.relationship(content)
    rules = rules_of(content)[1]
    answers = _answers(model, content, about, term, conduct).mean(axis=1)
    forms = [_Form(share, mask) for share, mask in ((1 - model.short, asked[0]), (model.short, asked[2]))]
    found = {}
    for place, scale in enumerate(rules.items):
        own = [form.part(about.scale == place, answers, model.missing) for form in forms]
        found[scale] = _mixed(own)
    for index in rules.indices:
        places = [list(rules.items).index(part) for part in index.parts]
        found[index.name] = _mixed([form.index(about, places, index.needed, answers, model.missing) for form in forms])
    return found


def _answers(model: Model, content: Content, about: Asked, term: int, conduct: Array) -> Array:
    """By conduct, type of mentor and item: the mean answer."""
    adds = model.type_adds * asking.spread(len(content.types))
    trend = np.array([model.trend[name] for name in about.family])
    level = base_levels(model, about) + trend * term + model.student * conduct[:, None, None] + adds[None, :, None]
    return answer_mean(level, sqrt(model.variance(term) - model.student**2))


@dataclass(frozen=True)
class _Form:
    """A full or a short form: what share of forms it is, and which items it asks."""

    share: float
    asked: Array

    def part(self, items: Array, answers: Array, missing: float) -> tuple[float, Array]:
        """How many forms of all have the scale scored, and its mean score there."""
        own = items & self.asked
        return self.share * _enough(int(own.sum()), ITEMS_NEEDED, 1 - missing), POINTS * answers[:, own].mean(axis=1)

    def index(
        self, about: Asked, places: Sequence[int], needed: Fraction, answers: Array, missing: float
    ) -> tuple[float, Array]:
        """The same for an index. Its scales are alike in how often they are scored, so each counts as much."""
        parts = [self.part(about.scale == place, answers, missing) for place in places]
        chances = [chance / self.share if self.share else 0.0 for chance, _ in parts]
        assert np.ptp(chances) < 1e-12, "scales of an index with different numbers of items"
        return self.share * _enough(len(places), needed, chances[0]), np.mean([score for _, score in parts], axis=0)


def _enough(of: int, needed: Fraction, chance: float) -> float:
    """The chance that this share of so many parts is there, each with the same chance."""
    least = max(1, ceil(needed * of))
    return sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(least, of + 1))


def _mixed(parts: Sequence[tuple[float, Array]]) -> Array:
    return np.asarray(sum(share * score for share, score in parts) / sum(share for share, _ in parts))


def _means(terms: Sequence[str], scores: Sequence[Mapping[str, Array]], weights: Array) -> Iterator[Mean]:
    for place, term in enumerate(terms):
        for scale, score in scores[place].items():
            yield Mean(term, None, scale, float(weights[place] @ score))


def _changes(terms: Sequence[str], scores: Sequence[Mapping[str, Array]], weights: Array) -> Iterator[Change]:
    for (first, before), (second, after) in combinations(enumerate(terms), 2):
        for scale, score in scores[second].items():
            yield Change(before, after, scale, float(weights[second] @ (score - scores[first][scale])))


def _need_means(model: Model, content: Content, terms: Sequence[str]) -> Iterator[Mean]:
    asked, rules = asking.needs(content), rules_of(content)[0]
    since = asking.years_since(content.calendar, terms)
    begun = np.arange(asking.first_years(since))
    sd = sqrt(model.need_student**2 + model.need_area**2 + model.need_day**2 + model.need_answer**2)
    for place, term in enumerate(terms):
        years = np.minimum(begun + since[place], len(YEARS) - 1)
        answers = answer_mean(need_levels(model, asked, years, np.full(len(years), place)), sd)
        yield from _need_scores(asked, rules, term, years, POINTS * answers)


def _need_scores(asked: Asked, rules: Rules, term: str, years: Array, points: Array) -> Iterator[Mean]:
    for number, scale in enumerate(rules.items):
        if (own := asked.scale == number).any():
            score = points[:, own].mean(axis=1)
            yield Mean(term, None, scale, float(score.mean()))
            for year in np.unique(years):
                yield Mean(term, YEARS[year], scale, float(score[years == year].mean()))


# How answers hang together


def _at_the_top(model: Model, content: Content, about: Asked, family: str) -> float:
    adds = model.type_adds * asking.spread(len(content.types))
    level = base_levels(model, about)[None, :] + adds[:, None]
    return float(above(level, sqrt(model.variance(0)))[:, np.array(about.family) == family, -1].mean())


def _reliability(model: Model, content: Content, about: Asked) -> tuple[dict[str, float], float]:
    """Alpha of both indices, and the correlation between them, over relationships in the first term."""
    covariance = _covariance(model, content, about)
    own = [np.array(about.family) == name for name in FAMILIES]
    whole = {name: covariance[np.ix_(one, one)] for name, one in zip(FAMILIES, own, strict=True)}
    alpha = {f"{name}_index": _alpha(part) for name, part in whole.items()}
    shared = covariance[np.ix_(*own)].sum()
    return alpha, float(shared / sqrt(whole[FAMILIES[0]].sum() * whole[FAMILIES[1]].sum()))


def _covariance(model: Model, content: Content, about: Asked) -> Array:
    """Between all answers about one relationship, of whatever type."""
    family, variance = np.array(about.family), model.variance(0)
    together = np.full((len(family), len(family)), model.student**2 + model.halo**2)
    together += model.relationship**2 * (family[:, None] == family[None, :])
    together += model.scale**2 * (about.scale[:, None] == about.scale[None, :])
    adds = model.type_adds * asking.spread(len(content.types))
    levels = [base_levels(model, about) + one for one in adds]
    within = [answer_covariance(level, sqrt(variance), together / variance) for level in levels]
    means = np.array([answer_mean(level, sqrt(variance)) for level in levels])
    return np.asarray(np.mean(within, axis=0) + np.cov(means.T, bias=True))


def _alpha(covariance: Array) -> float:
    items = len(covariance)
    return float(items / (items - 1) * (1 - np.trace(covariance) / covariance.sum()))

"""Drawing the answers of a cohort, so many students at a time, with numpy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mentorkit.cohort.simulation import asking
from mentorkit.cohort.simulation.asking import FORMS, YEARS, Array, Asked
from mentorkit.cohort.simulation.model import FAMILIES, Model
from mentorkit.content import Content, load_content

CHUNK = 20_000  # students drawn at once: about 3 million answers over four terms
FEW = "few_meetings"


@dataclass(frozen=True)
class Drawn:
    """Some students of a cohort."""

    items: pd.DataFrame  # student, term, class_year, relationship, mentor_type, item, value (NaN: does not count)
    forms: pd.DataFrame  # student, term, relationship, form: full, short or few_meetings


def draw(
    students: int, terms: Sequence[str], seed: int, model: Model | None = None, content: Content | None = None
) -> Iterator[Drawn]:
    """The students of a cohort over these terms, earliest first; the same seed gives the same answers."""
    known = content or load_content()
    for number, first in enumerate(range(0, students, CHUNK)):
        rng = generator(seed, number)
        yield _Chunk(model or Model(), known, terms, rng, first, min(CHUNK, students - first)).drawn()


class _Chunk:
    def __init__(
        self, model: Model, content: Content, terms: Sequence[str], rng: np.random.Generator, first: int, count: int
    ) -> None:
        self._model, self._content, self._terms, self._rng = model, content, terms, rng
        self._count = count
        self._names = [f"s{number:07d}" for number in range(first + 1, first + count + 1)]
        self._types = tuple(content.types)
        self._conduct = rng.standard_normal(count)
        since = asking.years_since(content.calendar, terms)
        begun = rng.integers(0, asking.first_years(since), count)
        self._year = np.minimum(begun[:, None] + since[None, :], len(YEARS) - 1)
        self._there = self._stays() & (rng.random((count, len(terms))) >= model.absent)

    def drawn(self) -> Drawn:
        student, term, kind, relationship, answers, form = self._relationships()
        about, mask = asking.relationship(self._content)
        of_mentors = self._rows(student, term, relationship, kind, about, answers, mask[form])
        student_, term_ = np.nonzero(self._there)
        asked = asking.needs(self._content)
        own = self._needs(student_, term_, asked)
        nobody = np.full(len(student_), -1)
        of_needs = self._rows(student_, term_, None, nobody, asked, own, np.ones(own.shape, bool))
        items = pd.concat([of_mentors, of_needs], ignore_index=True)
        names = [FEW if few else name for name, few in FORMS]
        forms = pd.DataFrame(
            {
                "student": pd.Categorical.from_codes(student, self._names),
                "term": pd.Categorical.from_codes(term, list(self._terms)),
                "relationship": pd.array(relationship, "Int64"),
                "form": np.array(names)[form],
            }
        )
        return Drawn(items, forms)

    def _stays(self) -> Array:
        """By student and term: whether they have not left for good."""
        chance = leaving_chance(self._model, self._conduct)
        leaves = self._rng.random((self._count, len(self._terms))) < chance[:, None]
        leaves[:, 0] = False
        return np.logical_not(np.logical_or.accumulate(leaves, axis=1))

    def _relationships(self) -> tuple[Array, Array, Array, Array, Array, Array]:
        """By relationship and term: student, term, type of mentor, number, answers by item, and form."""
        model, rng, most = self._model, self._rng, len(self._model.mentors) - 1
        about, _ = asking.relationship(self._content)
        many = rng.choice(most + 1, self._count, p=model.mentors)
        begins = np.where(rng.random((self._count, most)) < model.later, self._later(most), 0)
        active = (np.arange(most) < many[:, None])[:, None, :] & (
            begins[:, None, :] <= np.arange(len(self._terms))[:, None]
        )
        active &= self._there[:, :, None]
        student, term, mentor = np.nonzero(active)
        number = active.cumsum(axis=2)[student, term, mentor]
        kind = rng.integers(0, len(self._types), (self._count, most))[student, mentor]
        stays = model.relationship * rng.standard_normal((self._count, most, len(FAMILIES)), np.float32)
        scale = model.scale * rng.standard_normal((self._count, most, len(about.scales)), np.float32)
        slope = model.slope * rng.standard_normal(self._count)
        halo = model.halo * rng.standard_normal(len(student))
        family = np.array([FAMILIES.index(name) for name in about.family])
        moves = np.array([model.trend[name] for name in FAMILIES])
        fixed = base_levels(model, about)[None, :] + model.type_adds * asking.spread(len(self._types))[kind][:, None]
        level = (model.student * self._conduct[student] + slope[student] * term + halo)[:, None] + fixed
        level += (moves[None, :] * term[:, None])[:, family]
        level += stays[student, mentor][:, family] + scale[student, mentor][:, about.scale]
        few = rng.random(len(student)) < model.few_meetings
        form = (rng.random(len(student)) < model.short) * 2 + few
        return student, term, kind, number, self._answers(level, model.answer), form

    def _later(self, most: int) -> Array:
        last = len(self._terms)
        return self._rng.integers(1, last, (self._count, most)) if last > 1 else np.zeros((self._count, most), int)

    def _needs(self, student: Array, term: Array, asked: Asked) -> Array:
        model, rng = self._model, self._rng
        own = {name: model.need_student * rng.standard_normal(self._count) for name in ("need", "support")}
        area = model.need_area * rng.standard_normal((self._count, len(asked.scales)))
        day = model.need_day * rng.standard_normal(len(student))
        level = area[student][:, asked.scale] + day[:, None]
        level += need_levels(model, asked, self._year[student, term], term)
        for place, family in enumerate(asked.family):
            level[:, place] += own[family][student]
        return self._answers(level, model.need_answer)

    def _answers(self, level: Array, sd: float) -> Array:
        """0–4, or NaN where the answer does not count."""
        level = level + sd * self._rng.standard_normal(level.shape, np.float32)
        answers = np.clip(np.rint(level), 0, 4) + 0.0  # no −0
        answers[self._rng.random(level.shape, np.float32) < self._model.missing] = np.nan
        return answers

    def _rows(
        self, student: Array, term: Array, number: Array | None, kind: Array, about: Asked, answers: Array, asked: Array
    ) -> pd.DataFrame:
        """A row for each item that was asked."""
        at, item = np.nonzero(asked)
        relationship = pd.array([pd.NA] * len(at), "Int64") if number is None else pd.array(number[at], "Int64")
        every = [*asking.relationship(self._content)[0].items, *asking.needs(self._content).items]
        offset = every.index(about.items[0])
        category = pd.Categorical.from_codes
        return pd.DataFrame(
            {
                "student": category(student[at], self._names),
                "term": category(term[at], list(self._terms)),
                "class_year": category(self._year[student, term][at], list(YEARS)),
                "relationship": relationship,
                "mentor_type": category(kind[at], list(self._types)),
                "item": category(item + offset, every),
                "value": answers[asked],
            }
        )


def generator(seed: int, part: int) -> np.random.Generator:
    """The random numbers of one part of a cohort; any whole number is a seed."""
    return np.random.default_rng([abs(seed), int(seed < 0), part])


def leaving_chance(model: Model, conduct: Array) -> Array:
    """The chance to leave for good from one term to the next, of students with this conduct (standard normal)."""
    from scipy.special import ndtr, ndtri

    slope = model.leaving_and_conduct
    return np.asarray(ndtr(ndtri(model.leaving) * np.sqrt(1 + slope**2) - slope * conduct))


def base_levels(model: Model, about: Asked) -> Array:
    """By item: the level in the first term, of a type of mentor that adds nothing."""
    return np.array([model.level[name] for name in about.family]) + model.ease * about.ease


def need_levels(model: Model, asked: Asked, year: Array, term: Array) -> Array:
    """By student and item: the level that year of study and term give."""
    needs = np.array([name == "need" for name in asked.family])
    areas = [asked.scales[place].partition(".")[2] for place in asked.scale]
    adds = np.array([model.need_years.get(area, 0.0) for area in areas])
    need = model.need + model.ease * asked.ease[None, :] + adds[None, :] * year[:, None]
    support = np.broadcast_to((model.support + model.support_trend * term)[:, None], need.shape)
    return np.where(needs[None, :], need, support)

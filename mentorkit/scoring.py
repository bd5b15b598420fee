"""From answers to scores: needs by area, a relationship's practice and outcome. Never a total, never a guess."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from mentorkit.reliability import ASSUMED, FLOAT_NOISE, Norms
from mentorkit.worksheet import Answers, Rating, Subscale, Worksheet

CODES = range(5)  # a rating that is scored has 0 to 4
POINTS = 25  # one step of a rating, on the score's 0–100
CUT = 60  # practice and outcome are high from here up (provisional)
ITEMS_NEEDED = Fraction(2, 3)  # of a subscale's items that were asked
PRACTICES_NEEDED = Fraction(6, 8)  # of the worksheet's practices
OUTCOMES_NEEDED = Fraction(1)  # of the worksheet's outcomes

QuadrantId = Literal["keep_it_up", "mentor_carries", "talk_or_add", "restart_or_close"]
QUADRANTS: Mapping[tuple[bool, bool], QuadrantId] = {  # (practice high, outcome high)
    (True, True): "keep_it_up",
    (False, True): "mentor_carries",
    (True, False): "talk_or_add",
    (False, False): "restart_or_close",
}


@dataclass(frozen=True)
class Score:
    """A score, or why there is none. `str()` gives it as shown: `63`, `not scored (1 of 3)` or `not asked`."""

    value: float | None  # 0–100, not rounded; None when too few parts count
    answered: int  # how many parts count: items of a subscale, subscales of an index
    of: int  # how many parts there are: items asked, subscales of the worksheet

    @property
    def scored(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def __str__(self) -> str:
        if self.value is not None:
            return str(math.floor(self.value + 0.5))  # 62.5 is shown as 63, as people round
        return f"not scored ({self.answered} of {self.of})" if self.of else "not asked"


@dataclass(frozen=True)
class NeedsScores:
    """What a student needs from mentoring, area by area; there is no total on purpose."""

    need: Mapping[str, Score]  # by area, 0–100
    support: Mapping[str, Score]  # by area, 0–100: what they have now
    unmet: Mapping[str, Score]  # by area, 0–100: max(0, need − support); its parts are those two
    top: tuple[str, ...]  # the areas the student says matter most now, at most three
    order: tuple[str, ...]  # the areas asked about: the top ones, then by unmet, then by need, unscored last


@dataclass(frozen=True)
class Quadrant:
    """Where a relationship stands by practice and outcome."""

    id: QuadrantId
    near_line: bool  # within one standard error of measurement of a cut: it may as well be the neighbour


@dataclass(frozen=True)
class RelationshipScores:
    """One relationship in one term; practice (the student's conduct) and outcome are never made one number."""

    practice: Mapping[str, Score]  # by practice, 0–100
    outcome: Mapping[str, Score]  # by outcome, 0–100
    practice_index: Score  # 0–100; its parts are the practices
    outcome_index: Score  # 0–100; its parts are the outcomes
    quadrant: Quadrant | None  # None unless both indices are scored
    overall: int | None  # 0–10, the student's own
    felt_change: int | None  # −3 to 3 since last semester, the student's own
    decision: str | None  # keep, adjust, add, pause or close


@dataclass(frozen=True)
class Ratings:
    """What one worksheet's answers come to: the items asked, and the answers that count."""

    asked: frozenset[str]  # ids of the items that apply
    counted: Mapping[str, int]  # 0–4 by item id; without *not counted* and unanswered items

    def codes(self, subscale: Subscale) -> dict[str, int]:
        """The answers of a subscale that count, by item id."""
        return {item: self.counted[item] for item in subscale.items if item in self.counted}

    def points(self, subscale: Subscale) -> Fraction | None:
        """The exact score (0–100) of a subscale, or None when fewer than two thirds of what was asked count."""
        codes = self.codes(subscale).values()
        if not codes or len(codes) < ITEMS_NEEDED * self._asked(subscale):
            return None
        return Fraction(POINTS * sum(codes), len(codes))

    def score(self, subscale: Subscale) -> Score:
        """The score of a subscale."""
        points = self.points(subscale)
        return Score(None if points is None else float(points), len(self.codes(subscale)), self._asked(subscale))

    def index(self, subscales: Iterable[Subscale], needed: Fraction) -> Score:
        """The plain mean of the scored subscales, when this share of all of them is scored."""
        every = [self.points(subscale) for subscale in subscales]
        scored = [points for points in every if points is not None]
        enough = bool(scored) and len(scored) >= needed * len(every)
        return Score(float(sum(scored) / len(scored)) if enough else None, len(scored), len(every))

    def items_used(self, subscales: Iterable[Subscale]) -> int:
        """How many answers stand behind an index of these subscales."""
        return sum(len(self.codes(one)) for one in subscales if self.points(one) is not None)

    def _asked(self, subscale: Subscale) -> int:
        return sum(item in self.asked for item in subscale.items)


def ratings(worksheet: Worksheet, answers: Answers) -> Ratings:
    """The items asked and the answers that count: 0–4 on a rating that is not private, and nothing else."""
    asked = worksheet.asked(answers)
    given = {item.id: answers.get(item.id) for item in asked if isinstance(item, Rating) and not item.private}
    counted = {name: code for name, code in given.items() if type(code) is int and code in CODES}
    return Ratings(frozenset(item.id for item in asked), counted)


def subscale_score(worksheet: Worksheet, subscale_id: str, answers: Answers) -> Score:
    """25 × the mean of the counted answers (0–100), when at least two thirds of the items asked count.

    Raises `Unknown` for a subscale that the worksheet does not have.
    """
    return ratings(worksheet, answers).score(worksheet.subscale(subscale_id))


def subscales_of(worksheet: Worksheet, family: str) -> dict[str, Subscale]:
    """The subscales `need.…`, `support.…`, `practice.…` or `outcome.…`, by what follows the dot."""
    start = family + "."
    return {one.id.removeprefix(start): one for one in worksheet.subscales if one.id.startswith(start)}


def needs_scores(worksheet: Worksheet, answers: Answers) -> NeedsScores:
    """Need, support and unmet need by area. Raises `Unknown` when an area has no support subscale."""
    return needs_of(worksheet, ratings(worksheet, answers), tuple(answers.get("top.areas", ())))


def needs_of(worksheet: Worksheet, given: Ratings, top: tuple[str, ...] = ()) -> NeedsScores:
    """Need, support and unmet need of the answers given."""
    needs = subscales_of(worksheet, "need")
    supports = {area: worksheet.subscale(f"support.{area}") for area in needs}
    need = {area: given.score(one) for area, one in needs.items()}
    support = {area: given.score(one) for area, one in supports.items()}
    unmet = {area: _unmet(given, needs[area], supports[area]) for area in needs}
    return NeedsScores(need, support, unmet, top, _order(need, unmet, top))


def relationship_scores(
    worksheet: Worksheet, answers: Answers, near: Norms = ASSUMED, cut: float = CUT
) -> RelationshipScores:
    """Practice and outcome of one relationship in one term.

    Both are high from `cut` up (0–100). `near` are the norms that say how near to the cut is too near to call: one
    standard error of measurement, of as many items as were answered.
    """
    given = ratings(worksheet, answers)
    practices, outcomes = subscales_of(worksheet, "practice"), subscales_of(worksheet, "outcome")
    return RelationshipScores(
        practice={name: given.score(one) for name, one in practices.items()},
        outcome={name: given.score(one) for name, one in outcomes.items()},
        practice_index=given.index(practices.values(), PRACTICES_NEEDED),
        outcome_index=given.index(outcomes.values(), OUTCOMES_NEEDED),
        quadrant=_quadrant(given, practices.values(), outcomes.values(), near, cut),
        overall=_whole(given, answers, "relationship.overall"),
        felt_change=felt_change(given, answers),
        decision=answers.get("relationship.decision") if "relationship.decision" in given.asked else None,
    )


def felt_change(given: Ratings, answers: Answers) -> int | None:
    """How the student felt the relationship change since last semester, −3 to 3; None when not asked or said."""
    return _whole(given, answers, "relationship.change")


def _unmet(given: Ratings, need: Subscale, support: Subscale) -> Score:
    needed, supported = given.points(need), given.points(support)
    if needed is None or supported is None:
        asked = not given.asked.isdisjoint((*need.items, *support.items))
        return Score(None, (needed is not None) + (supported is not None), 2 if asked else 0)
    return Score(float(max(Fraction(0), needed - supported)), 2, 2)


def _order(need: Mapping[str, Score], unmet: Mapping[str, Score], top: tuple[str, ...]) -> tuple[str, ...]:
    def urgency(area: str) -> tuple[bool, float, float]:
        return area not in top, -_or_last(unmet[area]), -_or_last(need[area])

    return tuple(sorted((area for area in need if need[area].of), key=urgency))


def _or_last(score: Score) -> float:
    return -1.0 if score.value is None else score.value


def _quadrant(
    given: Ratings, practices: Collection[Subscale], outcomes: Collection[Subscale], near: Norms, cut: float
) -> Quadrant | None:
    practice, outcome = given.index(practices, PRACTICES_NEEDED).value, given.index(outcomes, OUTCOMES_NEEDED).value
    if practice is None or outcome is None:
        return None
    close = (
        abs(practice - cut) <= near.practice.sem(given.items_used(practices)) + FLOAT_NOISE
        or abs(outcome - cut) <= near.outcome.sem(given.items_used(outcomes)) + FLOAT_NOISE
    )
    return Quadrant(QUADRANTS[practice >= cut, outcome >= cut], near_line=close)


def _whole(given: Ratings, answers: Answers, item: str) -> int | None:
    value = answers.get(item) if item in given.asked else None
    return value if type(value) is int else None

"""From two scorecards to what changed. It is told which two to compare: a new mentor is not a changed relationship."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from mentorkit.reliability import (
    ASSUMED,
    FLOAT_NOISE,
    Norm,
    Norms,
    ReliableChange,
    Verdict,
    chance_of_any,
    reliable_change,
    spearman_brown,
)
from mentorkit.scoring import (
    OUTCOMES_NEEDED,
    PRACTICES_NEEDED,
    Ratings,
    Score,
    felt_change,
    needs_of,
    ratings,
    subscales_of,
)
from mentorkit.worksheet import Answers, Subscale, Worksheet

__all__ = [
    "ASSUMED",
    "AreaChange",
    "Comparison",
    "IndexChange",
    "MovedItem",
    "NeedsComparison",
    "Norm",
    "Norms",
    "Pair",
    "ReliableChange",
    "Verdict",
    "chance_of_any",
    "compare",
    "compare_needs",
    "reliable_change",
    "spearman_brown",
]

MOVED = 2  # steps of a rating from which an item is listed
OWN_AREA = "area.own"  # the item in which a student names an area of their own
LITTLE = 1  # a felt change of −1 to 1 does not contradict a change too small to detect


@dataclass(frozen=True)
class IndexChange:
    """One index (practice or outcome) before and after, on what was answered both times."""

    before: Score  # on the shared items, so it may differ from the index shown at the time
    after: Score  # on the same items
    difference: float | None  # after − before, in points (−100 to 100); None when not compared
    threshold: float | None  # the smallest difference called clear (95 %), in points
    sdiff: float | None  # standard error of the difference, in points
    verdict: Verdict | None  # None when not compared: `reason` then says why
    items: int  # how many items the comparison rests on
    reliability: float | None  # 0–1, rescaled to that many items (Spearman–Brown)
    source: str  # where the reliability comes from
    extreme_first: bool  # the first score lies outside mean ± 1 SD: such scores tend to move towards the middle

    @property
    def reason(self) -> str:
        """Why there is no verdict, as `not compared (5 of 8)`; empty when there is one."""
        return "" if self.verdict else f"not compared ({self.before.answered} of {self.before.of})"


@dataclass(frozen=True)
class MovedItem:
    """One item that moved by two steps or more. It is listed untested: one item is never called changed."""

    item: str  # the item's id
    before: int  # 0–4
    after: int  # 0–4


@dataclass(frozen=True)
class Comparison:
    """What changed in one relationship between two terms; it leads with practice, the student's own conduct."""

    practice: IndexChange
    outcome: IndexChange
    moved: tuple[MovedItem, ...]  # items that moved by two or more, in the order asked
    felt_change: int | None  # −3 to 3: how the student felt it, on the later card
    felt_agrees: bool | None  # whether that goes with the practice index; None when either is missing

    @property
    def difference(self) -> float | None:
        """The practice index's difference, in points."""
        return self.practice.difference

    @property
    def threshold(self) -> float | None:
        """The smallest difference of the practice index that is called clear, in points."""
        return self.practice.threshold

    @property
    def verdict(self) -> Verdict | None:
        """What may be said of the practice index."""
        return self.practice.verdict


@dataclass(frozen=True)
class Pair:
    """A score before and after, with no verdict: its reliability is not known."""

    before: Score  # 0–100, on the items answered both times
    after: Score  # 0–100, on the same items

    @property
    def difference(self) -> float | None:
        """After − before, in points; None unless both are scored."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value


@dataclass(frozen=True)
class AreaChange:
    """One area of need in two terms."""

    need: Pair
    support: Pair
    unmet: Pair


@dataclass(frozen=True)
class NeedsComparison:
    """What a student needed in two terms, side by side; needs change with the stage, and no verdict is given."""

    areas: Mapping[str, AreaChange]  # by area
    moved: tuple[MovedItem, ...]  # items that moved by two or more, in the order asked


def compare(
    worksheet: Worksheet, before_answers: Answers, after_answers: Answers, norms: Norms = ASSUMED
) -> Comparison:
    """What changed between two scorecards of one relationship, earlier and later, on the items answered both times.

    A short and a full form share the short form's items. `norms` say what is more than noise; raises `ValueError`
    for norms that cannot be (see `reliable_change`).
    """
    now = ratings(worksheet, after_answers)
    before, after = _shared(ratings(worksheet, before_answers), now)
    practices, outcomes = subscales_of(worksheet, "practice").values(), subscales_of(worksheet, "outcome").values()
    practice = _index_change(before, after, practices, PRACTICES_NEEDED, norms.practice)
    felt = felt_change(now, after_answers)
    return Comparison(
        practice=practice,
        outcome=_index_change(before, after, outcomes, OUTCOMES_NEEDED, norms.outcome),
        moved=_moved(worksheet, before, after, [*practices, *outcomes]),
        felt_change=felt,
        felt_agrees=_agrees(felt, practice),
    )


def compare_needs(worksheet: Worksheet, before_answers: Answers, after_answers: Answers) -> NeedsComparison:
    """Need, support and unmet need in two terms, on the items answered both times.

    An area in the student's own words is compared only while the words are the same.
    """
    before, after = _shared(ratings(worksheet, before_answers), ratings(worksheet, after_answers))
    needs, supports = subscales_of(worksheet, "need"), subscales_of(worksheet, "support")
    if _words(before_answers) != _words(after_answers):
        own = [one for family in (needs, supports) if (one := family.get("own"))]
        before, after = _without(before, own), _without(after, own)
    earlier, later = needs_of(worksheet, before), needs_of(worksheet, after)
    areas = {
        area: AreaChange(
            Pair(earlier.need[area], later.need[area]),
            Pair(earlier.support[area], later.support[area]),
            Pair(earlier.unmet[area], later.unmet[area]),
        )
        for area in needs
    }
    return NeedsComparison(areas, _moved(worksheet, before, after, [*needs.values(), *supports.values()]))


def _shared(before: Ratings, after: Ratings) -> tuple[Ratings, Ratings]:
    asked, both = before.asked & after.asked, before.counted.keys() & after.counted.keys()
    earlier, later = ({item: given.counted[item] for item in both} for given in (before, after))
    return Ratings(asked, earlier), Ratings(asked, later)


def _index_change(
    before: Ratings, after: Ratings, subscales: Collection[Subscale], needed: Fraction, norm: Norm
) -> IndexChange:
    first, second, items = before.index(subscales, needed), after.index(subscales, needed), before.items_used(subscales)
    if first.value is None or second.value is None:
        return IndexChange(first, second, None, None, None, None, items, None, norm.source, extreme_first=False)
    reliability = norm.reliability_of(items)
    found = reliable_change(first.value, second.value, norm.sd, reliability)
    extreme = abs(first.value - norm.mean) > norm.sd + FLOAT_NOISE
    return IndexChange(
        first, second, found.difference, found.threshold95, found.sdiff, found.verdict, items, reliability,
        norm.source, extreme,
    )  # fmt: skip


def _moved(
    worksheet: Worksheet, before: Ratings, after: Ratings, subscales: Iterable[Subscale]
) -> tuple[MovedItem, ...]:
    scored = {item for one in subscales for item in one.items}
    pairs = [
        MovedItem(item.id, before.counted[item.id], after.counted[item.id])
        for item in worksheet
        if item.id in scored and item.id in before.counted
    ]
    return tuple(one for one in pairs if abs(one.after - one.before) >= MOVED)


def _agrees(felt: int | None, index: IndexChange) -> bool | None:
    if felt is None or index.difference is None:
        return None
    if index.verdict == "none detectable":
        return abs(felt) <= LITTLE
    same_way = felt * index.difference
    return same_way > 0 if index.verdict == "clear" else same_way >= 0


def _words(answers: Answers) -> str:
    return " ".join(str(answers.get(OWN_AREA, "")).split()).casefold()


def _without(given: Ratings, subscales: Iterable[Subscale]) -> Ratings:
    away = {item for one in subscales for item in one.items}
    return Ratings(given.asked - away, {item: code for item, code in given.counted.items() if item not in away})

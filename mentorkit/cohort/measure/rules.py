"""Which items make up which scale, taken from the content: the rules of scoring as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from mentorkit.content import Content, load_content
from mentorkit.errors import BadContent
from mentorkit.scoring import OUTCOMES_NEEDED, PRACTICES_NEEDED
from mentorkit.worksheet import Worksheet

NEEDED = {"practice": PRACTICES_NEEDED, "outcome": OUTCOMES_NEEDED}  # share of a family's scales, for its index
WORKSHEETS = ("needs", "relationship")


@dataclass(frozen=True)
class Index:
    """The plain mean of a family's scored scales."""

    name: str  # practice_index or outcome_index
    parts: tuple[str, ...]  # the scales of the family
    needed: Fraction  # which share of the parts must be scored


@dataclass(frozen=True)
class Unmet:
    """How far support falls short of need in one area, never below 0."""

    name: str  # unmet.<area>
    need: str
    support: str


@dataclass(frozen=True)
class Rules:
    """The scales of one worksheet; their names are those of `mentorkit.history`."""

    items: Mapping[str, tuple[str, ...]]  # by scale that is scored from answers: its items
    unmet: tuple[Unmet, ...]
    indices: tuple[Index, ...]

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """Every scale: those scored from answers first, then unmet needs and the indices."""
        return (*self.items, *(one.name for one in self.unmet), *(one.name for one in self.indices))

    @cached_property
    def number(self) -> Mapping[str, int]:
        """By item: the place of its scale among those scored from answers. Raises `BadContent` when it has two."""
        found: dict[str, int] = {}
        for place, (scale, items) in enumerate(self.items.items()):
            for item in items:
                if found.setdefault(item, place) != place:
                    raise BadContent(
                        f"{scale} and another scale have the item {item}: a cohort's measure takes it in one."
                    )
        return found

    @cached_property
    def multiple(self) -> int:
        """The least whole number that every number of items, up to the most that a scale has, divides."""
        return lcm(*range(1, max(len(items) for items in self.items.values()) + 1))


def rules_of(content: Content | None = None) -> tuple[Rules, ...]:
    """The rules of the worksheets that are scored, of this content or else of the installed one."""
    known = content or load_content()
    return tuple(_rules(known.worksheet(name)) for name in WORKSHEETS)


def _rules(worksheet: Worksheet) -> Rules:
    items = {scale.id: scale.items for scale in worksheet.subscales}
    return Rules(items, tuple(_unmet(items)), tuple(_indices(items)))


def _unmet(items: Mapping[str, object]) -> Iterator[Unmet]:
    for area in (scale.removeprefix("need.") for scale in items if scale.startswith("need.")):
        if f"support.{area}" in items:
            yield Unmet(f"unmet.{area}", f"need.{area}", f"support.{area}")


def _indices(items: Mapping[str, object]) -> Iterator[Index]:
    for family, needed in NEEDED.items():
        if parts := tuple(scale for scale in items if scale.startswith(f"{family}.")):
            yield Index(f"{family}_index", parts, needed)

"""What is known of a number before anything is published: its range, its rounding, and what it is the difference of."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """What is known of a content beforehand."""

    low: float
    high: float
    step: float  # means are rounded to this
    change: tuple[str, str] | None = None  # (after, before)
    edges: Mapping[str, tuple[float, ...]] | None = None  # of each column of bands over numbers


def relatives(content: str, scales: Mapping[str, Scale]) -> list[str]:
    """The contents tied to one by being the difference of two others, itself included."""
    found = {content}
    while True:
        tied = {
            name
            for key, scale in scales.items()
            if scale.change and found & {key, *scale.change}
            for name in (key, *scale.change)
        }
        if tied <= found:
            return sorted(found)
        found |= tied

"""What a frame of scores is: one row a score, the same from shares, rooms, REDCap's exports and item rows."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class ScoreRow(NamedTuple):
    """One score of one student, as `mentorkit.cohort.members` takes it."""

    student: str
    linked: bool
    term: str
    class_year: str | None
    relationship: int | None
    mentor_type: str | None
    scale: str
    score: float | None
    items: int | None  # of an index: how many questions it rests on, by which its noise is judged; else None


SCORES = ScoreRow._fields
KINDS: Mapping[str, Any] = {
    "student": "str", "linked": bool, "term": "str", "class_year": "str", "relationship": "Int64", "mentor_type": "str",
    "scale": "str", "score": float, "items": "Int64",
}  # fmt: skip

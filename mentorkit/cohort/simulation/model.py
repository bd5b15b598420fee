"""How a made-up cohort comes to its answers: the figures that are drawn with, and that the truth is worked out from.

An answer is a level that varies continuously, rounded to 0–4; what lies above 4 is a 4, which makes the ceiling. For a
relationship in term t (counted from 0) the level is the sum of

    what is fixed: level of the family + ease of the item + what the mentor's type adds + trend of the family × t
    what varies: the student's conduct (the common factor) + the student's slope × t + the relationship
                 + the halo of that day + the scale + the answer

What varies is normal, with the standard deviations below in steps of 0–4. The halo enters every answer about one
relationship on one day alike, practice and outcome, and so adds to their correlation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

FAMILIES = ("practice", "outcome")


@dataclass(frozen=True)
class Model:
    """The figures of a cohort; shares and chances are 0–1, levels and standard deviations in steps of 0–4."""

    level: Mapping[str, float] = field(default_factory=lambda: {"practice": 2.5, "outcome": 2.9})
    trend: Mapping[str, float] = field(default_factory=lambda: {"practice": 0.12, "outcome": 0.05})  # a term
    student: float = 0.45  # sd of the common factor, the same with all mentors and in all terms
    slope: float = 0.10  # sd of a student's own change a term
    relationship: float = 0.45  # sd of what stays in one relationship, for practice and for outcome apart
    halo: float = 0.50
    scale: float = 0.35  # sd of what stays in one practice or outcome of one relationship
    answer: float = 0.75
    ease: float = 0.5  # the easiest item lies this far above its family's level, the hardest this far below
    type_adds: float = 0.2  # the same for types of mentors

    mentors: tuple[float, ...] = (0.2, 0.35, 0.3, 0.15)  # share of students with 0, 1, 2 … mentors
    later: float = 0.3  # share of relationships that begin after the first term
    short: float = 0.3  # share of short forms
    few_meetings: float = 0.1  # share of forms after fewer than two meetings
    no_occasion: float = 0.05  # chance of each answer
    skipped: float = 0.02  # chance of each answer
    absent: float = 0.04  # chance that a student leaves out a whole term
    leaving: float = 0.08  # share that leaves for good between the first and the second term
    leaving_and_conduct: float = 0.5  # how much sooner those leave whose conduct is low (probit slope); 0: all alike
    unlinked: float = 0.15  # share of students whose share files do not tell that they are one student's

    need: float = 2.0  # level of a need
    need_years: Mapping[str, float] = field(  # what each year of study adds to the needs of an area
        default_factory=lambda: {"emotional": 0.35, "career": 0.25, "academic": -0.25, "clinical": 0.1}
    )
    support: float = 1.5
    support_trend: float = 0.15  # a term
    need_student: float = 0.4
    need_area: float = 0.6
    need_day: float = 0.3
    need_answer: float = 0.6

    @property
    def missing(self) -> float:
        """The chance that an answer does not count."""
        return 1 - (1 - self.no_occasion) * (1 - self.skipped)

    def variance(self, term: int) -> float:
        """Of an answer's level about a relationship, over all students."""
        stays = self.student**2 + self.relationship**2 + self.halo**2 + self.scale**2 + self.answer**2
        return stays + (self.slope * term) ** 2

"""How many students a figure must rest on before it is published or used; the figures themselves know no such rule."""

from mentorkit.cohort.statistics.alpha import Alpha
from mentorkit.cohort.statistics.omega import Omega
from mentorkit.cohort.statistics.retest import Retest

FEWEST_FOR_CONSISTENCY = 30
"""Students from which alpha and omega are published."""
FEWEST_FOR_THRESHOLDS = 50
"""Students with a stable retest from which a local reliability decides what a student's change is called."""


def why_not_publish(found: Alpha | Omega) -> str:
    """Why an alpha or omega is not published, in a sentence; empty when it may be."""
    name = "Alpha" if isinstance(found, Alpha) else "Omega"
    if found.value is None:
        return found.reason
    if found.n < FEWEST_FOR_CONSISTENCY:
        return f"{name} is published from {FEWEST_FOR_CONSISTENCY} students on, and it rests on {found.n}."
    if isinstance(found, Omega) and found.improper:
        return f"The single factor does not fit: it would explain all of {', '.join(found.improper)}."
    return ""


def why_not_for_thresholds(found: Retest) -> str:
    """Why a local reliability does not decide what counts as a change, in a sentence; empty when it may."""
    if found.r is None:
        return found.reason
    if found.basis != "stable retests":
        return "Two terms hold real change as well as noise: only retests while nothing changed say what is noise."
    if found.n < FEWEST_FOR_THRESHOLDS:
        fewest = FEWEST_FOR_THRESHOLDS
        return f"A local reliability is used from {fewest} students with a retest on, and there are {found.n}."
    if not 0 < found.r < 1:
        return f"A retest reliability lies between 0 and 1, {found.r:.2f} does not: the retests are not of one thing."
    return ""

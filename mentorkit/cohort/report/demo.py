"""A release on students who do not exist, for a look at the report with nothing at hand."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from mentorkit.cohort.disclosure import Ledger, Release, publish
from mentorkit.cohort.measure import in_pandas, long, score
from mentorkit.cohort.members import members_of
from mentorkit.cohort.questions import tables
from mentorkit.cohort.simulation import draw

STUDENTS, TERMS, SEED = 160, ("2025-fall", "2026-spring", "2026-fall"), 7
ON = date(2026, 12, 18)


@cache
def demo_release() -> Release:
    """Always the same one; its ledger is thrown away."""
    drawn = draw(STUDENTS, TERMS, SEED)
    scores = long([one for chunk in drawn for one in score(in_pandas(chunk.items))])
    members, cohort = members_of(scores, by=("class_year", "mentor_type"))
    with TemporaryDirectory() as folder:
        return publish(members, tables(cohort), ledger=Ledger(Path(folder) / "ledger"), on=ON)

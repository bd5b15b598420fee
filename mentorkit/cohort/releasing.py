"""From what was read to a release: the students, the questions about them, the ledger that they are judged against."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path

import platformdirs

from mentorkit.cohort.disclosure import Ledger, Release, publish
from mentorkit.cohort.members import MINIMUM, members_of
from mentorkit.cohort.questions import tables
from mentorkit.cohort.reading import Collected, scores_of


def usual_ledger() -> Ledger:
    """The ledger that is taken when none is named: one for all cohorts of whoever uses this computer.

    So asking again under another name, or with other options, is judged against all that was ever released.
    """
    return Ledger(Path(platformdirs.user_data_dir("mentorkit", appauthor=False)) / "releases" / "ledger.jsonl")


def release(
    collected: Collected,
    terms: Sequence[str] = (),
    *,
    by: Collection[str] = (),
    minimum: int = MINIMUM,
    name: str = "",
    ledger: Ledger | Path | str | None = None,
    on: date | None = None,
    anyway: bool = True,
    look: Callable[[Release], None] | None = None,
) -> Release:
    """Freeze a release on one term or on two, the last two that were read if none is named.

    `by` may hold `class_year` and `mentor_type`; nothing is said about fewer than `minimum` students (at least 5);
    `name` is what the cohort is called. The same question about the same scores gives the same release again. Unless
    `anyway`, what earlier releases would leave little of is not frozen; nor is a release about which `look`, which
    sees it first, raises an error. Raises `NotReady` for terms of which nothing was read, `Withheld` when nothing can
    be published safely, and what the ledger raises.
    """
    members, cohort = members_of(scores_of(collected), terms, by, collected.content, minimum)
    judge = ledger if isinstance(ledger, Ledger) else usual_ledger() if ledger is None else Ledger(ledger)
    return publish(members, tables(cohort), ledger=judge, cohort=name, minimum=minimum, on=on, anyway=anyway, look=look)

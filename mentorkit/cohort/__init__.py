"""Cohorts: how needs and relationships stand and change, from what students consented to share.

    from mentorkit import cohort

    collected = cohort.read(["handed-in"])
    print(collected.refused)
    release = cohort.release(collected, ("2026-spring", "2026-fall"), by=["class_year"])
    release.at("needs 2026-fall", "unmet.career 2026-fall", "mean")

Numbers about students leave this package in a release alone. The statistics are for numbers of your own. pandas and
what else the package needs are imported when a name is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mentorkit.cohort.disclosure import Ledger, Published, Release
    from mentorkit.cohort.files import files_of
    from mentorkit.cohort.reading import Collected, read
    from mentorkit.cohort.releasing import release, usual_ledger
    from mentorkit.cohort.statistics import (
        cronbach_alpha,
        holm,
        icc,
        mixed_trend,
        omega_total,
        paired_change,
        partial_pooling,
        reliable_change_counts,
        retest_reliability,
        signed_rank,
    )

__all__ = ["Collected", "Ledger", "Published", "Release", "files_of", "read", "release", "usual_ledger"]
__all__ += ["cronbach_alpha", "holm", "icc", "mixed_trend", "omega_total", "paired_change", "partial_pooling"]
__all__ += ["reliable_change_counts", "retest_reliability", "signed_rank"]
_WHERE = {
    "Ledger": "disclosure", "Published": "disclosure", "Release": "disclosure", "files_of": "files",
    "Collected": "reading", "read": "reading", "release": "releasing", "usual_ledger": "releasing",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE.get(name, 'statistics')}"), name)

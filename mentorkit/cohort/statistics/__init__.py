"""Statistics on cohorts, each a frozen value with its formula and source. Who may see them is decided elsewhere.

They take numbers as they come (any numeric dtype, any index, gaps as NaN or NA) and answer with a `reason` where
there are too few. The packages they need are the extra `cohort`; without it they raise `NotReady` with one sentence.
"""

from mentorkit.cohort.statistics.alpha import Alpha, Dropped, alpha_if_dropped, cronbach_alpha
from mentorkit.cohort.statistics.columns import Interval
from mentorkit.cohort.statistics.holm import holm
from mentorkit.cohort.statistics.icc import Icc, Iccs, icc
from mentorkit.cohort.statistics.omega import Omega, omega_total
from mentorkit.cohort.statistics.paired import PairedChange, paired_change
from mentorkit.cohort.statistics.pooling import PooledMean, PooledMeans, partial_pooling
from mentorkit.cohort.statistics.reliable import ChangeCounts, reliable_change_counts
from mentorkit.cohort.statistics.retest import Retest, retest_reliability
from mentorkit.cohort.statistics.rules import (
    FEWEST_FOR_CONSISTENCY,
    FEWEST_FOR_THRESHOLDS,
    why_not_for_thresholds,
    why_not_publish,
)
from mentorkit.cohort.statistics.signed_rank import SignedRank, signed_rank
from mentorkit.cohort.statistics.students import item_means, student_means
from mentorkit.cohort.statistics.trend import MixedTrend, mixed_trend

__all__ = [
    "FEWEST_FOR_CONSISTENCY",
    "FEWEST_FOR_THRESHOLDS",
    "Alpha",
    "ChangeCounts",
    "Dropped",
    "Icc",
    "Iccs",
    "Interval",
    "MixedTrend",
    "Omega",
    "PairedChange",
    "PooledMean",
    "PooledMeans",
    "Retest",
    "SignedRank",
    "alpha_if_dropped",
    "cronbach_alpha",
    "holm",
    "icc",
    "item_means",
    "mixed_trend",
    "omega_total",
    "paired_change",
    "partial_pooling",
    "reliable_change_counts",
    "retest_reliability",
    "signed_rank",
    "student_means",
    "why_not_for_thresholds",
    "why_not_publish",
]

"""The measure of a cohort, defined once for every place in which item rows live: items → scores → sums that add."""

from mentorkit.cohort.measure.adding import add_up
from mentorkit.cohort.measure.exchange import as_json, read_sums
from mentorkit.cohort.measure.places import Rows, in_ibis, in_pandas, in_parquet, in_spark
from mentorkit.cohort.measure.rules import Rules, rules_of
from mentorkit.cohort.measure.scores import Scored, long, score, wide
from mentorkit.cohort.measure.sums import CENTER, Sums, add_sums

__all__ = [
    "CENTER",
    "Rows",
    "Rules",
    "Scored",
    "Sums",
    "add_sums",
    "add_up",
    "as_json",
    "in_ibis",
    "in_pandas",
    "in_parquet",
    "in_spark",
    "long",
    "read_sums",
    "rules_of",
    "score",
    "wide",
]

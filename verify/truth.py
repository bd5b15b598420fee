"""Large made-up cohorts are drawn and measured: each mean and change comes to the truth worked out from the model."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from mentorkit.cohort import measure
from mentorkit.cohort.simulation import Model, Truth, truth, truth_of, write_items
from verify.campaign import Campaign, Outcome, progress

TERMS = ("2025-fall", "2026-spring", "2026-fall", "2027-spring")
STUDENTS = 60_000  # a cohort: so that an error of a tenth of a point is seen
SURE = 5.0  # standard errors


def ours(times: int, seed: int, believed: Model | None = None) -> Outcome:
    """A cohort a trial; the truth is worked out from the model that is believed, or else from the one drawn with."""
    outcome = Outcome()
    true = truth_of(TERMS, believed)
    for trial in progress(range(times), times):
        found = _sums(seed * 1_000 + trial)
        off = pd.concat([_means_off(found, true), _changes_off(found, true)])
        outcome.counts["figures compared"] += len(off)
        outcome.broken += [f"{name} is off by {off[name]:.1f} standard errors" for name in off[off.abs() > SURE].index]
        outcome.trials += 1
    return outcome


def nobody_is_selected(times: int, seed: int) -> Outcome:
    """Worse: the truth forgets that those who leave were not like the others."""

    def over_conduct(model: Model, terms: int) -> tuple[np.ndarray, np.ndarray]:
        nodes, weights = GOOD(replace(model, leaving_and_conduct=0.0), terms)
        return nodes, weights

    with patch.object(truth, "_over_conduct", over_conduct):
        return ours(1, seed)


def a_smaller_trend(times: int, seed: int) -> Outcome:
    """Worse: the truth believes in nine tenths of the trend."""
    trend = {name: 0.9 * value for name, value in Model().trend.items()}
    return ours(1, seed, replace(Model(), trend=trend))


GOOD = truth._over_conduct


def _sums(seed: int) -> measure.Sums:
    with tempfile.TemporaryDirectory(prefix="mentorkit-verify-") as folder:
        file = Path(folder) / "items.parquet"
        write_items(file, STUDENTS, TERMS, seed)
        return measure.add_up(measure.score(measure.in_parquet(file)))


def _means_off(found: measure.Sums, true: Truth) -> pd.Series:
    table = found.means().set_index(["term", "scale"])
    error = table["sd"] / np.sqrt(table["n"])
    return _off(table["mean"], error, {(m.term, m.scale): m.mean for m in true.means if m.class_year is None})


def _changes_off(found: measure.Sums, true: Truth) -> pd.Series:
    table = found.changes().set_index(["before", "after", "scale"]).sort_index()
    error = table["sd_change"] / np.sqrt(table["n"])
    return _off(table["change"], error, {(c.before, c.after, c.scale): c.change for c in true.changes})


def _off(found: pd.Series, error: pd.Series, true: dict[tuple[str, ...], float]) -> pd.Series:
    """How many standard errors each figure is from the truth, under a name in words."""
    return pd.Series(dict(_named(found, error, true)))


def _named(found: pd.Series, error: pd.Series, true: dict[tuple[str, ...], float]) -> Iterator[tuple[str, float]]:
    for key, value in true.items():
        yield " ".join(key), (found[key] - value) / error[key]


CAMPAIGN = Campaign(
    name="truth",
    question="does what is measured on a made-up cohort come to what it was made with?",
    times=3,
    ours=ours,
    worse={"nobody is selected": nobody_is_selected, "a smaller trend": a_smaller_trend},
    worse_times=1,
)

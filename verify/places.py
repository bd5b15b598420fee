"""Made-up cohorts measured in Spark and in pandas: the sums are the same to 1e-9, or the measure is not one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from mentorkit.cohort import measure
from mentorkit.cohort.measure import adding
from mentorkit.cohort.measure.frames import Frame, nw
from mentorkit.cohort.simulation import draw
from verify.campaign import Campaign, Outcome, progress

TERMS = ("2025-fall", "2026-spring", "2026-fall")
GROUPINGS = tuple(
    tuple(name for name, taken in zip(adding.GROUPINGS, both, strict=True) if taken)
    for both in product((0, 1), repeat=2)
)
STUDENTS = 60
STRANGE = 0.05  # share of values that no worksheet takes
SAME = {"rtol": 1e-9, "atol": 1e-9}


def left_out() -> str | None:
    """Why Spark cannot be tried here, if it cannot."""
    if find_spec("pyspark") is None:
        return "Spark is not installed: pip install 'mentorkit[spark]'"
    return None if shutil.which("java") else "Spark needs Java 17 or later"


def ours(times: int, seed: int) -> Outcome:
    """A cohort a trial, with every grouping."""
    outcome = Outcome()
    with _spark() as session:
        for trial in progress(range(times), times):
            items = _items(seed * 10_000 + trial)
            here, there = _sums(measure.in_pandas(items)), _sums(measure.in_spark(_frame(session, items)))
            for by, (one, other) in zip(GROUPINGS, zip(here, there, strict=True), strict=True):
                outcome.counts["sums compared"] += len(one.levels) + len(one.pairs)
                if difference := _difference(one, other):
                    outcome.broken.append(f"cohort {trial} by {' and '.join(by) or 'nothing'}: {difference}")
            outcome.trials += 1
    return outcome


def mentors_counted(times: int, seed: int) -> Outcome:
    """Worse: in Spark each mentor counts, instead of each student."""

    def each(scores: Frame, by: tuple[str, ...], columns: tuple[str, ...]) -> Frame:
        said = [nw.col(name).cast(nw.String).fill_null("") for name in by]
        return scores.select("student", "term", *said, *(nw.col(one) - measure.CENTER for one in columns))

    return _in_spark_only("_student_means", each, times, seed)


def _in_spark_only(name: str, worse: Any, times: int, seed: int) -> Outcome:
    good = getattr(adding, name)

    def either(frame: Frame, *more: Any) -> Frame:
        return (worse if frame.implementation.is_pyspark() else good)(frame, *more)

    with patch.object(adding, name, either):
        return ours(min(times, 2), seed)


def _items(seed: int) -> pd.DataFrame:
    items = next(draw(STUDENTS, TERMS, seed)).items
    texts = dict.fromkeys(("student", "term", "class_year", "mentor_type", "item"), "str")
    rng = np.random.default_rng(seed)
    strange = rng.choice([-1.0, 2.5, 9.0, np.inf, np.nan], len(items))
    values = items["value"].where(rng.random(len(items)) >= STRANGE, strange)
    unsaid = items["student"].isin(items["student"].cat.categories[: STUDENTS // 10])
    year = items["class_year"].astype("str").mask(unsaid)
    return items.assign(value=values, class_year=year).astype(texts).sample(frac=1, random_state=seed % 2**32)


def _sums(items: measure.Rows) -> list[measure.Sums]:
    scored = measure.score(items)
    return [measure.add_up(scored, by) for by in GROUPINGS]


def _difference(one: measure.Sums, other: measure.Sums) -> str:
    for name in ("levels", "pairs"):
        try:
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), **SAME)
        except AssertionError as found:
            return f"{name}: {' '.join(str(found).split())[:120]}"
    return ""


def _frame(session: Any, items: pd.DataFrame) -> Any:
    rows = items.astype(object).where(items.notna(), None)
    kinds = dict.fromkeys(rows, "string") | {"relationship": "long", "value": "double"}
    schema = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    return session.createDataFrame(list(rows.itertuples(index=False, name=None)), schema)


@contextmanager
def _spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    quiet = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[2]").appName("mentorkit")
    for name, value in quiet.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


CAMPAIGN = Campaign(
    name="places",
    question="is the measure of a cohort the same in Spark as in pandas?",
    times=3,
    ours=ours,
    worse={"each mentor counts": mentors_counted},
    worse_times=1,
    left_out=left_out,
)

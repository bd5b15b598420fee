"""`python -m benchmarks.cohort.once SIDE FILE`: one side works once, in a process of its own, and says how it went."""

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable

import pandas as pd

from benchmarks.cohort import pandas_by_hand, sql_by_hand
from benchmarks.cohort.sides import FIGURES, MEMORY, TERMS

Sums = tuple[pd.DataFrame, pd.DataFrame]


def ours_pandas(file: str) -> Callable[[], Sums]:
    from mentorkit.cohort import measure

    rows = measure.in_pandas(_frame(file))
    return lambda: _flat(measure.add_up(measure.score(rows), ("class_year",)))


def plain_pandas(file: str) -> Callable[[], Sums]:
    items = _frame(file)
    return lambda: pandas_by_hand.sums(items, TERMS)


def ours_duckdb(file: str) -> Callable[[], Sums]:
    from mentorkit.cohort import measure

    rows = measure.in_parquet(file, memory=MEMORY)
    return lambda: _flat(measure.add_up(measure.score(rows), ("class_year",)))


def plain_duckdb(file: str) -> Callable[[], Sums]:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})
    return lambda: sql_by_hand.sums(connection, file, TERMS)


def main(side: str, file: str) -> None:
    """Print the seconds, the most memory in MB, and the total of each figure."""
    warnings.simplefilter("ignore")
    work = globals()[side](file)
    before, cpu = time.perf_counter(), time.process_time()
    levels, pairs = work()
    seconds, cpu = time.perf_counter() - before, time.process_time() - cpu
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    totals = {
        f"{name} {figure}": _total(table, figure)
        for name, table in (("levels", levels), ("pairs", pairs))
        for figure in FIGURES
    }
    print(json.dumps({"seconds": seconds, "cpu": cpu, "megabytes": megabytes, "totals": totals}))


def _frame(file: str) -> pd.DataFrame:
    import duckdb

    return duckdb.read_parquet(file).df()


def _flat(sums: object) -> Sums:
    return sums.levels, sums.pairs  # type: ignore[attr-defined]


def _total(table: pd.DataFrame, figure: str) -> float:
    own = [name for name in table if name == figure or str(name).endswith(f" {figure}")]
    return float(table[own].to_numpy(float, na_value=0.0).sum())


if __name__ == "__main__":
    main(*sys.argv[1:])

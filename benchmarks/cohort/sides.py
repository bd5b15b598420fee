"""Who is measured: ours in pandas and in DuckDB, each beside the same work written by hand."""

from dataclasses import dataclass

TERMS = ("2025-fall", "2026-spring", "2026-fall", "2027-spring")
FIGURES = ("n", "sum", "squares", "sum_before", "sum_after", "squares_before", "squares_after", "products")
MEMORY = "6GB"  # that DuckDB may take before it uses the disk


@dataclass(frozen=True)
class Side:
    """One way of working."""

    key: str  # its function in `once`
    name: str
    beside: str | None  # the side that it is compared with
    most: int  # item rows that it is tried with


SIDES = (
    Side("ours_pandas", "Mentorkit in pandas", "plain_pandas", 10_000_000),
    Side("plain_pandas", "pandas by hand", None, 10_000_000),
    Side("ours_duckdb", "Mentorkit in DuckDB", "plain_duckdb", 100_000_000),
    Side("plain_duckdb", "SQL by hand in DuckDB", None, 100_000_000),
)
BY_KEY = {side.key: side for side in SIDES}

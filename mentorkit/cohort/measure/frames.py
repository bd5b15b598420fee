"""The one import of narwhals, with what to install when it is missing."""

from typing import Any

from mentorkit.errors import MentorkitError

try:
    import narwhals as nw
except ImportError as missing:
    raise MentorkitError("Cohorts need more packages. Install them: pip install 'mentorkit[cohort]'") from missing

Frame = nw.LazyFrame[Any]

__all__ = ["Frame", "frame_of", "nw"]


def frame_of(native: Any) -> Frame:
    """A table of pandas, DuckDB, ibis or Spark, as narwhals sees it."""
    found: Frame = nw.from_native(native).lazy()
    return found

"""Where the rows of a cohort live: in pandas, in DuckDB over Parquet, in a database through ibis, or in Spark."""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

import numpy as np
import pandas as pd

from mentorkit.cohort.measure.frames import Frame, frame_of
from mentorkit.errors import BadFile, MentorkitError


def _new_names() -> Iterator[str]:
    """Names of tables that no other session has."""
    ours = secrets.token_hex(4)
    return (f"mentorkit_{ours}_{number}" for number in count())


class Place(Protocol):
    """What the measure asks of a place."""

    def numbered(self, frame: Frame, column: str, numbers: Mapping[str, int]) -> Frame:
        """The rows whose value in `column` has a number, with it in a new column `number`."""

    def keep(self, frame: Frame) -> Frame:
        """The same table, worked out once and kept there."""

    def drop(self, kept: Frame) -> None:
        """Give up a table that was kept."""

    def fetch(self, frame: Frame) -> pd.DataFrame:
        """A small result, brought here."""


@dataclass(frozen=True)
class Rows:
    """A table, and the place in which it is."""

    frame: Frame
    place: Place


class InPandas:
    """Frames in memory, worked out at once: there is nothing to keep."""

    def numbered(self, frame: Frame, column: str, numbers: Mapping[str, int]) -> Frame:
        """By looking each distinct value up, which is quicker than a mapping of all."""
        rows = frame.collect().to_native()
        codes, distinct = pd.factorize(rows[column])
        found = np.array([*(numbers.get(value, -1) for value in distinct), -1])[codes]
        return frame_of(rows.assign(number=found)[found >= 0])

    def keep(self, frame: Frame) -> Frame:
        """The frame itself."""
        return frame

    def drop(self, kept: Frame) -> None:
        """Nothing: pandas gives up what nobody refers to."""

    def fetch(self, frame: Frame) -> pd.DataFrame:
        """The frame itself."""
        return frame.collect().to_native()


@dataclass(frozen=True)
class InDuckDB:
    """Tables of one connection that is ours; what is kept is a table of its database."""

    connection: Any
    _names: Iterator[str] = field(default_factory=_new_names, repr=False, compare=False)

    def numbered(self, frame: Frame, column: str, numbers: Mapping[str, int]) -> Frame:
        """By a join with a small table, which DuckDB does faster than it compares one by one."""
        small = pd.DataFrame({column: list(numbers), "number": list(numbers.values())})
        return frame.join(self.keep(frame_of(self.connection.from_df(small))), on=column)

    def keep(self, frame: Frame) -> Frame:
        """A table of its own."""
        name = next(self._names)
        frame.to_native().create(name)
        return frame_of(self.connection.table(name))

    def drop(self, kept: Frame) -> None:
        """Drop the table."""
        self.connection.sql(f"DROP TABLE {kept.to_native().alias}")

    def fetch(self, frame: Frame) -> pd.DataFrame:
        """The result, as pandas."""
        return frame.collect("pandas").to_native()


@dataclass(frozen=True)
class InIbis:
    """Tables of a database that ibis speaks to, such as PostgreSQL; what is kept is a temporary table."""

    connection: Any
    _names: Iterator[str] = field(default_factory=_new_names, repr=False, compare=False)

    def numbered(self, frame: Frame, column: str, numbers: Mapping[str, int]) -> Frame:
        """By comparing: a table of our own would be left to ibis to drop, which it cannot with every sqlglot."""
        rows = frame.to_native()
        found = rows.filter(rows[column].isin(list(numbers)))
        return frame_of(found.mutate(number=found[column].cases(*numbers.items())))

    def keep(self, frame: Frame) -> Frame:
        """A temporary table."""
        return frame_of(self.connection.create_table(next(self._names), frame.to_native(), temp=True))

    def drop(self, kept: Frame) -> None:
        """Drop the table."""
        self.connection.raw_sql(f'DROP TABLE "{kept.to_native().get_name()}"').close()

    def fetch(self, frame: Frame) -> pd.DataFrame:
        """The result, as pandas."""
        return frame.collect("pandas").to_native()


@dataclass(frozen=True)
class InSpark:
    """Frames of one Spark session; what is kept stays with its workers."""

    session: Any

    def numbered(self, frame: Frame, column: str, numbers: Mapping[str, int]) -> Frame:
        """By a join with a small frame."""
        small = self.session.createDataFrame(list(numbers.items()), [column, "number"])
        return frame.join(frame_of(small), on=column)

    def keep(self, frame: Frame) -> Frame:
        """A persisted frame."""
        return frame_of(frame.to_native().cache())

    def drop(self, kept: Frame) -> None:
        """Let the workers forget it."""
        kept.to_native().unpersist()

    def fetch(self, frame: Frame) -> pd.DataFrame:
        """The result, as pandas."""
        rows = frame.to_native()
        return pd.DataFrame([tuple(row) for row in rows.collect()], columns=rows.columns)


def in_pandas(rows: pd.DataFrame) -> Rows:
    """Rows of a frame of pandas."""
    return Rows(frame_of(rows), InPandas())


def in_parquet(files: str | os.PathLike[str], memory: str = "4GB", threads: int | None = None) -> Rows:
    """Rows of Parquet files (one, or a pattern such as `items/*.parquet`), read by DuckDB.

    DuckDB takes at most `memory` (such as `4GB`), and what needs more goes to a folder for temporary files. Raises
    `MentorkitError` without the extra `big`, and `BadFile` when there is no such file or it cannot be read.
    """
    try:
        import duckdb
    except ImportError as missing:
        raise MentorkitError("Parquet files need DuckDB. Install it: pip install 'mentorkit[big]'") from missing
    connection = duckdb.connect(config={"memory_limit": memory, **({"threads": threads} if threads else {})})
    try:
        return Rows(frame_of(connection.read_parquet(os.fspath(files))), InDuckDB(connection))
    except duckdb.Error as error:
        raise BadFile(f"{files} cannot be read as Parquet: check its name, and how it was made.") from error


def in_ibis(table: Any) -> Rows:
    """Rows of a table of ibis, such as `ibis.postgres.connect(…).table("items")` (extra `postgres`)."""
    return Rows(frame_of(table), InIbis(table.get_backend()))


def in_spark(frame: Any) -> Rows:
    """Rows of a frame of Spark (extra `spark`)."""
    return Rows(frame_of(frame), InSpark(frame.sparkSession))

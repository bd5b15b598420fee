"""The shape of the file: one SQL file a schema version, applied in order."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from importlib.resources import files
from typing import Any

APPLICATION_ID = 0x4D4B4954  # "MKIT", in the file's header
MIGRATIONS: tuple[str, ...] = ("schema.sql",)  # appended to, never edited
SHAPE = "SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB) FROM sqlite_master"

Shape = frozenset[tuple[Any, ...]]


def statements(migrations: tuple[str, ...]) -> Iterator[str]:
    """The SQL statements of migration files, one by one."""
    for name in migrations:
        statement = ""
        for line in files(__package__).joinpath(name).read_text("utf-8").splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                yield statement
                statement = ""


def shape(rows: list[tuple[Any, ...]]) -> Shape:
    """What the rows of `SHAPE` say, without comments and spacing."""
    return frozenset((*names, b" ".join(re.sub(b"--[^\n]*", b"", sql or b"").split())) for *names, sql in rows)


@lru_cache
def expected_shape(migrations: tuple[str, ...]) -> Shape:
    """The shape that a file has after these migrations."""
    with closing(fresh(migrations)) as model:
        return shape(model.execute(SHAPE).fetchall())


def fresh(migrations: tuple[str, ...]) -> sqlite3.Connection:
    """An empty file of records, in memory."""
    model = sqlite3.connect(":memory:")
    for statement in statements(migrations):
        model.execute(statement)
    model.commit()
    return model

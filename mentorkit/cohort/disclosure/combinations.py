"""The combinations of levels that students could have, as far as an attacker must be allowed to think of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from mentorkit.cohort.disclosure.board import Flags
from mentorkit.cohort.disclosure.cells import Cell
from mentorkit.cohort.disclosure.members import Members

ALL_UP_TO = 600  # combinations; of more, those that students have or would have in another cell
MOST = 3000


@dataclass(frozen=True, eq=False)
class Combinations:
    """A row a combination: the position of its level in each column."""

    columns: tuple[str, ...]
    members: Members
    codes: np.ndarray[Any, np.dtype[np.int64]]

    def __len__(self) -> int:
        return len(self.codes)

    def inside(self, cell: Cell) -> Flags:
        """Which combinations a cell consists of."""
        found = np.ones(len(self.codes), dtype=bool)
        for column, level in cell.levels:
            found &= np.isin(self.codes[:, self.columns.index(column)], self.members.places(column, level))
        return found


def combine(members: Members, cells: Iterable[Cell]) -> Combinations:
    """The combinations of all columns of these cells.

    Of very many, only some: those that students have, and those that each would have in each of the cells. Fewer
    combinations leave an attacker fewer possibilities, so that the audit is stricter and never laxer for it.
    """
    listed = list(cells)
    columns = tuple(sorted({column for cell in listed for column, _ in cell.levels}))
    if not columns:
        return Combinations(columns, members, np.zeros((1, 0), dtype=np.int64))
    sizes = [len(members.levels[column]) for column in columns]
    if prod(sizes) <= ALL_UP_TO:
        return Combinations(columns, members, np.indices(sizes).reshape(len(sizes), -1).T)
    real = np.unique(np.stack([members.codes[column] for column in columns], axis=1), axis=0)
    moved = [real]
    for cell in dict.fromkeys(listed):
        there = real.copy()
        for column, level in cell.levels:
            there[:, columns.index(column)] = (members.places(column, level) or [-1])[0]
        moved.append(there[(there >= 0).all(axis=1)])
    every, first = np.unique(np.concatenate(moved), axis=0, return_index=True)
    kept = np.argsort(first)[: max(MOST, len(real))]
    return Combinations(columns, members, every[kept])

"""Atoms: the sets of students whom no published or withheld cell tells apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mentorkit.cohort.disclosure.board import Board, Flags
from mentorkit.cohort.disclosure.members import Members

Place = tuple[str, int]  # a content and a position on its board


@dataclass(frozen=True, eq=False)
class Atoms:
    """The atoms of contents that are tied to one another, over all releases."""

    sizes: np.ndarray[Any, np.dtype[np.int64]]
    inside: dict[Place, Flags]  # of which atoms a cell consists; bands have none of their own
    has: dict[str, Flags]  # which atoms contribute to a content
    of_member: np.ndarray[Any, np.dtype[np.int64]]  # the atom of each student of this release; -1 for none


def find_atoms(boards: Mapping[str, Board], everyone: Sequence[Members]) -> Atoms:
    """The atoms on these boards; `everyone` begins with the members of this release."""
    students, kept = _contributions(list(boards), everyone)
    belongs: list[tuple[str, int | None]] = []
    parts = []
    for column, (content, board) in enumerate(boards.items()):
        bases = [place for place, cell in enumerate(board.cells) if not cell.band]
        parts += [board.holding(students[:, column])[bases].T, (students[:, column] != 0)[:, None]]
        belongs += [*((content, place) for place in bases), (content, None)]
    signature, atom, sizes = np.unique(np.concatenate(parts, axis=1), axis=0, return_inverse=True, return_counts=True)
    inside = {(content, place): signature[:, i] for i, (content, place) in enumerate(belongs) if place is not None}
    has = {content: signature[:, i] for i, (content, place) in enumerate(belongs) if place is None}
    of_member = np.full(len(kept), -1, dtype=np.int64)
    of_member[kept] = atom.ravel()[: kept.sum()]
    return Atoms(sizes, inside, has, of_member)


def _contributions(contents: Sequence[str], everyone: Sequence[Members]) -> tuple[np.ndarray[Any, Any], Flags]:
    """A row for whatever a student contributes together, each contribution once; and who of this release has one."""
    rows, seen = [], {content: np.zeros(0, dtype=np.uint64) for content in contents}
    for members in everyone:
        size = max((len(members.prints[c]) for c in contents if c in members.prints), default=0)
        row = np.zeros((size, len(contents)), dtype=np.uint64)
        for column, content in enumerate(contents):
            if content in members.prints:
                prints = members.prints[content]
                row[:, column] = np.where(np.isin(prints, seen[content]), 0, prints)
                seen[content] = np.union1d(seen[content], prints)
        rows.append(row)
    kept = [np.asarray(row.any(axis=1)) for row in rows]
    return np.concatenate([row[some] for row, some in zip(rows, kept, strict=True)]), kept[0]

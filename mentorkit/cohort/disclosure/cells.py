"""Cells: the groups of students about whom a release says something, or would."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from mentorkit.cohort.disclosure.members import STUDENTS, Members
from mentorkit.cohort.disclosure.question import Ask, Shares, Table, levels_of

Levels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """Students with certain levels who contribute to a content, or those of them in one band of it."""

    content: str  # what is said of them; `STUDENTS`: how many they are
    levels: Levels  # (column, level), sorted
    free: tuple[str, ...] = ()  # the columns whose levels make the rows of the table
    among: Levels = ()  # the levels that all rows of the table have
    band: tuple[str, str] | None = None  # (column of bands, band)

    @property
    def where(self) -> Levels:
        """All that a student must have to be in the cell."""
        return (*self.levels, self.band) if self.band else self.levels

    @property
    def family(self) -> tuple[object, ...]:
        """The cells of one family and one release are a partition: nobody is in two of them."""
        return self.content, self.free, self.among, self.band and self.band[0]

    @property
    def whole(self) -> "Cell":
        """For a band: everybody of the group, in whichever band."""
        return Cell(self.content, self.levels, self.free, self.among)

    def inside(self, other: "Cell") -> bool:
        """Whether its description alone says that all its students are in the other."""
        return implies(self.where, other.where)


def implies(narrow: Levels, wide: Levels) -> bool:
    """Whether who has all the narrow levels has all the wide ones, by the words alone."""
    levels = {column: levels_of(level) for column, level in narrow}
    return all(column in levels and levels[column] <= levels_of(level) for column, level in wide)


def groups(table: Table, members: Members) -> list[Levels]:
    """The rows of a table, the total first: what each row fixes beside `among`."""
    among = dict(table.among)
    every = [
        [members.levels[column][place] for place in members.places(column, among[column])]
        if column in among
        else members.levels[column]
        for column in table.by
    ]
    rows: list[Levels] = [tuple(zip(table.by, levels, strict=True)) for levels in product(*every)]
    return [(), *rows] if table.by and table.total else rows


def judged_groups(table: Table, members: Members) -> list[Levels]:
    """The rows of a table as they are judged: with all students together, shown or not, as if that were published.

    So a table without its total withholds what it would withhold beside it, and neither the size of a cohort, which
    many know, nor a later table of totals lets anybody subtract.
    """
    return list(dict.fromkeys([(), *groups(table, members)]))


def cell_of(table: Table, group: Levels, content: str = STUDENTS, band: tuple[str, str] | None = None) -> Cell:
    """The cell of one row of a table."""
    among = tuple(sorted(set(table.among)))
    levels = {**dict(among), **dict(group)}
    return Cell(content, tuple(sorted(levels.items())), tuple(sorted(column for column, _ in group)), among, band)


def cells_of(table: Table, group: Levels, ask: Ask) -> list[Cell]:
    """The cells behind one thing asked about one row: who contributes, and for shares those in each band."""
    whole = cell_of(table, group, ask.content)
    if not isinstance(ask, Shares):
        return [whole]
    return [whole, *(cell_of(table, group, ask.content, (ask.band_column, band)) for band in ask.bands)]


def all_cells(tables: Sequence[Table], members: Members) -> list[Cell]:
    """Every cell that the tables ask for, each once, in the order in which they are asked for."""
    found: dict[Cell, None] = {Cell(STUDENTS, ()): None}
    for table in tables:
        for group in judged_groups(table, members):
            found[cell_of(table, group)] = None
            for ask in table.asks:
                found.update(dict.fromkeys(cells_of(table, group, ask)))
    return list(found)

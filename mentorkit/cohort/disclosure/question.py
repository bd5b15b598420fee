"""What is asked of a cohort: tables, the groups of their rows, and the numbers in them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from mentorkit.errors import MentorkitError


@dataclass(frozen=True)
class Mean:
    """The mean of one number a student, with its standard deviation and, for a change, a 95 % interval."""

    column: str  # a number a student; empty where there is none
    low: float = 0.0  # the smallest value that can occur
    high: float = 100.0  # the largest
    step: float = 0.0  # what is published is rounded to this; 0: 5 of 100, 0.2 of an item from 0 to 4
    spread: bool = True  # publish the standard deviation too
    interval: bool = False  # publish a 95 % t interval, made from the rounded numbers alone
    change: tuple[str, str] | None = None  # (after, before) when the column is the difference of these two

    def __post_init__(self) -> None:
        finest = (self.high - self.low) / (40 if self.change else 20)
        if not self.step:
            object.__setattr__(self, "step", finest)
        if self.step < finest - 1e-9:
            raise MentorkitError(f"The mean of {self.column} is never rounded finer than to {finest:g}.")

    @property
    def content(self) -> str:
        """What the set of contributing students is about: cells of one content can be subtracted from one another."""
        return self.column


@dataclass(frozen=True)
class Shares:
    """How students are spread over bands of a number, or over the words of a column, in percent."""

    column: str
    bands: tuple[str, ...]  # a name each, from low to high
    edges: tuple[float, ...] | None = None  # a band holds its lower edge, the last both; None: words

    def __post_init__(self) -> None:
        if len(set(self.bands)) != len(self.bands) or len(self.bands) < 2:
            raise MentorkitError(f"The bands of {self.column} need at least two names, each once.")
        if self.edges and (len(self.edges) != len(self.bands) + 1 or any(a >= b for a, b in pairwise(self.edges))):
            raise MentorkitError(f"The bands of {self.column} need one edge more than names, rising.")

    @property
    def content(self) -> str:
        """As for `Mean.content`: means and shares of one column are judged together."""
        return self.column

    @property
    def band_column(self) -> str:
        """The name under which a student's band is kept."""
        return f"{self.column} in {'|'.join(self.bands)} at {self.edges}"


@dataclass(frozen=True)
class Figure:
    """Any other number about a group (alpha, a slope), rounded, and coded at its ends."""

    name: str
    columns: tuple[str, ...]  # what it is computed from
    compute: Callable[[Any], float | None]  # the rows of those who count → the number, or None when there is none
    step: float  # it is rounded to this
    low: float  # the smallest value that can occur
    high: float
    least: int = 0  # students it needs, when more than the minimum
    needs: int = 0  # of how many columns a student must have something to count; 0: of all

    def __post_init__(self) -> None:
        if self.step < (self.high - self.low) / 40 - 1e-9:
            raise MentorkitError(f"{self.name} is never rounded finer than to a fortieth of its range.")

    @property
    def content(self) -> str:
        """Figures of one name are judged together."""
        return f"figure {self.name} of {', '.join(self.columns)}"

    @property
    def fewest(self) -> int:
        """Of how many columns a student must have something to count."""
        return self.needs or len(self.columns)


@dataclass(frozen=True)
class Verdict:
    """A word about one number of a group, out of a short list, such as whether a change is detectable."""

    column: str  # a number a student
    compute: Callable[[Any], str | None]  # the group's rows → the word, or None when there is none
    words: tuple[str, ...]  # all that can be said
    family: tuple[str, ...] = ()  # the columns that it is adjusted for

    @property
    def content(self) -> str:
        """As for `Mean.content`: the word is published where the mean of its column may be, and nowhere else."""
        return self.column


Ask = Mean | Shares | Figure | Verdict
OR = " or "


def either(*levels: str) -> str:
    """One of several levels of a column, for `Table.among`: `either("both", "earlier only")`."""
    return OR.join(levels)


def levels_of(said: str) -> frozenset[str]:
    """The levels that `either` put together, or the one that stands alone."""
    return frozenset(said.split(OR))


@dataclass(frozen=True)
class Table:
    """One table: a row for each group, the number of its students, and what is asked about each group."""

    name: str
    by: tuple[str, ...] = ()  # the columns whose levels make the groups; none: one row for all
    asks: tuple[Ask, ...] = ()  # none: the number of students only
    among: tuple[tuple[str, str], ...] = ()  # only students with these levels; `either` allows one of several
    total: bool = True  # begin with a row for all groups together

    def __post_init__(self) -> None:
        if len(set(self.by)) < len(self.by) or len({column for column, _ in self.among}) < len(self.among):
            raise MentorkitError(f"The table {self.name} names a column twice, in its rows or among whom it counts.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every grouping column, each once."""
        return tuple(dict.fromkeys([*(column for column, _ in self.among), *self.by]))

    def described(self) -> dict[str, Any]:
        """The question as plain values, functions left out: the same question has the same description."""
        return {
            "name": self.name,
            "by": self.by,
            "among": self.among,
            "total": self.total,
            "asks": [
                [type(ask).__name__, *[(k, v) for k, v in asdict(ask).items() if k != "compute"]] for ask in self.asks
            ],
        }

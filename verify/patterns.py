"""Does which cells are withheld tell what is in them? All tables that there can be, and what comes out of each."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from mentorkit.cohort.disclosure.members import STUDENTS, Members
from mentorkit.cohort.disclosure.publishing import judge
from mentorkit.cohort.disclosure.question import Table
from mentorkit.cohort.disclosure.writing import rows
from mentorkit.errors import Withheld

WIDE = 5


def told_by_the_pattern(students: int, levels: int, minimum: int) -> Iterator[str]:
    """Withheld groups whose size is known too well to whoever knows the number of students and the whole method."""
    for total in (True, False):
        tables = (Table("t", ("year",), total=total),)
        behind: dict[tuple[str, ...], list[tuple[int, ...]]] = defaultdict(list)
        for sizes in _sizes(students, levels):
            behind[_published(sizes, minimum, tables)].append(sizes)
        for said, possible in behind.items():
            for level, text in enumerate(said[len(said) - levels :] if said else ()):
                sizes_of = {sizes[level] for sizes in possible}
                if not text.isdigit() and max(sizes_of) - min(sizes_of) < WIDE:
                    yield f"of {students} students, {said} tells that level {level} has {sorted(sizes_of)}"


def _published(sizes: tuple[int, ...], minimum: int, tables: tuple[Table, ...]) -> tuple[str, ...]:
    students = sum(sizes)
    names, codes = tuple("abcdefg"[: len(sizes)]), np.repeat(np.arange(len(sizes)), sizes)
    members = Members({"year": names}, {"year": codes}, {STUDENTS: np.arange(1, students + 1, dtype=np.uint64)})
    try:
        judged = judge(members, pd.DataFrame(index=range(students)), tables, [], minimum)
    except Withheld:
        return ()
    return tuple(str(row["number"]) if row["mark"] == "rounded" else row["mark"] for row in rows(judged, tables))


def _sizes(students: int, levels: int) -> Iterator[tuple[int, ...]]:
    if levels == 1:
        yield (students,)
    else:
        for first in range(students + 1):
            yield from ((first, *rest) for rest in _sizes(students - first, levels - 1))

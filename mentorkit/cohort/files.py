"""A release as files: its own bytes, one tidy table, a spreadsheet, and the report. Nothing but a release goes in."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from mentorkit.cohort import report
from mentorkit.cohort.disclosure import Published, Release
from mentorkit.cohort.report.reading import Reading
from mentorkit.cohort.spreadsheet import NOT_FOR_EVALUATION, Cell, Table, as_xlsx, codebook_table
from mentorkit.content import Content
from mentorkit.errors import BadFile, NotReady
from mentorkit.interchange.cells import as_csv

COLUMNS: Mapping[str, str] = {
    "table": "the table of the release",
    "group": "which of its rows: column = level; empty for all students of the table",
    "what": "what the number is about, a scale (see the items) and its term; “students” for how many the row "
    "has, also those who did not answer what is asked of them",
    "statistic": "n, mean, sd (standard deviation), low and high (95 % interval), share (percent), figure, verdict",
    "band": "of a share: from which to which score; else empty",
    "published": "what is published: a number, a word, or “withheld”; in CSV an apostrophe stands "
    "before a sign, so that no spreadsheet takes it for a formula",
    "number": "the number alone; empty when it is withheld or a word",
    "mark": "how to read the number: rounded, at most, at least, about, withheld, word",
    "students": "how many students are behind it, about, as far as that may be said",
}
TITLE = "Needs and relationships of a cohort"


def files_of(
    release: Release, content: Content, invited: int | None = None, said: Callable[[str], object] = bool
) -> dict[str, str | bytes]:
    """The files by name; `invited` is how many students were asked. Raises `TypeError` for what is no release.

    Where there can be no `report.pdf`, `said` is given the sentence why: all that it would show is in the page.
    """
    if not isinstance(release, Release):
        raise TypeError("Only a release is written to files: mentorkit.cohort.release makes one.")
    book = codebook_table(content, COLUMNS)
    found: dict[str, str | bytes] = {
        "release.json": release.published(),
        "tables.csv": as_csv(list(COLUMNS), (_cells(one) for one in release.numbers)),
        "codebook.csv": as_csv(book.columns, book.rows),
        "tables.xlsx": _spreadsheet(release, content, invited, book),
        "report.html": report.html(release, content, invited=invited),
    }
    try:
        found["report.pdf"] = report.pdf(release, content, invited=invited)
    except NotReady as refusal:
        said(str(refusal))
    return found


def expect_enough_invited(release: Release, content: Content, invited: int | None) -> None:
    """Raise `BadFile` when surely more students shared scores than are said to have been invited."""
    tables = (table for table in release.tables if table.startswith("needs ") and table.count(" ") == 1)
    said = [one.number for table in tables if (one := release.at(table)) and one.mark == "rounded"]
    if invited and any(number is not None and number - 2 > invited for number in said):
        raise BadFile(content.cohort["invited_few"].format(invited=f"{invited:,}"))


def about(release: Release) -> list[str]:
    """What a release is, a sentence each."""
    name = f" on {release.cohort}" if release.cohort else ""
    return [
        f"Release {release.number}{name}, frozen on {release.on}.",
        *(note for note in release.notes if note != NOT_FOR_EVALUATION),
        f"Digest (SHA-256): {release.digest}",
    ]


def _cells(one: Published) -> tuple[Cell, ...]:
    group = ", ".join(f"{column} = {level}" for column, level in one.group)
    return (one.table, group, one.what, one.statistic, one.band, one.text, one.number, one.mark, one.n)


def _spreadsheet(release: Release, content: Content, invited: int | None, book: Table) -> bytes:
    asked = [content.cohort["invited_alone"].format(invited=f"{invited:,}")] if invited else []
    sentences = [*about(release), *asked]
    return as_xlsx(TITLE, sentences, list(_sheets(release, content)), book)


def _sheets(release: Release, content: Content) -> Iterator[Table]:
    found = Reading(release, content)
    for name, numbers in groupby(release.numbers, key=lambda one: one.table):
        rows = tuple(_cells(one)[1:] for one in numbers)
        yield Table(found.titled(name), f"In tables.csv: {name}. {NOT_FOR_EVALUATION}", tuple(COLUMNS)[1:], rows)

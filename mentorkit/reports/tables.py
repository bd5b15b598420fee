"""Sealed scores as CSV files, with the codebook that says what each column and scale means."""

import csv
import io
from collections.abc import Sequence

from mentorkit.content import Content
from mentorkit.workbook import Workbook

COLUMNS = {
    "term": "the term the scorecard was sealed in, year and season: 2026-fall",
    "mentor": "the mentor's id on this machine (no name); empty for needs",
    "revision": "1 for the first scorecard of the term; a correction has the next number, and only the last is listed",
    "scale": "what is scored; the codebook lists every scale",
    "score": "0 to 100; empty when not scored",
    "answered": "how many parts counted",
    "of": "how many parts there were",
}


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Comma-separated values with a head: ids, numbers and our own words; no text of the student's belongs in it."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return written.getvalue()


def _inert(cell: object) -> object:
    """The cell, never as something that a spreadsheet would run: text starts with a letter or a digit."""
    return f"'{cell}" if isinstance(cell, str) and cell and not cell[0].isalnum() else cell


def scores_csv(workbook: Workbook) -> str:
    """Every sealed score, needs first."""
    return as_csv(list(COLUMNS), [*workbook.score_rows("needs"), *workbook.score_rows("relationship")])


def codebook_csv(workbook: Workbook) -> str:
    """What each column and each scale means."""
    entries = {"column": COLUMNS.items(), "scale": _scales(workbook.content)}
    rows = [(kind, *entry) for kind, found in entries.items() for entry in found]
    return as_csv(["kind", "name", "meaning"], rows)


def _scales(content: Content) -> list[tuple[str, str]]:
    """Every scale by its name, with its meaning."""
    areas = {**{area.id: area.name for area in content.areas.values()}, "own": "the area in the student's own words"}
    means = {"need": "25 × mean of its items", "support": "25 × the rating", "unmet": "max(0, need − support)"}
    families = {"practice": content.practices, "outcome": content.outcomes}
    return [
        *(
            (f"{kind}.{area}", f"{kind}, {name}: {how}, 0–100")
            for kind, how in means.items()
            for area, name in areas.items()
        ),
        *(
            (f"{kind}.{one.id}", f"{kind}, {one.name}: 25 × mean of its items, 0–100")
            for kind, family in families.items()
            for one in family.values()
        ),
        ("practice_index", "the mean of the scored practices, when at least 6 of 8 are, 0–100"),
        ("outcome_index", "the mean of the outcomes, when all 4 are scored, 0–100"),
    ]

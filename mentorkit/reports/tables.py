"""Sealed scores as CSV files, with the codebook that says what each column and scale means."""

import csv
import io
from collections.abc import Sequence

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
    """Comma-separated values with a head. Ids and numbers only: no text of the student's is in it."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue()


def scores_csv(workbook: Workbook) -> str:
    """Every sealed score, needs first."""
    return as_csv(list(COLUMNS), [*workbook.score_rows("needs"), *workbook.score_rows("relationship")])


def codebook_csv(workbook: Workbook) -> str:
    """What each column and each scale means."""
    content = workbook.content
    scales = [(f"need.{a.id}", f"Need, {a.name}: 25 × mean of its items, 0–100") for a in content.areas.values()]
    scales += [(f"support.{a.id}", f"Support now, {a.name}: 25 × the rating, 0–100") for a in content.areas.values()]
    scales += [(f"unmet.{a.id}", f"Unmet need, {a.name}: max(0, need − support)") for a in content.areas.values()]
    scales += [(f"{kind}.own", f"{kind.capitalize()}, the area in the student's own words") for kind in ("need", "support", "unmet")]
    scales += [(f"practice.{p.id}", f"Practice, {p.name}: 25 × mean of its items, 0–100") for p in content.practices.values()]
    scales += [(f"outcome.{p.id}", f"Outcome, {p.name}: 25 × mean of its items, 0–100") for p in content.outcomes.values()]
    scales += [("practice_index", "Mean of the scored practices, at least 6 of 8"), ("outcome_index", "Mean of the outcomes, all 4")]
    rows = [("column", *entry) for entry in COLUMNS.items()] + [("scale", *entry) for entry in scales]
    return as_csv(["kind", "name", "meaning"], rows)

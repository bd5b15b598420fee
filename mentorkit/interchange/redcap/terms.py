"""Of which term a row of a record export is: by its own fields, or by the name of REDCap's event."""

import re

from mentorkit.errors import Unknown
from mentorkit.interchange.redcap.answering import Asked, BadCell, is_missing, short
from mentorkit.interchange.redcap.form import EVENT, Form
from mentorkit.interchange.table import Row
from mentorkit.term import Calendar


def term_of(calendar: Calendar, form: Form, row: Row, season: Asked) -> str | None:
    """The term, or None when nothing says it; raises `BadCell` when what is said is none."""
    year, part = row[form.year], season.chosen(row)
    if is_missing(year, season.missing):
        year = ""
    if not year and part is None:
        return _of_event(calendar, row[EVENT])
    if not year or part is None:
        raise BadCell(form.season if year else form.year, "A term needs both its year and its season.")
    try:
        term = f"{year.removesuffix('.0')}-{part}"
        calendar.key(term)
    except Unknown:
        raise BadCell(form.year, f"“{short(year)}” is not a year such as 2026.") from None
    return term


def _of_event(calendar: Calendar, name: str) -> str | None:
    """The term that an event is named by: `fall_2026_arm_1`, `2026_fall_arm_1`, `Fall 2026 (Arm 1: All)`."""
    plain = re.sub(r"_arm_\d+$|\s*\(arm \d+.*\)$", "", name.strip(), flags=re.IGNORECASE)
    words = re.findall(r"[^\W_]+", plain.lower())
    years = [word for word in words if re.fullmatch(r"[12]\d{3}", word, re.ASCII)]
    seasons = [season.id for season in calendar.seasons if season.id in words]
    if len(years) == len(seasons) == 1:
        return f"{years[0]}-{seasons[0]}"
    try:
        return calendar.parse(" ".join(words)) if words else None
    except Unknown:
        return None

"""Share files of a few or many students, for tests of what is read of them and released about them."""

import json
from pathlib import Path
from typing import Any

from mentorkit.content import load_content

CONTENT = load_content()
BEFORE, AFTER = "2026-spring", "2026-fall"


def number(student: int, term: str = "") -> str:
    """Random numbers are 32 hexadecimal digits; these are told by the student and term."""
    return f"{student:04x}{sum(map(ord, term)):04x}" + 24 * "0"


def relationship(practice: float | None = 50.0, outcome: float | None = 60.0, kind: str = "peer") -> dict[str, Any]:
    return {
        "mentor_type": kind,
        "form": "full",
        "practices": dict.fromkeys(CONTENT.practices, practice),
        "outcomes": dict.fromkeys(CONTENT.outcomes, outcome),
        "practice_index": practice,
        "outcome_index": outcome,
    }


def share(of: int, term: str = AFTER, *met: dict[str, Any], need: float = 70.0, **other: Any) -> dict[str, Any]:
    part = {"need": need, "support": 40.0, "unmet": max(0.0, need - 40.0)}
    return {
        "schema": "mentorkit-share/1",
        "id": number(of, term),
        "student": number(of),
        "term": term,
        "class_year": "m2",
        "content": "needs/1 relationship/1",
        "needs": dict.fromkeys(CONTENT.areas, part),
        "relationships": list(met),
        **other,
    }


def put(folder: Path, *handed: dict[str, Any], start: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    for place, one in enumerate(handed, start):
        (folder / f"{place:04d}.json").write_text(json.dumps(one), "utf-8")
    return folder


def rated_twice() -> None:
    """Two folders of shares here: sixty students rated one relationship in the first week and in the third."""
    for folder, shift in (("first-week", 0.0), ("third-week", 6.0)):
        rated = [20.0 + n + shift * (-1) ** n for n in range(60)]
        put(Path(folder), *(share(n, AFTER, relationship(score, score)) for n, score in enumerate(rated)))

"""A small release of made-up numbers, to see reports of: one row a student, some areas, practices and outcomes."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from mentorkit.cohort.disclosure import Ledger, Mean, Release, Shares, Table, Verdict, publish

TERMS = ("2025-fall", "2026-spring", "2026-fall")
PAIR = TERMS[1:]
AREAS = ("academic", "clinical", "career", "professional", "emotional", "networking", "research")
SCALES = ("practice_index", "practice.prepared", "practice.feedback", "outcome_index", "outcome.trust")
INDICES = ("practice_index", "outcome_index")
BANDS, EDGES = ("0 to 39", "40 to 59", "60 to 79", "80 to 100"), (0, 40, 60, 80, 100)
VERDICTS = ("detectable rise", "detectable fall", "no detectable change")
MOVED = {"practice_index": 9, "practice.feedback": 12, "unmet.career": -8}


def members(students: int = 160, seed: int = 4, years: tuple[str, ...] = ("m1", "m2", "m3", "m4")) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"student": [f"s{n}" for n in range(students)], "class_year": rng.choice(years, students)})
    answered = rng.random((students, len(TERMS))) > 0.15
    for place, area in enumerate(AREAS):
        for part, level in (("need", 45 + 4 * place), ("support", 30), ("unmet", 15 + 5 * place)):
            own = rng.normal(level, 15, students)
            for term, there in zip(TERMS, answered.T, strict=True):
                moved = MOVED.get(f"{part}.{area}", 0) * (term == TERMS[-1])
                frame[f"{part}.{area} {term}"] = _scores(rng, own + moved, there)
    for place, scale in enumerate(SCALES):
        own = rng.normal(55 + 4 * place, 14, students)
        for term, there in zip(TERMS, answered.T, strict=True):
            frame[f"{scale} {term}"] = _scores(rng, own + MOVED.get(scale, 0) * (term == TERMS[-1]), there)
    for scale in (*SCALES, *(f"unmet.{area}" for area in AREAS)):
        frame[f"{scale} {' to '.join(PAIR)}"] = frame[f"{scale} {PAIR[1]}"] - frame[f"{scale} {PAIR[0]}"]
    for term, there in zip(TERMS, answered.T, strict=True):
        frame[f"answered {term}"] = np.where(there, "yes", "no")
    earlier, later = answered[:, 1], answered[:, 2]
    names = np.where(
        earlier, np.where(later, "both terms", "earlier only"), np.where(later, "later only", "other terms only")
    )
    frame["part"] = names
    return frame


def _scores(rng: np.random.Generator, level: np.ndarray, there: np.ndarray) -> np.ndarray:
    return np.where(there, np.clip(level + rng.normal(0, 6, len(level)), 0, 100), np.nan)


def tables(terms: tuple[str, ...] = PAIR) -> list[Table]:
    """Called and laid out as those of `mentorkit cohort`."""
    name, among = " to ".join(PAIR), (("part", "both terms"),)
    changes, words = zip(*(_change(scale) for scale in _changing()), strict=True)
    found = [Table(f"change {name}", (), changes, among), Table(f"change words {name}", (), words, among)]
    for term in terms:
        there = ((f"answered {term}", "yes"),)
        needs = tuple(Mean(f"{part}.{area} {term}") for part in ("need", "support", "unmet") for area in AREAS)
        found.append(Table(f"needs {term}", (), needs, there))
        found.append(Table(f"practices {term}", (), tuple(Mean(f"{scale} {term}") for scale in SCALES), there))
        found.append(Table(f"answers {term}", (), tuple(Shares(f"{s} {term}", BANDS, EDGES) for s in SCALES), there))
        found.append(Table(f"needs {term} by class_year", ("class_year",), needs, there, total=False))
        both = tuple(Mean(f"{index} {term}") for index in INDICES)
        found.append(Table(f"practices {term} by class_year", ("class_year",), both, there, total=False))
    moved = tuple(_change(index)[0] for index in INDICES)
    found.append(Table(f"change {name} by class_year", ("class_year",), moved, among, total=False))
    found += [
        Table(f"trajectory {term}", (), tuple(Mean(f"{index} {term}") for index in INDICES), ()) for term in TERMS
    ]
    return [*found, Table("part", ("part",))]


def _changing() -> list[str]:
    return [*SCALES, *(f"unmet.{area}" for area in AREAS)]


def _change(scale: str) -> tuple[Mean, Verdict]:
    before, after = (f"{scale} {term}" for term in PAIR)
    name = f"{scale} {' to '.join(PAIR)}"
    mean = Mean(name, low=-100, high=100, interval=True, change=(after, before))
    return mean, Verdict(name, lambda rows: _word(rows[name].mean()), VERDICTS)


def _word(change: float) -> str:
    rise, fall, none = VERDICTS
    return none if abs(change) < 4 else rise if change > 0 else fall


def release(folder: Path, students: int = 160, cohort: str = "Class of 2029", **more: object) -> Release:
    frame = members(students, **more)
    return publish(frame, tables(), ledger=Ledger(folder / "ledger"), cohort=cohort, on=date(2026, 12, 18))

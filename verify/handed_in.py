"""Shares of made-up students, and what a programme releases on them semester after semester."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from mentorkit.cohort.handing import rows_of
from mentorkit.cohort.members import members_of
from mentorkit.cohort.questions import tables
from mentorkit.cohort.score_rows import KINDS, SCORES, ScoreRow
from mentorkit.cohort.simulation import Model, draw
from mentorkit.cohort.simulation.writing import shares
from mentorkit.content import load_content
from mentorkit.sharing import read_handed_in
from verify.cohorts import Asked

TERMS = ("2026-spring", "2026-fall", "2027-spring")
GROUPINGS = ((), ("class_year",), ("mentor_type",), ("class_year", "mentor_type"))


def releases(rng: random.Random, minimum: int) -> Iterator[Asked]:
    """One to three releases of one cohort, as `mentorkit cohort` asks for them; some hand in late, or take it back."""
    scores = _scores(rng)
    gone: set[str] = set()
    for number in range(rng.choice((1, 2, 2, 3))):
        known = TERMS[: min(number + 2, 3)]
        given = scores[~scores["student"].isin(gone)]
        terms = rng.choice(((known[-1],), known[-2:], known[-2:], known[:2]))
        given = given[given["term"].isin(known)]
        if not set(terms) <= set(given["term"]):
            continue
        frame, cohort = members_of(given, terms, rng.choice(GROUPINGS), load_content(), minimum)
        yield Asked(frame, tuple(tables(cohort)))
        students = sorted(set(scores["student"]))
        gone = set(rng.sample(students, min(len(students) - 3, rng.choice((0, 0, 1, 2, 5, 9, 12)))))


def _scores(rng: random.Random) -> pd.DataFrame:
    content, own = load_content(), np.random.default_rng(rng.getrandbits(32))
    model = replace(Model(), leaving=rng.choice((0.0, 0.08, 0.3)), absent=rng.choice((0.0, 0.04, 0.2)))
    students = rng.choice((rng.randint(10, 40), rng.randint(30, 110)))
    rows: list[ScoreRow] = []
    for drawn in draw(students, TERMS, rng.getrandbits(32), model, content):
        for share in shares(drawn, own, model, content):
            read = read_handed_in(json.dumps(share).encode())
            rows += rows_of(read, content)
    return pd.DataFrame(rows, columns=list(SCORES)).astype(KINDS)

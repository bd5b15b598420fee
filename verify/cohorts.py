"""Made-up cohorts for the attack on releases: odd sizes, empty groups, equal answers, students who come and go."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mentorkit.cohort.disclosure import Mean, Shares, Table

LOW_HIGH = Shares("after", ("low", "middle", "high"), (0.0, 40.0, 60.0, 100.0))
MEANS = (Mean("before"), Mean("after", interval=True))
CHANGE = Mean("change", -100.0, 100.0, interval=True, change=("after", "before"))


@dataclass(frozen=True)
class Asked:
    """One release asked for: the students as they were then, and the tables."""

    frame: pd.DataFrame
    tables: tuple[Table, ...]


def minimum_of(rng: random.Random) -> int:
    """Mostly the usual one."""
    return rng.choice((10, 10, 10, 10, 12, 15, 7, 5))


def questions(rng: random.Random) -> Iterator[Asked]:
    """One to three releases of one cohort."""
    frame = _frame(rng, rng.choice((rng.randint(8, 40), rng.randint(30, 70), rng.randint(60, 120))))
    for _ in range(rng.choice((1, 2, 2, 3))):
        yield Asked(frame.copy(), tuple(_tables(rng)))
        if rng.random() < 0.7:
            frame = _moved(rng, frame)


def _frame(rng: random.Random, students: int) -> pd.DataFrame:
    answers = np.random.default_rng(rng.getrandbits(32))
    frame = pd.DataFrame({"student": [f"s{rng.getrandbits(40):010x}" for _ in range(students)]})
    frame["year"] = _levels(rng, students, rng.randint(2, 5), "y")
    frame["type"] = _levels(rng, students, rng.randint(2, 4), "t")
    kind = rng.choice(("usual", "usual", "alike", "ends", "by year"))
    middle = {"usual": 55.0, "alike": 50.0, "ends": 50.0, "by year": 0.0}[kind]
    spread = {"usual": 20.0, "alike": 0.0, "ends": 90.0, "by year": 5.0}[kind]
    centre = middle + (frame["year"].str[1:].astype(int) * 22.0 if kind == "by year" else 0.0)
    for column, rise in (("before", 0.0), ("after", rng.choice((0.0, 8.0)))):
        answer = np.clip(centre + rise + answers.normal(0, spread, students), 0, 100).round(1)
        frame[column] = np.where(answers.random(students) < rng.choice((0.0, 0.05, 0.3)), np.nan, answer)
    return _derived(frame)


def _derived(frame: pd.DataFrame) -> pd.DataFrame:
    frame["change"] = frame["after"] - frame["before"]
    frame["paired"] = np.where(frame["change"].notna(), "yes", "no")
    return frame.reset_index(drop=True)


def _levels(rng: random.Random, students: int, levels: int, letter: str) -> list[str]:
    weights = [rng.choice((1.0, 1.0, 1.0, 0.1, 0.4)) for _ in range(levels)]
    return [f"{letter}{rng.choices(range(levels), weights)[0]}" for _ in range(students)]


def _tables(rng: random.Random) -> Iterator[Table]:
    asks = rng.choice(((), MEANS, MEANS, (*MEANS, CHANGE), (*MEANS, LOW_HIGH), (CHANGE,), (LOW_HIGH,)))
    among = rng.choice(((), (), (), (("paired", "yes"),)))
    ways = ((), ("year",), ("type",), ("paired",), ("year", "type"))
    for number, by in enumerate(rng.sample(ways, rng.randint(1, 3))):
        only = among if rng.random() < 0.5 and "paired" not in by else ()
        yield Table(f"table {number}", by, asks, only, total=rng.random() < 0.8)


def _moved(rng: random.Random, frame: pd.DataFrame) -> pd.DataFrame:
    """Some leave, some join, some answer anew: seldom enough of them."""
    few = (0, 1, 1, 2, 5, 9, 10, 14)
    left = frame.sample(frac=1, random_state=rng.getrandbits(32)).iloc[min(rng.choice((0, 0, *few)), len(frame) - 3) :]
    joined = _frame(rng, 30).iloc[: rng.choice(few)]
    joined = joined.assign(year=rng.choice(frame["year"].tolist())) if rng.random() < 0.4 else joined
    together = pd.concat([left, joined], ignore_index=True)
    for place in rng.sample(range(len(together)), min(len(together), rng.choice((0, 0, 1, 3, 12)))):
        together.loc[place, "after"] = float(rng.randint(0, 100))
    return _derived(together)

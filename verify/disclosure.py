"""An advisor publishes about made-up cohorts, release after release, and somebody tries to see a few students in it."""

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from mentorkit.cohort.disclosure import Ledger, counting, publish, publishing, rules
from mentorkit.cohort.disclosure.summing import Sums
from mentorkit.errors import Withheld
from verify.attacker import Seen, Untrue, answers_found, said_of_few, sizes_found, too_alike
from verify.campaign import Build, Campaign, Outcome, progress
from verify.cohorts import minimum_of, questions
from verify.handed_in import releases
from verify.patterns import told_by_the_pattern
from verify.shares import shares_found

PATTERNS = 500  # one cohort of so many comes with all tables of its size
HANDED_IN = 100  # one of so many is a programme that releases what its students handed in
SPREADS = 25  # one of so many is attacked by way of the standard deviations too
TOGETHER = 25  # trials that one process plays at a time


def one_cohort(seed: int) -> tuple[Counter[str], list[str]]:
    """Publish what is asked of one cohort, and attack all of it together."""
    rng = random.Random(seed)
    minimum, history, counts, broken = minimum_of(rng), [], Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.jsonl")
        for asked in releases(rng, minimum) if seed % HANDED_IN == 0 else questions(rng):
            counts["releases asked for"] += 1
            try:
                release = publish(asked.frame, asked.tables, ledger=ledger, minimum=minimum)
            except Withheld:
                counts["refused"] += 1
                continue
            history.append(Seen(release, asked.tables, asked.frame))
            counts["numbers"] += len(release.numbers)
            counts["withheld"] += release.withheld
            broken += [f"cohort {seed}: {what}" for what in said_of_few(history[-1])]
    if seed % PATTERNS == 0:
        broken += told_by_the_pattern(rng.randint(12, 40), rng.choice((2, 2, 3)), 10)
    if history:
        try:
            spreads = seed % SPREADS == 0 and seed % HANDED_IN != 0  # of so many answers that would take hours
            broken += [f"cohort {seed}: {what}" for what in found(history, spreads)]
        except Untrue as error:
            broken.append(f"cohort {seed}: {error}")
    return counts, broken


def found(history: list[Seen], spreads: bool = False) -> Iterator[str]:
    """All that the attacker finds in the releases of one cohort together."""
    yield from shares_found(history)
    yield from too_alike(history)
    yield from sizes_found(history)
    yield from answers_found(history, spreads)


def _some(seeds: Iterable[int], worse: str) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    broken: list[str] = []
    with ExitStack() as patches:
        for patched in WORSE[worse]() if worse else ():
            patches.enter_context(patched)
        for seed in seeds:
            more, wrong = one_cohort(seed)
            counts.update(more)
            broken += wrong
    return counts, broken


def _play(worse: str, times: int, seed: int) -> Outcome:
    outcome = Outcome(times)
    parts = [range(start, min(start + TOGETHER, times)) for start in range(0, times, TOGETHER)]
    seeds = [[seed * 10_000_019 + trial for trial in part] for part in parts]
    if times <= TOGETHER:
        answers: Iterable[tuple[Counter[str], list[str]]] = map(partial(_some, worse=worse), seeds)
        _gather(outcome, answers, 1)
    else:
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
            _gather(outcome, pool.map(partial(_some, worse=worse), seeds), len(seeds))
    return outcome


def _gather(outcome: Outcome, answers: Iterable[tuple[Counter[str], list[str]]], parts: int) -> None:
    every = iter(answers)
    for _ in progress(range(parts), parts):
        counts, broken = next(every)
        outcome.counts.update(counts)
        outcome.broken += broken


def _only_nobody(board: rules.Board, minimum: int) -> None:
    _no_complement(board, 2)


def _no_complement(board: rules.Board, minimum: int) -> None:
    for place in board.ours:
        if board.sizes[place] < minimum:
            board.hide(place)


WORSE = {
    "only nobody is withheld": lambda: [patch.object(rules, "settle", _only_nobody), *_no_audit()],
    "no complementary suppression": lambda: [
        patch.object(rules, "settle", _no_complement),
        patch.object(counting, "settle", _no_complement),
        *_no_audit(),
    ],
    "no audit": lambda: _no_audit(),
    "every release is the first": lambda: [patch.object(publishing, "related", lambda entries, members: [])],
}


def _no_audit() -> list[object]:
    return [patch.object(counting, "audit"), patch.object(Sums, "narrow", lambda sums: None)]


def _worse(name: str) -> Build:
    return partial(_play, name)


CAMPAIGN = Campaign(
    "disclosure",
    "can anybody see a few students in what was published about a cohort, release after release?",
    10_000,
    partial(_play, ""),
    {name: _worse(name) for name in WORSE},
    worse_times=200,
)

"""What a campaign is, and how its block of figures is printed."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a build did in a number of trials: counts by what happened, and each broken promise in a sentence."""

    trials: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def figures(self) -> str:
        return ", ".join(f"{count:,} {what}" for what, count in self.counts.items()) or "nothing to count"


Build = Callable[[int, int], Outcome]
"""Plays a number of trials from a seed."""


@dataclass(frozen=True)
class Campaign:
    """One way to lose an answer: the build that is shipped, and builds in which the loss must be seen."""

    name: str
    question: str
    times: int  # trials of a full run
    ours: Build
    worse: dict[str, Build]
    worse_times: int = 20  # trials that are surely enough to see the least bad of the worse builds fail
    left_out: Callable[[], str | None] = lambda: None  # why it cannot be played on this machine

    def run(self, times: int | None, seed: int) -> bool:
        """Print the block; return whether ours kept every promise and every worse build was seen to break one."""
        trials = times or self.times
        print(f"\n{self.name}: {self.question}", flush=True)
        if why := self.left_out():
            print(f"  left out: {why}.", flush=True)
            return True
        kept = _play("ours", self.ours, trials, seed, must_hold=True)
        few = max(self.worse_times, trials // 10)
        return all([kept, *(_play(name, build, few, seed, must_hold=False) for name, build in self.worse.items())])


def progress(trials: Iterable[int], total: int) -> Iterator[int]:
    """The trials, with a line that counts them on a terminal."""
    shown = sys.stderr.isatty()
    for done, trial in enumerate(trials):
        if shown and done % max(1, total // 100) == 0:
            print(f"\r    {done:,} of {total:,}", end="", file=sys.stderr, flush=True)
        yield trial
    if shown:
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)


def _play(name: str, build: Build, trials: int, seed: int, must_hold: bool) -> bool:
    start = time.perf_counter()
    outcome = build(trials, seed)
    seconds = time.perf_counter() - start
    good = not outcome.broken if must_hold else bool(outcome.broken)
    verdict = "ok" if good else "FAILED" if must_hold else "FAILED: the worse build was not found out"
    print(f"  {name}: {outcome.trials:,} trials, {len(outcome.broken):,} broken promises, {seconds:.0f} s: {verdict}")
    print(f"    {outcome.figures()}")
    for sentence in outcome.broken[: 5 if must_hold else 1]:
        print(f"    {'broken' if must_hold else 'seen, as it must be'}: {sentence}", flush=True)
    return good

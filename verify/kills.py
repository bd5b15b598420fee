"""kill -9 at any moment of opening, saving and backing up."""

import os
import random
import select
import shutil
import signal
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

from mentorkit.errors import MentorkitError
from mentorkit.store import Store, back_up, find_home
from verify.campaign import Campaign, Outcome, progress
from verify.sample import groups, records, what_is_wrong

KILLS_A_HOME = 20  # then a new one, so that the making of the file is killed too
Save = Callable[[Store, int, int, Callable[[int], None]], None]


def save_then_say(store: Store, first: int, last: int, say: Callable[[int], None]) -> None:
    store.append(*records(first, last))
    say(last)


def say_then_save(store: Store, first: int, last: int, say: Callable[[int], None]) -> None:
    say(last)
    store.append(*records(first, last))


def save_one_by_one(store: Store, first: int, last: int, say: Callable[[int], None]) -> None:
    for record in records(first, last):
        store.append(record)
    say(last)


def play(save: Save, times: int, seed: int) -> Outcome:
    """Kill a student's process `times` times, and look each time at what is there afterwards."""
    rng, outcome = random.Random(seed), Outcome(trials=times)
    with tempfile.TemporaryDirectory(prefix="mentorkit-kills-") as homes:
        acknowledged = 0
        for trial in progress(range(times), times):
            folder = Path(homes) / str(trial // KILLS_A_HOME)
            if not folder.exists():
                acknowledged = 0
            acknowledged = max(acknowledged, _killed(save, folder, rng, outcome))
            wrong = _look(folder, acknowledged, outcome)
            if wrong:
                outcome.broken.append(f"kill {trial + 1}: {wrong}")
                shutil.rmtree(folder)
    return outcome


def _killed(save: Save, folder: Path, rng: random.Random, outcome: Outcome) -> int:
    """Start a process that saves, kill it, and return the last place that it acknowledged (0: none)."""
    hear, tell = os.pipe()
    child = os.fork()
    if not child:
        _live(save, folder, tell)
    os.close(tell)
    heard = b""
    for _ in range(rng.randrange(12)):
        heard += os.read(hear, 4)
    select.select([], [], [], rng.random() * 0.004)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while more := os.read(hear, 4096):
        heard += more
    os.close(hear)
    if not os.WIFSIGNALED(status):
        outcome.broken.append("the process failed before it was killed")
    outcome.counts["acknowledged saves"] += len(heard) // 4
    outcome.counts["killed before the first save"] += not heard
    return struct.unpack("<I", heard[-4:])[0] if heard else 0


def _live(save: Save, folder: Path, tell: int) -> None:
    try:
        home = find_home(folder)
        store = Store(home.records)
        for number, (first, last) in enumerate(groups()):
            if first > len(store.records):
                save(store, first, last, lambda place: os.write(tell, struct.pack("<I", place)) and None)
                if number % 10 == 0:
                    back_up(home, store)
    finally:
        os._exit(1)


def _look(folder: Path, acknowledged: int, outcome: Outcome) -> str | None:
    home = find_home(folder)
    hot = home.records.with_name(f"{home.records.name}-journal")
    outcome.counts["journals to roll back"] += hot.exists() and hot.stat().st_size > 0
    try:
        store = Store(home.records)
    except MentorkitError as error:
        return f"the file is refused: {error}"
    store.close()
    return what_is_wrong(store.records, acknowledged)


CAMPAIGN = Campaign(
    "kill",
    "is anything lost when the process is killed (kill -9) at any moment?",
    1000,
    lambda times, seed: play(save_then_say, times, seed),
    {
        "worse: says “saved” before it saves": lambda times, seed: play(say_then_save, times, seed),
        "worse: no transaction around several records": lambda times, seed: play(save_one_by_one, times, seed),
    },
    worse_times=200,
)

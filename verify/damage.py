"""Bits flipped and files cut short: what is shown is right, or nothing is shown; then `restore` brings it back."""

import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from mentorkit.errors import Damaged, ForeignFile, MentorkitError, NewerFile, NotSaved
from mentorkit.store import RECORD, AnyRecord, Home, Store, back_up, find_home, restore, sqlite
from mentorkit.store.row import Row
from verify.campaign import Campaign, Outcome, progress
from verify.sample import records, scratch

RECORDS, BACKED_UP = 150, 110
TURN, CUTS = 23, 3  # of 23 trials 3 cut the file short, the others flip a bit


def play(times: int, seed: int) -> Outcome:
    """Damage a file `times` times; open it, save to it or restore it."""
    rng, outcome = random.Random(seed), Outcome(trials=times)
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        whole = _a_home(Path(folder) / "whole")
        for trial in progress(range(times), times):
            cut = trial % TURN >= TURN - CUTS
            wrong = _trial(whole, Path(folder) / "damaged", rng, cut, outcome)
            if wrong:
                outcome.broken.append(f"damage {trial + 1}: {wrong}")
    return outcome


def play_without_hashes(times: int, seed: int) -> Outcome:
    """Worse: whatever can be parsed is believed."""

    def believed(row: Row) -> AnyRecord | None:
        return RECORD.validate_json(row[3])

    with patch.object(sqlite, "verified", believed):
        return play(times, seed)


def _a_home(folder: Path) -> Home:
    home = find_home(folder)
    store = Store(home.records)
    for place in range(1, RECORDS + 1):
        store.append(*records(place, place))
        if place == BACKED_UP:
            back_up(home, store)
    store.close()
    return home


def _trial(whole: Home, folder: Path, rng: random.Random, cut: bool, outcome: Outcome) -> str | None:
    home = Home(folder)
    shutil.copytree(whole.path, folder)
    try:
        content, what = _damaged(whole.records.read_bytes(), rng, cut)
        home.records.write_bytes(content)
        found = _opened(home, outcome)
        if found is None:
            return _restored(home, content, what, outcome)
        return None if found == records(1, RECORDS) else f"{what}: {len(found)} records are shown as good, not all are"
    except MentorkitError as error:
        return f"{what}: {type(error).__name__}: {error}"
    finally:
        shutil.rmtree(folder)


def _damaged(content: bytes, rng: random.Random, cut: bool) -> tuple[bytes, str]:
    if cut:
        size = rng.choice((rng.randrange(len(content)), rng.randrange(len(content) // 4096) * 4096))
        return content[:size], f"cut to {size} bytes"
    bit = rng.randrange(len(content) * 8)
    flipped = bytearray(content)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped), f"bit {bit % 8} of byte {bit // 8} flipped"


def _opened(home: Home, outcome: Outcome) -> list[AnyRecord] | None:
    """What is shown, also after one more save; None when the file is refused."""
    try:
        store = Store(home.records)
    except (Damaged, ForeignFile, NewerFile, NotSaved) as error:
        outcome.counts[f"refused as {type(error).__name__}"] += 1
        return None
    outcome.counts["shown, all of it right"] += 1
    shown = store.records[:]
    if shown == records(1, RECORDS):
        try:
            store.append(*records(RECORDS + 1, RECORDS + 1))
            store.close()
            shown = Store(home.records).records[:-1]
        except (Damaged, NotSaved):
            store.close()
            outcome.counts["of these, not writable and told so"] += 1
    return shown


def _restored(home: Home, content: bytes, what: str, outcome: Outcome) -> str | None:
    result = restore(home)
    back = Store(home.records)
    back.close()
    if not result.set_aside or result.set_aside.read_bytes() != content:
        return f"{what}: the damaged file was not set aside as it was"
    if back.records[:BACKED_UP] != records(1, BACKED_UP):
        return f"{what}: not all of the backup came back"
    genuine = Counter(map(_essence, records(BACKED_UP + 1, RECORDS)))
    if Counter(map(_essence, back.records[BACKED_UP:])) - genuine:
        return f"{what}: a restored record is not one that was ever saved"
    kind = "cut short" if what.startswith("cut") else "with a flipped bit"
    outcome.counts[f"records in no backup, in files {kind}"] += RECORDS - BACKED_UP
    outcome.counts[f"of those brought back from the files {kind}"] += result.salvaged
    return None


def _essence(record: AnyRecord) -> str:
    return record.model_copy(update={"revision": 1}).model_dump_json()


CAMPAIGN = Campaign(
    "damage",
    "is damaged data ever shown as good, and does a restore bring back the backup and all that verifies?",
    2300,
    play,
    {"worse: the hash of a row is not checked": play_without_hashes},
)

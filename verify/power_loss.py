"""The power goes at any operation on the disk; also again while SQLite recovers, and after the process was killed."""

import random
import tempfile
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from mentorkit.errors import MentorkitError
from mentorkit.store import Store, sqlite
from verify.campaign import Campaign, Outcome, progress
from verify.frail_disk import FrailDisk, PowerCut
from verify.sample import groups, records, scratch, what_is_wrong

SAVES = 14  # groups of records saved in one life of the process
NAME = "mentorkit.sqlite"


def play(times: int, seed: int, settings: dict[str, object] | None = None, syncs_on_opening: bool = True) -> Outcome:
    """Cut the power `times` times or more, and look each time at what is there afterwards."""
    outcome = Outcome(trials=times)
    with patch.dict(sqlite.SAFE, settings or {}), tempfile.TemporaryDirectory(dir=scratch()) as folder:
        machine = Machine(Path(folder), syncs_on_opening)
        for trial in progress(range(times), times):
            wrong = machine.trial(random.Random(seed * 1_000_003 + trial), outcome)
            if wrong:
                outcome.broken.append(f"cut {trial + 1}: {wrong}")
    return outcome


class Machine:
    """A student's computer with a frail disk."""

    def __init__(self, folder: Path, syncs_on_opening: bool):
        self.folder, self.syncs_on_opening = folder, syncs_on_opening
        (folder / NAME).write_bytes(b"-")  # the store looks whether its file is there; its content is on the frail disk
        whole = FrailDisk({}, random.Random(0))
        self.live(whole)
        self.operations = whole.operations

    def trial(self, rng: random.Random, outcome: Outcome) -> str | None:
        """One to three lives that end with a power cut; a sentence when a promise was broken."""
        files: dict[str, bytes] = {}
        shown = 0
        for life in range(rng.choice((1, 1, 2, 3))):
            latest = self.operations // (4 if life else 1)
            disk = FrailDisk(files, rng, rng.randrange(1, latest), rng.choice((0, 0, rng.randrange(1, latest))))
            try:
                shown = max(shown, self.live(disk), self.live(disk) if disk.kill_at else 0)
            except MentorkitError as error:
                return f"the file is refused after a power cut: {error}"
            files = disk.after_the_cut()
            outcome.counts["power cuts"] += 1
        outcome.counts["acknowledged records"] += shown
        outcome.counts["journals to roll back"] += bool(files.get(str(self.folder / f"{NAME}-journal")))
        return self.look(files, shown)

    def live(self, disk: FrailDisk) -> int:
        """Open and save until the power goes or the process is killed; the last place that was shown as saved."""
        shown, disk.dead = 0, disk.operations == disk.cut_at > 0
        synced = disk.sync if self.syncs_on_opening else (lambda path: None)
        with patch.multiple(sqlite, sync_folder=synced, sync_file=synced), suppress(PowerCut):
            store = Store(self.folder / NAME, disk.connect)
            shown = before = len(store.records)
            for first, last in groups():
                if first > before + SAVES:
                    break
                if first > before:
                    store.append(*records(first, last))
                    shown = last
        disk.dead = True
        return shown

    def look(self, files: dict[str, bytes], shown: int) -> str | None:
        """Open what the disk kept with the SQLite that students have, and save once more."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            for name, content in files.items():
                Path(folder, Path(name).name).write_bytes(content)
            try:
                store = Store(Path(folder) / NAME)
                wrong = what_is_wrong(store.records, shown)
                if not wrong:
                    place = len(store.records) + 1
                    store.append(*records(place, place))
                store.close()
            except MentorkitError as error:
                return f"the file is refused after a power cut: {error}"
        return wrong


CAMPAIGN = Campaign(
    "power-loss",
    "is anything lost or torn when the power goes, and the disk forgets or tears what was not synced?",
    5000,
    play,
    {
        "worse: SQLite's default (DELETE, FULL)": lambda times, seed: play(
            times, seed, {"journal_mode": "delete", "synchronous": 2}
        ),
        "worse: synchronous NORMAL": lambda times, seed: play(times, seed, {"synchronous": 1}),
        "worse: synchronous OFF": lambda times, seed: play(times, seed, {"synchronous": 0}),
        "worse: opening trusts what a killed process left unsynced": lambda times, seed: play(
            times, seed, syncs_on_opening=False
        ),
    },
    worse_times=2000,
)

"""An I/O error and a full disk at every single operation of opening, saving, sealing and backing up."""

import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from itertools import product

from mentorkit.errors import MentorkitError, NotSaved
from mentorkit.store import AnyRecord, Home, Stale, Store, back_up, find_home
from verify.campaign import Campaign, Outcome, progress
from verify.faulty_disk import FaultyDisk
from verify.sample import ends, groups, records, scratch, what_is_wrong

KINDS = tuple(product((True, False), (False, True)))  # full or failing, once or until it is mended


class Careless(Store):
    """Worse: an error is swallowed."""

    def append(self, *saved: AnyRecord) -> None:
        try:
            super().append(*saved)
        except NotSaved:
            self._remember(saved)


class Forgetful(Store):
    """Worse: what SQLite says is passed on as it is."""

    def _speaking(self):  # type: ignore[no-untyped-def]
        return nullcontext()


def play(times: int, seed: int, store: type[Store] = Store) -> Outcome:
    """Let each operation fail in each way; `times` bounds the number of saves in the sequence that is played."""
    outcome = Outcome()
    saves = max(3, min(times, 60))
    whole = FaultyDisk()
    Student(whole, saves, store).plays(outcome)
    trials = [(at, full, lasting) for full, lasting in KINDS for at in range(1, whole.operations + 1)]
    for trial in progress(range(len(trials)), len(trials)):
        disk = FaultyDisk(*trials[trial])
        wrong = Student(disk, saves, store).plays(outcome)
        outcome.trials += 1
        outcome.counts["operations that failed"] += len(disk.failed)
        if wrong:
            outcome.broken.append(f"operation {trials[trial]} ({', '.join(disk.failed[:2])}): {wrong}")
    return outcome


class Student:
    """Plays one sequence on a faulty disk, and does after an error what the workbook does."""

    def __init__(self, disk: FaultyDisk, saves: int, kind: type[Store]):
        self.disk, self.saves, self.kind = disk, saves, kind
        self.acknowledged = 0
        self.told = 0

    def plays(self, outcome: Outcome) -> str | None:
        """A sentence when a promise was broken."""
        with tempfile.TemporaryDirectory(dir=scratch()) as folder, self.disk.below():
            home = find_home(folder)
            try:
                self._work(home)
            except Exception as error:
                return f"{type(error).__name__} instead of a sentence: {error}"
            finally:
                outcome.counts["times the student was told"] += self.told
            self.disk.recover()
            return self._look(home)

    def _work(self, home: Home) -> None:
        store = self._try(lambda: self.kind(home.records, self.disk.connect))
        for number, (first, last) in enumerate(groups(), start=1):
            if number > self.saves:
                break
            self._try(lambda first=first, last=last: self._save(store, first, last))
            self.acknowledged = last
            if number == self.saves // 2:
                self._try(lambda: back_up(home, store, insist=True))
        self._try(store.refresh)
        store.close()

    def _save(self, store: Store, first: int, last: int) -> None:
        try:
            store.append(*records(first, last))
        except Stale:  # the failed save had reached the disk after all
            store.refresh()
            if store.records[first - 1 :] != records(first, last):
                raise

    def _try(self, step: Callable[[], object]) -> object:
        """One step; when it is refused, the fault is mended and the step must work."""
        try:
            return step()
        except NotSaved as error:
            self.told += 1
            if not str(error).endswith(".") or "\n" in str(error):
                raise AssertionError(f"this is not a sentence: {error}") from error
            if self.disk.lasting:
                self.disk.recover()
            return step()

    def _look(self, home: Home) -> str | None:
        try:
            store = Store(home.records)
            store.close()
            copies = [Store(path) for path in home.found_backups()]
        except MentorkitError as error:
            return f"a file is refused: {error}"
        if len(copies) != 1 or not copies[0].records or len(copies[0].records) not in ends(len(store.records)):
            return "the backup is not whole"
        return what_is_wrong(store.records, self.acknowledged)


CAMPAIGN = Campaign(
    "fault",
    "is a save that failed (I/O error, disk full, at every operation) always told, and does the next one work?",
    25,
    play,
    {
        "worse: an error is swallowed": lambda times, seed: play(3, seed, Careless),
        "worse: errors are not translated": lambda times, seed: play(3, seed, Forgetful),
    },
)

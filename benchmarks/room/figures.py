"""What was measured of each app, as plain values that a file can keep."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.insides import percentile
from benchmarks.machine import Machine


@dataclass(frozen=True)
class Visit:
    """One visit with a browser; seconds, megabytes."""

    answered: float  # from the join code or, where there is none, the navigation, until an answer was acknowledged
    joined: float  # of which from the join code to the session
    megabytes: float
    requests: int


@dataclass(frozen=True)
class Crowd:
    """A number of visitors at once, without browsers."""

    size: int
    at_work: list[float]  # seconds from the start, for each who had an answer acknowledged
    why: str  # why not all were; empty when all were
    turned_away: int  # how often somebody had to load the page again
    trouble: str  # what was said then
    cpu: float  # seconds of the server and its children until all were at work
    before: float  # megabytes of the server and its children with one visitor who came before
    megabytes: float  # with all at work
    taken: list[float]  # seconds from when an answer was due until it was acknowledged
    asked: int  # how many answers were due

    @property
    def fits(self) -> bool:
        """Whether all were at work."""
        return not self.why

    @property
    def cpu_each(self) -> float:
        """Seconds of processor time for each."""
        return self.cpu / self.size

    @property
    def megabytes_each(self) -> float:
        """Memory for each."""
        return (self.megabytes - self.before) / self.size

    def latency(self, percent: float) -> float | None:
        """Milliseconds; answers that were never acknowledged count as the longest. None when nobody was asked."""
        every = self.taken + [float("inf")] * (self.asked - len(self.taken))
        return 1000 * percentile(every, percent) if every else None


@dataclass
class Found:
    """All that was measured of one app."""

    visits: list[Visit] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # seconds for one more visitor, a value a round
    megabytes: list[float] = field(default_factory=list)  # of memory for one more visitor, a value a round
    crowds: list[Crowd] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)  # what went wrong, so that a figure is missing

    def of(self, what: str) -> float | None:
        """The median of a value of the visits."""
        return float(median(getattr(visit, what) for visit in self.visits)) if self.visits else None

    def one_more(self, what: str) -> float | None:
        """The median of `cpu` or `megabytes` of one more visitor."""
        values = getattr(self, what)
        return float(median(values)) if values else None

    def crowd(self, size: int) -> "Crowd | None":
        """The median crowd of that size, by when the last was at work; one that did not fit before one that did."""
        those = sorted((one for one in self.crowds if one.size == size), key=_last)
        return those[len(those) // 2] if those else None

    def latency(self, size: int, percent: float) -> float | None:
        """Milliseconds, over the answers of all crowds of that size."""
        those = [one for one in self.crowds if one.size == size]
        taken = [second for one in those for second in one.taken]
        asked = sum(one.asked for one in those)
        return Crowd(size, [], "", 0, "", 0, 0, 0, taken, asked).latency(percent)


Room = dict[str, Found]  # by the key of the side


def _last(crowd: Crowd) -> float:
    return max(crowd.at_work, default=0.0) if crowd.fits else float("inf")


@dataclass(frozen=True)
class Run:
    """A run: how it was made, on what, and what it found."""

    rounds: int
    visits: int  # with a browser, in each round
    seconds: int  # in which each of a crowd answered once a second
    machine: Machine
    others: dict[str, str]  # versions of the other frameworks
    room: Room

    def keep(self, path: Path) -> None:
        """Write it to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)), "utf-8")


def kept(path: Path) -> Run:
    """A run from its file."""
    run = json.loads(path.read_text("utf-8"))
    for found in run["room"].values():
        found["visits"] = [Visit(**one) for one in found["visits"]]
        found["crowds"] = [Crowd(**one) for one in found["crowds"]]
    room = {key: Found(**found) for key, found in run["room"].items()}
    return Run(**{**run, "machine": Machine(**run["machine"]), "room": room})

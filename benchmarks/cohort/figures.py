"""What was measured of each side, as plain values that a file can keep."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.machine import Machine

NEAR = 1e-9  # how near the totals of two sides must be


@dataclass(frozen=True)
class Once:
    """One side at work once, in a process of its own."""

    seconds: float
    cpu: float  # seconds of processor time, of all cores
    megabytes: float  # the most memory, with what was read before
    totals: dict[str, float]  # of each figure over all cells


@dataclass
class Run:
    """A run: how it was made, on what, and what it found."""

    machine: Machine
    versions: dict[str, str]
    rows: dict[str, int] = field(default_factory=dict)  # item rows, by the size asked for
    megabytes: dict[str, float] = field(default_factory=dict)  # of the Parquet file, by size
    found: dict[str, dict[str, list[Once]]] = field(default_factory=dict)  # by size and side
    trouble: list[str] = field(default_factory=list)

    def of(self, size: str, side: str, what: str) -> float | None:
        """The median of `seconds`, `cpu` or `megabytes`; None when it was not measured."""
        values = [getattr(one, what) for one in self.found.get(size, {}).get(side, [])]
        return float(median(values)) if values else None

    def keep(self, path: Path) -> None:
        """Write it to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)), "utf-8")


def kept(path: Path) -> Run:
    """A run from its file."""
    run = json.loads(path.read_text("utf-8"))
    found = {
        size: {side: [Once(**one) for one in times] for side, times in sides.items()}
        for size, sides in run["found"].items()
    }
    return Run(**{**run, "machine": Machine(**run["machine"]), "found": found})


def differences(sides: dict[str, list[Once]]) -> list[str]:
    """Figures in which two sides differ by more than rounding: then they did not do the same work."""
    every = [(side, one.totals) for side, times in sides.items() for one in times]
    said = []
    for side, totals in every[1:]:
        first, expected = every[0]
        for name, value in totals.items():
            size = max(abs(value), abs(expected[name]), expected[f"{name.split()[0]} n"])
            if abs(value - expected[name]) > NEAR * size:
                said.append(f"{side} and {first} differ in {name}: {value!r} and {expected[name]!r}")
    return said

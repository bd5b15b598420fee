"""Whether everything is saved, and how long that takes: what an advisor may see."""

import time
from collections import deque
from dataclasses import dataclass, field

SPAN = 60.0  # seconds that the figures look back
MOST = 50_000  # waits that are remembered


@dataclass
class Health:
    """Figures about commits; times of the clock are in seconds since 1970."""

    last_commit: float | None = None
    failing_since: float | None = None
    _commits: deque[float] = field(default_factory=lambda: deque(maxlen=MOST), repr=False)
    _waits: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=MOST), repr=False)

    def committed(self, asked_at: list[float]) -> None:
        """What was asked at these moments (of `time.perf_counter`) is on disk now."""
        now = time.perf_counter()
        self.last_commit, self.failing_since = time.time(), None
        self._commits.append(now)
        self._waits.extend((now, now - asked) for asked in asked_at)

    def failed(self) -> None:
        """The disk refused."""
        self.failing_since = self.failing_since or time.time()

    def commits(self) -> int:
        """How often something was put on disk within the last minute."""
        since = time.perf_counter() - SPAN
        return sum(1 for moment in self._commits if moment >= since)

    def wait_ms(self, share: float) -> float | None:
        """The time that this share of the last minute's changes took at most until they were on disk; none without."""
        since = time.perf_counter() - SPAN
        while self._waits and self._waits[0][0] < since:
            self._waits.popleft()
        waits = sorted(wait for _, wait in self._waits)
        return round(waits[min(int(len(waits) * share), len(waits) - 1)] * 1000, 2) if waits else None

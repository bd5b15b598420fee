"""How often something may be asked for."""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

MOST_KNOWN = 10_000


class Bucket:
    """Holds up to `most` tokens and gains `each_second`; `take` says whether there was one."""

    def __init__(self, most: float, each_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._clock = most, each_second, clock
        self._left, self._at = most, clock()

    def take(self) -> bool:
        """Take a token, if there is one."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Limits:
    """A bucket for each name; the names asked for longest ago are forgotten first."""

    def __init__(self, most: float, each_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._new = partial(Bucket, most, each_second, clock)
        self._known: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, name: str) -> bool:
        """Take a token of this name, if there is one."""
        bucket = self._known.pop(name, None) or self._new()
        self._known[name] = bucket
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return bucket.take()

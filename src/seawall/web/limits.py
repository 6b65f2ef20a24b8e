"""How often somebody may ask: a bucket of permits for each address and each person, in memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``burst`` at once, and ``per_second`` in the long run."""

    burst: float
    per_second: float


PERSON = Rate(burst=300, per_second=20)
STRANGER = Rate(burst=120, per_second=4)
SIGN_IN = Rate(burst=12, per_second=1 / 20)


class Limiter:
    """Counts what was asked for.

    >>> now = [0.0]
    >>> limiter = Limiter(lambda: now[0])
    >>> limiter.wait("rosa", Rate(1, 0.5)), limiter.wait("rosa", Rate(1, 0.5))
    (0.0, 2.0)
    >>> now[0] = 2.0
    >>> limiter.wait("rosa", Rate(1, 0.5))
    0.0
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key -> permits, when they were counted
        self._lock = threading.Lock()

    def wait(self, key: str, rate: Rate) -> float:
        """Take a permit: 0.0 where there was one, else the seconds until there will be."""
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(key, (rate.burst, now))
            left = min(rate.burst, left + (now - at) * rate.per_second)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
            if len(self._left) > MOST_KEPT:
                self._left.popitem(last=False)
            return 0.0 if allowed else (1 - left) / rate.per_second

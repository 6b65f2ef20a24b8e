"""The time as it passes, though the machine's clock may be set: for saying how long something was watched."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

JUMP_SECONDS = 5.0
"""A clock that is off by more than this since it was last read was set; less is how clocks are kept right."""

BELIEVED_SECONDS = 300.0
"""How long a clock that was set must stand before it is followed."""


def _passing() -> float:
    """Seconds that nobody sets; where the system can tell, those that the machine sleeps count."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class SteadyClock:
    """A clock that follows the machine's, but a jump of it only after some minutes.

    A clock that is set forward for a moment would else claim hours as watched that have not been.

    Args:
        wall: the machine's clock, seconds since 1970.
        passing: seconds that only grow, from anywhere.

    >>> wall, passing = [1_000.0], [0.0]
    >>> clock = SteadyClock(lambda: wall[0], lambda: passing[0])
    >>> wall[0], passing[0] = 87_410.0, 10.0
    >>> clock.now().isoformat()
    '1970-01-01T00:16:50+00:00'
    """

    def __init__(self, wall: Callable[[], float] = time.time, passing: Callable[[], float] = _passing) -> None:
        self._wall, self._passing = wall, passing
        self._reading = threading.Lock()
        self._difference = wall() - passing()
        self._set: tuple[float, float] | None = None  # the difference since the clock was set, and since when

    def now(self) -> datetime:
        """The time in UTC."""
        with self._reading:
            passing = self._passing()
            self._follow(self._wall() - passing, passing)
            return datetime.fromtimestamp(passing + self._difference, UTC)

    def _follow(self, difference: float, passing: float) -> None:
        if abs(difference - self._difference) <= JUMP_SECONDS:
            self._difference, self._set = difference, None
        elif self._set is None or abs(difference - self._set[0]) > JUMP_SECONDS:
            self._set = difference, passing
        elif passing - self._set[1] >= BELIEVED_SECONDS:
            self._difference, self._set = difference, None


_CLOCK = SteadyClock()


def now() -> datetime:
    """The time in UTC, of this process's one steady clock."""
    return _CLOCK.now()

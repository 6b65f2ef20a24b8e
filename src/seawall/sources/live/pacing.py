"""How long to wait before a live source is tried again: longer each time, never all at the same moment."""

from __future__ import annotations

from random import Random, SystemRandom

LONGEST_SECONDS = 300.0
"""The longest wait that Seawall chooses itself."""

LONGEST_ASKED_SECONDS = 3600.0
"""The longest wait that a server may ask for."""


class Pace:
    """Exponential back-off with jitter: half of the wait is certain, half is drawn.

    Args:
        first: seconds of the first wait, at most.
        draw: where the jitter comes from; the same random numbers give the same waits.

    >>> pace = Pace(first=2.0, draw=Random(7))
    >>> [round(pace.next_wait()) for _ in range(9)]
    [1, 2, 7, 9, 25, 44, 68, 193, 156]
    >>> pace.next_wait(retry_after=400.0)
    400.0
    """

    def __init__(self, first: float = 1.0, draw: Random | None = None) -> None:
        self._first = first
        self._draw = draw or SystemRandom()
        self._failures = 0

    @property
    def failures(self) -> int:
        """Waits since the last success."""
        return self._failures

    def succeeded(self) -> None:
        """Start with the first wait again."""
        self._failures = 0

    def next_wait(self, retry_after: float | None = None) -> float:
        """Seconds to wait now; at least what the server asks for, but not longer than an hour."""
        longest = min(LONGEST_SECONDS, self._first * 2.0 ** min(self._failures, 32))
        self._failures += 1
        own = longest * (0.5 + self._draw.random() / 2)
        return max(own, min(retry_after or 0.0, LONGEST_ASKED_SECONDS))

"""Permits run out and come back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.web import limits
from seawall.web.limits import Limiter, Rate


@given(st.lists(st.floats(0, 50), max_size=200), st.integers(1, 10), st.floats(0.1, 5))
def test_never_more_than_the_rate_allows(steps: list[float], burst: int, per_second: float) -> None:
    """Whatever the times of asking, no more is let through than the burst and the rate over the time."""
    now = [0.0]
    limiter = Limiter(lambda: now[0])
    passed = 0
    for step in steps:
        now[0] += step
        passed += limiter.wait("rosa", Rate(burst, per_second)) == 0
    assert passed <= burst + per_second * now[0] + 1e-6


def test_the_wait_that_is_told_is_enough() -> None:
    """Who waits as long as told is let in."""
    now = [0.0]
    limiter = Limiter(lambda: now[0])
    rate = Rate(1, 0.25)
    assert limiter.wait("rosa", rate) == 0
    now[0] += limiter.wait("rosa", rate)
    assert limiter.wait("rosa", rate) == 0


def test_memory_is_bounded() -> None:
    """Many addresses do not fill the memory: the one not seen for longest is forgotten."""
    limiter = Limiter(lambda: 0.0)
    for number in range(limits.MOST_KEPT + 10):
        limiter.wait(str(number), Rate(1, 1))
    assert len(limiter._left) == limits.MOST_KEPT

"""How long a live source waits before it is tried again."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.live.pacing import LONGEST_ASKED_SECONDS, LONGEST_SECONDS, Pace


@given(st.integers(), st.lists(st.none() | st.floats(0, 1e9), max_size=40), st.floats(0.01, 100))
def test_waits_grow_within_their_bounds(seed: int, asked: list[float | None], first: float) -> None:
    """Each wait is at least half of its step, at most the step or what the server asks for; and it can be repeated."""
    pace, again = Pace(first, Random(seed)), Pace(first, Random(seed))
    for number, seconds in enumerate(asked):
        wait = pace.next_wait(seconds)
        assert wait == again.next_wait(seconds)
        step = min(LONGEST_SECONDS, first * 2.0 ** min(number, 32))
        told = min(seconds or 0.0, LONGEST_ASKED_SECONDS)
        assert max(step / 2, told) <= wait <= max(step, told)
        assert pace.failures == number + 1
    pace.succeeded()
    assert pace.next_wait() <= first

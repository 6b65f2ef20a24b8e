"""Objects that were shared at one moment only."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.layers.moments import at_one_moment

ACTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), max_size=30)


@given(ACTS, st.integers(0, 12))
def test_three_quarters_of_the_acts_lie_in_one_window(acts: list[tuple[int, int]], window: int) -> None:
    """An object is of one moment if some act and those in the window after it are three quarters of all."""
    found = at_one_moment(
        np.array([thing for thing, _ in acts], np.int32), np.array([at for _, at in acts], np.int64), 5, window
    )
    for thing in range(5):
        times = [at for other, at in acts if other == thing]
        most = max((sum(at <= other <= at + window for other in times) for at in times), default=0)
        assert found[thing] == (len(times) > 1 and most >= 0.75 * len(times))

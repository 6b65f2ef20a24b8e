from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.synchrony import chance_together


def slow(windows: list[int], spans: list[float], within: float, size: int) -> float:
    """Every combination of other series that begin or do not."""
    begins = [1 - (1 - min(within / span, 1)) ** count for count, span in zip(windows, spans, strict=True)]
    total = 0.0
    for one, count in enumerate(windows):
        others = [chance for place, chance in enumerate(begins) if place != one]
        tail = 0.0
        for told in product((0, 1), repeat=len(others)):
            if sum(told) >= size - 1:
                tail += float(
                    np.prod([chance if yes else 1 - chance for chance, yes in zip(others, told, strict=True)])
                )
        total += count * tail
    return min(1.0, total)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.floats(20, 900)), min_size=2, max_size=7),
    st.integers(2, 5),
    st.floats(0.1, 2.0),
)
def test_the_bound_is_that_of_all_combinations(told: list[tuple[int, float]], size: int, within: float) -> None:
    """The quick sum equals that over all combinations of series."""
    windows, spans = [count for count, _ in told], [span for _, span in told]
    got = chance_together(windows, spans, within=within, size=size)
    assert got == pytest.approx(slow(windows, spans, within, size), rel=1e-6, abs=1e-12)


def test_windows_at_random_are_together_no_more_often_than_the_bound() -> None:
    """Thirty series with two windows a year: how often four begin within four days, over many years."""
    rng = np.random.default_rng(3)
    series, days, within, size = 30, 365, 4.0, 4
    bound = chance_together([2] * series, [float(days)] * series, within=within, size=size)
    hits, years = 0, 2000
    for _ in range(years):
        at = rng.uniform(0, days, (series, 2))
        owner = np.repeat(np.arange(series), 2)
        order = np.argsort(at.ravel())
        times, owner = at.ravel()[order], owner[order]
        first = np.searchsorted(times, times - within)
        hits += any(len(set(owner[low : place + 1])) >= size for place, low in enumerate(first))
    assert 0.3 * bound < hits / years <= bound * 1.1


def test_more_series_together_are_less_likely() -> None:
    """The bound falls with the number of series that are together."""
    chances = [chance_together([1] * 20, [200.0] * 20, within=4, size=size) for size in range(2, 12)]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] < 1e-8


def test_what_cannot_be_is_refused() -> None:
    """Lengths that differ, a group of one, and negative counts give an error."""
    for windows, spans, size in (([1], [1.0, 2.0], 2), ([1, 1], [9.0, 9.0], 1), ([-1, 1], [9.0, 9.0], 2)):
        with pytest.raises(MeasureError):
            chance_together(windows, spans, within=1, size=size)

"""The tail of things that are as usual."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.heavy_tail import BELIEF, CENSORED, LEAST, POWERS, UPPER, Tail

counts = st.lists(st.integers(1, 60), min_size=1, max_size=120)


def plainly(values: list[int], asked: float) -> float:
    """P(X >= asked), obviously: each power weighed by how likely it makes the tail, one value after the other."""
    sizes = sorted(values)
    wanted = min(max(LEAST, math.ceil(UPPER * len(sizes))), len(sizes))
    edge = sizes[-wanted]
    tail = [size for size in sizes if size >= edge]
    whole = len(tail) - math.ceil(CENSORED * len(tail))
    largest = tail[whole - 1] if whole else edge - 1
    if asked < edge:
        return sum(size >= asked for size in sizes) / len(sizes)
    weights, chances = [], []
    for power, belief in zip(POWERS.tolist(), BELIEF.tolist(), strict=True):
        log = belief
        for size in tail:
            if size <= largest:
                log += math.log((size / edge) ** -power - ((size + 1) / edge) ** -power)
            else:
                log -= power * math.log((largest + 1) / edge)
        weights.append(log)
        chances.append((asked / edge) ** -power)
    most = max(weights)
    odds = [math.exp(weight - most) for weight in weights]
    return float(len(tail) / len(sizes) * sum(o * c for o, c in zip(odds, chances, strict=True)) / sum(odds))


@given(values=counts, asked=st.integers(1, 5000))
def test_the_chance_is_that_of_a_plain_sum_over_powers(values: list[int], asked: int) -> None:
    """Ranks below the tail, and beyond it the average over all powers that the texts leave possible."""
    p = Tail.of(np.array(values, float)).p(np.array([float(asked)]))[0]
    assert p == pytest.approx(plainly(values, asked), rel=1e-6)


@given(values=counts)
def test_chances_fall_and_stay_chances(values: list[int]) -> None:
    """What is larger is never likelier, and every chance lies in (0, 1]."""
    p = Tail.of(np.array(values, float)).p(np.arange(1.0, 200.0))
    assert np.all((p >= 0) & (p <= 1))
    tail = p[np.arange(1.0, 200.0) >= np.sort(values)[-1]]
    assert np.all(np.diff(tail) <= 1e-15)


def drawn(rng: np.random.Generator, power: float, size: int) -> npt.NDArray[np.float64]:
    return np.floor((1.0 - rng.random(size)) ** (-1.0 / power))


@pytest.mark.parametrize("power", [1.2, 2.0, 3.5])
@pytest.mark.parametrize("size", [60, 2000])
def test_the_largest_of_usual_texts_is_seldom_told(power: float, size: int) -> None:
    """Where copying follows a power law, at most one world in ten has a text below q .05 (the nominal rate is .05)."""
    rng = np.random.default_rng(5)
    worlds = 100
    told = 0
    for _ in range(worlds):
        values = drawn(rng, power, size)
        told += bool(benjamini_hochberg(Tail.of(values).p(values)).min() <= 0.05)
    assert told / worlds <= 0.1


def test_the_fastest_text_lies_in_its_interval_as_often_as_is_said() -> None:
    """Of 300 worlds the largest value lies within the 95 % interval in at least 90 %, under the median in half."""
    rng = np.random.default_rng(6)
    inside, below = 0, 0
    for _ in range(300):
        values = drawn(rng, 2.0, 1000)
        tail = Tail.of(values)
        inside += tail.fastest(0.025) <= values.max() + 1 and values.max() <= tail.fastest(0.975)
        below += values.max() < tail.fastest(0.5)
    assert inside >= 270
    assert 105 <= below <= 195


def test_a_few_campaigns_do_not_make_themselves_usual() -> None:
    """Of two thousand texts five are far beyond all others: all five are told, and nothing else is."""
    values = np.append(drawn(np.random.default_rng(8), 2.0, 2000), [3e3] * 5)
    q = benjamini_hochberg(Tail.of(values).p(values))
    assert np.flatnonzero(q <= 0.05).tolist() == [2000, 2001, 2002, 2003, 2004]


def test_few_texts_to_compare_with_make_large_things_likely() -> None:
    """Beside three texts that one account copied, thirty accounts are no proof; beside three hundred they are."""
    few, many = (Tail.of(np.ones(size)).p(np.array([30.0]))[0] for size in (3, 300))
    assert many < 1e-6 < 1e-3 < few


def test_nothing_to_compare_with_is_no_error() -> None:
    """Without any text every count is as likely as it was believed beforehand."""
    tail = Tail.of(np.empty(0))
    assert tail.p(np.array([1.0]))[0] == pytest.approx(1.0)
    assert tail.fastest(0.5) >= 1.0


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_is_the_smallest_rate_at_which_it_is_told(p: list[float]) -> None:
    """Against the definition: the least p(j) n / j over all j from its rank on."""
    ranked = sorted(p)
    for value, q in zip(p, benjamini_hochberg(np.array(p)).tolist(), strict=True):
        least = min(ranked[j] * len(p) / (j + 1) for j in range(len(p)) if ranked[j] >= value)
        assert q == pytest.approx(min(least, 1.0))

"""The evidence of several layers as one p-value a pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import cauchy, false_discovery_control, poisson

from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.layers.layer import at_least
from seawall.measures.layers.pooling import most_pairs, pooled

P = st.floats(1e-200, 1.0)


@given(st.lists(st.tuples(st.integers(0, 3), P), max_size=8), st.integers(1, 9))
def test_it_is_the_cauchy_combination(told: list[tuple[int, float]], layers: int) -> None:
    """The pooled p is the tail of a Cauchy variable at the mean of the layers' tangents, a 1 being 1 - 1/layers."""
    groups = np.array([group for group, _ in told], np.int64)
    p = np.array([value for _, value in told])
    found = pooled(p, groups, np.full(4, layers))
    for group in range(4):
        own = [value for number, value in told if number == group]
        if own and len(own) <= layers:
            most = 1 - 1 / max(layers, 2)
            own = [min(value, most) for value in own + [1.0] * (layers - len(own))]
            if layers == 1:
                own = [value for number, value in told if number == group]
            assert found[group] == pytest.approx(cauchy.sf(np.mean(cauchy.isf(own))), rel=1e-6)


def test_layers_that_tell_the_same_are_not_counted_twice() -> None:
    """If all layers say the same, the pooled p is theirs; a product of p-values would be far below."""
    assert pooled(np.full(4, 1e-5), np.zeros(4, np.int64), np.array([4]))[0] == pytest.approx(1e-5, rel=1e-3)


@pytest.mark.parametrize("dependence", [0.0, 0.5, 1.0])
def test_it_stays_valid_however_layers_depend(dependence: float) -> None:
    """Of 200,000 pairs without coordination no more than a thousandth is pooled below .001, whatever the dependence."""
    chance = np.random.default_rng(5)
    common = chance.standard_normal((200_000, 1))
    scores = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * chance.standard_normal((200_000, 4))
    p = ndtr(-scores).ravel()
    found = pooled(p, np.repeat(np.arange(200_000), 4), np.full(200_000, 4))
    assert np.mean(found <= 0.001) <= 0.001 * 1.25


@given(st.lists(P, min_size=1, max_size=30), st.integers(0, 50))
def test_false_discoveries_are_those_of_benjamini_and_hochberg(p: list[float], more: int) -> None:
    """Hypotheses that are only counted are worth as much as listed ones with p = 1."""
    found = benjamini_hochberg(np.array(p), len(p) + more)
    expected = false_discovery_control(np.array(p + [1.0] * more))[: len(p)]
    assert found == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=40))
def test_no_pair_that_shares_an_object_is_forgotten(acts: list[tuple[int, int]]) -> None:
    """The bound is at least the number of pairs that share an object, and at most that of all pairs."""
    things = np.array([thing for thing, _ in acts], np.int32)
    accounts = np.array([account for _, account in acts], np.int32)
    met = {(a, b) for t, a in acts for u, b in acts if t == u and a < b}
    people = len({account for _, account in acts})
    assert len(met) <= most_pairs(things, accounts) <= people * (people - 1) / 2


def test_poisson_stands_above_what_it_bounds() -> None:
    """The tail of meetings is Poisson's."""
    events = np.array([1, 2, 7])
    assert at_least(events, np.array([0.3, 1.0, 0.01])) == pytest.approx(poisson.sf(events - 1, [0.3, 1.0, 0.01]))

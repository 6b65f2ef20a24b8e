from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seawall.measures.coshare.bicm import fit
from tests.measures.coshare import chance_reference as reference

graphs = st.integers(1, 7).flatmap(
    lambda columns: st.lists(st.lists(st.booleans(), min_size=columns, max_size=columns), min_size=1, max_size=7)
)


def links(graph: np.ndarray) -> np.ndarray:
    """The fitted chance of every link."""
    model = fit(graph.sum(1), graph.sum(0))
    _, columns = np.unique(graph.sum(0), return_inverse=True)
    return model.chances[model.account_class][:, columns]


def with_links(rows: list[list[bool]]) -> np.ndarray:
    graph = np.array(rows, np.bool_)
    graph = graph[graph.any(1)][:, graph.any(0)]
    assume(graph.size)
    return graph


@given(rows=graphs)
def test_expected_degrees_are_the_observed_ones(rows: list[list[bool]]) -> None:
    """Of every account and every object, sure links included."""
    graph = with_links(rows)
    chances = links(graph)
    assert chances.sum(1) == pytest.approx(graph.sum(1), rel=1e-6)
    assert chances.sum(0) == pytest.approx(graph.sum(0), rel=1e-6)


@given(rows=graphs)
def test_the_chances_are_those_of_a_slow_fit(rows: list[list[bool]]) -> None:
    """Newton's method on classes gives, link by link, what plain ascent of the likelihood gives."""
    graph = with_links(rows)
    found = links(graph)
    assume(found.min() > 0.02 and found.max() < 0.98)
    assert np.abs(found - reference.configuration(graph)).max() < 1e-6


@given(rows=graphs)
def test_counts_of_degrees_are_as_good_as_degrees(rows: list[list[bool]]) -> None:
    """To the bit: how many accounts and objects have each degree is all that is needed."""
    graph = with_links(rows)
    one = fit(graph.sum(1), graph.sum(0))
    (degrees, accounts), (sharers, objects) = (np.unique(graph.sum(axis), return_counts=True) for axis in (1, 0))
    other = fit(degrees, sharers, accounts, objects)
    assert other.chances.tolist() == one.chances.tolist()
    assert other.account_class[np.searchsorted(degrees, graph.sum(1))].tolist() == one.account_class.tolist()


def test_who_shares_everything_is_sure_to_share_it() -> None:
    """Two accounts that share all there is, and a third that shares one: nothing is left to chance but which."""
    graph = np.array([[1, 1, 1], [1, 1, 1], [1, 0, 0]], np.bool_)
    assert links(graph).tolist() == graph.astype(float).tolist()


def test_a_large_table_is_fitted() -> None:
    """Fifty thousand accounts and twenty thousand objects with heavy tails: classes below 512 are met to 10^-6."""
    random = np.random.default_rng(3)
    accounts = random.zipf(1.9, 50_000).clip(1, 4_000)
    objects = np.bincount(random.integers(0, 20_000, accounts.sum()), minlength=20_000)
    objects = objects[objects > 0]
    model = fit(accounts, objects)
    sums = (model.chances @ model.objects)[model.account_class]
    assert np.abs(sums / accounts - 1)[accounts < 512].max() < 1e-6
    assert np.abs(sums / accounts - 1).max() < 1 / 256

"""How many followers a new place has by chance: against a sum over all that is possible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.measures.flow import chance
from seawall.measures.flow.chance import Uptake
from tests.measures.flow.reference import tail_of

places = st.lists(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=6)


def likelihood(rows: list[tuple[int, int]]) -> tuple[np.ndarray, int]:
    table = np.array(rows, np.int64).reshape(-1, 2)
    return Uptake.likelihood(table[:, 0], table[:, 1])


@settings(max_examples=8, deadline=None)
@given(
    own=places, elsewhere=places, asked=st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
)
def test_the_tail_is_the_weighted_sum_of_beta_binomial_tails(
    own: list[tuple[int, int]], elsewhere: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    """The fast sum over the grid equals scipy's distributions, weighted by scipy's likelihoods."""
    mine, _ = likelihood(own)
    others, number = likelihood(elsewhere)
    found, expected = Uptake().tail(*asked, mine, others, number)
    assert found == pytest.approx(tail_of(*asked, own, elsewhere), rel=1e-6)
    assert 0 <= expected <= asked[1]


def test_more_followers_are_less_likely_and_more_past_makes_it_surer() -> None:
    """The tail falls with followers; a hundred places that nobody followed make it a fifth or less."""
    nothing, _ = likelihood([])
    known, number = likelihood([(0, 40)] * 100)
    tails = [Uptake().tail(hits, 40, nothing, nothing, 0)[0] for hits in range(41)]
    assert tails == sorted(tails, reverse=True)
    assert Uptake().tail(8, 40, known, nothing, 0)[0] < 0.2 * tails[8]
    assert tails[8] > Uptake().tail(8, 40, nothing, known, number)[0]


def test_communities_of_any_size_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the size for which tables are held the same numbers come from the beta function itself."""
    hits, sizes = np.array([0, 3, 50]), np.array([10, 300, 400])
    held = Uptake.likelihood(hits, sizes)[0]
    monkeypatch.setattr(chance, "_MOST_HELD", 5)
    assert Uptake.likelihood(hits, sizes)[0] == pytest.approx(held, rel=1e-9)

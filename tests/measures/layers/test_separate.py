"""On how many separate occasions two accounts met."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.layers.separate import separate_messages, share_an_object
from tests.measures.layers import reference

ACTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=30
)


def columns(acts: list[tuple[int, int, int, int]]) -> tuple[np.ndarray, ...]:  # type: ignore[type-arg]
    things, accounts, messages, at = (np.array(column) for column in zip(*acts, strict=True))
    return things.astype(np.int32), accounts.astype(np.int32), messages.astype(np.int64), at.astype(np.int64)


@given(ACTS, st.integers(0, 4))
def test_meetings_are_those_of_the_reference(acts: list[tuple[int, int, int, int]], window: int) -> None:
    """For every pair of accounts, the number of messages is what comes of looking at every pair of acts."""
    things, accounts, messages, at = columns(acts)
    pairs = list(combinations(range(5), 2))
    ends = tuple(np.array(side, np.int32) for side in zip(*pairs, strict=True))
    found = separate_messages(accounts, things, messages, at, (ends[0], ends[1]), window)
    expected = [reference.separate([*acts], window, first, second) for first, second in pairs]
    assert found.tolist() == expected
    shared = share_an_object(accounts, things, (ends[0], ends[1]))
    things_of = [{act[0] for act in acts if act[1] == account} for account in range(5)]
    assert shared.tolist() == [bool(things_of[first] & things_of[second]) for first, second in pairs]


def test_no_pairs_have_no_meetings() -> None:
    """Without pairs or acts nothing is counted."""
    nobody = np.empty(0, np.int32)
    assert (
        len(separate_messages(nobody, nobody, nobody.astype(np.int64), nobody.astype(np.int64), (nobody, nobody), 1))
        == 0
    )
    one = np.array([0], np.int32)
    assert share_an_object(nobody, nobody, (one, one + 1)).tolist() == [False]

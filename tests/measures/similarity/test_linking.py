"""Linking where a bucket is giant, and whatever the order of texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity import linking
from seawall.measures.similarity.linking import clustering
from seawall.measures.similarity.sketches import Sketches, of_shingles
from tests.measures.similarity import reference


def sketches(sets: dict[int, set[int]]) -> Sketches:
    """Keys with sets of shingles."""
    rows = [sorted(each) for each in sets.values()]
    pool = np.array([shingle for row in rows for shingle in row], np.uint64) << np.uint64(33)
    return of_shingles(np.array(list(sets), np.uint64), np.array([len(row) for row in rows], np.int64), pool)


def in_one_bucket(given_sketches: Sketches) -> Sketches:
    """The same sketches as if all bands of all were the same: a viral template."""
    return given_sketches._replace(bands=np.zeros_like(given_sketches.bands))


worlds = st.dictionaries(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 8), min_size=1, max_size=6), max_size=12)


@given(worlds, st.integers(1, 5), st.sampled_from([0.5, 0.7, 1.0]))
def test_in_a_giant_bucket_each_is_compared_with_the_smallest_keys(
    sets: dict[int, set[int]], compared: int, threshold: float
) -> None:
    """Of a bucket larger than the bound, the pairs that are linked have one of the smallest keys, and no others are.

    Texts that are too short to be like another than themselves come in the first band's bucket alone.
    """
    by_key, least = sorted(sets), linking.least_size(1, threshold)
    edges = [
        (one, other)
        for bucket in (by_key, [key for key in by_key if len(sets[key]) >= least])
        for one in bucket[:compared]
        for other in bucket
        if len(sets[one] & sets[other]) / len(sets[one] | sets[other]) >= threshold
    ]
    expected = reference.components(by_key, edges)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linking, "COMPARED", compared)
        kernel = linking._link.py_func  # type: ignore[attr-defined]
        patch.setattr(linking, "_link", kernel)
        found = clustering(in_one_bucket(sketches(sets)), threshold)
    keys = np.array(list(sets), np.uint64)
    assert keys[found.anchors].tolist() == [min(expected[key]) for key in sets]


@given(worlds, st.permutations(range(12)))
def test_order_changes_nothing(sets: dict[int, set[int]], order: list[int]) -> None:
    """Sketches in another order have the same anchors and similarities."""
    rows = np.array([place for place in order if place < len(sets)], np.int64)
    given_sketches = sketches(sets)
    found, again = clustering(given_sketches, 0.6), clustering(given_sketches.take(rows), 0.6)
    np.testing.assert_array_equal(rows[again.anchors], found.anchors[rows])
    np.testing.assert_array_equal(again.similarity, found.similarity[rows])


def test_a_viral_template_takes_a_bounded_number_of_comparisons() -> None:
    """Twenty thousand variants of a template that are all unlike one another: each is compared with 64 at most."""
    random = np.random.default_rng(3)
    count, shared, own = 20_000, 12, 12
    pool = np.empty((count, shared + own), np.uint64)
    pool[:, :shared] = np.arange(shared) + 7
    pool[:, shared:] = random.integers(1 << 40, 1 << 60, (count, own))
    pool.sort(axis=1)
    keys = random.permutation(count).astype(np.uint64)
    variants = in_one_bucket(of_shingles(keys, np.full(count, shared + own), pool.ravel()))
    found = clustering(variants, 0.8)
    np.testing.assert_array_equal(found.anchors, np.arange(count))


@given(worlds, st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_the_anchor_is_the_earliest(sets: dict[int, set[int]], times: list[int]) -> None:
    """Times change no cluster; the anchor is its earliest text, of equals the one of the smallest key."""
    first = np.array(times[: len(sets)], np.int64)
    keys = list(sets)
    plain, timed = clustering(sketches(sets), 0.5), clustering(sketches(sets), 0.5, first)
    for row, anchor in enumerate(timed.anchors.tolist()):
        together = np.flatnonzero(plain.anchors == plain.anchors[row]).tolist()
        assert anchor == min(together, key=lambda place: (times[place], keys[place]))


def test_ties_hold_together_what_is_unlike() -> None:
    """Rows that are tied share an anchor, and the similarity is told as it is."""
    found = clustering(sketches({5: {1, 2}, 9: {7}}), 0.8, ties=(np.array([1]), np.array([0])))
    assert found.anchors.tolist() == [0, 0]
    assert found.similarity.tolist() == [1.0, 0.0]

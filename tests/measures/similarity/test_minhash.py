"""Bands, against whole numbers of Python, and the chance with which they find a pair."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity.sketches import of_shingles, sketched
from seawall.measures.text.match_key import key_texts
from tests.measures.similarity import reference, worlds


@given(st.lists(worlds.texts(), min_size=1, max_size=6))
def test_bands_are_those_of_the_plain_form(texts: list[str]) -> None:
    """Each band's number is that of the plain form."""
    sketches = sketched(key_texts(pa.array(texts)), np.arange(len(texts)))
    assert [list(enumerate(row)) for row in sketches.bands.T.tolist()] == [
        reference.bands(text) if reference.shingles(text) else list(enumerate(row))
        for text, row in zip(texts, sketches.bands.T.tolist(), strict=True)
    ]


def test_a_band_is_shared_as_often_as_the_theory_says() -> None:
    """Of pairs of similarity J a band is shared by J^4 of them, within five standard errors, at four similarities."""
    random = np.random.default_rng(5)
    pairs, size = 4000, 45
    for similarity in (0.5, 0.6, 0.8, 0.95):
        both = round(2 * size * similarity / (1 + similarity))
        drawn = random.integers(0, 1 << 63, (pairs, 2 * size), dtype=np.uint64)
        halves = [
            np.concatenate([drawn[:, :both], drawn[:, both + part : 2 * size : 2][:, : size - both]], 1)
            for part in (0, 1)
        ]
        one, other = (
            of_shingles(np.arange(pairs, dtype=np.uint64), np.full(pairs, size), np.sort(half, 1).ravel()).bands
            for half in halves
        )
        expected = (both / (2 * size - both)) ** 4
        error = (expected * (1 - expected) / pairs) ** 0.5
        assert np.abs((one == other).mean(1) - expected).max() < 5 * error

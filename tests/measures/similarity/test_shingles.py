"""Shingles and their exact similarity, against sets of tuples."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity import shingles
from seawall.measures.similarity.sketches import sketched
from seawall.measures.text.match_key import key_texts
from tests.intake import strings
from tests.measures.similarity import reference, worlds


def sets(texts: list[str]) -> list[list[int]]:
    sketches = sketched(key_texts(pa.array(texts, pa.string())), np.arange(len(texts)))
    return [
        sketches.pool[start : start + size].tolist()
        for start, size in zip(sketches.starts, sketches.sizes, strict=True)
    ]


@given(st.lists(st.one_of(strings.texts, worlds.texts()), max_size=6))
def test_shingles_are_those_of_the_plain_form(texts: list[str]) -> None:
    """Each text has the shingles of the plain form, sorted and each once, in any script."""
    assert sets(texts) == [sorted(map(reference.shingle_hash, reference.shingles(text))) for text in texts]


def test_a_long_text_has_all_its_shingles() -> None:
    """A text that outgrows the kernel's first buffers, and has too many shingles to be sorted by insertion."""
    text = " ".join(f"tulip{number}" for number in range(60_000))
    assert sets([text, "tulips"]) == [
        sorted(map(reference.shingle_hash, reference.shingles(t))) for t in (text, "tulips")
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("🌷 @anna", 0), ("tulips", 1), ("two tulips", 1), ("two red tulips", 1), ("one two red tulips", 2),
     ("花园", 1), ("花园俱乐部", 1), ("花 园 俱 乐 部 花", 2), ("club 花园俱乐部", 2)],
)  # fmt: skip
def test_short_texts(text: str, count: int) -> None:
    """Three words or five letters make a shingle; less than that is one as a whole, and nothing is none."""
    assert len(sets([text])[0]) == count


def test_spaces_do_not_matter_between_letters_of_scripts_without_spaces() -> None:
    """Chinese with spaces between the letters has the shingles of Chinese without."""
    one, other = sets(["花园俱乐部星期天早上种花", "花 园俱乐部 星期天早上 种花"])
    assert one == other


small = st.frozensets(st.integers(0, 30), max_size=20)


@given(small, small, st.floats(0.5, 1))
def test_similarity_is_exact(one: frozenset[int], other: frozenset[int], threshold: float) -> None:
    """Jaccard similarity, and whether it reaches a threshold, are those of sets, to the last bit."""
    pool = np.array([*sorted(one), *sorted(other)], np.uint64)
    exact = len(one & other) / len(one | other) if one | other else 0.0
    assert shingles.jaccard(pool, 0, len(one), len(one), len(other)) == exact
    assert shingles.alike(pool, 0, len(one), len(one), len(other), threshold) == (exact >= threshold)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60))
def test_a_similarity_of_just_the_threshold_is_enough(one: int, other: int, both: int) -> None:
    """Where similarity is the threshold itself, the texts are alike, whatever the rounding."""
    both = min(one, other, both)
    threshold = both / (one + other - both)
    pool = np.array([*range(one), *range(one - both, one - both + other)], np.uint64)
    if threshold >= 0.5:
        assert shingles.alike(pool, 0, one, one, other, threshold)

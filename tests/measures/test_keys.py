from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.keys import identity_keys, microseconds, present


@given(values=st.lists(st.text(max_size=40), max_size=60))
def test_equal_strings_have_equal_keys_and_others_differ(values: list[str]) -> None:
    """Keys are equal exactly where the strings are, sliced and chunked columns included."""
    column = pa.chunked_array([pa.array(["x", *values])[1:], pa.array(values, pa.string())])
    keys = identity_keys(column).tolist()
    assert keys[: len(values)] == keys[len(values) :]
    assert len(set(keys)) == len(set(values))


@given(values=st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers_keep_apart(values: list[int]) -> None:
    """Keys of numbers are a bijection."""
    keys = identity_keys(pa.chunked_array([pa.array(values, pa.int64())])).tolist()
    assert len(set(keys)) == len(set(values))


def test_what_is_null_or_empty_is_not_present() -> None:
    """Null and empty strings are not told, also behind a dictionary; numbers always are."""
    texts = pa.chunked_array([["a", "", None]])
    assert present(texts).tolist() == [True, False, False]  # type: ignore[union-attr]
    assert present(texts.dictionary_encode()).tolist() == [True, False, False]  # type: ignore[union-attr]
    assert present(pa.chunked_array([[0, 1]])) is None


def test_times_that_are_not_told_are_marked() -> None:
    """Null, and not-a-number among floats, is no time."""
    for column in (pa.array([1.5, None, float("nan")]), pa.array([1, None, None])):
        _, told = microseconds(pa.chunked_array([column]))
        assert told.tolist() == [True, False, False]  # type: ignore[union-attr]
    values, told = microseconds(pa.chunked_array([pa.array([0.1, 0.2, 0.30000000000000004])]))
    assert values.tolist() == [100_000, 200_000, 300_000]
    assert told is None

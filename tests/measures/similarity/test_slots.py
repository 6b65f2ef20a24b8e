"""The hash table, against a dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity.slots import Slots

keys = st.lists(st.integers(0, 12) | st.integers(0, 2**64 - 1) | st.integers(2**64 - 5, 2**64 - 1), max_size=30)


@given(st.lists(st.tuples(keys, st.randoms()), max_size=5), keys)
def test_numbers_are_those_of_a_dictionary(steps: list[tuple[list[int], object]], sought: list[int]) -> None:
    """Keys are numbered as they first come, over any number of calls; those that are not told get none."""
    slots, plain = Slots(), dict[int, int]()
    for step, fate in steps:
        told = [fate.random() < 0.7 for _ in step]  # type: ignore[attr-defined]
        expected = [plain.setdefault(key, len(plain)) if known else -1 for key, known in zip(step, told, strict=True)]
        assert slots.number(np.array(step, np.uint64), np.array(told, bool)).tolist() == expected
        assert len(slots) == len(plain)
    assert slots.find(np.array(sought, np.uint64)).tolist() == [plain.get(key, -1) for key in sought]


def test_it_grows() -> None:
    """A hundred thousand keys keep their numbers while the table grows."""
    slots = Slots()
    many = np.arange(100_000, dtype=np.uint64) << np.uint64(32)
    for part in np.array_split(many, 7):
        slots.number(part, np.ones(len(part), bool))
    np.testing.assert_array_equal(slots.find(many), np.arange(100_000))

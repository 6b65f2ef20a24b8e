"""The bag of messages, against a counter."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity.sent import NEVER, Sent

messages = st.lists(st.tuples(st.integers(0, 4), st.integers(-3, 6)), max_size=12)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(st.lists(st.tuples(messages, messages, st.none() | st.integers(-3, 6)), max_size=6))
def test_counts_and_first_times_after_any_history(
    steps: list[tuple[list[tuple[int, int]], list[tuple[int, int]], int | None]],
) -> None:
    """Messages come, go (also such as never came) and are forgotten; counts and first times are the rest's."""
    sent, plain = Sent(), Counter[tuple[int, int]]()
    sent.reach(5)
    for added, removed, before in steps:
        sent.add(*columns(added))
        plain += Counter(added)
        sent.remove(*columns(removed))
        plain -= Counter(removed)
        if before is not None:
            sent.forget(before)
            plain = Counter({message: count for message, count in plain.items() if message[1] >= before})
        rest = list(plain.elements())
        assert sent.counts.tolist() == [sum(number == text for number, _ in rest) for text in range(5)]
        times = [[at for number, at in rest if number == text] for text in range(5)]
        assert sent.first.tolist() == [min(each, default=NEVER) for each in times]
        assert sorted(zip(*(column.tolist() for column in sent.held()), strict=True)) == sorted(rest)

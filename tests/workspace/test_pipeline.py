"""The pipeline keeps order, passes errors on and leaves nothing running."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.workspace.pipeline import ahead, side_by_side


def running() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "seawall-ahead"]


@given(st.lists(st.integers()), st.integers(1, 5))
def test_the_same_items_in_the_same_order(items: list[int], depth: int) -> None:
    """Whatever the depth, the consumer sees what the producer gave, in its order."""
    assert list(ahead(iter(items), depth)) == items


def test_an_error_arrives_after_the_items_before_it() -> None:
    """Items that were produced before an error are not lost, and the error is raised where they are consumed."""

    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError

    seen = []
    with pytest.raises(ValueError):  # noqa: PT012 - the loop is what raises
        for item in ahead(broken()):
            seen.append(item)  # noqa: PERF402
    assert seen == [1, 2]
    assert running() == []


def test_a_consumer_that_leaves_stops_the_producer() -> None:
    """Closing the iterator closes the producer, even one that never ends, and its thread is gone."""
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            number = 0
            while True:
                yield number
                number += 1
        finally:
            closed.set()

    items = ahead(endless())
    assert next(items) == 0
    items.close()  # type: ignore[attr-defined]
    assert closed.wait(timeout=10)
    assert running() == []


@given(st.lists(st.integers()), st.integers(1, 4))
def test_side_by_side_keeps_order(items: list[int], workers: int) -> None:
    """However many work at once, results come in the order of their items."""
    assert list(side_by_side(lambda item: item * 2, iter(items), workers)) == [item * 2 for item in items]


def test_an_error_of_one_item_comes_at_its_place() -> None:
    """Results before the failing item arrive first."""

    def make(item: int) -> int:
        if item == 2:
            raise ValueError
        return item

    made = side_by_side(make, [0, 1, 2, 3], workers=2)
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(ValueError):
        next(made)

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from seawall.engine.spark.worker import settled


class Circle:
    """Something that only a collection of garbage lets go of."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """This process goes on to collect as before."""
    before = list(gc.callbacks)
    yield
    gc.callbacks[:] = before
    gc.unfreeze()


def test_what_a_task_leaves_is_let_go_of() -> None:
    """A circle made by a task is gone after the collection that follows it, also in a later task."""
    for _ in range(3):
        with settled():
            gone = weakref.ref(Circle())
            gc.collect(0)
        gc.collect()
        assert gone() is None


def test_what_is_needed_again_is_looked_at_once() -> None:
    """Between two tasks what is alive is set aside; while a task runs nothing is."""
    with settled():
        pass
    gc.collect()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
    with settled():
        gc.collect()
        assert gc.get_freeze_count() == 0

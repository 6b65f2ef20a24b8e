from __future__ import annotations

import threading

import pytest

from seawall.engine.spark.waiting import waited


def test_work_that_takes_too_long_is_ended() -> None:
    """It is told to end, and the error says that time ran out."""
    stop = threading.Event()
    with pytest.raises(TimeoutError):
        waited(lambda: stop.wait(60), cancel=stop.set, seconds=0.01)
    assert stop.is_set()


def test_an_interruption_ends_the_work() -> None:
    """Ctrl-C while it is waited for goes to the work, and on."""
    stop = threading.Event()

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        waited(lambda: stop.wait(60), cancel=stop.set, look=interrupted)
    assert stop.is_set()


def test_what_the_work_gives_or_raises_comes_back() -> None:
    """Result and error are those of the work."""
    assert waited(lambda: 7, cancel=lambda: None) == 7
    with pytest.raises(ZeroDivisionError):
        waited(lambda: 1 // 0, cancel=lambda: None)

"""A casebook in a folder of its own, with a clock that ticks a second at each look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from seawall.casebook import Casebook
from tests.casebook.builders import alert
from tests.casebook.clocks import Clock


def ticking_clock() -> Callable[[], datetime]:
    ticks = count()
    return lambda: datetime(2026, 5, 20, tzinfo=UTC) + timedelta(seconds=next(ticks))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "casebook.sqlite"


@pytest.fixture
def book(path: Path) -> Casebook:
    return Casebook.open(path, clock=ticking_clock())


@pytest.fixture
def clock() -> Clock:
    """For tests that say themselves how much time passes."""
    return Clock()


@pytest.fixture
def case_id(book: Casebook) -> str:
    """An open case."""
    return book.propose([alert()], lake_version="v1").opened[0]

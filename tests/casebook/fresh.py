"""A casebook for one example of Hypothesis, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from seawall.casebook import Casebook
from tests.casebook.conftest import ticking_clock


@contextmanager
def fresh_book() -> Iterator[Casebook]:
    with TemporaryDirectory() as folder:
        yield Casebook.open(Path(folder) / "casebook.sqlite", clock=ticking_clock())

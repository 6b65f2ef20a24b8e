"""A casebook for one example of Hypothesis, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from seawall.casebook import Casebook
from tests.casebook.conftest import ticking_clock


def fresh_book() -> AbstractContextManager[Casebook]:
    """In a folder; or where the tests of another database put it instead of ``in_a_folder``."""
    return in_a_folder()


@contextmanager
def in_a_folder() -> Iterator[Casebook]:
    with TemporaryDirectory() as folder:
        yield Casebook.open(Path(folder) / "casebook.sqlite", clock=ticking_clock())

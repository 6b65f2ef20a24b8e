"""What the tests of reviewing prove of a file holds of a database as well: the same tests, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from types import ModuleType

import pytest

from seawall.casebook import Casebook
from tests.casebook import (
    test_appeals,
    test_campaigns,
    test_deciding_many,
    test_leases,
    test_quality_blind,
    test_queue,
    test_undoing,
    test_veiling,
)
from tests.casebook.clocks import SetClock
from tests.casebook.postgresql.conftest import close

MODULES = (
    test_appeals,
    test_campaigns,
    test_deciding_many,
    test_leases,
    test_quality_blind,
    test_queue,
    test_undoing,
    test_veiling,
)
referred, filled, case_ids = test_appeals.referred, test_queue.filled, test_deciding_many.case_ids


@pytest.fixture
def book(path: str, clock: SetClock) -> Iterator[Casebook]:
    opened = Casebook.open(path, clock=clock)
    yield opened
    close(opened)


def taken(module: ModuleType) -> dict[str, object]:
    """The tests of a module that do not look into the file, and of which Hypothesis makes nothing up."""
    return {
        f"{name}_of_{module.__name__.rpartition('test_')[2]}": test
        for name, test in vars(module).items()
        if name.startswith("test_")
        and {"book", "filled", "referred"} & set(signature(test).parameters)
        and "path" not in signature(test).parameters
    }


for module in MODULES:
    assert taken(module)
    globals().update(taken(module))

"""Leases, undoing, appeals and second looks on a real server, by a clock that the tests set."""

from __future__ import annotations

import pytest

from seawall.casebook import Casebook
from tests.casebook import test_appeals, test_leases, test_quality_blind, test_undoing, test_veiling
from tests.casebook.clocks import SetClock
from tests.casebook.postgresql.same import taken


@pytest.fixture
def book(path: str, clock: SetClock) -> Casebook:
    return Casebook.open(path, clock=clock)


globals().update(
    taken(
        test_appeals,
        test_leases,
        test_quality_blind,
        test_undoing,
        test_veiling,
        but=frozenset({"test_what_was_taken_back_cannot_be_changed_unseen"}),
    )
)

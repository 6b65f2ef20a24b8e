"""Leases, undoing, appeals and second looks on a real server, by a clock that the tests set."""

from __future__ import annotations

import pytest

from seawall.casebook import Casebook
from tests.casebook import test_appeals, test_leases, test_quality_blind, test_undoing, test_veiling
from tests.casebook.clocks import Clock
from tests.casebook.postgresql.same import taken


@pytest.fixture
def book(path: str, clock: Clock) -> Casebook:
    return Casebook.open(path, clock=clock)


LONG = frozenset({"test_fifty_people_who_take_and_decide_at_once_neither_lose_nor_double_a_decision"})
OF_A_FILE = frozenset({"test_what_was_taken_back_cannot_be_changed_unseen"})
globals().update(taken(test_appeals, test_leases, test_quality_blind, test_undoing, test_veiling, but=LONG | OF_A_FILE))


@pytest.mark.verify
def test_fifty_people_who_take_and_decide_at_once_neither_lose_nor_double(book: Casebook) -> None:
    """As on a file: each of many cases is taken and decided by one of fifty people."""
    test_leases.test_fifty_people_who_take_and_decide_at_once_neither_lose_nor_double_a_decision(book)

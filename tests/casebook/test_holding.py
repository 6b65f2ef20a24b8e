from __future__ import annotations

import pytest

from seawall.casebook import Casebook
from seawall.errors import RuleError
from tests.casebook.builders import account, alert


def test_a_held_account_is_not_erased_until_it_is_released(book: Casebook) -> None:
    """Erasure of a held account is refused as a whole, and works after the release."""
    book.propose([alert()], lake_version="v1")
    before = book.alerts()
    book.hold(account(1), reviewer="Rosa", reason="A complaint is pending.")
    with pytest.raises(RuleError, match="legal hold"):
        book.erase([account(0), account(1)], reviewer="Rosa")
    assert book.alerts() == before
    assert book.held([account(0), account(1)]) == {account(1)}
    book.release(account(1), reviewer="Nils", reason="Settled.")
    assert book.held([account(1)]) == set()
    assert book.erase([account(0), account(1)], reviewer="Rosa").alerts == 1


def test_holds_are_kept_with_who_and_why(book: Casebook) -> None:
    """Every hold keeps its reviewer, reason and release."""
    book.hold(account(1), reviewer="Rosa", reason="A complaint is pending.")
    book.release(account(1), reviewer="Nils", reason="Settled.")
    (hold,) = book.holds()
    assert (hold.reviewer, hold.reason) == ("Rosa", "A complaint is pending.")
    assert (hold.released_by, hold.release_reason) == ("Nils", "Settled.")
    assert [entry.act for entry in book.audit.entries()] == ["hold", "release"]


def test_a_hold_is_placed_once_and_released_once(book: Casebook) -> None:
    """Holding twice, releasing what is not held, and doing either without a reason are refused."""
    with pytest.raises(RuleError, match="not held"):
        book.release(account(1), reviewer="Rosa", reason="Settled.")
    with pytest.raises(RuleError, match="missing"):
        book.hold(account(1), reviewer="Rosa", reason="")
    book.hold(account(1), reviewer="Rosa", reason="A complaint is pending.")
    with pytest.raises(RuleError, match="already"):
        book.hold(account(1), reviewer="Nils", reason="Another complaint.")

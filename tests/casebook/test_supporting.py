from __future__ import annotations

import pytest

from seawall.casebook import Casebook, Role
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import account, alert


def test_offers_of_support(book: Casebook) -> None:
    """A case decided as an offer of support is listed with its accounts; one decided anew is not."""
    (case_id,) = book.propose([alert()], lake_version="1").opened
    assert book.support.all(reviewer="rosa") == ()
    book.decide(case_id, reviewer="rosa", outcome=Outcome.SUPPORT, reason="She asked for help.")
    (found,) = book.support.all(reviewer="rosa")
    assert (found.case_id, found.reviewer, found.reason) == (case_id, "rosa", "She asked for help.")
    assert found.accounts == tuple(sorted(account(number) for number in range(4)))
    book.reopen(case_id, reviewer="rosa", reason="New beds.")
    assert book.support.all(reviewer="rosa") == ()
    book.decide(case_id, reviewer="rosa", outcome=Outcome.WATCH, reason="It rains.")
    assert book.support.all(reviewer="rosa") == ()


def test_for_safeguarding_alone(book: Casebook) -> None:
    """Once people are enrolled, safeguarding alone reads the list."""
    book.enrol("ada", Role.ADMINISTRATOR, by="ada")
    for name, role in (("lea", Role.LEAD), ("sage", Role.SAFEGUARDING)):
        book.enrol(name, role, by="ada")
    assert book.support.all(reviewer="sage") == ()
    for name in ("ada", "lea"):
        with pytest.raises(RuleError, match="may not"):
            book.support.all(reviewer=name)

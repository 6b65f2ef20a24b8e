from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seawall.casebook import LEASE_MINUTES, Casebook, QueueFilter
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import accounts, alert
from tests.casebook.clocks import Clock


@pytest.fixture
def book(path: Path, clock: Clock) -> Casebook:
    return Casebook.open(path, clock=clock)


def test_a_case_that_someone_holds_cannot_be_decided_by_another(book: Casebook, case_id: str) -> None:
    """The refusal says until when, and nothing is recorded; whoever holds it decides, and holds it no more."""
    book.queue.take(case_id, reviewer="Rosa")
    with pytest.raises(RuleError, match=r"until 20 May 2026 9:20 UTC"):
        book.decide(case_id, reviewer="Nils", outcome=Outcome.WATCH, reason="Seen.")
    with pytest.raises(RuleError, match="held by someone else"):
        book.queue.take(case_id, reviewer="Nils")
    with pytest.raises(RuleError, match="held by someone else"):
        book.queue.give_back(case_id, reviewer="Nils")
    assert book.case(case_id).case.decisions == ()
    book.decide(case_id, reviewer=" ROSA", outcome=Outcome.WATCH, reason="Seen.")
    (row,) = book.queue.page(QueueFilter(status=()), reviewer="Nils").rows
    assert (row.status, row.held_by) == ("decided", None)


def test_a_lease_runs_out_and_is_extended_by_taking_the_case_again(book: Casebook, case_id: str, clock: Clock) -> None:
    """After twenty minutes anyone can take it; taking it again before counts from then on."""
    first = book.queue.take(case_id, reviewer="Rosa")
    clock.move(seconds=LEASE_MINUTES * 60 - 1)
    second = book.queue.take(case_id, reviewer="Rosa")
    assert second.until > first.until
    clock.move(seconds=LEASE_MINUTES * 60 - 1)
    with pytest.raises(RuleError):
        book.queue.take(case_id, reviewer="Nils")
    clock.move(seconds=1)
    assert book.queue.take(case_id, reviewer="Nils").holder == "Nils"
    with pytest.raises(RuleError, match="held by someone else"):
        book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen.")


def test_a_case_that_was_given_back_is_free(book: Casebook, case_id: str) -> None:
    """Giving back ends the lease; giving back what nobody holds changes nothing."""
    book.queue.take(case_id, reviewer="Rosa")
    book.queue.give_back(case_id, reviewer="rosa")
    head = book.audit.head()
    book.queue.give_back(case_id, reviewer="Nils")
    assert book.audit.head() == head
    book.decide(case_id, reviewer="Nils", outcome=Outcome.WATCH, reason="Seen.")
    with pytest.raises(RuleError, match="decided already"):
        book.queue.take(case_id, reviewer="Rosa")


CASES, THREADS = 30, 50


def test_fifty_people_who_take_and_decide_at_once_neither_lose_nor_double_a_decision(book: Casebook) -> None:
    """Each case is decided once, by the one who took it; the record and the sums of the file agree."""
    opened = book.propose([alert(accounts([number])) for number in range(CASES)], lake_version="v1").opened

    def work(number: int) -> list[tuple[str, str]]:
        name = f"Gardener {number}"
        mine = []
        while (case_id := book.queue.take_next(QueueFilter(), reviewer=name)) is not None:
            book.decide(case_id, reviewer=name, outcome=Outcome.WATCH, reason=f"Seen by {number}.")
            mine.append((case_id, name))
        return mine

    with ThreadPoolExecutor(THREADS) as pool:
        made = [one for some in pool.map(work, range(THREADS)) for one in some]
    assert Counter(case_id for case_id, _ in made) == Counter(opened)
    kept = [(file.case.case_id, one.reviewer) for file in book.case_files() for one in file.case.decisions]
    assert sorted(kept) == sorted(made)
    assert book.audit.verify() == []
    assert book.problems() == []


def test_fifty_people_who_decide_the_same_case_at_once_decide_it_once(book: Casebook, case_id: str) -> None:
    """One of fifty is accepted and forty-nine are refused; nothing of theirs is on the record."""

    def work(number: int) -> bool:
        try:
            book.decide(case_id, reviewer=f"Gardener {number}", outcome=Outcome.SUPPORT, reason="Asked for help.")
        except RuleError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(work, range(THREADS))) == 1
    assert len(book.case(case_id).case.decisions) == 1
    assert sum(entry.act == "decide" for entry in book.audit.entries()) == 1

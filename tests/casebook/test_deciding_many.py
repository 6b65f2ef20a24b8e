from __future__ import annotations

import pytest

from seawall.casebook import Casebook, Done
from seawall.errors import RuleError
from seawall.model import Outcome
from tests.casebook.builders import accounts, alert


@pytest.fixture
def case_ids(book: Casebook) -> list[str]:
    return list(book.propose([alert(accounts([n])) for n in range(6)], lake_version="v1").opened)


def test_each_case_is_decided_under_every_rule_and_the_rest_goes_on(book: Casebook, case_ids: list[str]) -> None:
    """What was left out, held by someone else or decided already stays as it was; the audit names all of them."""
    out, held, over, *rest = case_ids
    book.queue.take(held, reviewer="Nils")
    book.decide(over, reviewer="Nils", outcome=Outcome.SUPPORT, reason="They asked.")
    done = book.queue.decide_many(
        [*case_ids, rest[0].lower()],
        reviewer="Rosa",
        outcome=Outcome.WATCH,
        reason="One newsletter.",
        but=[out.lower()],
    )
    assert {one.case_id for one in done if one.done} == set(rest)
    refused = {one.case_id: one.why for one in done if not one.done}
    assert refused.keys() == {held, over}
    assert "held by someone else" in refused[held]
    assert "decided already" in refused[over]
    statuses = {row["case_id"]: row["status"] for row in book.cases().to_pylist()}
    assert [statuses[one] for one in (out, held, over)] == ["open", "open", "decided"]
    entry = book.audit.entries()[-1]
    assert (entry.act, entry.detail["left out"]) == ("decide many", [out])
    assert sum(one.act == "decide" for one in book.audit.entries()) == 1 + len(rest)
    assert book.audit.verify() == []


def test_a_grave_outcome_for_many_waits_for_a_second_person_each(book: Casebook, case_ids: list[str]) -> None:
    """One person's bulk decision proposes; the same person's second one confirms nothing; another's confirms all."""

    def refer(name: str) -> tuple[Done, ...]:
        return book.queue.decide_many(case_ids, reviewer=name, outcome=Outcome.REFER, reason="Many copies.")

    assert {one.why for one in refer("Rosa")} == {"proposed"}
    assert not any(one.done for one in refer("rosa "))
    assert {one.why for one in refer("Nils")} == {"confirmed"}


def test_nothing_is_decided_where_the_whole_is_refused(book: Casebook, case_ids: list[str]) -> None:
    """An unknown case, a missing reason or too many at once leave no trace."""
    head = book.audit.head()
    many = [f"C-{number:04}" for number in range(201)]
    for some, reason in ((["C-0000", *case_ids], "Seen."), (case_ids, " "), (many, "Seen.")):
        with pytest.raises(RuleError):
            book.queue.decide_many(some, reviewer="Rosa", outcome=Outcome.WATCH, reason=reason)
    assert book.audit.head() == head

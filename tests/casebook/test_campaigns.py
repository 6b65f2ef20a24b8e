from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.casebook import Campaign, Casebook, QueueFilter
from seawall.errors import RuleError
from tests.casebook.builders import accounts, alert
from tests.casebook.fresh import fresh_book


def opened(book: Casebook, count: int = 5) -> list[str]:
    return sorted(book.propose([alert(accounts([n])) for n in range(count)], lake_version="v1").opened)


def test_a_campaign_is_what_a_person_named_with_everything_that_was_done_to_it(book: Casebook) -> None:
    """Name, cases, who and why; joining and splitting stand in its history and in the audit."""
    cases = opened(book)
    made = book.campaigns.name(" Spring sale ", cases[:2], reviewer="Rosa", reason="One calendar.")
    assert (made.name, made.by, made.cases) == ("Spring sale", "Rosa", tuple(cases[:2]))
    book.campaigns.join(made.campaign_id, [cases[2], cases[0].lower()], reviewer="Nils", reason="The same texts.")
    now = book.campaigns.split(made.campaign_id.lower(), [cases[0]], reviewer="Ada", reason="Another club.")
    assert now.cases == (cases[1], cases[2])
    assert [(one.act, one.by, one.cases) for one in now.history] == [
        ("named", "Rosa", (cases[0], cases[1])),
        ("joined", "Nils", (cases[2],)),
        ("split", "Ada", (cases[0],)),
    ]
    assert book.campaigns.all(reviewer="Rosa") == (now,)
    rows = {row.case_id: row.campaign_id for row in book.queue.page(QueueFilter(), reviewer="Rosa").rows}
    assert rows == {one: made.campaign_id if one in now.cases else None for one in cases}
    assert [entry.act for entry in book.audit.entries()].count("campaign") == 3
    assert book.audit.verify() == []
    assert book.problems() == []


def test_a_campaign_that_cannot_be_is_refused_and_leaves_no_trace(book: Casebook) -> None:
    """No name, no reason, no case, a name or a case that is taken, a case or a campaign that is not there."""
    cases = opened(book)
    made = book.campaigns.name("Spring sale", cases[:1], reviewer="Rosa", reason="One calendar.")
    head = book.audit.head()
    for name, some, reason in (
        ("", cases[1:], "Why."),
        ("Autumn", cases[1:], " "),
        ("Autumn", [], "Why."),
        ("SPRING  sale", cases[1:], "Why."),
        ("Autumn", cases[:2], "Why."),
        ("Autumn", ["C-0000"], "Why."),
    ):
        with pytest.raises(RuleError):
            book.campaigns.name(name, some, reviewer="Rosa", reason=reason)
    with pytest.raises(RuleError, match="in this campaign already"):
        book.campaigns.join(made.campaign_id, cases[:1], reviewer="Rosa", reason="Why.")
    with pytest.raises(RuleError, match="not in this campaign"):
        book.campaigns.split(made.campaign_id, cases[:2], reviewer="Rosa", reason="Why.")
    with pytest.raises(RuleError, match="no such campaign"):
        book.campaigns.find("K-0000", reviewer="Rosa")
    assert book.audit.head() == head


acts = st.lists(
    st.tuples(
        st.sampled_from(["name", "join", "split"]),
        st.integers(0, 2),
        st.sets(st.integers(0, 4), min_size=1, max_size=3),
    ),
    max_size=8,
)


@settings(max_examples=5, deadline=None)
@given(acts)
def test_a_case_is_in_one_campaign_at_most_whatever_is_joined_and_split(
    steps: list[tuple[str, int, set[int]]],
) -> None:
    """And each campaign holds exactly what its history adds up to."""
    with fresh_book() as book:
        cases = opened(book)
        known: list[str] = []
        for act, which, numbers in steps:
            some = [cases[number] for number in sorted(numbers)]
            with suppress(RuleError):
                if act == "name":
                    made = book.campaigns.name(f"Club {len(known)}", some, reviewer="Rosa", reason="One calendar.")
                    known.append(made.campaign_id)
                elif known:
                    change = book.campaigns.join if act == "join" else book.campaigns.split
                    change(known[which % len(known)], some, reviewer="Rosa", reason="Looked again.")
        found = book.campaigns.all(reviewer="Rosa")
        assert all(count == 1 for count in Counter(one for made in found for one in made.cases).values())
        assert all(set(made.cases) == _added_up(made) for made in found)


def _added_up(campaign: Campaign) -> set[str]:
    found: set[str] = set()
    for event in campaign.history:
        found = found - set(event.cases) if event.act == "split" else found | set(event.cases)
    return found

from __future__ import annotations

import pytest

from seawall.casebook import Act, Casebook, Role
from seawall.casebook.rules import PERMITTED
from seawall.casebook.tokens import IN_PERSON
from seawall.errors import RuleError
from tests.casebook.clocks import Clock
from tests.casebook.peopled import PEOPLE, with_people

book = pytest.fixture(with_people)


def test_a_token_does_what_it_states_until_it_ends(book: Casebook, clock: Clock) -> None:
    """It stands for its person, for its scopes, for its days."""
    text = book.tokens.make(["read_cases", "decide"], 2, by="rosa")
    found = book.tokens.find(text)
    assert found is not None
    assert text.startswith("seawall_")
    assert (found.name, found.scopes) == ("Rosa", {Act.READ_CASES, Act.DECIDE})
    clock.move(days=1, hours=23)
    assert book.tokens.find(text) is not None
    clock.move(hours=1)
    assert book.tokens.find(text) is None
    assert [one.token_id for one in book.tokens.listed("Rosa")] == [found.token_id]


def test_a_token_never_does_more_than_its_person(book: Casebook) -> None:
    """When the role shrinks, the token shrinks with it."""
    text = book.tokens.make(["read_cases", "decide"], 2, by="Rosa")
    book.people.set_role("Rosa", Role.ANALYST, by="Ada")
    found = book.tokens.find(text)
    assert found is not None
    assert found.scopes == {Act.READ_CASES}


@pytest.mark.parametrize("name", PEOPLE)
def test_what_needs_the_person_no_token_does(book: Casebook, name: str) -> None:
    """Answering a request, opening the vault and keeping people are refused as scopes, whatever the role."""
    for act in sorted(IN_PERSON):
        with pytest.raises(RuleError, match="needs the person"):
            book.tokens.make([act.scope], 2, by=name)


@pytest.mark.parametrize(
    ("scopes", "days"), [([], 2), (["keep_sources"], 2), (["all"], 2), (["decide"], 0), (["decide"], 366)]
)
def test_other_scopes_and_days_are_refused(book: Casebook, scopes: list[str], days: int) -> None:
    """No scope, one that the role does not allow or that there is not, and too few or too many days."""
    with pytest.raises(RuleError):
        book.tokens.make(scopes, days, by="Rosa")
    assert book.tokens.listed("Rosa") == []


def test_a_token_is_taken_back_by_its_person(book: Casebook) -> None:
    """Then it is nobody's; another person cannot take it back."""
    text = book.tokens.make(["read_cases"], 2, by="Rosa")
    (kept,) = book.tokens.listed("Rosa")
    with pytest.raises(RuleError, match="no such token"):
        book.tokens.revoke(kept.token_id, by="Ben")
    book.tokens.revoke(kept.token_id, by="ROSA")
    assert book.tokens.find(text) is None
    assert text not in str(book.audit.entries())


def test_each_role_can_make_a_token_for_what_it_may_do(book: Casebook) -> None:
    """Every scope that a role allows, and that does not need the person, is granted."""
    for name, role in PEOPLE.items():
        able = PERMITTED[role] - IN_PERSON
        found = book.tokens.find(book.tokens.make([act.scope for act in able], 1, by=name))
        assert found is not None
        assert found.scopes == able

from __future__ import annotations

import pytest

from seawall.casebook import Act, Casebook, RequestKind, Role
from seawall.casebook.people_acts import permit_queue
from seawall.errors import RuleError
from tests.casebook.peopled import PEOPLE, with_people

book = pytest.fixture(with_people)


def test_people_are_listed_with_their_roles(book: Casebook) -> None:
    """Each person stands in the list once, by name, with the role that they were given."""
    assert {one.name: one.role for one in book.people.all()} == PEOPLE
    assert not any(one.can_sign_in for one in book.people.all())


@pytest.mark.parametrize("by", [name for name, role in PEOPLE.items() if role is not Role.ADMINISTRATOR])
def test_only_administrators_keep_people(book: Casebook, by: str) -> None:
    """Nobody else enrols, gives roles, removes or limits, and nothing changes."""
    before = book.people.all()
    acts = (
        lambda: book.people.enrol("Vera", Role.REVIEWER, by=by),
        lambda: book.people.set_role("Rosa", Role.LEAD, by=by),
        lambda: book.people.remove("Rosa", by=by),
        lambda: book.people.set_queues("Rosa", ["surge"], by=by),
        lambda: book.people.sign_in_link("Rosa" if by != "Rosa" else "Ben", minutes=5, by=by),
    )
    for act in acts:
        with pytest.raises(RuleError, match="may not"):
            act()
    assert book.people.all() == before


def test_a_role_counts_from_the_next_act_on(book: Casebook) -> None:
    """Another role allows and forbids at once, and the audit tells the one before."""
    with pytest.raises(RuleError):
        book.people.permit("Fern", Act.DECIDE)
    book.people.set_role("fern", Role.REVIEWER, by="Ada")
    book.people.permit("Fern", Act.DECIDE)
    assert book.audit.entries()[-1].detail == {"name": "Fern", "role": "reviewer", "before": "analyst"}


def test_there_is_always_an_administrator(book: Casebook) -> None:
    """The last administrator is neither removed nor given another role; where there is a second, the first may go."""
    for act in (lambda: book.people.remove("Ada", by="Ada"), lambda: book.people.set_role("Ada", Role.LEAD, by="Ada")):
        with pytest.raises(RuleError, match="last administrator"):
            act()
    book.people.enrol("Vera", Role.ADMINISTRATOR, by="Ada")
    book.people.remove("Ada", by="Vera")
    with pytest.raises(RuleError, match="not enrolled"):
        book.people.permit("Ada", Act.KEEP_PEOPLE)


def test_who_is_removed_is_signed_in_no_more(book: Casebook) -> None:
    """With a person go their sessions, tokens, links, password and choices; their entries in the audit stay."""
    session = book.sessions.open("Rosa", "link")
    token = book.tokens.make(["read_cases"], 5, by="Rosa")
    link = book.people.sign_in_link("Rosa", minutes=5, by="Ada")
    book.people.set_password("Rosa", "quiet green tomatoes", by="Rosa")
    book.people.set_preferences("Rosa", {"theme": "dark"}, by="Rosa")
    book.people.remove("Rosa", by="Ada")
    assert book.sessions.find(session) is None
    assert book.tokens.find(token) is None
    assert book.people.check_password("Rosa", "quiet green tomatoes") is None
    assert book.people.preferences("Rosa")["theme"] == "system"
    with pytest.raises(RuleError):
        book.people.by_link(link)
    assert "Rosa" in {entry.actor for entry in book.audit.entries()}
    assert book.problems() == []


def test_nobody_changes_into_safeguarding_or_out_of_it(book: Casebook) -> None:
    """A role of safeguarding is given when a person is enrolled, and ends when they are removed."""
    for name, role in (("Rosa", Role.SAFEGUARDING), ("Sol", Role.LEAD)):
        with pytest.raises(RuleError, match="apart"):
            book.people.set_role(name, role, by="Ada")


def test_safeguarding_keeps_its_own_people(book: Casebook) -> None:
    """Once there is somebody, an administrator enrols, introduces and removes nobody of safeguarding; they do."""
    for act in (
        lambda: book.people.enrol("Vera", Role.SAFEGUARDING, by="Ada"),
        lambda: book.people.sign_in_link("Sol", minutes=5, by="Ada", anew=True),
        lambda: book.people.remove("Sky", by="Ada"),
    ):
        with pytest.raises(RuleError, match="by one another"):
            act()
    book.people.enrol("Vera", Role.SAFEGUARDING, by="Sol")
    book.people.remove("Sky", by="Sol")
    assert {one.name for one in book.people.all() if one.role is Role.SAFEGUARDING} == {"Sol", "Vera"}


def test_an_administrator_lets_safeguarding_in_with_another_person(book: Casebook) -> None:
    """With a request that somebody else agreed to it can be done, once, and for that person alone."""
    asked = book.requests.ask(RequestKind.PEOPLE, ["SOL"], "Sol has lost her key.", reviewer="Ada")
    book.requests.answer(asked.request_id, True, "She told me so herself.", reviewer="Ben")
    with pytest.raises(RuleError, match="by one another"):
        book.people.sign_in_link("Sky", minutes=5, by="Ada", anew=True)
    assert book.people.sign_in_link("Sol", minutes=5, by="Ada", anew=True)
    with pytest.raises(RuleError, match="by one another"):
        book.people.sign_in_link("Sol", minutes=5, by="Ada", anew=True)


def test_a_person_can_be_limited_to_some_queues(book: Casebook) -> None:
    """Limited to a detector's cases, a person is refused those of others; freed, they have every case again."""
    book.people.set_queues("Rosa", ["surge"], by="Ada")
    assert book.people.queues_of("rosa") == {"surge"}
    with book._store.read() as connection:
        permit_queue(connection, "Rosa", ["coordination", "surge"])
        permit_queue(connection, "Ben", ["coordination"])
        with pytest.raises(RuleError, match="none of your queues"):
            permit_queue(connection, "ROSA", ["coordination"])
    book.people.set_queues("Rosa", [], by="Ada")
    assert book.people.queues_of("Rosa") is None


@pytest.mark.parametrize("name", ["", " \u200b ", "Ro\u202esa", "Ro\x00sa", "R" * 101], ids=range(5))
def test_a_name_can_be_seen(book: Casebook, name: str) -> None:
    """Names that are empty, endless, or hold what cannot be seen are refused."""
    with pytest.raises(RuleError):
        book.people.enrol(name, Role.REVIEWER, by="Ada")

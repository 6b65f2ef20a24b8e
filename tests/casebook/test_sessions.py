from __future__ import annotations

from datetime import datetime

import pytest

from seawall.casebook import Casebook, Role
from seawall.errors import ConfigurationError, RuleError
from tests.casebook.clocks import Clock
from tests.casebook.peopled import with_people

book = pytest.fixture(with_people)


def seen_at(book: Casebook) -> datetime | None:
    return next(one.seen_at for one in book.people.all() if one.name == "Rosa")


def test_a_session_is_its_persons(book: Casebook, clock: Clock) -> None:
    """The token leads to name, role, way and times; another text, or a shorter one, to nobody."""
    token = book.sessions.open(" rosa", "passkey")
    found = book.sessions.find(token)
    assert found is not None
    assert (found.name, found.role, found.how, found.opened_at) == ("Rosa", Role.REVIEWER, "passkey", clock.now)
    for other in (token[:-1], "", found.csrf, token + "="):
        assert book.sessions.find(other) is None


def test_half_an_hour_without_a_sign_of_life_ends_a_session(book: Casebook, clock: Clock) -> None:
    """A sign of life within half an hour keeps it; half an hour without one ends it for good."""
    token = book.sessions.open("Rosa", "link")
    for _ in range(3):
        clock.move(minutes=29)
        assert book.sessions.find(token) is not None
    clock.move(minutes=30)
    assert book.sessions.find(token) is None
    clock.move(minutes=-5)
    book.sessions.open("Ben", "link")
    clock.move(minutes=5)
    assert book.sessions.find(token) is None


def test_twelve_hours_end_a_session_however_busy_it_is(book: Casebook, clock: Clock) -> None:
    """A session that is used all the time ends all the same."""
    token = book.sessions.open("Rosa", "link")
    for _ in range(12 * 3 - 1):
        clock.move(minutes=20)
        assert book.sessions.find(token) is not None
    clock.move(minutes=20)
    assert book.sessions.find(token) is None


def test_a_sign_of_life_is_written_once_a_minute(book: Casebook, clock: Clock) -> None:
    """Within a minute nothing is written; after it, when the person was seen."""
    began = clock.now
    token = book.sessions.open("Rosa", "link")
    for _ in range(5):
        clock.move(seconds=11)
        book.sessions.find(token)
    assert seen_at(book) == began
    clock.move(seconds=11)
    book.sessions.find(token)
    assert seen_at(book) == clock.now
    assert book.problems() == []


def test_what_forms_carry_is_the_sessions_own(book: Casebook) -> None:
    """Each session has its own proof for forms, the same at each look, and it is not the token."""
    one, two = book.sessions.open("Rosa", "link"), book.sessions.open("Rosa", "link")
    proofs = {found.csrf for token in (one, two, one) if (found := book.sessions.find(token)) is not None}
    assert len(proofs) == 2
    assert proofs.isdisjoint({one, two})


def test_signing_out_ends_one_session_or_all(book: Casebook) -> None:
    """Signing out ends that session; everywhere, all but the one that is spared; others may not do that to a person."""
    tokens = [book.sessions.open("Rosa", "link") for _ in range(4)]
    book.sessions.close(tokens[0])
    book.sessions.close(tokens[0])
    with pytest.raises(RuleError, match="may not"):
        book.sessions.close_all("Rosa", by="Ben")
    assert book.sessions.close_all("Rosa", by="Rosa", but=tokens[3]) == 2
    assert [book.sessions.find(token) is not None for token in tokens] == [False, False, False, True]
    assert book.sessions.close_all("rosa", by="Ada") == 1


def test_a_session_has_the_role_of_now(book: Casebook) -> None:
    """Another role counts in sessions that are open."""
    token = book.sessions.open("Rosa", "link")
    book.people.set_role("Rosa", Role.LEAD, by="Ada")
    found = book.sessions.find(token)
    assert found is not None
    assert found.role is Role.LEAD


def test_only_enrolled_people_are_signed_in(book: Casebook) -> None:
    """Nobody else is, and in no way that there is not."""
    with pytest.raises(RuleError, match="not enrolled"):
        book.sessions.open("Vera", "link")
    with pytest.raises(ConfigurationError, match="no such way"):
        book.sessions.open("Rosa", "shouting")


def test_signing_in_and_out_is_on_the_record(book: Casebook) -> None:
    """Who signed in how, and out; no token in it."""
    token = book.sessions.open("Rosa", "passkey")
    book.sessions.close(token)
    told = [(entry.actor, entry.act, entry.detail) for entry in book.audit.entries()[-2:]]
    assert told == [("Rosa", "sign in", {"how": "passkey"}), ("Rosa", "sign out", {})]

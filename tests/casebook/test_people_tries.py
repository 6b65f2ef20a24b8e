from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pyotp import TOTP
from sqlalchemy import select

from seawall.casebook import Casebook
from seawall.casebook.canonical import moment
from seawall.casebook.people_tries import FREE, LONGEST_PAUSE
from seawall.casebook.tables_people import sign_in_tries
from seawall.errors import RuleError
from tests.casebook.clocks import Clock
from tests.casebook.peopled import with_people

KEY = bytes(32)


book = pytest.fixture(with_people)


def pause(book: Casebook, clock: Clock, name: str) -> timedelta:
    """How long the pause is that a wrong code brings about; it has passed when this returns."""
    began = clock.now
    assert not book.people.check_totp(name, "000000", KEY)
    with book._store.read() as connection:
        until = moment(connection.scalars(select(sign_in_tries.c.paused_until)).one())
    clock.now = until - timedelta(microseconds=1)
    with pytest.raises(RuleError, match="too many tries"):
        book.people.check_totp(name, "000000", KEY)
    clock.now = until
    return until - began


@pytest.mark.parametrize("name", ["Rosa", "Nobody at all"])
def test_after_five_tries_there_are_pauses_that_grow(book: Casebook, clock: Clock, name: str) -> None:
    """Five tries are free, then each pause is twice the one before, a quarter of an hour at most; known or not."""
    for _ in range(FREE - 1):
        assert not book.people.check_totp(name, "000000", KEY)
    pauses = [pause(book, clock, name) for _ in range(7)]
    assert pauses == [timedelta(seconds=30) * 2**n for n in range(5)] + [LONGEST_PAUSE] * 2


def test_a_restart_forgets_no_try(book: Casebook, clock: Clock, path: Path) -> None:
    """The pause holds in another process, under another spelling of the name, even for the right password."""
    book.people.set_password("Rosa", "quiet green tomatoes", by="Rosa")
    for _ in range(FREE):
        book.people.check_password("Rosa", "late leeks in rows")
    again = Casebook.open(path, clock=clock)
    with pytest.raises(RuleError, match=r"too many tries.*Try again after 09:00:30 UTC"):
        again.people.check_password(" ROSA\u200b", "quiet green tomatoes")
    clock.move(seconds=30)
    assert again.people.check_password("Rosa", "quiet green tomatoes") is not None


def test_the_right_code_ends_the_count(book: Casebook, clock: Clock) -> None:
    """Who mistypes now and then never has to wait."""
    app = TOTP(book.people.begin_totp("Rosa", KEY, by="Rosa")[0])
    assert book.people.confirm_totp("Rosa", app.at(clock.now), KEY, by="Rosa")
    for _ in range(2):
        for _ in range(FREE - 1):
            assert not book.people.check_totp("Rosa", "000000", KEY)
        clock.move(minutes=1)
        assert book.people.check_totp("Rosa", app.at(clock.now), KEY)


def test_tries_are_forgotten_after_a_day(book: Casebook, clock: Clock) -> None:
    """After a quiet day the five free tries are there again, and no row is left of names that nobody has."""
    for number in range(FREE):
        book.people.check_totp("Rosa", "000000", KEY)
        book.people.check_totp(f"stranger {number}", "000000", KEY)
    clock.move(days=1, seconds=1)
    for _ in range(FREE):
        assert not book.people.check_totp("Rosa", "000000", KEY)
    book.people.check_totp("somebody new", "000000", KEY)
    with book._store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sign_in_tries").scalar() == 2


def test_a_pause_is_on_the_record_without_what_was_typed(book: Casebook) -> None:
    """The audit names the person for whom there is a pause, and of names that nobody has, nothing."""
    for name in ("rosa", "my secret password in the wrong field"):
        for _ in range(FREE):
            book.people.check_totp(name, "000000", KEY)
    told = [(entry.actor, entry.detail) for entry in book.audit.entries() if entry.act == "sign-in paused"]
    assert told == [(actor, {"with": "authenticator", "tries": FREE}) for actor in ("rosa", "(unknown)")]

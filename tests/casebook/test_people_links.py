from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyotp
import pytest

from seawall.casebook import Casebook, Role
from seawall.errors import RuleError
from tests.casebook.clocks import Clock
from tests.casebook.peopled import with_people

KEY = bytes(range(32))
WORDS = "quiet green tomatoes"


book = pytest.fixture(with_people)


def set_up(book: Casebook, clock: Clock, name: str) -> None:
    """Password and authenticator."""
    book.people.set_password(name, WORDS, by=name)
    secret, _ = book.people.begin_totp(name, KEY, by=name)
    assert book.people.confirm_totp(name, pyotp.TOTP(secret).at(clock.now), KEY, by=name)


def test_a_link_signs_in_once(book: Casebook) -> None:
    """A link leads to its person, and a second time to nobody."""
    link = book.people.sign_in_link("Rosa", minutes=15, by="Ada")
    assert book.people.by_link(link).name == "Rosa"
    with pytest.raises(RuleError, match="works no more"):
        book.people.by_link(link)


def test_a_link_ends(book: Casebook, clock: Clock) -> None:
    """When its minutes are over a link works no more, and one that nobody made never did."""
    link = book.people.sign_in_link("Rosa", minutes=15, by="Ada")
    clock.move(minutes=15)
    for secret in (link, "made up", ""):
        with pytest.raises(RuleError, match="works no more"):
            book.people.by_link(secret)


@pytest.mark.parametrize("minutes", [0, -1, 20_000])
def test_a_link_lasts_a_week_at_most(book: Casebook, minutes: int) -> None:
    """Less than a minute and more than a week are refused."""
    with pytest.raises(RuleError, match="between a minute and a week"):
        book.people.sign_in_link("Rosa", minutes=minutes, by="Ada")


def test_nobody_acts_as_another_unseen(book: Casebook, clock: Clock) -> None:
    """Who can sign in gets a link from others only if it begins anew: then nothing of before signs them in."""
    set_up(book, clock, "Rosa")
    session = book.sessions.open("Rosa", "password")
    with pytest.raises(RuleError, match="act as them"):
        book.people.sign_in_link("Rosa", minutes=15, by="Ada")
    with pytest.raises(RuleError, match="act as them"):
        book.people.link_identity("Rosa", "https://id.example", "4711", by="Ada")
    link = book.people.sign_in_link("Rosa", minutes=15, by="Ada", anew=True)
    assert book.sessions.find(session) is None
    assert book.people.check_password("Rosa", WORDS) is None
    assert book.people.by_link(link).name == "Rosa"


def test_a_person_makes_a_link_for_themself(book: Casebook, clock: Clock) -> None:
    """For another device of one's own there is no need of an administrator, and nothing is forgotten."""
    set_up(book, clock, "Rosa")
    assert book.people.by_link(book.people.sign_in_link("Rosa", minutes=5, by="rosa")).name == "Rosa"
    assert book.people.check_password("Rosa", WORDS) is not None


def test_the_first_start_enrols_an_administrator(path: Path) -> None:
    """In a casebook without people, whoever starts it becomes the administrator; later nobody does."""
    book = Casebook.open(path)
    assert not book.people.enrolled()
    link = book.people.first_administrator("Ada", minutes=15)
    assert book.people.by_link(link).role is Role.ADMINISTRATOR
    with pytest.raises(RuleError, match="already"):
        book.people.first_administrator("Vera", minutes=15)


def test_an_identity_of_another_service_stands_for_one_person(book: Casebook) -> None:
    """Issuer and subject lead to the person for whom they were stated, and cannot be stated for a second one."""
    book.people.link_identity("Rosa", "https://id.example", "4711", by="Ada")
    found = book.people.identity("https://id.example", "4711")
    assert found is not None
    assert found.name == "Rosa"
    assert book.people.identity("https://other.example", "4711") is None
    with pytest.raises(RuleError, match="already"):
        book.people.link_identity("Ben", "https://id.example", "4711", by="Ben")
    book.people.unlink_identities("Rosa", by="Rosa")
    assert book.people.identity("https://id.example", "4711") is None


def test_no_secret_is_kept(book: Casebook, clock: Clock, path: Path) -> None:
    """Links, sessions, tokens, passwords and authenticators' secrets stand in no row of the casebook, in no form."""
    link = book.people.sign_in_link("Rosa", minutes=15, by="Ada")
    session, token = book.sessions.open("Rosa", "link"), book.tokens.make(["read_cases"], 5, by="Rosa")
    book.people.set_password("Rosa", WORDS, by="Rosa")
    secret, _ = book.people.begin_totp("Rosa", KEY, by="Rosa")
    book.people.confirm_totp("Rosa", pyotp.TOTP(secret).at(clock.now), KEY, by="Rosa")
    challenge = book.people.begin_passkey_sign_in("https://seawall.example")[1]
    csrf = book.sessions.find(session)
    assert csrf is not None
    with closing(sqlite3.connect(path)) as raw:
        dump = "\n".join(raw.iterdump())
    assert "Rosa" in dump
    for one in (link, session, token, WORDS, secret, challenge, csrf.csrf, KEY.hex()):
        assert one not in dump

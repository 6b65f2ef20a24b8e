from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from seawall.casebook import Casebook
from seawall.errors import RuleError, StorageError
from tests.casebook.clocks import Clock
from tests.casebook.peopled import with_people

KEY = bytes(range(32))


book = pytest.fixture(with_people)


@pytest.fixture
def app(book: Casebook, clock: Clock) -> pyotp.TOTP:
    """Rosa's authenticator app, confirmed two minutes ago."""
    secret, _ = book.people.begin_totp("Rosa", KEY, by="Rosa")
    app = pyotp.TOTP(secret)
    assert book.people.confirm_totp("Rosa", app.at(clock.now), KEY, by="Rosa")
    clock.move(minutes=2)
    return app


def test_a_code_is_taken_once(book: Casebook, clock: Clock, app: pyotp.TOTP) -> None:
    """A code that was taken, and any before it, is refused; the next one is right."""
    before, now = app.at(clock.now, counter_offset=-1), app.at(clock.now)
    assert book.people.check_totp("Rosa", now, KEY)
    assert not book.people.check_totp("Rosa", now, KEY)
    assert not book.people.check_totp("Rosa", before, KEY)
    clock.move(seconds=30)
    assert book.people.check_totp("Rosa", app.at(clock.now), KEY)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(book: Casebook, clock: Clock, app: pyotp.TOTP, steps: int, right: bool) -> None:
    """Codes of the step before and after are right, others are not."""
    assert book.people.check_totp("Rosa", app.at(clock.now, counter_offset=steps), KEY) is right


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666", "٠" * 6])
def test_what_is_no_code_is_wrong(book: Casebook, app: pyotp.TOTP, code: str) -> None:
    """Other lengths, letters and digits of other scripts are wrong, and no error."""
    assert not book.people.check_totp("Rosa", code, KEY)


def test_a_code_may_be_typed_with_a_space(book: Casebook, clock: Clock, app: pyotp.TOTP) -> None:
    """As apps show it, in two groups."""
    code = app.at(clock.now)
    assert book.people.check_totp("Rosa", f" {code[:3]} {code[3:]} ", KEY)


def test_a_new_secret_counts_once_it_is_confirmed(book: Casebook, clock: Clock, app: pyotp.TOTP) -> None:
    """Until then the old one holds; a wrong first code confirms nothing."""
    secret, _ = book.people.begin_totp("Rosa", KEY, by="Rosa")
    fresh = pyotp.TOTP(secret)
    assert not book.people.check_totp("Rosa", fresh.at(clock.now), KEY)
    assert not book.people.confirm_totp("Rosa", app.at(clock.now), KEY, by="Rosa")
    assert book.people.check_totp("Rosa", app.at(clock.now), KEY)
    clock.move(minutes=1)
    assert book.people.confirm_totp("Rosa", fresh.at(clock.now), KEY, by="Rosa")
    clock.move(minutes=1)
    assert not book.people.check_totp("Rosa", app.at(clock.now), KEY)
    assert book.people.check_totp("Rosa", fresh.at(clock.now), KEY)


def test_the_code_that_confirmed_does_not_sign_in(book: Casebook, clock: Clock) -> None:
    """It was taken already."""
    secret, _ = book.people.begin_totp("Ben", KEY, by="Ben")
    code = pyotp.TOTP(secret).at(clock.now)
    assert book.people.confirm_totp("Ben", code, KEY, by="Ben")
    assert not book.people.check_totp("Ben", code, KEY)


def test_people_without_an_authenticator_have_no_code(book: Casebook, clock: Clock) -> None:
    """No code is right for who has none, has not confirmed it, or does not exist; the secret of the decoy included."""
    book.people.begin_totp("Ben", KEY, by="Ben")
    decoy = pyotp.TOTP("A" * 32).at(clock.now)
    for name in ("Ben", "Fern", "Nobody"):
        assert not book.people.check_totp(name, decoy, KEY)
    with pytest.raises(RuleError, match="Begin again"):
        book.people.confirm_totp("Fern", decoy, KEY, by="Fern")


def test_the_address_is_what_apps_read(book: Casebook) -> None:
    """otpauth, with the name, the issuer and the secret; nobody but the person gets it."""
    secret, address = book.people.begin_totp("Rosa", KEY, by="Rosa")
    told = urlsplit(address)
    assert (told.scheme, told.netloc, told.path) == ("otpauth", "totp", "/Seawall:Rosa")
    assert parse_qs(told.query) == {"secret": [secret], "issuer": ["Seawall"]}
    with pytest.raises(RuleError, match="person themself"):
        book.people.begin_totp("Rosa", KEY, by="Ada")


def test_the_secrets_are_useless_without_the_key(book: Casebook, clock: Clock, app: pyotp.TOTP) -> None:
    """Another key opens nothing, and the message says what to restore."""
    with pytest.raises(StorageError, match=r"keys/sign-in\.key"):
        book.people.check_totp("Rosa", app.at(clock.now), bytes(32))

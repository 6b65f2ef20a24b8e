from __future__ import annotations

import json

import pytest

from seawall.casebook import Casebook
from seawall.errors import RuleError
from tests.casebook.authenticator import PRESENT, Authenticator, b64
from tests.casebook.clocks import Clock
from tests.casebook.peopled import with_people

ORIGIN = "https://seawall.example"


book = pytest.fixture(with_people)


def added(book: Casebook, name: str, device: Authenticator) -> Authenticator:
    options, challenge = book.people.begin_passkey(name, ORIGIN, by=name)
    book.people.finish_passkey(name, challenge, device.create(options), by=name, label="the blue key")
    return device


def signed_in(book: Casebook, device: Authenticator) -> str | None:
    options, challenge = book.people.begin_passkey_sign_in(ORIGIN)
    found = book.people.finish_passkey_sign_in(challenge, device.get(options))
    return None if found is None else found.name


def test_a_passkey_signs_its_person_in(book: Casebook) -> None:
    """Made once, it signs in again and again, and asks for no name."""
    rosa, ben = added(book, "Rosa", Authenticator(ORIGIN)), added(book, "Ben", Authenticator(ORIGIN))
    assert [signed_in(book, one) for one in (rosa, ben, rosa)] == ["Rosa", "Ben", "Rosa"]
    assert [one.label for one in book.people.passkeys("Rosa")] == ["the blue key"]
    assert {one.name for one in book.people.all() if one.can_sign_in} == {"Rosa", "Ben"}


def test_the_person_is_verified_and_the_key_found_without_a_name(book: Casebook) -> None:
    """The browser is asked for a key that names its person, and to check who holds it; known keys are left out."""
    device = added(book, "Rosa", Authenticator(ORIGIN))
    options = json.loads(book.people.begin_passkey("Rosa", ORIGIN, by="Rosa")[0])
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in options["excludeCredentials"]] == [b64(device.credential)]
    asked = json.loads(book.people.begin_passkey_sign_in(ORIGIN)[0])
    assert (asked["rpId"], asked["userVerification"], asked.get("allowCredentials", [])) == (
        "seawall.example",
        "required",
        [],
    )


def test_a_copied_passkey_is_refused(book: Casebook) -> None:
    """A counter that does not rise shows that two devices have the key."""
    device = added(book, "Rosa", Authenticator(ORIGIN))
    assert [signed_in(book, device) for _ in range(2)] == ["Rosa", "Rosa"]
    device.counter -= 1
    assert signed_in(book, device) is None


def test_a_challenge_is_used_once_and_in_time(book: Casebook, clock: Clock) -> None:
    """A second answer to the same challenge, a late one, and one to a challenge that nobody made are refused."""
    device = added(book, "Rosa", Authenticator(ORIGIN))
    options, challenge = book.people.begin_passkey_sign_in(ORIGIN)
    assert book.people.finish_passkey_sign_in(challenge, device.get(options)) is not None
    assert book.people.finish_passkey_sign_in(challenge, device.get(options)) is None
    options, challenge = book.people.begin_passkey_sign_in(ORIGIN)
    clock.move(minutes=5)
    assert book.people.finish_passkey_sign_in(challenge, device.get(options)) is None
    assert book.people.finish_passkey_sign_in("made up", device.get(options)) is None


def test_a_wrong_answer_uses_the_challenge_up(book: Casebook) -> None:
    """After an answer that does not fit, the right one comes too late: for making a passkey as for signing in."""
    device = Authenticator(ORIGIN)
    options, challenge = book.people.begin_passkey("Rosa", ORIGIN, by="Rosa")
    for answer in ("{}", device.create(options)):
        with pytest.raises(RuleError):
            book.people.finish_passkey("Rosa", challenge, answer, by="Rosa")
    assert book.people.passkeys("Rosa") == []


@pytest.mark.parametrize("answer", ["", "{}", "null", "[1]", '{"id": 1, "rawId": 2}', "{" * 5000], ids=range(6))
def test_nonsense_is_refused(book: Casebook, answer: str) -> None:
    """What is no answer of a browser signs nobody in, and makes no passkey."""
    assert book.people.finish_passkey_sign_in(book.people.begin_passkey_sign_in(ORIGIN)[1], answer) is None
    with pytest.raises(RuleError, match="does not fit"):
        book.people.finish_passkey("Rosa", book.people.begin_passkey("Rosa", ORIGIN, by="Rosa")[1], answer, by="Rosa")


@pytest.mark.parametrize("elsewhere", ["https://seawall.example.evil.test", "http://seawall.example"])
def test_an_answer_for_another_address_is_refused(book: Casebook, elsewhere: str) -> None:
    """What a person did on a look-alike page signs nobody in here."""
    device = added(book, "Rosa", Authenticator(ORIGIN))
    device.origin = elsewhere
    assert signed_in(book, device) is None
    options, challenge = book.people.begin_passkey("Ben", ORIGIN, by="Ben")
    with pytest.raises(RuleError, match="does not fit"):
        book.people.finish_passkey("Ben", challenge, Authenticator(elsewhere).create(options), by="Ben")


def test_a_device_that_checks_nobody_is_refused(book: Casebook) -> None:
    """A found key without PIN or finger signs nobody in."""
    with pytest.raises(RuleError, match="does not fit"):
        added(book, "Rosa", Authenticator(ORIGIN, flags=PRESENT))
    device = added(book, "Rosa", Authenticator(ORIGIN))
    device.flags = PRESENT
    assert signed_in(book, device) is None


def test_an_unknown_key_and_a_wrong_signature_are_refused(book: Casebook) -> None:
    """Neither a key that nobody added nor another key under a known name signs in."""
    device = added(book, "Rosa", Authenticator(ORIGIN))
    other = Authenticator(ORIGIN)
    assert signed_in(book, other) is None
    other.credential = device.credential
    assert signed_in(book, other) is None


def test_a_ceremony_belongs_to_one_person(book: Casebook) -> None:
    """What one person began another cannot finish, nor begin for them; the same key is added once."""
    options, challenge = book.people.begin_passkey("Rosa", ORIGIN, by="Rosa")
    with pytest.raises(RuleError, match="another person"):
        book.people.finish_passkey("Ben", challenge, Authenticator(ORIGIN).create(options), by="Ben")
    with pytest.raises(RuleError, match="person themself"):
        book.people.begin_passkey("Rosa", ORIGIN, by="Ada")
    device = added(book, "Rosa", Authenticator(ORIGIN))
    with pytest.raises(RuleError, match="known already"):
        added(book, "Ben", device)


def test_a_passkey_is_forgotten_by_its_owner(book: Casebook) -> None:
    """Once forgotten it signs nobody in; others cannot forget it."""
    device = added(book, "Rosa", Authenticator(ORIGIN))
    (kept,) = book.people.passkeys("Rosa")
    with pytest.raises(RuleError, match="no such passkey"):
        book.people.remove_passkey("Ben", kept.credential, by="Ben")
    book.people.remove_passkey("Rosa", kept.credential, by="Rosa")
    assert signed_in(book, device) is None


def test_an_address_without_a_host_is_refused(book: Casebook) -> None:
    """A passkey belongs to a host."""
    with pytest.raises(RuleError, match="belongs to an address"):
        book.people.begin_passkey_sign_in("seawall")

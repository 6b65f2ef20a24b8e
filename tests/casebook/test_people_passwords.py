from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select, update

from seawall.casebook import Casebook
from seawall.casebook.people_passwords import check_new, hashed, matches
from seawall.casebook.tables_people import passwords
from seawall.errors import RuleError
from tests.casebook.peopled import with_people

WORDS = "quiet green tomatoes"


book = pytest.fixture(with_people)


def kept(book: Casebook) -> str:
    with book._store.read() as connection:
        return str(connection.scalar(select(passwords.c.hash)))


def test_a_password_is_kept_as_argon2id() -> None:
    """Argon2id with at least OWASP's costs (19 MiB, two passes), and a salt of its own each time."""
    one, two = hashed(WORDS), hashed(WORDS)
    told = extract_parameters(one)
    assert (told.type, told.memory_cost >= 19 * 1024, told.time_cost >= 2) == (Type.ID, True, True)
    assert one != two
    assert matches(one, WORDS)
    assert not matches(one, WORDS + " ")
    assert not matches(None, WORDS)
    assert not matches("no hash at all", WORDS)


def test_a_password_is_the_same_however_it_is_typed() -> None:
    """Composed and decomposed letters are one password (NFKC)."""
    assert matches(hashed("fünf grüne Gurken"), "fu\u0308nf gru\u0308ne Gurken")


@pytest.mark.parametrize(
    "password",
    ["", "short", "elevenchars", "password1234", "Password 2026!", "123456789012", "aaaaaaaaaaaaaaaa", "abcabcabcabc",
     "qwertyqwerty", "rosa-lind-rosa", "Rosa Lind 2026", "correct horse battery staple", "x" * 1025],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    """Too short, too long, common, repeated, or made of the person's own name: refused."""
    with pytest.raises(RuleError, match=r"password|characters"):
        check_new("Rosa Lind", password)


@pytest.mark.parametrize("password", [WORDS, "bed number nine, leeks", "الطماطم الخضراء هادئة", "k7#Qw!zP2$Lm"])
def test_other_passwords_are_taken(password: str) -> None:
    """Words that do not belong together, in any script, and twelve random characters are taken."""
    check_new("Rosa Lind", password)


def test_a_password_belongs_to_its_person(book: Casebook) -> None:
    """The right one finds the person under any spelling of their name; nobody else sets it."""
    book.people.set_password("Rosa", WORDS, by=" ROSA")
    found = book.people.check_password("rosa", WORDS)
    assert found is not None
    assert found.name == "Rosa"
    assert book.people.check_password("Rosa", "late leeks in rows") is None
    with pytest.raises(RuleError, match="person themself"):
        book.people.set_password("Rosa", "late leeks in rows", by="Ada")


def test_a_new_password_needs_the_old_one(book: Casebook) -> None:
    """Whoever finds a screen unlocked cannot change the password."""
    book.people.set_password("Rosa", WORDS, by="Rosa")
    with pytest.raises(RuleError, match="current password"):
        book.people.set_password("Rosa", "late leeks in rows", by="Rosa")
    book.people.set_password("Rosa", "late leeks in rows", by="Rosa", current=WORDS)
    assert book.people.check_password("Rosa", WORDS) is None
    assert book.people.check_password("Rosa", "late leeks in rows") is not None


def test_names_that_nobody_has_get_the_same_answer(book: Casebook) -> None:
    """An unknown name, a person without a password and a wrong password are told apart by nothing."""
    book.people.set_password("Rosa", WORDS, by="Rosa")
    for name in ("Rosa", "Ben", "Nobody", "", "\x00"):
        assert book.people.check_password(name, "late leeks in rows") is None


def test_old_costs_are_brought_up_to_date(book: Casebook) -> None:
    """A hash of lower costs is replaced when the password is used, and the password still holds."""
    book.people.set_password("Rosa", WORDS, by="Rosa")
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(WORDS)
    with book._store.write() as connection:
        connection.execute(update(passwords).values(hash=cheap))
    assert book.people.check_password("Rosa", WORDS) is not None
    assert extract_parameters(kept(book)).memory_cost > 1024
    assert book.people.check_password("Rosa", WORDS) is not None

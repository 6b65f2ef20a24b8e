"""Passwords, passkeys, codes and links on a real server: slow, because hashing a password is meant to be."""

from __future__ import annotations

import pytest

from seawall.casebook import Casebook
from tests.casebook import (
    test_people_links,
    test_people_passkeys,
    test_people_passwords,
    test_people_preferences,
    test_people_totp,
    test_people_tries,
)
from tests.casebook.peopled import Clock, with_people
from tests.casebook.postgresql.same import taken

pytestmark = pytest.mark.verify


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(path: str, clock: Clock) -> Casebook:
    return with_people(path, clock)


globals().update(
    taken(
        test_people_links,
        test_people_passkeys,
        test_people_passwords,
        test_people_preferences,
        test_people_totp,
        test_people_tries,
        but=frozenset({"test_no_secret_is_kept"}),
    )
)

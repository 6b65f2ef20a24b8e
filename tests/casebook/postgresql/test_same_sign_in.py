"""Passwords, passkeys, codes and links on a real server: slow, because hashing a password is meant to be."""

from __future__ import annotations

import pytest

from tests.casebook import (
    test_people_links,
    test_people_passkeys,
    test_people_passwords,
    test_people_preferences,
    test_people_totp,
    test_people_tries,
)
from tests.casebook.peopled import with_people
from tests.casebook.postgresql.same import taken

pytestmark = pytest.mark.verify


book = pytest.fixture(with_people)


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

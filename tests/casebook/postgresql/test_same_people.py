"""People, sessions, tokens and requests on a real server."""

from __future__ import annotations

import pytest

from seawall.casebook import Casebook
from tests.casebook import test_approached, test_people_acts, test_requests, test_sessions, test_tokens
from tests.casebook.peopled import Clock, with_people
from tests.casebook.postgresql.same import taken


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(path: str, clock: Clock) -> Casebook:
    return with_people(path, clock)


globals().update(taken(test_approached, test_people_acts, test_requests, test_sessions, test_tokens))

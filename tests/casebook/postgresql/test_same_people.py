"""People, sessions, tokens and requests on a real server."""

from __future__ import annotations

import pytest

from tests.casebook import test_approached, test_people_acts, test_requests, test_sessions, test_tokens
from tests.casebook.peopled import with_people
from tests.casebook.postgresql.same import taken

book = pytest.fixture(with_people)


globals().update(taken(test_approached, test_people_acts, test_requests, test_sessions, test_tokens))

"""Random acts, as in the tests of the casebook, on a real server: slow, each begins with an empty database."""

from __future__ import annotations

import pytest

from tests.casebook.test_deciding import test_no_sequence_of_acts_refers_a_case_without_two_people as two_people

pytestmark = [pytest.mark.verify, pytest.mark.usefixtures("fresh_on_the_server")]

test_no_sequence_of_acts_refers_a_case_without_two_people = two_people

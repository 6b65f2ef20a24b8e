"""Random acts, as in the tests of the casebook, on a real server: slow, because each example has its own database."""

from __future__ import annotations

import pytest

from tests.casebook.test_deciding import test_no_sequence_of_acts_refers_a_case_without_two_people as two_people

pytestmark = [pytest.mark.verify, pytest.mark.usefixtures("fresh_databases")]

test_no_sequence_of_acts_refers_a_case_without_two_people = two_people

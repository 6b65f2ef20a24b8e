"""Whatever a program sends, the interface answers as its document says."""

from __future__ import annotations

import pytest

from seawall.casebook import Role
from tests.web.api.fuzzing import call_all
from tests.web.conftest import Served


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_few_calls_of_each_kind(console: Served, role: Role) -> None:
    """As each role, calls right and wrong are answered without a fault, in the shapes of the document."""
    assert call_all(console, role, examples=1) > 50


@pytest.mark.verify
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_many_calls_of_each_kind(console: Served, role: Role) -> None:
    """The same with a hundred times as many calls."""
    assert call_all(console, role, examples=100) > 5_000

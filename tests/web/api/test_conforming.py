"""Whatever a program sends, the interface answers as its document says."""

from __future__ import annotations

import pytest

from tests.web.api.fuzzing import call_all
from tests.web.conftest import Served


def test_a_few_calls_of_each_kind(console: Served) -> None:
    """As every role: calls right and wrong are answered without a fault, in the shapes of the document."""
    answered = call_all(console, 1, everybody=False)
    assert answered.total() > 250
    assert {200, 404, 422} <= set(answered)


@pytest.mark.verify
def test_many_calls_of_each_kind(console: Served) -> None:
    """The same with many more calls, each as every role."""
    assert call_all(console, 25, everybody=True).total() > 8_000

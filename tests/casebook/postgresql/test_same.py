"""What the tests of the casebook prove of a file holds of a database as well: the same tests, on a real server."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from types import ModuleType
from typing import Any

from tests.casebook import test_audit, test_casebook, test_deciding, test_erasing, test_holding, test_indicators
from tests.casebook import test_proposing as proposing

MODULES = (test_audit, test_casebook, test_deciding, test_erasing, test_holding, test_indicators, proposing)
OF_A_FILE = {"path", "tmp_path", "written"}
"""What a test asks for that looks into the file itself."""
LOOKS_INTO_THE_FILE = {"test_erasing_an_account_removes_its_sightings"}


def is_random(test: Callable[..., Any]) -> bool:
    """Whether Hypothesis makes up what the test works on: each example needs a database of its own."""
    return getattr(test, "is_hypothesis_test", False)


def taken(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The tests of a module that work on any casebook."""
    return {
        f"{name}_of_{module.__name__.rpartition('test_')[2]}": test
        for name, test in vars(module).items()
        if name.startswith("test_")
        and name not in LOOKS_INTO_THE_FILE
        and not is_random(test)
        and "book" in signature(test).parameters
        and not OF_A_FILE & set(signature(test).parameters)
    }


for module in MODULES:
    assert taken(module)
    globals().update(taken(module))

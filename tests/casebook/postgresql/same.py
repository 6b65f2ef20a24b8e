"""Takes tests over from another module, to run them on a real server."""

from __future__ import annotations

from inspect import signature
from types import ModuleType
from typing import Any

from _pytest.fixtures import FixtureFunctionDefinition

LOOKS_INTO_THE_FILE = {"tmp_path", "written"}
"""What a test asks for that works on a file of its own."""
MADE_HERE = {"book", "clock", "path"}


def taken(*modules: ModuleType, but: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The tests of some modules that work on any casebook, with the fixtures that they need.

    Args:
        modules: the modules; what each test asks for must not depend on which of them it is in.
        but: tests that look into the casebook's file.
    """
    found: dict[str, Any] = {}
    for module in modules:
        suffix = module.__name__.rpartition("test_")[2]
        for name, thing in vars(module).items():
            if isinstance(thing, FixtureFunctionDefinition) and name not in MADE_HERE:
                assert name not in found
                found[name] = thing
            elif name.startswith("test_") and name not in but and _works_anywhere(thing):
                found[f"{name}_of_{suffix}"] = thing
    assert any(name.startswith("test_") for name in found)
    return found


def _works_anywhere(test: Any) -> bool:
    """Examples that Hypothesis makes up need a database each, and are taken over by name."""
    asked = set(signature(test).parameters)
    made_up = getattr(test, "is_hypothesis_test", False)
    return bool(asked) and not made_up and not asked & LOOKS_INTO_THE_FILE

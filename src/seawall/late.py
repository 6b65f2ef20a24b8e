"""Names of a package that are imported when they are first asked for: a command waits only for what it uses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def names(package: str, modules: Mapping[str, tuple[str, ...]]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and the ``__dir__`` of a package (PEP 562).

    Args:
        package: its ``__name__``.
        modules: modules of the package, and the names that each of them gives to it.

    >>> given, listed = names("json", {"decoder": ("JSONDecoder",)})
    >>> "JSONDecoder" in listed(), given("JSONDecoder").__module__
    (True, 'json.decoder')
    """
    homes = {name: module for module, own in modules.items() for name in own}

    def given(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return given, listed

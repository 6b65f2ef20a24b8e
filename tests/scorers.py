"""The scoring programs that stand beside the shared data."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def scorer(shared_data: Path, name: str) -> ModuleType:
    """A program of the shared tools as a module, or a skip with the reason."""
    path = shared_data.parent / "tools" / f"{name}.py"
    if not path.exists():
        pytest.skip(f"the scorer tools/{name}.py is not beside the shared data")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module

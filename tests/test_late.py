"""Packages give their names late, and give them all."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

PACKAGES = ("seawall.lake", "seawall.measures", "seawall.workspace")


@pytest.mark.parametrize("package", PACKAGES)
def test_each_public_name_is_given_and_listed(package: str) -> None:
    """What stands in __all__ can be asked for, and dir() tells of it."""
    module = import_module(package)
    assert set(module.__all__) <= set(dir(module))
    assert all(getattr(module, name) is not None for name in module.__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_another_name_is_refused_as_usual(package: str) -> None:
    """A name that a package does not have is an AttributeError that says so."""
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'compost'"):
        import_module(package).compost  # noqa: B018


@pytest.mark.parametrize(
    "before", ["import seawall.measures.changes", "from seawall.measures.changes import change_points", "pass"]
)
def test_a_function_is_not_hidden_by_its_module(before: str) -> None:
    """``seawall.measures.changes`` is the function, though a module has the same name, whatever is imported first."""
    program = f"{before}\nimport seawall.measures\nprint(callable(seawall.measures.changes))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_one_measure_does_not_load_another() -> None:
    """Whoever asks for coordination does not wait for the measures of texts, pictures and layers."""
    program = "import sys; from seawall.measures import coordination; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[2] for name in done.stdout.split() if name.startswith("seawall.measures.")}
    assert "coshare" in loaded
    assert not loaded & {"hashes", "layers", "lexicon", "similarity"}

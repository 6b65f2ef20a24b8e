"""Packages give their names late, and give them all."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

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


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_hides_a_name(package: str) -> None:
    """No module has the name of something else that its package gives: importing it would put it in its place."""
    given = set(import_module(package).__all__)
    assert given.isdisjoint(module.name for module in iter_modules(import_module(package).__path__))


def test_one_measure_does_not_load_another() -> None:
    """Whoever asks for coordination does not wait for the measures of texts, pictures and layers."""
    program = "import sys; from seawall.measures import coordination; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[2] for name in done.stdout.split() if name.startswith("seawall.measures.")}
    assert "coshare" in loaded
    assert not loaded & {"hashes", "layers", "lexicon", "similarity"}

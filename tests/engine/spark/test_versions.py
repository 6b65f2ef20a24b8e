from __future__ import annotations

import subprocess
import sys

import pytest

from seawall import __version__
from seawall.engine.spark.versions import versions
from seawall.engine.spark.worker import check_versions, here
from seawall.errors import ConfigurationError
from tests.conftest import ROOT

ALONE = f"exec(open({str(ROOT / 'src/seawall/engine/spark/versions.py')!r}).read()); print(versions())"


def test_it_tells_what_is_here_without_importing_seawall() -> None:
    """The function runs where nothing of Seawall is imported, and finds its version and sources."""
    code = f"{ALONE}; import sys; assert 'seawall' not in sys.modules"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == str(versions())
    assert versions()["Seawall"] == __version__


def test_where_seawall_is_missing_it_says_so() -> None:
    """An interpreter without packages answers, too."""
    told = subprocess.run([sys.executable, "-I", "-S", "-c", ALONE], capture_output=True, text=True, check=True).stdout
    assert "'Seawall': 'missing'" in told


def test_differences_are_named_one_by_one() -> None:
    """The error says what is there and what is here, and how to mend it."""
    check_versions(here(), here())
    with pytest.raises(ConfigurationError, match=r"numpy 1.0 there, .* here.*\(worker-7\)"):
        check_versions(here(), {**here(), "numpy": "1.0"}, "worker-7")
    with pytest.raises(ConfigurationError, match="sources"):
        check_versions(here(), {**here(), "sources": "changed"})
    with pytest.raises(ConfigurationError, match="lacks the package seawall"):
        check_versions(here(), {**here(), "Seawall": "missing", "sources": "missing"})

"""What all tests share: where the real data lies, and how patient Hypothesis is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(  # the same examples at every run; make verify looks for new ones
    "test", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("verify", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("verify" if os.environ.get("SEAWALL_VERIFY") else "test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long checks run only when asked for, with SEAWALL_VERIFY=1 (make verify)."""
    if os.environ.get("SEAWALL_VERIFY"):
        return
    skip = pytest.mark.skip(reason="a long check: run it with make verify")
    for item in items:
        if "verify" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data, or a skip with the reason."""
    folder = Path(os.environ.get("SEAWALL_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").exists():
        pytest.skip("the shared data is not here; set SEAWALL_DATA to its folder")
    return folder

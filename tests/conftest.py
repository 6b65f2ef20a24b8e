"""What all tests share: where the real data lies, and how patient Hypothesis is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from seawall.engine.spark import SparkEngine

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
def spark_engine_at() -> Iterator[Callable[..., SparkEngine]]:
    """Opens an engine at an address with options, or gives the one that is open; a process has one at a time."""
    from tests.servers.spark import OpenEngine

    engines = OpenEngine()
    yield engines.at
    engines.close()


@pytest.fixture
def spark_engine(spark_engine_at: Callable[..., SparkEngine]) -> SparkEngine:
    """Spark on this machine, with two tasks at once and rows in 3 parts; a skip where PySpark or Java is missing."""
    return spark_engine_at("local[2]", parts=3, within=180.0)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data, or a skip with the reason."""
    folder = Path(os.environ.get("SEAWALL_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").exists():
        pytest.skip("the shared data is not here; set SEAWALL_DATA to its folder")
    return folder

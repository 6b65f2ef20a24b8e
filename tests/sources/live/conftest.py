"""Real servers that the tests of live sources share; each worker starts its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.synapse import Synapse, running_synapse


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """A Synapse; a test may stop it."""
    with running_synapse(tmp_path_factory.mktemp("synapse")) as started:
        yield started


@pytest.fixture
def running(synapse: Synapse) -> Synapse:
    """The same, started again if a test left it stopped."""
    synapse.start()
    return synapse

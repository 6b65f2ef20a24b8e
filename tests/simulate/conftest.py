"""Worlds that several tests look at; each is made once."""

from __future__ import annotations

import pyarrow as pa
import pytest

from seawall.simulate import FunnelSettings, World, background, funnel_world

SMALL = FunnelSettings(accounts=2500, days=50, hubs=6, decoys=18)


@pytest.fixture(scope="session")
def ordinary() -> pa.Table:
    return background(3, accounts=2500, days=50)


@pytest.fixture(scope="session")
def world(ordinary: pa.Table) -> World:
    return funnel_world(3, background=ordinary, settings=SMALL)

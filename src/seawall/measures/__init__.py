"""Pure functions on Arrow tables: no store, no network. Public: a researcher can import them."""

from __future__ import annotations

from seawall.measures.bursts import SurgesMeasure, expectation, surges
from seawall.measures.coshare import CoordinationMeasure, Network, StandingCoordination, coordination

__all__ = [
    "CoordinationMeasure",
    "Network",
    "StandingCoordination",
    "SurgesMeasure",
    "coordination",
    "expectation",
    "surges",
]

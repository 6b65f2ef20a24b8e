"""Pure functions on Arrow tables: no store, no network. Public: a researcher can import them."""

from __future__ import annotations

from seawall.measures.bursts import SurgesMeasure, SurgeStream, expectation, stream_scores, surges
from seawall.measures.changes import change_points, changes
from seawall.measures.coshare import CoordinationMeasure, Network, StandingCoordination, coordination
from seawall.measures.lexicon import Lexicon

__all__ = [
    "CoordinationMeasure",
    "Lexicon",
    "Network",
    "StandingCoordination",
    "SurgeStream",
    "SurgesMeasure",
    "change_points",
    "changes",
    "coordination",
    "expectation",
    "stream_scores",
    "surges",
]

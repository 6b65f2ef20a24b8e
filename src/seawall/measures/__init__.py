"""Pure functions on Arrow tables: no store, no network. Public: a researcher can import them."""

from __future__ import annotations

from seawall.measures.bursts import SurgesMeasure, SurgeStream, expectation, stream_scores, surges
from seawall.measures.changes import change_points, changes
from seawall.measures.coshare import CoordinationMeasure, Network, StandingCoordination, coordination, pooled
from seawall.measures.hashes import HashIndex, VideoMatch, video_match
from seawall.measures.layers import LayeredNetwork, estimated_window, network
from seawall.measures.lexicon import Lexicon
from seawall.measures.similarity import near_duplicates

__all__ = [
    "CoordinationMeasure",
    "HashIndex",
    "LayeredNetwork",
    "Lexicon",
    "Network",
    "StandingCoordination",
    "SurgeStream",
    "SurgesMeasure",
    "VideoMatch",
    "change_points",
    "changes",
    "coordination",
    "estimated_window",
    "expectation",
    "near_duplicates",
    "network",
    "pooled",
    "stream_scores",
    "surges",
    "video_match",
]

"""Pure functions on Arrow tables: no store, no network. Public: a researcher can import them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.late import names

if TYPE_CHECKING:
    from seawall.measures.bursts import SurgesMeasure, SurgeStream, expectation, stream_scores, surges
    from seawall.measures.coinciding import Coincidence, coincidence
    from seawall.measures.coshare import CoordinationMeasure, Network, StandingCoordination, coordination, pooled
    from seawall.measures.effects import Effect, Moves, displacement, effect, lives, returns
    from seawall.measures.emergence import Emerging, emerging
    from seawall.measures.flow import Flows, flows
    from seawall.measures.funnel import Funnels, FunnelsMeasure, FunnelStream, funnels
    from seawall.measures.hashes import HashIndex, VideoMatch, video_match
    from seawall.measures.layers import LayeredNetwork, estimated_window, network
    from seawall.measures.levels import change_points, changes
    from seawall.measures.lexicon import Lexicon
    from seawall.measures.lifetimes import survival
    from seawall.measures.place import Places, place_keys, places
    from seawall.measures.similarity import NearDuplicates, near_duplicates
    from seawall.measures.succession import Successors, successors
else:
    __getattr__, __dir__ = names(
        __name__,
        {
            "bursts": ("SurgeStream", "SurgesMeasure", "expectation", "stream_scores", "surges"),
            "coinciding": ("Coincidence", "coincidence"),
            "coshare": ("CoordinationMeasure", "Network", "StandingCoordination", "coordination", "pooled"),
            "effects": ("Effect", "Moves", "displacement", "effect", "lives", "returns"),
            "emergence": ("Emerging", "emerging"),
            "flow": ("Flows", "flows"),
            "funnel": ("FunnelStream", "Funnels", "FunnelsMeasure", "funnels"),
            "hashes": ("HashIndex", "VideoMatch", "video_match"),
            "layers": ("LayeredNetwork", "estimated_window", "network"),
            "levels": ("change_points", "changes"),
            "lexicon": ("Lexicon",),
            "lifetimes": ("survival",),
            "place": ("Places", "place_keys", "places"),
            "similarity": ("NearDuplicates", "near_duplicates"),
            "succession": ("Successors", "successors"),
        },
    )

__all__ = [
    "Coincidence",
    "CoordinationMeasure",
    "Effect",
    "Emerging",
    "Flows",
    "FunnelStream",
    "Funnels",
    "FunnelsMeasure",
    "HashIndex",
    "LayeredNetwork",
    "Lexicon",
    "Moves",
    "NearDuplicates",
    "Network",
    "Places",
    "StandingCoordination",
    "Successors",
    "SurgeStream",
    "SurgesMeasure",
    "VideoMatch",
    "change_points",
    "changes",
    "coincidence",
    "coordination",
    "displacement",
    "effect",
    "emerging",
    "estimated_window",
    "expectation",
    "flows",
    "funnels",
    "lives",
    "near_duplicates",
    "network",
    "place_keys",
    "places",
    "pooled",
    "returns",
    "stream_scores",
    "successors",
    "surges",
    "survival",
    "video_match",
]

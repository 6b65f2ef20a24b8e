"""Seeded generators with their truth, for tests, docs, the evaluation and users who want to know what would be caught.

Behaviour only: no words, placeholder names. See docs/reference/simulate.md for every setting and its ranges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.late import names

if TYPE_CHECKING:
    from seawall.simulate.counted_takedowns import TakedownCounts, TakedownCountSettings, takedown_counts
    from seawall.simulate.dressing import dressed
    from seawall.simulate.incidents import IncidentSettings, IncidentWorld, incident_world
    from seawall.simulate.manners import LAWS, MEANINGS, Manner, widened
    from seawall.simulate.platform import Platform
    from seawall.simulate.roles import DECOYS, RANGES, ROLES
    from seawall.simulate.rows import SIMULATED
    from seawall.simulate.settings import WORLD_RANGES, FunnelSettings
    from seawall.simulate.synthetic import background
    from seawall.simulate.takedown_settings import TAKEDOWN_MEANINGS, TAKEDOWN_RANGES, Action, TakedownSettings
    from seawall.simulate.takedowns import TakedownWorld, takedown_world
    from seawall.simulate.world import ACCOUNTS, HUBS, PAIRS, STAGE_TIMES, World, funnel_world
else:
    __getattr__, __dir__ = names(
        __name__,
        {
            "synthetic": ("background",),
            "counted_takedowns": ("TakedownCountSettings", "TakedownCounts", "takedown_counts"),
            "dressing": ("dressed",),
            "incidents": ("IncidentSettings", "IncidentWorld", "incident_world"),
            "manners": ("LAWS", "MEANINGS", "Manner", "widened"),
            "platform": ("Platform",),
            "roles": ("DECOYS", "RANGES", "ROLES"),
            "rows": ("SIMULATED",),
            "settings": ("WORLD_RANGES", "FunnelSettings"),
            "takedown_settings": ("TAKEDOWN_MEANINGS", "TAKEDOWN_RANGES", "Action", "TakedownSettings"),
            "takedowns": ("TakedownWorld", "takedown_world"),
            "world": ("ACCOUNTS", "HUBS", "PAIRS", "STAGE_TIMES", "World", "funnel_world"),
        },
    )

__all__ = [
    "ACCOUNTS",
    "DECOYS",
    "HUBS",
    "LAWS",
    "MEANINGS",
    "PAIRS",
    "RANGES",
    "ROLES",
    "SIMULATED",
    "STAGE_TIMES",
    "TAKEDOWN_MEANINGS",
    "TAKEDOWN_RANGES",
    "WORLD_RANGES",
    "Action",
    "FunnelSettings",
    "IncidentSettings",
    "IncidentWorld",
    "Manner",
    "Platform",
    "TakedownCountSettings",
    "TakedownCounts",
    "TakedownSettings",
    "TakedownWorld",
    "World",
    "background",
    "dressed",
    "funnel_world",
    "incident_world",
    "takedown_counts",
    "takedown_world",
    "widened",
]

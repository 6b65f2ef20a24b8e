"""Whether a candidate is like earlier ones: the same channels, the same things, led by the same channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seawall.detectors.campaign_candidates import Candidate
from seawall.detectors.campaign_counts import Series
from seawall.detectors.campaign_lead import Lead

ALIKE = 0.5
"""From this part of common channels on (of all channels of both) two candidates may be alike."""
CHOSEN = 0.5
"""They are if their channels are a choice: at most this part of those that were looked at, or led by the same one."""
COMMON_THINGS = 2
"""Or if they share so many texts, links or reposts, and a channel at least."""
COMPARED = ("text", "repost", "link")


@dataclass(frozen=True)
class Trace:
    """What is remembered of a candidate to compare later ones with.

    Args:
        start: of it.
        channels: that rose.
        things: texts, reposts and links that marked it.
        first: the channels that led.
        chosen: the part of the channels that were looked at which rose.
    """

    start: datetime
    channels: frozenset[Series]
    things: frozenset[tuple[str, str]]
    first: frozenset[Series]
    chosen: float

    def likeness(self, other: Trace) -> dict[str, Any]:
        """What both have in common."""
        return {
            "start": other.start.isoformat(),
            "channels": len(self.channels & other.channels) / len(self.channels | other.channels),
            "things": len(self.things & other.things),
            "same_lead": bool(self.first & other.first),
        }


def trace(candidate: Candidate, found: Mapping[str, Sequence[Mapping[str, Any]]], lead: Lead) -> Trace:
    """Of a candidate, what it shared, and who led."""
    return Trace(
        candidate.start,
        frozenset(rise.series for rise in candidate.rises),
        frozenset((kind, str(one["object"])) for kind in COMPARED for one in found[kind]),
        frozenset(candidate.rises[place].series for place in lead.first),
        len(candidate.rises) / max(candidate.looked_at, 1),
    )


def alike(now: Trace, earlier: Sequence[Trace]) -> list[dict[str, Any]]:
    """The earlier candidates that are like this one, the earliest first, with what they have in common."""
    found = []
    for other in sorted(earlier, key=lambda one: one.start):
        common = now.likeness(other)
        same = common["channels"] >= ALIKE and (now.chosen <= CHOSEN or common["same_lead"])
        if same or (common["things"] >= COMMON_THINGS and now.channels & other.channels):
            found.append(common)
    return found

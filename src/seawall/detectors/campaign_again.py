"""Whether a candidate is like earlier ones: the same channels, the same things, led by the same channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seawall.detectors.campaign_counts import Series

ALIKE = 0.5
"""From this part of common channels on (of all channels of both) two candidates are alike."""
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
    """

    start: datetime
    channels: frozenset[Series]
    things: frozenset[tuple[str, str]]
    first: frozenset[Series]

    def likeness(self, other: Trace) -> dict[str, Any]:
        """What both have in common."""
        return {
            "start": other.start.isoformat(),
            "channels": len(self.channels & other.channels) / len(self.channels | other.channels),
            "things": len(self.things & other.things),
            "same_lead": bool(self.first & other.first),
        }


def trace(
    start: datetime,
    channels: Sequence[Series],
    found: Mapping[str, Sequence[Mapping[str, Any]]],
    first: Sequence[Series],
) -> Trace:
    """Of a candidate and what it shared."""
    things = frozenset((kind, str(one["object"])) for kind in COMPARED for one in found[kind])
    return Trace(start, frozenset(channels), things, frozenset(first))


def alike(now: Trace, earlier: Sequence[Trace]) -> list[dict[str, Any]]:
    """The earlier candidates that are like this one, the earliest first, with what they have in common."""
    found = []
    for other in sorted(earlier, key=lambda one: one.start):
        common = now.likeness(other)
        if common["channels"] >= ALIKE or (common["things"] >= COMMON_THINGS and now.channels & other.channels):
            found.append(common)
    return found

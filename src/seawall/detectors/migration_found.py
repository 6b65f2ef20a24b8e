"""The places that a community starts to move to, among all places that were new in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from seawall.detectors.migration_scene import Told
from seawall.measures.flow.acts import DAY
from seawall.measures.flow.episodes import Rule
from seawall.measures.flow.moves import Bounds, Move, moves
from seawall.model.instants import EPOCH, INSTANT

CLEAR = 0.05
"""Up to this p those who linked are said to have fallen silent, or to have said farewell."""

HALF = 0.5


@dataclass(frozen=True)
class Mirrored:
    """What stands here and there: the place is a channel of the lake.

    Args:
        channel: its id.
        texts: of the community that stand there within a day, too.
        copied: pairs of a text of the community and another channel in which it stands within a day.
        p: how likely so many are there, if copies fell on channels by their size (binomial, exact).
    """

    channel: str
    texts: int
    copied: int
    p: float


@dataclass(frozen=True)
class Found:
    """A place that members of a community began to move to."""

    move: Move
    platform: str
    channel: str | None  # None: the platform as a whole
    place: str
    kind: str
    messages: pa.Array  # ids of the messages with the link, by time
    missing: int  # days, from four weeks before the first link to the last that is known, that were not collected
    mirrored: Mirrored | None = None

    @property
    def start(self) -> datetime:
        """The first link."""
        return EPOCH + int(self.move.rows.at[0]) * INSTANT

    @property
    def end(self) -> datetime:
        """The last one that counts."""
        return EPOCH + int(self.move.rows.at[-1]) * INSTANT

    @property
    def silent(self) -> bool:
        """Whether those who linked are clearly more often silent now than others."""
        left = self.move.leaving
        return left is not None and left.p_silent <= CLEAR

    @property
    def farewell(self) -> bool:
        """Whether the link stands on last days clearly more often than on any."""
        left = self.move.leaving
        return left is not None and left.p_farewell <= CLEAR


def found(known: Told, rule: Rule, bounds: Bounds, q: float) -> list[Found]:
    """Those with a false discovery rate of at most ``q``; those that began first at the head.

    A platform as a whole is left out where half of those who linked did so in channels that are told themselves.
    """
    chosen = [one for one in moves(known.scene, rule, bounds) if one.q <= q]
    told = [_found(known, one, rule) for one in chosen if one.level == "channel" or not _told_already(one, chosen)]
    return sorted(told, key=lambda one: (one.start, one.platform, one.channel or "", one.place))


def _told_already(whole: Move, chosen: list[Move]) -> bool:
    accounts = [one.rows.account for one in chosen if one.level == "channel" and one.place == whole.place]
    return bool(accounts) and bool(np.isin(np.unique(whole.rows.account), np.concatenate(accounts)).mean() >= HALF)


def _found(known: Told, move: Move, rule: Rule) -> Found:
    scene = known.scene
    level = scene.channels if move.level == "channel" else scene.platforms
    platform, channel = level.names[move.community]
    collected, first = level.known[move.community], int(move.rows.day[0])
    last = min(collected.end, first + rule.new + rule.quiet)
    return Found(
        move=move,
        platform=platform,
        channel=channel,
        place=scene.places.name[move.place],
        kind=scene.places.kind[move.place],
        messages=known.linked["message"].take(pa.array(move.rows.row)).combine_chunks(),
        missing=collected.missing(first - rule.pause, last),
    )


def day_of(number: int) -> datetime:
    """Midnight (UTC) of a day since 1970."""
    return EPOCH + number * DAY * INSTANT

"""What is judged: a world whose truth is known, and what a measure said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError

STAGES = ("followed_back_at", "direct_at", "contact_at", "sustained_at", "handed_off_at")
FUNNEL = "funnel"


class World(Protocol):
    """Interactions and the truth about them, as ``seawall.simulate.funnel_world`` makes them."""

    @property
    def interactions(self) -> pa.Table:
        """``at`` (timestamp, UTC), ``kind``, ``source``, ``target`` and what else a measure reads."""

    @property
    def hubs(self) -> pa.Table:
        """``account, role, group, decoy, starts, ends``: the planted accounts; ``decoy`` marks lawful look-alikes."""

    @property
    def pairs(self) -> pa.Table:
        """``hub, newcomer, role, approached_at`` and when each later stage was reached, null where it was not."""

    @property
    def accounts(self) -> Any:
        """All accounts: a table with the column ``account``, or their ids."""


class Result(Protocol):
    """What a measure said: ``seawall.measures.Funnels``, or a baseline's like."""

    @property
    def hubs(self) -> pa.Table:
        """``hub, score, alert_at``: higher is more funnel-like; ``alert_at`` is null where no alert was given."""


@dataclass(frozen=True, slots=True)
class Part:
    """A world of which a part is left."""

    interactions: pa.Table
    hubs: pa.Table
    pairs: pa.Table
    accounts: Any


def earlier(world: World, at: datetime) -> Part:
    """The world as it was known at a moment: the fitting side of a split by time and hub.

    Hubs that began before ``at`` are in it, with what they had done by then; the other side is
    ``evaluate(world, result, after=at)``, which leaves them out. So no hub is on both sides.

    Args:
        world: the whole world.
        at: the moment of the split; naive times are UTC.
    """
    moment = as_utc(at)
    begun = pc.less(utc(world.hubs["starts"]), moment)
    pairs = world.pairs.filter(pc.less(utc(world.pairs["approached_at"]), moment))
    for name in STAGES:
        if name in pairs.column_names:
            place, times = pairs.column_names.index(name), utc(pairs[name])
            known = pc.if_else(pc.fill_null(pc.less(times, moment), False), times, pa.scalar(None, times.type))
            pairs = pairs.set_column(place, name, known)
    interactions = world.interactions.filter(pc.less(utc(world.interactions["at"]), moment))
    return Part(interactions, world.hubs.filter(begun), pairs, world.accounts)


def as_utc(at: datetime) -> pa.Scalar:
    """A moment as Arrow compares it."""
    return pc.assume_timezone(pa.scalar(at, pa.timestamp("us")), "UTC") if at.tzinfo is None else pa.scalar(at, UTC)


UTC = pa.timestamp("us", "UTC")


def utc(times: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Times as microseconds in UTC; naive times are taken as UTC.

    Raises:
        MeasureError: they are no timestamps.
    """
    if pa.types.is_null(times.type):
        return times.cast(UTC)
    if not pa.types.is_timestamp(times.type):
        raise MeasureError("Times of a world must be timestamps.", mend="Cast the column to timestamp('us', 'UTC').")
    if times.type.tz is None:
        times = pc.assume_timezone(times, "UTC")
    return times.cast(UTC, safe=False)

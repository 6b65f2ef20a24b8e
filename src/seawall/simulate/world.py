"""A background with funnels and honest look-alikes planted into it, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import UTC_MICROSECONDS
from seawall.simulate.ground import Ground, background_table
from seawall.simulate.meeting import Pair
from seawall.simulate.planting import Planted, Planting
from seawall.simulate.roles import FUNNEL
from seawall.simulate.rows import SIMULATED, identities
from seawall.simulate.seeds import stream
from seawall.simulate.settings import FunnelSettings
from seawall.simulate.synthetic import background as synthetic

HUBS = pa.schema(
    [
        ("account", pa.string()),
        ("role", pa.string()),
        ("group", pa.string()),
        ("decoy", pa.bool_()),
        ("starts", UTC_MICROSECONDS),
        ("ends", UTC_MICROSECONDS),
        ("generation", pa.int8()),
    ]
)
"""The planted accounts: ``decoy`` says that the role is honest; accounts of one group share words and addresses;
``starts`` and ``ends`` are the first meeting and the last known stage of any; generation 2 was a newcomer before."""

STAGE_TIMES = ("approached_at", "followed_back_at", "direct_at", "contact_at", "sustained_at", "handed_off_at")
PAIRS = pa.schema(
    [
        ("hub", pa.string()),
        ("newcomer", pa.string()),
        ("role", pa.string()),
        *((name, UTC_MICROSECONDS) for name in STAGE_TIMES),
        ("handed_to", pa.string()),
        ("begun_by_hub", pa.bool_()),
        ("group", pa.string()),
    ]
)
"""Whom the planted accounts met, and when each stage was reached; null: not, or not before the end of the table.

``approached_at`` is the first step, whoever made it (``begun_by_hub``); ``followed_back_at`` when the newcomer
followed; ``direct_at`` and ``contact_at`` are the hub's first direct message and its first outside address;
``sustained_at`` is the first message three days after the address (after ``direct_at``, where none was passed) once
both have written since; ``handed_off_at`` the first word of the third account, ``handed_to``."""

ACCOUNTS = pa.schema([("account", pa.string()), ("created_at", UTC_MICROSECONDS)])
"""All accounts; ``created_at`` is when they were seen to join, null where they were not."""


@dataclass(frozen=True)
class World:
    """A simulated world and its truth.

    ``interactions`` has the columns of ``SIMULATED`` and is sorted by time; ``hubs``, ``pairs`` and ``accounts`` have
    those of ``HUBS``, ``PAIRS`` and ``ACCOUNTS``; ``settings`` can be written as JSON.
    """

    interactions: pa.Table
    hubs: pa.Table
    pairs: pa.Table
    accounts: pa.Table
    settings: dict[str, Any]


def funnel_world(seed: int, *, background: Any = None, settings: FunnelSettings | None = None) -> World:
    """A background with funnels and honest look-alikes in it.

    Args:
        seed: the same seed, background and settings give the same bytes.
        background: a table with ``at, kind, source, target`` and whatever else of ``SIMULATED`` there is, anything that
            Arrow reads; its rows are all in the world, unchanged (ids as strings). None: a synthetic one.
        settings: what to plant.

    Returns:
        The world.

    Raises:
        MeasureError: the background cannot be used.
        ConfigurationError: settings that cannot be.

    >>> world = funnel_world(7, settings=FunnelSettings(accounts=2000, days=40, hubs=2))
    >>> sorted(set(world.hubs.filter(pc.field("decoy") == False)["role"].to_pylist()))
    ['funnel']
    """
    chosen = FunnelSettings() if settings is None else settings
    table = (
        synthetic(seed, chosen.accounts, chosen.days, interactions=chosen.interactions)
        if background is None
        else background_table(background, seed)
    )
    ground = Ground(table)
    planting = Planting(ground, chosen, stream(seed, 2))
    planted = planting.plant()
    interactions = _merged(table, planted, ground, seed)
    told = chosen.as_dict() | {"seed": seed, "platform": planting.platform.as_dict()}
    told["background"] = "synthetic" if background is None else "given"
    hubs, pairs = _hubs(planted, ground.end), _pairs(planted, ground.end)
    return World(interactions, hubs, pairs, _accounts(interactions, planted.names), told)


def _merged(table: pa.Table, planted: Planted, ground: Ground, seed: int) -> pa.Table:
    rows = planted.rows
    new = rows.table(planted.names, ground.channels, identities(seed ^ 0x5EA, table.num_rows, len(rows)))
    both = pa.concat_tables([table, new])
    order = np.argsort(np.concatenate([ground.at, rows.at]), kind="stable")
    return both.take(pa.array(order)).combine_chunks()


def _known(moment: int | None, end: int) -> int | None:
    return moment if moment is not None and moment <= end else None


def _pairs(planted: Planted, end: int) -> pa.Table:
    order = sorted(planted.pairs, key=lambda pair: pair.approached_at)
    columns: dict[str, Any] = {
        name: pa.array([_known(getattr(pair, name), end) for pair in order], pa.int64()).cast(UTC_MICROSECONDS)
        for name in STAGE_TIMES
    }
    for name, told in (
        ("hub", [pair.hub for pair in order]),
        ("newcomer", [pair.newcomer for pair in order]),
        ("handed_to", [pair.handed_to if _known(pair.handed_off_at, end) is not None else None for pair in order]),
    ):
        columns[name] = planted.names.take(pa.array(told, pa.int64()))
    for name in ("role", "group", "begun_by_hub"):
        columns[name] = [getattr(pair, name) for pair in order]
    return pa.table({name: columns[name] for name in PAIRS.names}, schema=PAIRS)


def _hubs(planted: Planted, end: int) -> pa.Table:
    of: dict[tuple[int, str], list[Pair]] = {}
    for pair in planted.pairs:
        of.setdefault((pair.hub, pair.group), []).append(pair)
    rows = []
    for hub in planted.hubs:
        pairs = of[hub.account, hub.group]
        moments = [_known(getattr(pair, name), end) for pair in pairs for name in STAGE_TIMES]
        known = [moment for moment in moments if moment is not None]
        rows.append((hub, min(known), max(known)))
    rows.sort(key=lambda row: (row[1], row[0].account))
    return pa.table(
        {
            "account": planted.names.take(pa.array([hub.account for hub, _, _ in rows], pa.int64())),
            "role": [hub.role for hub, _, _ in rows],
            "group": [hub.group for hub, _, _ in rows],
            "decoy": [hub.role != FUNNEL for hub, _, _ in rows],
            "starts": pa.array([start for _, start, _ in rows], pa.int64()).cast(UTC_MICROSECONDS),
            "ends": pa.array([last for _, _, last in rows], pa.int64()).cast(UTC_MICROSECONDS),
            "generation": pa.array([hub.generation for hub, _, _ in rows], pa.int8()),
        },
        schema=HUBS,
    )


def _accounts(interactions: pa.Table, names: pa.Array) -> pa.Table:
    joins = interactions.filter(pc.equal(interactions["kind"], "join")).select(["source", "at"])
    first = joins.group_by("source").aggregate([("at", "min")])
    place = pc.index_in(names, value_set=first["source"].combine_chunks())
    created = first["at_min"].combine_chunks().take(place)
    order = pc.sort_indices(names)
    return pa.table({"account": names.take(order), "created_at": created.take(order)}, schema=ACCOUNTS)


__all__ = ["ACCOUNTS", "HUBS", "PAIRS", "SIMULATED", "STAGE_TIMES", "World", "funnel_world"]

"""How long the channels of a lake live, read from their messages, from what is told of them, and from coverage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Collected
from seawall.errors import InputError
from seawall.lake import Lake
from seawall.measures.lifetimes import SpellsFound, spells_of_activity
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

_LIVES = """
    SELECT * FROM (
        SELECT m.platform AS platform, m.channel_id AS channel, min(m.sent_at) AS first_at, max(m.sent_at) AS last_at,
            any_value(c.created_at) AS created_at, any_value(c.ended_at) AS ended_at,
            any_value(c.end_reason) AS end_reason, coalesce(any_value(c.kind), 'unknown') AS channel_kind,
            coalesce(any_value(c.visibility), min(m.visibility)) AS visibility
        FROM messages m LEFT JOIN channels c ON m.channel_id = c.channel_id
        WHERE m.channel_id IS NOT NULL AND m.visibility <> 'direct'
        GROUP BY m.platform, m.channel_id
    ) WHERE channel_kind <> 'direct' AND visibility <> 'direct' ORDER BY platform, channel
"""


def spells_of(workspace: OpenedFolder, dormant: float, progress: Progress | None) -> SpellsFound:
    """See ``LifetimeReading.spells``."""
    if progress is not None:
        progress("reading channels", 0, None)
    with workspace.reading() as lake:
        lives = _lives(lake)
        coverage = lake.reader("coverage").read_all().to_pylist()
    if not len(lives):
        raise InputError("The lake holds no channel.", where=str(workspace.path), mend="Add an export: seawall add.")
    found: list[SpellsFound] = []
    for platform, rows in _by_platform(lives):
        spans = pc.min(rows["first_at"]).as_py(), pc.max(rows["last_at"]).as_py()
        told = [row for row in coverage if row["platform"] == platform]
        collected = Collected(told, {platform: spans})
        own = pa.array(sorted({row["channel_id"] for row in told if row["channel_id"] is not None}), pa.string())
        alone = pc.is_in(rows["channel"], own)
        found.append(_found(rows.filter(pc.invert(alone)), collected.of(platform), dormant))
        for place in range(pc.sum(alone).as_py() or 0):
            row = rows.filter(alone).slice(place, 1)
            found.append(_found(row, collected.of(platform, row["channel"][0].as_py()), dormant))
    left_out: dict[str, int] = {}
    for one in found:
        for reason, count in one.left_out.items():
            left_out[reason] = left_out.get(reason, 0) + count
    return SpellsFound(pa.concat_tables([one.spells for one in found]), left_out)


def _lives(lake: Lake) -> pa.Table:
    """First and last message of each channel that is no conversation, and what is told of it."""
    tables = {
        "messages": ["platform", "channel_id", "sent_at", "visibility"],
        "channels": ["channel_id", "kind", "visibility", "created_at", "ended_at", "end_reason"],
    }
    return lake.query(_LIVES, tables)


def _by_platform(lives: pa.Table) -> list[tuple[str, pa.Table]]:
    names = pc.unique(lives["platform"]).to_pylist()
    return [(name, lives.filter(pc.equal(lives["platform"], name))) for name in names]


def _found(rows: pa.Table, spans: list[tuple[datetime, datetime]], dormant: float) -> SpellsFound:
    if not spans:
        return SpellsFound(_nothing(rows), {"not_collected": len(rows)} if len(rows) else {})
    collected = pa.table({"start": [one for one, _ in spans], "end": [one for _, one in spans]})
    return spells_of_activity(rows, collected, dormant=dormant)


def _nothing(rows: pa.Table) -> pa.Table:
    """No spells, with the columns that spells have."""
    now: Any = datetime(2000, 1, 1)  # noqa: DTZ001 - of no row
    return spells_of_activity(rows.slice(0, 0), pa.table({"start": [now], "end": [now]})).spells

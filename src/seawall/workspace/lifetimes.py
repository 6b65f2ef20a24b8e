"""How long the channels of a lake live, read from their messages, from what is told of them, and from coverage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Collected, Interval
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
    found = [
        _found(rows.take(pa.array(places)), list(spans), dormant)
        for platform, rows in _by_platform(lives)
        for spans, places in _by_collection(platform, rows, coverage).items()
    ]
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


def _by_collection(
    platform: str, rows: pa.Table, coverage: list[dict[str, Any]]
) -> dict[tuple[Interval, ...], list[int]]:
    """Which of the channels of a platform were collected in the same intervals."""
    span = pc.min(rows["first_at"]).as_py(), pc.max(rows["last_at"]).as_py()
    told = [row for row in coverage if row["platform"] == platform]
    own = {row["channel_id"] for row in told}
    collected = Collected(told, {platform: span})
    whole = tuple(collected.of(platform))
    found: dict[tuple[Interval, ...], list[int]] = {}
    for place, channel in enumerate(rows["channel"].to_pylist()):
        spans = tuple(collected.of(platform, channel)) if channel in own else whole
        found.setdefault(spans, []).append(place)
    return found


def _found(rows: pa.Table, spans: list[Interval], dormant: float) -> SpellsFound:
    if not spans:
        return SpellsFound(_nothing(rows), {"not_collected": len(rows)} if len(rows) else {})
    collected = pa.table({"start": [one for one, _ in spans], "end": [one for _, one in spans]})
    return spells_of_activity(rows, collected, dormant=dormant)


def _nothing(rows: pa.Table) -> pa.Table:
    """No spells, with the columns that spells have."""
    now: Any = datetime(2000, 1, 1)  # noqa: DTZ001 - of no row
    return spells_of_activity(rows.slice(0, 0), pa.table({"start": [now], "end": [now]})).spells

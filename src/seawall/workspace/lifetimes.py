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
from seawall.measures.lifetimes.channel_lives import ChannelLives
from seawall.model import Visibility
from seawall.protocols import Engine, Progress
from seawall.workspace.opened import OpenedFolder

TOLD = ("channel_id", "kind", "visibility", "created_at", "ended_at", "end_reason")
"""What is told of a channel."""


def spells_of(workspace: OpenedFolder, dormant: float, progress: Progress | None) -> SpellsFound:
    """See ``LifetimeReading.spells``."""
    if progress is not None:
        progress("reading channels", 0, None)
    with workspace.engine(progress) as engine, workspace.reading() as lake, lake.at_one_moment():
        lives = _lives(lake, engine)
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


def _lives(lake: Lake, engine: Engine) -> pa.Table:
    """First and last message of each channel that is no conversation, and what is told of it; by platform and name."""
    measure = ChannelLives()
    lives = engine.run(measure, lake.rows("messages", measure.columns))
    told = lake.reader("channels", TOLD).read_all()
    row = pc.index_in(lives["channel"], value_set=told["channel_id"].combine_chunks())
    of_row = {name: told[name].take(row) for name in TOLD}
    columns = {name: lives[name] for name in ("platform", "channel", "first_at", "last_at")}
    columns |= {name: of_row[name] for name in ("created_at", "ended_at", "end_reason")}
    columns["channel_kind"] = pc.fill_null(of_row["kind"], "unknown")
    columns["visibility"] = pc.coalesce(of_row["visibility"], lives["visibility"])
    direct = [pc.equal(columns[name], Visibility.DIRECT.value) for name in ("channel_kind", "visibility")]
    known = pa.table(columns).filter(pc.invert(pc.or_(*direct)))
    return known.sort_by([("platform", "ascending"), ("channel", "ascending")])


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

"""The rows that migration needs, and coverage -> communities as the measure of flows takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Collected
from seawall.measures.flow.acts import DAY, Acts, Known, Linked
from seawall.measures.flow.rows import days_collected
from seawall.measures.flow.scene import Name, Places, Scene
from seawall.measures.keys import identity_keys
from seawall.model.instants import EPOCH, INSTANT, microseconds


@dataclass(frozen=True)
class Told:
    """What is known of all communities.

    Args:
        scene: who wrote and linked where.
        linked: ``migration_rows.LINKED``; rows of ``scene`` are rows of it.
        collected: of the platforms.
    """

    scene: Scene
    linked: pa.Table
    collected: Collected


def told(
    wrote: pa.Table,
    linked: pa.Table,
    coverage: Iterable[Mapping[str, Any]],
    *,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Told | None:
    """Communities of ``migration_rows.WROTE`` and ``LINKED``, both in any order; None where nobody wrote.

    Where coverage tells nothing: from a platform's first day to its last.
    """
    if not wrote.num_rows:
        return None
    days = wrote.group_by("platform").aggregate([("day", "min"), ("day", "max")]).to_pylist()
    spans = {row["platform"]: (_midnight(row["day_min"]), _midnight(row["day_max"] + 1)) for row in days}
    collected = Collected(coverage, spans, start, end)
    names = _names(wrote)
    code = {name: number for number, name in enumerate(names)}
    first = min(row["day_min"] for row in days)
    known = {name: _known(collected, name, first) for name in {*names, *((platform, None) for platform, _ in names)}}
    places, place = Places.of(linked)
    tie = identity_keys(linked["message"])
    acts = Acts.of(_codes(wrote, code), wrote["account"].to_numpy(), wrote["day"].to_numpy())
    links = Linked.of(_codes(linked, code), place, linked["account"].to_numpy(), linked["at"].to_numpy(), tie)
    return Told(Scene.of(names, acts, links, tie, places, known), linked, collected)


def _names(wrote: pa.Table) -> list[Name]:
    found = wrote.group_by(["platform", "channel"]).aggregate([]).to_pylist()
    return sorted(((row["platform"], row["channel"]) for row in found), key=lambda name: (name[0], name[1] or ""))


def _codes(rows: pa.Table, code: Mapping[Name, int]) -> Any:
    """The number of each row's community."""
    platform = rows["platform"].combine_chunks().dictionary_encode()
    channel = rows["channel"].combine_chunks().dictionary_encode("encode")
    names = [(one, other) for one in platform.dictionary.to_pylist() for other in channel.dictionary.to_pylist()]
    table = np.array([code.get(name, -1) for name in names], np.int64)
    wide = len(channel.dictionary)
    places = [pc.fill_null(part.indices, 0).to_numpy(zero_copy_only=False) for part in (platform, channel)]
    return table[places[0].astype(np.int64) * wide + places[1]] if len(names) else np.empty(0, np.int64)


def _known(collected: Collected, name: Name, first: int) -> Known:
    spans = [(microseconds(begin), microseconds(end)) for begin, end in collected.of(*name)]
    last = max((end for _, end in spans), default=first * DAY)
    return days_collected(spans, first, max(-(-last // DAY) - first, 0))


def _midnight(day: int) -> datetime:
    return EPOCH + day * DAY * INSTANT

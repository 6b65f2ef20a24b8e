"""Links, forwards, media and texts as tables tell them -> what channels left."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.succession.evidence import Rows, Traces
from seawall.measures.succession.pointing import pointers_of, resolved
from seawall.measures.succession.rows import Channels, Seen, one_chunk, seen_of
from seawall.measures.succession.words import NEVER, UNKNOWN, Ints
from seawall.measures.tables import as_table, require_columns


def traces_of(
    channels: Channels, links: Any, forwards: Any, media: Any, clusters: Any, left_out: Counter[str]
) -> Traces:
    """What channels left; the tables are those of ``successors``, each of them may be None.

    Raises:
        MeasureError: a column is missing or cannot be read.
    """
    linked, to, sites = _links(links, channels, left_out)
    forwarded = None if forwards is None else seen_of(forwards, "forwards", "origin", channels, left_out)
    origin = None if forwarded is None else channels.places(pa.chunked_array([forwarded.values]))[forwarded.thing]
    return Traces(
        given=pointers_of(linked, to, len(channels.ids)),
        forwarded=pointers_of(forwarded, origin, len(channels.ids)),
        sites=sites,
        linked=linked,
        forwards=forwarded,
        media=None if media is None else seen_of(media, "media", "sha256", channels, left_out),
        texts=None if clusters is None else seen_of(clusters, "clusters", "cluster", channels, left_out),
    )


def first_seen(channels: Channels, traces: Traces) -> Ints:
    """When each channel opened: as told, else the first time that it left anything; UNKNOWN where it left nothing."""
    first = np.full(len(channels.ids), NEVER)
    for seen in (traces.linked, traces.forwards, traces.media, traces.texts):
        if seen is not None:
            np.minimum.at(first, seen.channel, seen.at)
    return np.where(channels.opened != UNKNOWN, channels.opened, np.where(first == NEVER, UNKNOWN, first))


def _links(links: Any, channels: Channels, left_out: Counter[str]) -> tuple[Seen | None, Ints | None, Rows]:
    """Links, the channel to which each leads (-1: none), and those that lead to sites."""
    nothing = np.zeros(0, np.int64)
    if links is None:
        return None, None, (nothing, nothing, nothing)
    table = as_table(links)
    require_columns(table, ("at", "channel", "url"))
    seen = seen_of(table, "links", "url", channels, left_out)
    about = [name for name in ("domain", "place") if name in table.column_names]
    distinct = table.select(["url", *about]).group_by("url", use_threads=False).aggregate([(n, "min") for n in about])
    distinct = distinct.rename_columns(["url", *about])
    order = pc.index_in(seen.values, value_set=one_chunk(distinct["url"]).cast(seen.values.type))
    to, site = resolved(distinct.take(order), channels)
    sites = site.dictionary_encode()
    thing = pc.fill_null(sites.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)[seen.thing]
    kept = thing >= 0
    return seen, to[seen.thing], (seen.channel[kept], thing[kept], seen.at[kept])

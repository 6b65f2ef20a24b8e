"""Which texts are copies of each other though their match keys differ, and in what way copies differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import LEFT_OUT, Copies
from seawall.measures.similarity import copies as compared
from seawall.measures.similarity import near_duplicates
from seawall.protocols import Window

NOT_COMPARED = "not compared"
"""Copies of which no text is kept, or that differ in more ways than are looked at."""
MOST_VARIANTS = 200
"""So many different texts of a cluster are compared with the first."""
CLUSTERS = pa.schema([("key", pa.uint64()), ("cluster", pa.uint64())])

_WITH_TEXT = (
    "text IS NOT NULL AND text_key IS NOT NULL AND kind NOT IN (" + ", ".join(f"'{kind}'" for kind in LEFT_OUT) + ")"
)


def near_texts(window: Window, table: pa.Table, similarity: float) -> pa.Table:
    """``key`` and ``cluster`` of the texts that are near-duplicates of others; see ``named``.

    Args:
        window: it hands out texts.
        table: the copies, ``spread_copies.SCHEMA``.
        similarity: the least one, 0 to 1.
    """
    texts = window.query(
        f"SELECT text_key AS id, min(text) AS text FROM messages WHERE {_WITH_TEXT} GROUP BY text_key"  # noqa: S608
    )
    found = near_duplicates(texts.sort_by("id"), threshold=similarity)
    return named(found, table)


def named(found: pa.Table, table: pa.Table) -> pa.Table:
    """``key`` and ``cluster`` of the texts in clusters of two or more, each named by the key that was seen first.

    Args:
        found: ``id`` (match keys) and ``cluster`` (any name; null where a text is near to nothing).
        table: the copies, with ``key`` and ``at``.
    """
    seen = table.group_by("key").aggregate([("at", "min")])
    told = found.filter(pc.is_valid(found["cluster"])).select(["id", "cluster"])
    joined = told.join(seen, "id", "key", join_type="inner")
    sizes = joined.group_by("cluster").aggregate([("id", "count")])
    many = sizes.filter(pc.greater(sizes["id_count"], 1))["cluster"].combine_chunks()
    joined = joined.filter(pc.is_in(joined["cluster"], value_set=many))
    joined = joined.sort_by([("cluster", "ascending"), ("at_min", "ascending"), ("id", "ascending")])
    codes = pc.index_in(joined["cluster"], value_set=many).to_numpy()
    keys = joined["id"].to_numpy()
    _, first = np.unique(codes, return_index=True)
    head = np.zeros(len(many), np.uint64)
    head[codes[first]] = keys[first]
    return pa.table({"key": keys, "cluster": head[codes]}, schema=CLUSTERS)


def kinds_of(window: Window, spreads: Sequence[Copies]) -> list[dict[str, int]]:
    """For each spread how many of its copies are verbatim, edited and obfuscated, against the first one with text."""
    if not spreads:
        return []
    keys = np.unique(np.concatenate([one.table["key"].to_numpy() for one in spreads])).tolist()
    rows = window.query(
        f"SELECT message_id, text FROM messages WHERE {_WITH_TEXT} "  # noqa: S608 - words and numbers of our own
        f"AND text_key IN ({', '.join(map(str, keys))})"
    )
    texts = dict(zip(rows["message_id"].to_pylist(), rows["text"].to_pylist(), strict=True))
    return [_counted(one.table["message"].to_pylist(), texts) for one in spreads]


def _counted(messages: Sequence[str], texts: Mapping[str, str]) -> dict[str, int]:
    told = [texts[message] for message in messages if message in texts]
    kinds: Counter[str] = Counter({NOT_COMPARED: len(messages) - len(told)})
    for text, count in sorted(Counter(told).items(), key=lambda item: (-item[1], item[0]))[:MOST_VARIANTS]:
        kinds[compared(told[0], text).kind] += count
    kinds[NOT_COMPARED] += len(messages) - kinds.total()
    return {kind: count for kind, count in sorted(kinds.items()) if count}

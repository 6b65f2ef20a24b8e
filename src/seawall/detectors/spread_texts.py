"""Which texts are copies of each other though their match keys differ, and in what way copies differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import Copies, may_be_copies
from seawall.measures.similarity import NearDuplicates
from seawall.measures.similarity import copies as compared
from seawall.parts import Mapped
from seawall.protocols import Window

NOT_COMPARED = "not compared"
"""Copies of which no text is kept, or that differ in more ways than are looked at."""
MOST_VARIANTS = 200
"""So many different texts of a cluster are compared with the first."""
CLUSTERS = pa.schema([("key", pa.uint64()), ("cluster", pa.uint64())])

_OF_TEXTS = ("text_key", "kind", "sent_at", "text")
_OF_COPIES = ("message_id", "text_key", "kind", "text")


def near_texts(window: Window, similarity: float, *, total: int | None = None) -> pa.Table:
    """``key`` and ``cluster`` of the texts that are near-duplicates of others; see ``named``.

    Args:
        window: it hands out texts.
        similarity: the least one, 0 to 1.
        total: the number of messages, where it is known.
    """
    rows = Mapped(window.table("messages", _OF_TEXTS), _texts)
    return named(window.engine.run(NearDuplicates(similarity), rows, total=total))


def _texts(messages: pa.RecordBatch) -> pa.RecordBatch:
    """What ``NearDuplicates`` reads: a text without words counts for when its key was seen first."""
    rows = messages.filter(may_be_copies(messages))
    columns = {"id": rows["text_key"], "text": rows["text"], "at": rows["sent_at"]}
    return pa.RecordBatch.from_pydict(columns)


def named(found: pa.Table) -> pa.Table:
    """``key`` and ``cluster`` of texts in clusters, each named by the key that was seen first, of equals the smallest.

    Args:
        found: ``id`` (match keys), ``cluster`` (any name) and ``first_at``.
    """
    rows = found.sort_by([("cluster", "ascending"), ("first_at", "ascending"), ("id", "ascending")])
    keys = rows["id"].to_numpy()
    codes = np.asarray(rows["cluster"].combine_chunks().dictionary_encode().indices, np.int64)
    _, first = np.unique(codes, return_index=True)
    return pa.table({"key": keys, "cluster": keys[first][codes]}, schema=CLUSTERS)


def kinds_of(window: Window, spreads: Sequence[Copies], *, total: int | None = None) -> list[dict[str, int]]:
    """For each spread how many of its copies are verbatim, edited and obfuscated, against the first one with text.

    Args:
        window: it hands out texts.
        spreads: their copies, in order.
        total: the number of messages, where it is known.
    """
    if not spreads:
        return []
    told = pa.concat_tables([one.table.select(["key", "message"]) for one in spreads])
    messages = window.engine.parts(window.table("messages", _OF_COPIES), total=total)
    rows = messages.beside_all(told, _texts_of).all()
    texts = dict(zip(rows["message_id"].to_pylist(), rows["text"].to_pylist(), strict=True))
    return [_counted(one.table["message"].to_pylist(), texts) for one in spreads]


def _texts_of(messages: pa.Table, told: pa.Table) -> pa.Table:
    """``message_id`` and ``text`` of those of the copies of which a text is kept."""
    rows = messages.filter(pc.and_(may_be_copies(messages), pc.is_valid(messages["text"])))
    rows = rows.filter(pc.is_in(rows["text_key"], value_set=told["key"].combine_chunks()))
    rows = rows.filter(pc.is_in(rows["message_id"], value_set=told["message"].combine_chunks()))
    return rows.select(["message_id", "text"])


def _counted(messages: Sequence[str], texts: Mapping[str, str]) -> dict[str, int]:
    told = [texts[message] for message in messages if message in texts]
    kinds: Counter[str] = Counter({NOT_COMPARED: len(messages) - len(told)})
    for text, count in sorted(Counter(told).items(), key=lambda item: (-item[1], item[0]))[:MOST_VARIANTS]:
        kinds[compared(told[0], text).kind] += count
    kinds[NOT_COMPARED] += len(messages) - kinds.total()
    return {kind: count for kind, count in sorted(kinds.items()) if count}

"""Texts that stand in a community and in the channel that its members link to: only where the lake holds both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.stats import binom

from seawall.detectors.migration_found import Found, Mirrored
from seawall.measures.flow.acts import DAY
from seawall.measures.keys import identity_keys
from seawall.protocols import Window

COLUMNS = ("platform", "channel_id", "sent_at", "kind", "text_key")
ADDRESSES = ("channel_id", "address")
FIRST_TEXTS = 3
"""So many texts at least stand in both."""


def mirrored(window: Window, found: Sequence[Found]) -> list[Found]:
    """The same, with what stands in both channels, where the place is a channel of the lake."""
    wanted = {one.place for one in found if one.channel is not None}
    if not wanted:
        return list(found)
    channels = window.rows("channels", ADDRESSES).read_all()
    there = {row["address"]: row["channel_id"] for row in channels.to_pylist() if row["address"] in wanted}
    if not there:
        return list(found)
    copies = _copies(window.rows("messages", COLUMNS))
    return [_with(one, there.get(one.place), copies) for one in found]


def _copies(messages: pa.RecordBatchReader) -> pa.Table:
    """``channel`` (key), ``text`` and ``day``: each combination once, of the texts that stand in several channels."""
    parts = []
    for batch in messages:
        rows = pa.Table.from_batches([batch])
        kept = pc.and_(pc.is_valid(rows["text_key"]), pc.is_valid(rows["channel_id"]))
        rows = rows.filter(pc.and_(kept, pc.not_equal(rows["kind"], "edit")))
        day = pa.array(rows["sent_at"].cast(pa.int64()).to_numpy() // DAY)
        channel = pa.array(identity_keys(rows["channel_id"]))
        parts.append(pa.table({"channel": channel, "text": rows["text_key"], "day": day}))
    whole = pa.concat_tables(parts).group_by(["channel", "text", "day"]).aggregate([])
    several = whole.group_by("text").aggregate([("channel", "count_distinct")])
    texts = several.filter(pc.greater(several["channel_count_distinct"], 1))["text"].combine_chunks()
    return whole.filter(pc.is_in(whole["text"], value_set=texts))


def _with(one: Found, channel: str | None, copies: pa.Table) -> Found:
    if channel is None or one.channel is None or channel == one.channel:
        return one
    here, there = identity_keys(pa.chunked_array([[one.channel, channel]]))
    rows = copies.filter(pc.greater_equal(copies["day"], int(one.move.rows.day[0])))
    home, text, day = (rows[name].to_numpy() for name in ("channel", "text", "day"))
    own = home == here
    near = {(word, when + step) for word, when in _pairs(text[own], day[own]) for step in (-1, 0, 1)}
    others = np.flatnonzero(~own)
    meets = np.array([pair in near for pair in _pairs(text[others], day[others])], bool)
    pairs = np.unique(np.stack([text[others], home[others]]), axis=1)
    met = np.unique(np.stack([text[others][meets], home[others][meets]]), axis=1)
    texts, copied = int((met[1] == there).sum()), met.shape[1]
    share = float((pairs[1] == there).mean()) if pairs.shape[1] else 0.0
    return replace(one, mirrored=Mirrored(channel, texts, copied, float(binom.sf(texts - 1, copied, share))))


def _pairs(text: Iterable[int], day: Iterable[int]) -> list[tuple[int, int]]:
    return [(int(word), int(when)) for word, when in zip(text, day, strict=True)]

"""Columns of a table of messages that tell of their channel -> rows of RAW_CHANNELS, one a channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import RAW_CHANNELS, raw_table

CHANNEL_KIND_WORDS: Mapping[str, str] = {
    "broadcast": "broadcast channel public_channel private_channel newsletter",
    "group": "group supergroup megagroup public_group private_group public_supergroup private_supergroup gigagroup",
    "room": "room",
    "feed": "feed user profile page person bot",
    "direct": "direct dm private personal_chat bot_chat",
}
KIND_NOT_KNOWN = "Of channels whose kind is not known nothing but the name was taken."

TOLD = tuple(
    name
    for name in ("kind", "handle", "address", "title", "created_at", "ended_at", "end_reason")
    if name in RAW_CHANNELS.names
)
"""What columns such as ``channel_handle`` tell."""


def channels_of(channel_id: pa.Array, told: Mapping[str, pa.Array]) -> pa.Table:
    """The channels that rows of messages tell of, in the order of their ids.

    Args:
        channel_id: of each message; nullable.
        told: columns of ``TOLD`` side by side with it; a channel whose ``kind`` is null throughout is left out.

    >>> ids = pa.array(["seeds", "seeds", "rides", None])
    >>> told = {"kind": pa.array(["broadcast", None, None, "group"]), "handle": pa.array([None, "seed_club", "r", "x"])}
    >>> channels_of(ids, told).select(["channel_id", "kind", "handle"]).to_pylist()
    [{'channel_id': 'seeds', 'kind': 'broadcast', 'handle': 'seed_club'}]
    """
    rows = pa.table({"channel_id": channel_id, **told}).filter(pc.is_valid(channel_id))
    how: list[Any] = [
        (name, {"created_at": "min", "ended_at": "max"}.get(name, "first"), pc.ScalarAggregateOptions(skip_nulls=True))
        for name in told
    ]
    found = rows.group_by("channel_id", use_threads=False).aggregate(how)
    found = found.rename_columns(["channel_id", *told])
    found = found.filter(pc.is_valid(found["kind"])).sort_by("channel_id").combine_chunks()
    return raw_table(RAW_CHANNELS, {name: found[name].combine_chunks() for name in found.column_names})

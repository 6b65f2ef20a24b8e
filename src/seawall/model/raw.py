"""Raw records: a source's words, before intake. They hold identities in clear and live in memory only."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from seawall.model.words import STRINGS, UTC_MICROSECONDS, required

RAW_IDENTITY = pa.struct([("id", pa.string()), ("handle", pa.string()), ("name", pa.string())])
"""What a source tells of an account: a stable id, a handle (without @), a display name; each may be null."""

RAW_ACT = pa.struct([("kind", pa.string()), ("target", RAW_IDENTITY), ("source", RAW_IDENTITY)])
"""An interaction that belongs to a message and shares its fate (a join, an invite, a reaction).

``source`` is who acts; null = the message's account. Who reacts to a message is the source of that act, and
the message's account is its target.
"""

RAW_MEDIA = pa.struct(
    [
        ("kind", pa.string()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
        ("pdq", pa.string()),
        ("quality", pa.int16()),
        ("md5", pa.string()),
    ]
)

RAW_MESSAGES = pa.schema(
    [
        required("position", pa.int64()),  # record number in the file, from 1: the line for line-based formats
        ("message_id", pa.string()),  # as the platform has it; null = the export has no ids
        ("channel_id", pa.string()),  # as the platform has it; null = the platform's one public stream
        ("account", RAW_IDENTITY),
        required("sent_at", UTC_MICROSECONDS),
        required("kind", pa.string()),  # MESSAGE_KINDS without edit: intake finds out what is an edit
        ("visibility", pa.string()),  # null = as its channel, or as stated with --visibility
        ("reported", pa.bool_()),  # a participant reported it
        ("text", pa.string()),
        ("language", pa.string()),  # as the source tells it: a name or a BCP 47 tag
        ("reply_to", pa.string()),
        ("reply_to_account", RAW_IDENTITY),
        ("repost_of", pa.string()),
        ("repost_of_account", RAW_IDENTITY),
        ("thread_of", pa.string()),
        ("mentions", pa.list_(RAW_IDENTITY)),  # null = not told: intake looks for @handle in the text
        ("links", STRINGS),  # links told beside the text; intake adds those in it
        ("hashtags", STRINGS),  # null = not told: intake looks in the text
        ("media", pa.list_(RAW_MEDIA)),
        ("acts", pa.list_(RAW_ACT)),
        ("edited_at", UTC_MICROSECONDS),
        ("deleted_at", UTC_MICROSECONDS),
        ("followers", pa.int64()),  # of the account, when the message was collected
        ("following", pa.int64()),
        ("account_created_at", UTC_MICROSECONDS),
        ("declared_bot", pa.bool_()),
    ]
)

RAW_INTERACTIONS = pa.schema(
    [
        required("position", pa.int64()),
        ("interaction_id", pa.string()),  # null = the source has none
        required("at", UTC_MICROSECONDS),
        required("kind", pa.string()),
        required("source_account", RAW_IDENTITY),
        ("target_account", RAW_IDENTITY),
        ("channel_id", pa.string()),
        ("message_id", pa.string()),
        ("visibility", pa.string()),  # of that message; null = as its channel, or as stated with --visibility
        ("contact_kind", pa.string()),
        ("contact", pa.string()),  # the outside address itself: intake keeps a keyed hash
        ("reply", pa.string()),  # an opaque key of the words, where a table tells one: intake keys it again
        ("length_class", pa.string()),
        ("reported", pa.bool_()),
    ]
)

RAW_CHANNELS = pa.schema(
    [
        required("channel_id", pa.string()),
        required("kind", pa.string()),
        ("visibility", pa.string()),  # null = the source does not tell
        ("handle", pa.string()),
        ("address", pa.string()),  # on the web, in clear; null = intake makes it of the handle, where it knows how
        ("title", pa.string()),
        ("members", pa.int64()),
        ("participants", pa.list_(RAW_IDENTITY)),  # of a direct conversation, where told
        ("created_at", UTC_MICROSECONDS),
        ("ended_at", UTC_MICROSECONDS),
        ("end_reason", pa.string()),
    ]
)

RAW_DELETIONS = pa.schema(
    [
        required("position", pa.int64()),
        required("message_id", pa.string()),
        ("channel_id", pa.string()),
        ("visibility", pa.string()),  # of the message; null = as its channel, or as stated with --visibility
        required("deleted_at", UTC_MICROSECONDS),
    ]
)

RAW_COVERAGE = pa.schema(
    [
        ("channel_id", pa.string()),  # null = the whole source
        required("start", UTC_MICROSECONDS),
        required("end", UTC_MICROSECONDS),
        required("complete", pa.bool_()),
        required("how", pa.string()),  # "export", "stated", "live", ...
    ]
)

REJECTED = pa.schema(
    [
        required("position", pa.int64()),
        required("field", pa.string()),  # the name of the field, never its value
        required("reason", pa.string()),
    ]
)


def raw_table(schema: pa.Schema, columns: dict[str, Any] | None = None) -> pa.Table:
    """A table of a raw schema from the columns that the source tells; the rest is null.

    >>> raw_table(REJECTED, {"position": [1], "field": ["date"], "reason": ["no such day"]}).num_rows
    1
    """
    given = columns or {}
    unknown = set(given) - set(schema.names)
    if unknown:
        raise KeyError(f"not columns of this record: {sorted(unknown)}")
    rows = max((len(values) for values in given.values()), default=0)
    arrays = []
    for column in schema:
        values = given.get(column.name)
        if values is None:
            arrays.append(pa.nulls(rows, column.type))
        elif isinstance(values, pa.Array | pa.ChunkedArray):
            arrays.append(values if values.type == column.type else values.cast(column.type))
        else:
            arrays.append(pa.array(values, column.type))
    return pa.Table.from_arrays(arrays, schema=schema)

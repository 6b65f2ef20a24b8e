"""Clean records: what the lake keeps, under pseudonyms."""

from __future__ import annotations

import pyarrow as pa

from seawall.model.raw import RAW_MEDIA
from seawall.model.words import STRINGS, UTC_MICROSECONDS, required

LINK = pa.struct([("url", pa.string()), ("domain", pa.string()), ("place", pa.string())])
"""A canonical address, its registrable domain, and the kind of place (see intake.places); names in it are keyed."""

MEDIA = RAW_MEDIA
RAW_REF = pa.struct([("file", pa.string()), ("position", pa.int64())])
"""Where the row came from: the first 16 hex digits of the input's SHA-256, and its record number there."""

MESSAGES = pa.schema(
    [
        required("message_id", pa.string()),  # platform ":" id; unique but for revisions
        required("platform", pa.string()),
        required("source", pa.string()),  # name of the source, "telegram"
        ("channel_id", pa.string()),
        required("account_id", pa.string()),
        required("sent_at", UTC_MICROSECONDS),
        required("collected_at", UTC_MICROSECONDS),
        required("kind", pa.string()),
        required("visibility", pa.string()),
        ("text", pa.string()),  # identities replaced by typed tokens
        ("text_key", pa.uint64()),  # hash of the match key; null for empty or withheld text
        ("language", pa.string()),  # ISO 639-1 where there is one; "und" = looked, cannot tell
        ("language_confidence", pa.float32()),  # null = told by the source
        ("reply_to", pa.string()),
        ("repost_of", pa.string()),
        ("thread_of", pa.string()),
        ("mentions", STRINGS),
        ("links", pa.list_(LINK)),
        ("hashtags", STRINGS),
        ("media", pa.list_(MEDIA)),
        ("edited_at", UTC_MICROSECONDS),
        ("deleted_at", UTC_MICROSECONDS),
        required("raw_ref", RAW_REF),
        required("batch", pa.int64()),
    ]
)

INTERACTIONS = pa.schema(
    [
        required("interaction_id", pa.string()),
        required("platform", pa.string()),
        required("source", pa.string()),
        required("at", UTC_MICROSECONDS),
        required("kind", pa.string()),
        required("source_account", pa.string()),
        ("target_account", pa.string()),
        ("channel_id", pa.string()),
        ("message_id", pa.string()),
        ("contact_kind", pa.string()),
        ("contact_key", pa.string()),  # keyed hash of the outside address
        ("reply_key", pa.string()),  # keyed hash of the words, for "is this the same reply?"
        ("length_class", pa.string()),
        required("reported", pa.bool_()),
        required("batch", pa.int64()),
    ]
)

ACCOUNTS = pa.schema(
    [
        required("account_id", pa.string()),
        required("platform", pa.string()),
        ("created_at", UTC_MICROSECONDS),
        required("first_seen", UTC_MICROSECONDS),
        required("last_seen", UTC_MICROSECONDS),
        ("followers", pa.int64()),
        ("following", pa.int64()),
        ("declared_bot", pa.bool_()),
        required("batch", pa.int64()),
    ]
)

ALIASES = pa.schema(
    [
        required("platform", pa.string()),
        required("handle_key", pa.string()),  # the pseudonym that a bare handle gets
        required("account_id", pa.string()),  # the pseudonym of the stable id
        ("valid_from", UTC_MICROSECONDS),
        ("valid_to", UTC_MICROSECONDS),
        required("batch", pa.int64()),
    ]
)

CHANNELS = pa.schema(
    [
        required("channel_id", pa.string()),
        required("platform", pa.string()),
        required("kind", pa.string()),
        required("visibility", pa.string()),
        ("title", pa.string()),  # broadcast channels only
        ("handle", pa.string()),  # in small letters; of public channels, groups and rooms, never of a person's page
        ("address", pa.string()),  # the canonical address by which links lead here; names in it are keyed
        ("members", pa.int64()),
        ("created_at", UTC_MICROSECONDS),
        ("ended_at", UTC_MICROSECONDS),
        ("end_reason", pa.string()),
        required("batch", pa.int64()),
    ]
)

DELETIONS = pa.schema(
    [
        required("message_id", pa.string()),
        required("platform", pa.string()),
        required("source", pa.string()),
        required("deleted_at", UTC_MICROSECONDS),
        required("batch", pa.int64()),
    ]
)

COVERAGE = pa.schema(
    [
        required("source", pa.string()),
        required("platform", pa.string()),
        ("channel_id", pa.string()),
        required("start", UTC_MICROSECONDS),
        required("end", UTC_MICROSECONDS),
        required("complete", pa.bool_()),
        required("how", pa.string()),
        required("batch", pa.int64()),
    ]
)

QUARANTINE = pa.schema(
    [
        required("source", pa.string()),
        required("file", pa.string()),  # first 16 hex digits of the input's SHA-256
        required("position", pa.int64()),
        required("field", pa.string()),
        required("reason", pa.string()),
        required("batch", pa.int64()),
    ]
)

BATCHES = pa.schema(
    [
        required("batch", pa.int64()),  # a hash of feed and number: a retry gets the same
        required("feed", pa.string()),  # the numbered stream: source name and digest of input and options
        required("number", pa.int64()),  # 1, 2, 3, ... within the feed
        required("last", pa.bool_()),  # the input ends with this batch
        required("source", pa.string()),
        required("platform", pa.string()),
        required("extractor", pa.string()),  # source name, "/", version
        ("checkpoint", pa.string()),
        required("records", pa.int64()),
        required("kept", pa.int64()),
        required("rejected", pa.int64()),
        required("duplicate", pa.int64()),
        required("committed_at", UTC_MICROSECONDS),
    ]
)

IDENTITIES = pa.schema(
    [
        required("pseudonym", pa.string()),  # an account_id or a channel_id
        required("platform", pa.string()),
        ("id", pa.string()),
        ("handle", pa.string()),
        ("name", pa.string()),
    ]
)
"""What the vault keeps sealed; exists in clear in memory only."""

TABLES: dict[str, pa.Schema] = {
    "messages": MESSAGES,
    "interactions": INTERACTIONS,
    "accounts": ACCOUNTS,
    "aliases": ALIASES,
    "channels": CHANNELS,
    "deletions": DELETIONS,
    "coverage": COVERAGE,
    "quarantine": QUARANTINE,
    "batches": BATCHES,
}
"""The tables of the lake. ``batches`` is committed last: a batch counts only when its row is there."""

LATER: dict[str, tuple[str, ...]] = {"channels": ("handle", "address")}
"""Columns that came after the first version: what an older Seawall wrote lacks them, and they are null there."""

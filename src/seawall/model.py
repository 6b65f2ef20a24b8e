"""The records of Seawall: what flows from a source to a case.

Two families of Arrow schemas:

* ``RAW_*`` is what a source hands to intake. It holds identities in clear and lives in memory only.
* the others are what the lake keeps. They hold pseudonyms, and a null means *not told* or *not
  extracted*, never zero. Times are UTC microseconds.

Alert, Case and Decision are frozen types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())


class Visibility(StrEnum):
    """Who could read a message when it was written (see docs/explanation/privacy.md)."""

    PUBLIC = "public"
    CLOSED = "closed"
    DIRECT = "direct"


MESSAGE_KINDS = ("post", "reply", "repost", "quote", "edit", "service")
"""``edit`` is a later revision of a message that the lake already has."""

INTERACTION_KINDS = (
    "mention",
    "reply",
    "repost",
    "follow",
    "unfollow",
    "dm",
    "reaction",
    "invite",
    "join",
    "leave",
    "report",
    "block",
    "contact_shared",
)
MEDIA_KINDS = ("video", "image", "audio", "document", "link", "text")
CHANNEL_KINDS = ("broadcast", "group", "room", "feed", "direct")
CONTACT_KINDS = ("email", "phone", "handle", "invite", "payment")
LENGTH_CLASSES = ("empty", "short", "medium", "long")
"""``short`` up to 40 characters, ``medium`` up to 280, ``long`` beyond."""


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


# --- raw: a source's words, before intake -------------------------------------------------------

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
    ]
)

RAW_MESSAGES = pa.schema(
    [
        _required("position", pa.int64()),  # record number in the file, from 1: the line for line-based formats
        ("message_id", pa.string()),  # as the platform has it; null = the export has no ids
        ("channel_id", pa.string()),  # as the platform has it; null = the platform's one public stream
        ("account", RAW_IDENTITY),
        _required("sent_at", UTC_MICROSECONDS),
        _required("kind", pa.string()),  # MESSAGE_KINDS without edit: intake finds out what is an edit
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
        _required("position", pa.int64()),
        ("interaction_id", pa.string()),  # null = the source has none
        _required("at", UTC_MICROSECONDS),
        _required("kind", pa.string()),
        _required("source_account", RAW_IDENTITY),
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
        _required("channel_id", pa.string()),
        _required("kind", pa.string()),
        ("visibility", pa.string()),  # null = the source does not tell
        ("handle", pa.string()),
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
        _required("position", pa.int64()),
        _required("message_id", pa.string()),
        ("channel_id", pa.string()),
        ("visibility", pa.string()),  # of the message; null = as its channel, or as stated with --visibility
        _required("deleted_at", UTC_MICROSECONDS),
    ]
)

RAW_COVERAGE = pa.schema(
    [
        ("channel_id", pa.string()),  # null = the whole source
        _required("start", UTC_MICROSECONDS),
        _required("end", UTC_MICROSECONDS),
        _required("complete", pa.bool_()),
        _required("how", pa.string()),  # "export", "stated", "live", ...
    ]
)

REJECTED = pa.schema(
    [
        _required("position", pa.int64()),
        _required("field", pa.string()),  # the name of the field, never its value
        _required("reason", pa.string()),
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


# --- clean: what the lake keeps -------------------------------------------------------------------

LINK = pa.struct([("url", pa.string()), ("domain", pa.string()), ("place", pa.string())])
"""A canonical address, its registrable domain, and the kind of place (see intake.places); names in it are keyed."""

MEDIA = RAW_MEDIA
RAW_REF = pa.struct([("file", pa.string()), ("position", pa.int64())])
"""Where the row came from: the first 16 hex digits of the input's SHA-256, and its record number there."""

MESSAGES = pa.schema(
    [
        _required("message_id", pa.string()),  # platform ":" id; unique but for revisions
        _required("platform", pa.string()),
        _required("source", pa.string()),  # name of the source, "telegram"
        ("channel_id", pa.string()),
        _required("account_id", pa.string()),
        _required("sent_at", UTC_MICROSECONDS),
        _required("collected_at", UTC_MICROSECONDS),
        _required("kind", pa.string()),
        _required("visibility", pa.string()),
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
        _required("raw_ref", RAW_REF),
        _required("batch", pa.int64()),
    ]
)

INTERACTIONS = pa.schema(
    [
        _required("interaction_id", pa.string()),
        _required("platform", pa.string()),
        _required("source", pa.string()),
        _required("at", UTC_MICROSECONDS),
        _required("kind", pa.string()),
        _required("source_account", pa.string()),
        ("target_account", pa.string()),
        ("channel_id", pa.string()),
        ("message_id", pa.string()),
        ("contact_kind", pa.string()),
        ("contact_key", pa.string()),  # keyed hash of the outside address
        ("reply_key", pa.string()),  # keyed hash of the words, for "is this the same reply?"
        ("length_class", pa.string()),
        _required("reported", pa.bool_()),
        _required("batch", pa.int64()),
    ]
)

ACCOUNTS = pa.schema(
    [
        _required("account_id", pa.string()),
        _required("platform", pa.string()),
        ("created_at", UTC_MICROSECONDS),
        _required("first_seen", UTC_MICROSECONDS),
        _required("last_seen", UTC_MICROSECONDS),
        ("followers", pa.int64()),
        ("following", pa.int64()),
        ("declared_bot", pa.bool_()),
        _required("batch", pa.int64()),
    ]
)

ALIASES = pa.schema(
    [
        _required("platform", pa.string()),
        _required("handle_key", pa.string()),  # the pseudonym that a bare handle gets
        _required("account_id", pa.string()),  # the pseudonym of the stable id
        ("valid_from", UTC_MICROSECONDS),
        ("valid_to", UTC_MICROSECONDS),
        _required("batch", pa.int64()),
    ]
)

CHANNELS = pa.schema(
    [
        _required("channel_id", pa.string()),
        _required("platform", pa.string()),
        _required("kind", pa.string()),
        _required("visibility", pa.string()),
        ("title", pa.string()),  # broadcast channels only
        ("members", pa.int64()),
        ("created_at", UTC_MICROSECONDS),
        ("ended_at", UTC_MICROSECONDS),
        ("end_reason", pa.string()),
        _required("batch", pa.int64()),
    ]
)

DELETIONS = pa.schema(
    [
        _required("message_id", pa.string()),
        _required("platform", pa.string()),
        _required("source", pa.string()),
        _required("deleted_at", UTC_MICROSECONDS),
        _required("batch", pa.int64()),
    ]
)

COVERAGE = pa.schema(
    [
        _required("source", pa.string()),
        _required("platform", pa.string()),
        ("channel_id", pa.string()),
        _required("start", UTC_MICROSECONDS),
        _required("end", UTC_MICROSECONDS),
        _required("complete", pa.bool_()),
        _required("how", pa.string()),
        _required("batch", pa.int64()),
    ]
)

QUARANTINE = pa.schema(
    [
        _required("source", pa.string()),
        _required("file", pa.string()),  # first 16 hex digits of the input's SHA-256
        _required("position", pa.int64()),
        _required("field", pa.string()),
        _required("reason", pa.string()),
        _required("batch", pa.int64()),
    ]
)

BATCHES = pa.schema(
    [
        _required("batch", pa.int64()),  # a hash of feed and number: a retry gets the same
        _required("feed", pa.string()),  # the numbered stream: source name and digest of input and options
        _required("number", pa.int64()),  # 1, 2, 3, ... within the feed
        _required("last", pa.bool_()),  # the input ends with this batch
        _required("source", pa.string()),
        _required("platform", pa.string()),
        _required("extractor", pa.string()),  # source name, "/", version
        ("checkpoint", pa.string()),
        _required("records", pa.int64()),
        _required("kept", pa.int64()),
        _required("rejected", pa.int64()),
        _required("duplicate", pa.int64()),
        _required("committed_at", UTC_MICROSECONDS),
    ]
)

IDENTITIES = pa.schema(
    [
        _required("pseudonym", pa.string()),  # an account_id or a channel_id
        _required("platform", pa.string()),
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


# --- claims and decisions -------------------------------------------------------------------------


class Severity(StrEnum):
    """How grave it would be if the claim were true; it says nothing about how sure the claim is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for urgent."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an alert is about: an account, a channel, a message, a platform, a text or an object that was shared."""

    kind: str  # "account", "channel", "message", "platform", "language", "object"
    id: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A detector's claim with its evidence; a person judges it.

    ``anchor`` says where and when the thing began, so that a rerun or more data is a revision of the same
    alert: with detector, parameters and the first subject it makes the alert's id.
    """

    detector: str
    version: str
    parameters: dict[str, Any]
    anchor: str
    start: datetime
    end: datetime
    subjects: tuple[Subject, ...]
    severity: Severity
    score: float  # 0 to 1: confidence, comparable within a detector
    sentence: str  # one sentence that quotes its numbers
    evidence: tuple[str, ...] = ()  # message or interaction ids, the most telling first
    doubt: tuple[str, ...] = ()  # sentences: what speaks against it
    p: float | None = None
    q: float | None = None
    observed: float | None = None
    expected: float | None = None
    details: dict[str, Any] = field(default_factory=dict)  # JSON: what the brief draws (edges, counts, windows)
    lake_version: str | None = None  # filled in by the workspace


class Outcome(StrEnum):
    """What a reviewer decides about a case."""

    REFER = "refer"
    SUPPORT = "support"
    WATCH = "watch"
    NO_ACTION = "no_action"
    NOT_WHAT_IT_SEEMS = "not_what_it_seems"


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's recorded decision: the only thing that moves a case."""

    case_id: str
    reviewer: str
    at: datetime
    outcome: Outcome
    reason: str
    stage: str = "decided"  # "decided" alone; "proposed" then "confirmed" where two people are needed


@dataclass(frozen=True, slots=True)
class Case:
    """Alerts that belong together, and what people decided about them."""

    case_id: str
    status: str  # "open", "awaiting second", "decided", "reopened"
    severity: Severity
    confidence: float
    opened_at: datetime
    start: datetime
    end: datetime
    sentence: str
    alert_ids: tuple[str, ...]
    decisions: tuple[Decision, ...] = ()

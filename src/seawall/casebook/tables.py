"""The casebook's tables, and the triggers that keep the audit append-only.

Times are integers, UTC microseconds since 1970. ``body`` columns hold canonical JSON.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from seawall.casebook import tables_approached, tables_people, tables_review
from seawall.casebook.metadata import metadata as metadata  # for those who want every table

SCHEMA_VERSION = 4

ELSEWHERE = (tables_people, tables_review, tables_approached)
"""Where further tables stand; whoever knows these tables knows those too."""

meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

cases = Table(
    "cases",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("severity", Integer, nullable=False),  # rank, 0 to 3
    Column("confidence", Float, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("sentence", Text, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", String, primary_key=True),
    Column("case_id", String, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("family", String, nullable=False),  # hash of detector and parameters
    Column("revision", Integer, nullable=False),  # the latest
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
)

alert_revisions = Table(
    "alert_revisions",
    metadata,
    Column("alert_id", String, ForeignKey("alerts.alert_id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("recorded_at", BigInteger, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("lake_version", String, nullable=False),
    Column("body", Text, nullable=False),
)

alert_names = Table(
    "alert_names",
    metadata,
    Column("name", String, primary_key=True),  # an id that a rerun computed for an alert known by another
    Column("alert_id", String, ForeignKey("alerts.alert_id"), nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("alert_id", String, ForeignKey("alerts.alert_id"), primary_key=True),
    Column("kind", String, primary_key=True),  # a subject's kind, or "evidence"
    Column("id", String, primary_key=True),
    Index("marks_by_id", "id"),
)

links = Table(
    "links",
    metadata,
    Column("case_id", String, ForeignKey("cases.case_id"), primary_key=True),
    Column("other", String, ForeignKey("cases.case_id"), primary_key=True),
    Column("alert_id", String, ForeignKey("alerts.alert_id"), nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("case_id", String, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("reviewer", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("outcome", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("known", Text, nullable=False),  # what the case held when it was decided
    Column("salt", String, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("case_id", String, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    Column("act", String, nullable=False),
    Column("note", Text, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("reviewer", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("released_by", String),
    Column("released_at", BigInteger),
    Column("release_reason", Text),
)

reviewers = Table(
    "reviewers",
    metadata,
    Column("key", String, primary_key=True),  # the name as it is compared
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("receiver", String, primary_key=True),
    Column("case_id", String, ForeignKey("cases.case_id"), primary_key=True),
    Column("told", Integer, nullable=False),  # 0 = a delivery was begun, and may have arrived; 1 = it arrived
    Column("at", BigInteger, nullable=False),
)

indicators = Table(
    "indicators",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("bank", String, nullable=False),
    Column("source", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("added_on", String, nullable=False),  # ISO 8601 day
    Column("added_by", String, nullable=False),
    Column("confidence", Integer, nullable=False),
    Column("expires_on", String, nullable=False),
    Column("status", String, nullable=False),  # its own; that of its bank comes on top
    Column("wanted", String, nullable=False),  # shadow or live: where it goes when a second person agrees
    Column("seconded_by", String),
    Column("ended_by", String),
    Column("ended_reason", Text),
    Column("changed", Integer, nullable=False, index=True),  # number of the latest change of the list
    Index("indicators_by_bank", "bank", "kind"),
)

indicator_banks = Table(
    "indicator_banks",
    metadata,
    Column("name", String, primary_key=True),
    Column("enabled", Integer, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("indicator", String, ForeignKey("indicators.id"), primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("at", BigInteger, nullable=False),  # when the message was sent
    Column("live", Integer, nullable=False),  # 1 = the indicator was live, 0 = in shadow
    Column("context", Integer, nullable=False),  # 0 plain, 1 in a report, 2 in a quotation
    Column("disguised", Integer, nullable=False),
    Index("sightings_by_message", "message_id"),
    Index("sightings_by_time", "indicator", "at"),
)

compared_days = Table(
    "compared_days",
    metadata,
    Column("day", String, primary_key=True),  # ISO 8601, UTC, of sending
    Column("messages", Integer, nullable=False),  # compared with the list while they came
)

compared_feeds = Table(
    "compared_feeds",
    metadata,
    Column("feed", String, primary_key=True),
    Column("number", Integer, nullable=False),  # of the last batch that was compared with the list while it came
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("bank", String, primary_key=True),
    Column("checkpoint", Text, nullable=False),  # JSON: where the exchange resumes
)

salts = Table(
    "salts",
    metadata,
    Column("value", String, primary_key=True),  # a personal id that the audit has spoken of
    Column("salt", String, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("act", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    UniqueConstraint("hash"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("hash", String, nullable=False),
)

seals = Table(
    "seals",
    metadata,
    Column("name", String, primary_key=True),  # a table
    Column("total", String, nullable=False),  # the sum of its rows' hashes, hexadecimal
    Column("rows", Integer, nullable=False),
)

AUDIT_GUARDS = {
    "audit_no_update": "BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    "audit_no_delete": "BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
}
"""Name of each SQLite trigger -> what it does."""

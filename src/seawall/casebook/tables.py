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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 1

metadata = MetaData()

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

"""The tables of reviewing: who holds which case, drafts, decisions taken back, campaigns, appeals, second looks.

Times are integers, UTC microseconds since 1970. Nothing here is deleted but leases and drafts, which are no record.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from seawall.casebook.metadata import metadata

case_detectors = Table(
    "case_detectors",
    metadata,
    Column("case_id", String, ForeignKey("cases.case_id"), primary_key=True),
    Column("detector", String, primary_key=True, index=True),
    Column("alerts", Integer, nullable=False),  # how many of its alerts are in the case
)

leases = Table(
    "leases",
    metadata,
    Column("case_id", String, ForeignKey("cases.case_id"), primary_key=True),
    Column("holder", String, nullable=False),
    Column("person", String, nullable=False, index=True),  # the holder's name as it is compared
    Column("until", BigInteger, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("case_id", String, ForeignKey("cases.case_id"), nullable=False),
    Column("person", String, nullable=False),  # the name as it is compared
    Column("outcome", String),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("person", "case_id"),
)

decision_details = Table(
    "decision_details",
    metadata,
    Column("number", Integer, ForeignKey("decisions.number"), primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("before", String, nullable=False),  # the status of the case before it
)

undone_decisions = Table(
    "undone_decisions",
    metadata,
    Column("number", Integer, ForeignKey("decisions.number"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
)

outward_uses = Table(
    "outward_uses",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("decision", Integer, ForeignKey("decisions.number"), nullable=False, index=True),
    Column("by", String, nullable=False),
    Column("what", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("campaign_id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

campaign_cases = Table(
    "campaign_cases",
    metadata,
    Column("case_id", String, ForeignKey("cases.case_id"), primary_key=True),  # in one campaign at most
    Column("campaign_id", String, ForeignKey("campaigns.campaign_id"), nullable=False, index=True),
)

campaign_events = Table(
    "campaign_events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("campaign_id", String, ForeignKey("campaigns.campaign_id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("act", String, nullable=False),  # named, joined, split
    Column("cases", Text, nullable=False),  # JSON list of case ids
    Column("reason", Text, nullable=False),
)

appeals = Table(
    "appeals",
    metadata,
    Column("appeal_id", String, primary_key=True),
    Column("case_id", String, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("decision", Integer, ForeignKey("decisions.number"), nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", String, nullable=False),  # waiting, stands, changed
    Column("decided_by", String),
    Column("decided_at", BigInteger),
    Column("reason", Text),
)

blind_reviews = Table(
    "blind_reviews",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("case_id", String, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("decision", Integer, ForeignKey("decisions.number"), nullable=False),
    Column("person", String, nullable=False, index=True),  # the name as it is compared
    Column("reviewer", String, nullable=False),
    Column("golden", Integer, nullable=False),  # 1 = the case was a golden one when it was handed out
    Column("asked_at", BigInteger, nullable=False),
    Column("at", BigInteger),  # null = not answered
    Column("outcome", String),
    Column("reason", Text),
)

golden_cases = Table(
    "golden_cases",
    metadata,
    Column("case_id", String, ForeignKey("cases.case_id"), primary_key=True),
    Column("outcome", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

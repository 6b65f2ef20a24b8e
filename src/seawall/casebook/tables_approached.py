"""The tables of people to protect: who was approached, in which alerts, and what safeguarding did about it.

They stand apart from everything else that is known of an alert, and are read by safeguarding alone. Times are integers,
UTC microseconds since 1970. Whoever is erased, or older than the retention allows, goes from here with every row.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from seawall.casebook.metadata import metadata

approached_people = Table(
    "approached_people",
    metadata,
    Column("person_id", String, primary_key=True),  # by chance: it tells nothing of the account
    Column("account", String, nullable=False, unique=True),  # a pseudonym
    Column("salt", String, nullable=False),  # of the commitment by which the audit speaks of this person
    Column("state", String, nullable=False, index=True),  # waiting, offered, not needed, closed
    Column("listed_at", BigInteger, nullable=False),
    Column("state_at", BigInteger),  # null = nobody has done anything yet
    Column("known", Text, nullable=False),  # JSON, alert id -> stage: what was known when somebody last acted
)

approaches = Table(
    "approaches",
    metadata,
    Column("alert_id", String, ForeignKey("alerts.alert_id"), primary_key=True),
    Column("person_id", String, ForeignKey("approached_people.person_id"), primary_key=True),
    Column("stage", String, nullable=False),  # the furthest that was reached
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("approaches_by_person", "person_id"),
)

support_events = Table(
    "support_events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person_id", String, ForeignKey("approached_people.person_id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("act", String, nullable=False),  # offered, not needed, closed; approached again, went further
    Column("note", Text, nullable=False),
)

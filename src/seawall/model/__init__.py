"""The records of Seawall: what flows from a source to a case.

Two families of Arrow schemas:

* ``RAW_*`` is what a source hands to intake. It holds identities in clear and lives in memory only.
* the others are what the lake keeps. They hold pseudonyms, and a null means *not told* or *not
  extracted*, never zero. Times are UTC microseconds.

Alert, Case and Decision are frozen types.
"""

from __future__ import annotations

from seawall.model.claims import (
    STAGES,
    Alert,
    Approached,
    Case,
    Decision,
    Outcome,
    Severity,
    Subject,
)
from seawall.model.indicators import (
    CONTEXTS,
    HITS,
    MATCHING,
    SECONDED,
    Indicator,
    IndicatorKind,
    IndicatorStatus,
)
from seawall.model.lake import (
    ACCOUNTS,
    ALIASES,
    BATCHES,
    CHANNELS,
    COVERAGE,
    DELETIONS,
    IDENTITIES,
    INTERACTIONS,
    LINK,
    MEDIA,
    MESSAGES,
    QUARANTINE,
    RAW_REF,
    TABLES,
)
from seawall.model.raw import (
    RAW_ACT,
    RAW_CHANNELS,
    RAW_COVERAGE,
    RAW_DELETIONS,
    RAW_IDENTITY,
    RAW_INTERACTIONS,
    RAW_MEDIA,
    RAW_MESSAGES,
    REJECTED,
    raw_table,
)
from seawall.model.simulated import SIMULATED, made_up, unmarked
from seawall.model.words import (
    CHANNEL_KINDS,
    CONTACT_KINDS,
    INTERACTION_KINDS,
    LENGTH_CLASSES,
    MEDIA_KINDS,
    MESSAGE_KINDS,
    SIMULATED_PLATFORM,
    STRINGS,
    UTC_MICROSECONDS,
    Visibility,
    is_simulated,
)

__all__ = [
    "ACCOUNTS",
    "ALIASES",
    "BATCHES",
    "CHANNELS",
    "CHANNEL_KINDS",
    "CONTACT_KINDS",
    "CONTEXTS",
    "COVERAGE",
    "DELETIONS",
    "HITS",
    "IDENTITIES",
    "INTERACTIONS",
    "INTERACTION_KINDS",
    "LENGTH_CLASSES",
    "LINK",
    "MATCHING",
    "MEDIA",
    "MEDIA_KINDS",
    "MESSAGES",
    "MESSAGE_KINDS",
    "QUARANTINE",
    "RAW_ACT",
    "RAW_CHANNELS",
    "RAW_COVERAGE",
    "RAW_DELETIONS",
    "RAW_IDENTITY",
    "RAW_INTERACTIONS",
    "RAW_MEDIA",
    "RAW_MESSAGES",
    "RAW_REF",
    "REJECTED",
    "SECONDED",
    "SIMULATED",
    "SIMULATED_PLATFORM",
    "STAGES",
    "STRINGS",
    "TABLES",
    "UTC_MICROSECONDS",
    "Alert",
    "Approached",
    "Case",
    "Decision",
    "Indicator",
    "IndicatorKind",
    "IndicatorStatus",
    "Outcome",
    "Severity",
    "Subject",
    "Visibility",
    "is_simulated",
    "made_up",
    "raw_table",
    "unmarked",
]

"""Alerts become cases, people decide about them, and everything is on the record."""

from __future__ import annotations

from seawall.casebook.audit import Audit, AuditEntry, AuditHead
from seawall.casebook.casebook import Casebook
from seawall.casebook.erasing import Erased
from seawall.casebook.holding import Hold
from seawall.casebook.proposing import Changes
from seawall.casebook.reading import ALERTS, CASES, CaseFile, Event, KeptAlert
from seawall.casebook.rules import GRAVE, Reviewer, Role

__all__ = [
    "ALERTS",
    "CASES",
    "GRAVE",
    "Audit",
    "AuditEntry",
    "AuditHead",
    "CaseFile",
    "Casebook",
    "Changes",
    "Erased",
    "Event",
    "Hold",
    "KeptAlert",
    "Reviewer",
    "Role",
]

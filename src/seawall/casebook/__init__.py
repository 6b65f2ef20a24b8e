"""Alerts become cases, people decide about them, and everything is on the record."""

from __future__ import annotations

from seawall.casebook.audit import Audit, AuditEntry, AuditHead
from seawall.casebook.casebook import Casebook
from seawall.casebook.erasing import Erased
from seawall.casebook.holding import Hold
from seawall.casebook.indicators import IndicatorBook
from seawall.casebook.indicators_acts import Kept
from seawall.casebook.indicators_rows import Listing
from seawall.casebook.indicators_sightings import Count, Limit, Overflow
from seawall.casebook.people_acts import Person
from seawall.casebook.people_passkeys import Passkey
from seawall.casebook.proposing import Changes
from seawall.casebook.reading import ALERTS, CASES, CaseFile, Event, KeptAlert
from seawall.casebook.requests import Answer, Request, RequestKind, RequestState
from seawall.casebook.rules import GRAVE, Act, Reviewer, Role, may
from seawall.casebook.sessions import Session
from seawall.casebook.tokens import Token

__all__ = [
    "ALERTS",
    "CASES",
    "GRAVE",
    "Act",
    "Answer",
    "Audit",
    "AuditEntry",
    "AuditHead",
    "CaseFile",
    "Casebook",
    "Changes",
    "Count",
    "Erased",
    "Event",
    "Hold",
    "IndicatorBook",
    "Kept",
    "KeptAlert",
    "Limit",
    "Listing",
    "Overflow",
    "Passkey",
    "Person",
    "Request",
    "RequestKind",
    "RequestState",
    "Reviewer",
    "Role",
    "Session",
    "Token",
    "may",
]

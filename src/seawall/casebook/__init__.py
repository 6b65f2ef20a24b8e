"""Alerts become cases, people decide about them, and everything is on the record."""

from __future__ import annotations

from seawall.casebook.appeals import Appeal, AppealOutcome
from seawall.casebook.audit import Audit, AuditEntry, AuditHead
from seawall.casebook.campaigns import Campaign, CampaignEvent
from seawall.casebook.casebook import Casebook
from seawall.casebook.deciding_many import Done
from seawall.casebook.drafts import Draft
from seawall.casebook.erasing import Erased
from seawall.casebook.holding import Hold
from seawall.casebook.indicators import IndicatorBook
from seawall.casebook.indicators_acts import Kept
from seawall.casebook.indicators_rows import Listing
from seawall.casebook.indicators_sightings import Count, Limit, Overflow
from seawall.casebook.leases import LEASE_MINUTES, Lease
from seawall.casebook.people_acts import Person
from seawall.casebook.people_passkeys import Passkey
from seawall.casebook.proposing import Changes
from seawall.casebook.quality import Agreement, BlindPair, GoldenResult, Quality, Share
from seawall.casebook.queue import WAITING, QueueFilter, QueuePage, QueueRow
from seawall.casebook.reading import ALERTS, CASES, CaseFile, Event, KeptAlert
from seawall.casebook.requests import Answer, Request, RequestKind, RequestState
from seawall.casebook.rules import GRAVE, Act, Reviewer, Role, may
from seawall.casebook.sessions import Session
from seawall.casebook.standing import UNDO_SECONDS
from seawall.casebook.tokens import Token

__all__ = [
    "ALERTS",
    "CASES",
    "GRAVE",
    "LEASE_MINUTES",
    "UNDO_SECONDS",
    "WAITING",
    "Act",
    "Agreement",
    "Answer",
    "Appeal",
    "AppealOutcome",
    "Audit",
    "AuditEntry",
    "AuditHead",
    "BlindPair",
    "Campaign",
    "CampaignEvent",
    "CaseFile",
    "Casebook",
    "Changes",
    "Count",
    "Done",
    "Draft",
    "Erased",
    "Event",
    "GoldenResult",
    "Hold",
    "IndicatorBook",
    "Kept",
    "KeptAlert",
    "Lease",
    "Limit",
    "Listing",
    "Overflow",
    "Passkey",
    "Person",
    "Quality",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "Request",
    "RequestKind",
    "RequestState",
    "Reviewer",
    "Role",
    "Session",
    "Share",
    "Token",
    "may",
]

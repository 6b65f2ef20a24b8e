"""Takes the detectors' alerts in: new ones, revisions of known ones, and the cases that they open, grow or reopen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from seawall.casebook import approached, shelf, tables
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros
from seawall.casebook.matching import assign, components, neighbours
from seawall.casebook.queue_facts import put_detectors
from seawall.casebook.records import Claim, from_body
from seawall.casebook.reopening import Known, change, known
from seawall.casebook.spoken_ids import spoken_id
from seawall.casebook.standing import standing
from seawall.model import Alert

MACHINE = "seawall"
"""The actor of what software proposes; it can decide nothing."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a proposal changed. Alert ids and case ids, each sorted."""

    new: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()  # cases that new alerts joined
    reopened: tuple[str, ...] = ()


@dataclass
class _Proposal:
    connection: Connection
    at: datetime
    lake_version: str
    changes: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in Changes.__slots__})
    touched: set[str] = field(default_factory=set)

    def note(self, case_id: str, act: str, note: str) -> None:
        self.touched.add(case_id)
        self.connection.execute(
            insert(tables.events).values(case_id=case_id, at=micros(self.at), actor=MACHINE, act=act, note=note)
        )

    def put(self, alert_id: str, claim: Claim, case_id: str) -> int:
        return shelf.put(
            self.connection, alert_id, claim, case_id=case_id, at=micros(self.at), lake_version=self.lake_version
        )


def propose(connection: Connection, at: datetime, alerts: Iterable[Alert], lake_version: str) -> Changes:
    """Take alerts in within one transaction. Proposing the same twice changes nothing the second time."""
    incoming = _by_name(alerts)
    if not incoming:
        return Changes()
    run = _Proposal(connection, at, lake_version)
    names = shelf.names(connection, incoming)
    near = shelf.near(connection, incoming.values())
    others = shelf.claims_by_id(connection, near | set(incoming) | set(names.values()))
    ids = assign(incoming, others, names)
    fresh = {name: claim for name, claim in incoming.items() if ids[name] not in others}
    before = dict(others)
    _revise(run, {ids[name]: claim for name, claim in incoming.items() if ids[name] in others}, others)
    _place(run, fresh, before, others)
    approached.take_in(connection, at, {ids[name]: claim.alert.approached for name, claim in incoming.items()})
    for case_id in sorted(run.touched):
        _refresh(run, case_id)
    return _finish(run)


def _by_name(alerts: Iterable[Alert]) -> dict[str, Claim]:
    """One claim a name, sorted; of two with one name the fuller one, whatever their order."""
    found: dict[str, Claim] = {}
    for alert in alerts:
        as_read = from_body(Claim(alert).body, None)  # as it will be read again
        claim = Claim(replace(as_read, approached=alert.approached))
        twin = found.get(claim.name)
        if twin is None or _fullness(claim) > _fullness(twin):
            found[claim.name] = claim
    return dict(sorted(found.items()))


def _fullness(claim: Claim) -> tuple[int, int, str]:
    return len(claim.marks), claim.ends, claim.fingerprint


def _revise(run: _Proposal, claims: Mapping[str, Claim], others: dict[str, Claim]) -> None:
    homes = shelf.case_of(run.connection, claims)
    for alert_id, claim in sorted(claims.items()):
        if claim.fingerprint == others[alert_id].fingerprint:
            run.changes["unchanged"].add(alert_id)
            continue
        revision = run.put(alert_id, claim, homes[alert_id])
        others[alert_id] = claim
        run.changes["revised"].add(alert_id)
        run.note(homes[alert_id], "revised", f"Revision {revision} of alert {alert_id[:8]}: {claim.alert.sentence}")


def _place(run: _Proposal, fresh: Mapping[str, Claim], before: Mapping[str, Claim], after: Mapping[str, Claim]) -> None:
    """Give each new alert a case: the open one that it belongs to, the older of several, or a new one.

    It belongs to known alerts as they were ``before`` and as they are ``after`` their revisions: what splits off from a
    group stays in the group's case.
    """
    homes = shelf.case_of(run.connection, after)
    beside: dict[str, set[str]] = {}
    for others in (before, after):
        for alert_id, other_id in neighbours(fresh, others):
            beside.setdefault(alert_id, set()).add(homes[other_id])
    for group in components(fresh):
        near = {case_id for alert_id in group for case_id in beside.get(alert_id, ())}
        ranked = _ranked(run.connection, near)
        case_id = ranked[0] if ranked else _open(run, group, fresh)
        for alert_id in group:
            run.put(alert_id, fresh[alert_id], case_id)
            run.changes["new"].add(alert_id)
            if ranked:
                run.changes["grown"].add(case_id)
                run.note(case_id, "grown", f"Alert {alert_id[:8]} joined: {fresh[alert_id].alert.sentence}")
        for other in ranked[1:]:
            _link(run, case_id, other, next(one for one in group if other in beside.get(one, ())))


def _ranked(connection: Connection, case_ids: Iterable[str]) -> list[str]:
    """Cases that wait for people before decided ones, then the older first."""
    rows = connection.execute(
        select(tables.cases.c.case_id, tables.cases.c.status, tables.cases.c.opened_at).where(
            tables.cases.c.case_id.in_(sorted(case_ids))
        )
    )
    return [row.case_id for row in sorted(rows, key=lambda row: (row.status == "decided", row.opened_at, row.case_id))]


def _open(run: _Proposal, group: list[str], claims: Mapping[str, Claim]) -> str:
    founder = min(group, key=lambda alert_id: (claims[alert_id].starts, alert_id))
    case_id = spoken_id(run.connection, tables.cases.c.case_id, "C", founder)
    claim = claims[founder]
    run.connection.execute(
        insert(tables.cases).values(
            case_id=case_id,
            status="open",
            severity=claim.alert.severity.rank,
            confidence=0.0,
            opened_at=micros(run.at),
            starts=claim.starts,
            ends=claim.ends,
            sentence=claim.alert.sentence,
        )
    )
    run.changes["opened"].add(case_id)
    run.note(case_id, "opened", f"Opened with {len(group)} alert{'s' if len(group) > 1 else ''}.")
    return case_id


def _link(run: _Proposal, case_id: str, other: str, alert_id: str) -> None:
    pair = {"case_id": case_id, "other": other}
    there = select(tables.links.c.alert_id).where(tables.links.c.case_id == case_id, tables.links.c.other == other)
    if run.connection.scalar(there) is None:
        run.connection.execute(insert(tables.links).values(**pair, alert_id=alert_id))
        run.note(case_id, "linked", f"Alert {alert_id[:8]} also belongs to case {other}.")
        run.note(other, "linked", f"Alert {alert_id[:8]} of case {case_id} belongs here as well.")


def _refresh(run: _Proposal, case_id: str) -> None:
    """Compute what a case says from its alerts, and reopen it if it was decided on less."""
    claims = shelf.claims_of_cases(run.connection, [case_id])[case_id]
    refresh_case(run.connection, case_id, claims)
    case = tables.cases.c
    if run.connection.scalar(select(case.status).where(case.case_id == case_id)) != "decided":
        return
    why = change(_decided_on(run.connection, case_id), known(list(claims.values())))
    if why is not None:
        run.connection.execute(update(tables.cases).where(case.case_id == case_id).values(status="reopened"))
        run.changes["reopened"].add(case_id)
        run.note(case_id, "reopened", why)


def refresh_case(connection: Connection, case_id: str, claims: Mapping[str, Claim]) -> None:
    """Severity, confidence, span and sentence of a case, from its alerts."""
    leader = min(claims, key=lambda one: (*(-part for part in claims[one].priority), claims[one].starts, one))
    rest = len(claims) - 1
    sentence = claims[leader].alert.sentence
    if rest:
        sentence = f"{sentence} {rest} more alert{'s belong' if rest > 1 else ' belongs'} to this case."
    severity, confidence = claims[leader].priority
    connection.execute(
        update(tables.cases)
        .where(tables.cases.c.case_id == case_id)
        .values(
            severity=severity,
            confidence=confidence,
            starts=min(claim.starts for claim in claims.values()),
            ends=max(claim.ends for claim in claims.values()),
            sentence=sentence,
        )
    )
    put_detectors(connection, case_id, Counter(claim.alert.detector for claim in claims.values()))


def _decided_on(connection: Connection, case_id: str) -> Known:
    row = connection.execute(standing(case_id).where(tables.decisions.c.stage != "proposed").limit(1)).one()
    fields = json.loads(row.known)
    return Known(fields["severity"], fields["evidence"], fields["subjects"], tuple(fields["detectors"]))


def _finish(run: _Proposal) -> Changes:
    changes = Changes(**{name: tuple(sorted(ids)) for name, ids in run.changes.items()})
    if changes.new or changes.revised:
        detail = {name: getattr(changes, name) for name in Changes.__slots__ if name != "unchanged"}
        write_entry(run.connection, run.at, MACHINE, "propose", detail | {"lake_version": run.lake_version})
    return changes

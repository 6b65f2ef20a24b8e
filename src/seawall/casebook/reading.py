"""What the casebook shows: tables of alerts and cases, one case in full, and what it holds of a person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Row, select

from seawall.casebook import shelf, tables, tables_review
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import moment
from seawall.casebook.commitments import commit
from seawall.casebook.finding import find_case
from seawall.casebook.people_acts import permit_queue, queues_of
from seawall.casebook.records import Claim, from_body
from seawall.casebook.rules import Act, permit, stated
from seawall.casebook.standing import UNDONE
from seawall.casebook.veiling import blind_to, veiled
from seawall.model import STRINGS, UTC_MICROSECONDS, Alert, Case, Decision, Outcome, Severity

_BY_MACHINE = frozenset({"opened", "grown", "revised", "linked"})
_OF_SAFEGUARDING = (
    "Whether an account stands on the list of people who were approached does not stand here, either way; a person of "
    "safeguarding answers that: seawall safeguarding DIR export."
)
_SUBJECT = pa.struct([("kind", pa.string()), ("id", pa.string())])

ALERTS = pa.schema(
    [
        pa.field("alert_id", pa.string(), nullable=False),
        pa.field("revision", pa.int32(), nullable=False),  # from 1; the latest
        pa.field("case_id", pa.string(), nullable=False),
        pa.field("detector", pa.string(), nullable=False),
        pa.field("version", pa.string(), nullable=False),
        pa.field("parameters", pa.string(), nullable=False),  # JSON
        pa.field("anchor", pa.string(), nullable=False),
        pa.field("start", UTC_MICROSECONDS, nullable=False),
        pa.field("end", UTC_MICROSECONDS, nullable=False),
        pa.field("subjects", pa.list_(_SUBJECT), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),  # 0 to 1, comparable within a detector
        pa.field("p", pa.float64()),
        pa.field("q", pa.float64()),
        pa.field("observed", pa.float64()),
        pa.field("expected", pa.float64()),
        pa.field("evidence", STRINGS, nullable=False),  # message or interaction ids
        pa.field("doubt", STRINGS, nullable=False),
        pa.field("sentence", pa.string(), nullable=False),
        pa.field("details", pa.string(), nullable=False),  # JSON
        pa.field("lake_version", pa.string(), nullable=False),
        pa.field("recorded_at", UTC_MICROSECONDS, nullable=False),
    ]
)
"""``Casebook.alerts()``: one row an alert, its latest revision."""

CASES = pa.schema(
    [
        pa.field("case_id", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),  # open, awaiting second, decided, reopened
        pa.field("severity", pa.string(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),  # score of the gravest alert
        pa.field("opened_at", UTC_MICROSECONDS, nullable=False),
        pa.field("start", UTC_MICROSECONDS, nullable=False),
        pa.field("end", UTC_MICROSECONDS, nullable=False),
        pa.field("sentence", pa.string(), nullable=False),
        pa.field("detectors", STRINGS, nullable=False),
        pa.field("alerts", STRINGS, nullable=False),  # alert ids, the gravest first
        pa.field("linked", STRINGS, nullable=False),  # cases that an alert joins with this one
        pa.field("outcome", pa.string()),  # of the latest decision that stands; null = none yet
        pa.field("decided_at", UTC_MICROSECONDS),
        pa.field("reviewer", pa.string()),
    ]
)
"""``Casebook.cases()``: one row a case, in the order of priority: severity, then confidence."""


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert as the casebook keeps it."""

    alert_id: str
    revision: int
    recorded_at: datetime
    alert: Alert


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history."""

    at: datetime
    actor: str
    act: str  # opened, grown, revised, linked, reopened, proposed, confirmed, decided, undone, appealed, appeal decided
    note: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its alerts, the gravest first, its history, the oldest first, and the cases linked with it."""

    case: Case
    alerts: tuple[KeptAlert, ...]
    history: tuple[Event, ...]
    linked: tuple[str, ...]


def alerts_table(connection: Connection) -> pa.Table:
    """``ALERTS``, by case and alert id."""
    rows = []
    for row in connection.execute(shelf.latest()):
        fields = json.loads(row.body)
        rows.append(
            {name: fields[name] for name in fields if name in ALERTS.names}
            | {
                "alert_id": row.alert_id,
                "revision": row.revision,
                "case_id": row.case_id,
                "start": datetime.fromisoformat(fields["start"]),
                "end": datetime.fromisoformat(fields["end"]),
                "score": fields["score"] or 0.0,
                "subjects": [{"kind": kind, "id": one} for kind, one in fields["subjects"]],
                "parameters": json.dumps(fields["parameters"], sort_keys=True, ensure_ascii=False),
                "details": json.dumps(fields["details"], sort_keys=True, ensure_ascii=False),
                "lake_version": row.lake_version,
                "recorded_at": moment(row.recorded_at),
            }
        )
    return pa.Table.from_pylist(sorted(rows, key=lambda row: (row["case_id"], row["alert_id"])), ALERTS)


def cases_table(connection: Connection, at: datetime, viewer: str) -> pa.Table:
    """``CASES``, by priority, as this viewer may see them."""
    rows = []
    queues = queues_of(connection, viewer)
    for file in case_files(connection, at, viewer):
        case = file.case
        detectors = sorted({kept.alert.detector for kept in file.alerts})
        if queues is not None and queues.isdisjoint(detectors):
            continue
        last = next((one for one in reversed(case.decisions) if one.stage != UNDONE), None)
        rows.append(
            {
                "case_id": case.case_id,
                "status": case.status,
                "severity": case.severity.value,
                "confidence": case.confidence,
                "opened_at": case.opened_at,
                "start": case.start,
                "end": case.end,
                "sentence": case.sentence,
                "detectors": detectors,
                "alerts": case.alert_ids,
                "linked": file.linked,
                "outcome": last.outcome.value if last else None,
                "decided_at": last.at if last else None,
                "reviewer": last.reviewer if last else None,
            }
        )
    return pa.Table.from_pylist(rows, CASES)


def case_files(
    connection: Connection, at: datetime, viewer: str, case_ids: Iterable[str] | None = None
) -> list[CaseFile]:
    """Cases with everything in them that this viewer may see, by priority; all of them or those named."""
    wanted = None if case_ids is None else sorted(case_ids)

    def rows(table: Any, key: str = "case_id") -> dict[str, list[Row[Any]]]:
        query = select(table) if wanted is None else select(table).where(table.c[key].in_(wanted))
        found: dict[str, list[Row[Any]]] = {}
        for row in connection.execute(query.order_by(*table.primary_key.columns)):
            found.setdefault(row._mapping[key], []).append(row)
        return found

    query = shelf.latest() if wanted is None else shelf.latest().where(tables.alerts.c.case_id.in_(wanted))
    alerts: dict[str, list[KeptAlert]] = {}
    for row in connection.execute(query):
        kept = KeptAlert(row.alert_id, row.revision, moment(row.recorded_at), from_body(row.body, row.lake_version))
        alerts.setdefault(row.case_id, []).append(kept)
    decisions, events = decisions_of(connection, wanted), rows(tables.events)
    forwards, backwards = rows(tables.links), rows(tables.links, "other")
    blind = blind_to(connection, at, viewer, wanted)
    files = []
    for case_id, (row,) in rows(tables.cases).items():
        mine = sorted(alerts[case_id], key=_gravest_first)
        linked = {one.other for one in forwards.get(case_id, ())} | {one.case_id for one in backwards.get(case_id, ())}
        made = () if case_id in blind else veiled(decisions.get(case_id, ()), at, viewer)
        history = [Event(moment(one.at), one.actor, one.act, one.note) for one in events[case_id]]
        files.append(
            CaseFile(
                case=_case(row, mine, made, "open" if case_id in blind else row.status),
                alerts=tuple(mine),
                history=tuple(one for one in history if case_id not in blind or one.act in _BY_MACHINE),
                linked=tuple(sorted(linked)),
            )
        )
    return sorted(files, key=lambda file: (-file.case.severity.rank, -file.case.confidence, file.case.case_id))


def case_file(connection: Connection, at: datetime, viewer: str, case_id: str) -> CaseFile:
    """One case, as this viewer may see it.

    Raises:
        RuleError: there is no such case, or it is in none of the viewer's queues.
    """
    file = case_files(connection, at, viewer, [find_case(connection, case_id).case_id])[0]
    permit_queue(connection, viewer, {kept.alert.detector for kept in file.alerts})
    return file


def decisions_of(connection: Connection, case_ids: Collection[str] | None = None) -> dict[str, list[Decision]]:
    """Case id -> its decisions, the oldest first, nothing veiled; ``UNDONE`` is the stage of those taken back."""
    decisions, details, undone = tables.decisions, tables_review.decision_details, tables_review.undone_decisions
    query = (
        select(decisions, details.c.note, undone.c.at.label("undone_at"))
        .outerjoin(details, details.c.number == decisions.c.number)
        .outerjoin(undone, undone.c.number == decisions.c.number)
        .order_by(decisions.c.number)
    )
    if case_ids is not None:
        query = query.where(decisions.c.case_id.in_(sorted(case_ids)))
    found: dict[str, list[Decision]] = {}
    for row in connection.execute(query):
        made = Decision(
            row.case_id,
            row.reviewer,
            moment(row.at),
            Outcome(row.outcome),
            row.reason,
            row.stage if row.undone_at is None else UNDONE,
            note=row.note or "",
            number=row.number,
        )
        found.setdefault(row.case_id, []).append(made)
    return found


def subject(connection: Connection, at: datetime, account: str, reviewer: str) -> dict[str, Any]:
    """Everything that the casebook holds of an account, as JSON; the reading itself is recorded first."""
    reviewer = stated(reviewer, "reviewer")
    permit(connection, reviewer, Act.READ_SUBJECT)
    commitment = commit(connection, account)
    write_entry(connection, at, reviewer, "read subject", {"account": commitment})
    mine = select(tables.marks.c.alert_id).where(tables.marks.c.id == account)
    case_ids = set(connection.scalars(select(tables.alerts.c.case_id).where(tables.alerts.c.alert_id.in_(mine))))
    alert_ids = set(connection.scalars(mine))
    files = case_files(connection, at, reviewer, case_ids)
    entries = connection.execute(select(tables.audit).where(tables.audit.c.detail.contains(commitment)))
    return {
        "alerts": [_told(kept) for file in files for kept in file.alerts if kept.alert_id in alert_ids],
        "cases": [{"case_id": file.case.case_id, "status": file.case.status} for file in files],
        "decisions": [
            {"case_id": one.case_id, "at": one.at.isoformat(), "outcome": one.outcome.value, "stage": one.stage}
            for file in files
            for one in file.case.decisions
        ],
        "holds": [
            {"at": moment(row.at).isoformat(), "reason": row.reason, "released": row.released_at is not None}
            for row in connection.execute(select(tables.holds).where(tables.holds.c.account == account))
        ],
        "audit": [{"sequence": row.sequence, "at": row.at, "act": row.act} for row in entries],
        "safeguarding": _OF_SAFEGUARDING,
    }


def _told(kept: KeptAlert) -> dict[str, Any]:
    alert = kept.alert
    return {
        "alert_id": kept.alert_id,
        "detector": alert.detector,
        "start": alert.start.isoformat(),
        "end": alert.end.isoformat(),
        "sentence": alert.sentence,
        "severity": alert.severity.value,
    }


def _gravest_first(kept: KeptAlert) -> tuple[float, float, int, str]:
    severity, confidence = Claim(kept.alert).priority
    return -severity, -confidence, Claim(kept.alert).starts, kept.alert_id


def _case(row: Row[Any], alerts: list[KeptAlert], decisions: tuple[Decision, ...], status: str) -> Case:
    return Case(
        case_id=row.case_id,
        status=status,
        severity=list(Severity)[row.severity],
        confidence=row.confidence,
        opened_at=moment(row.opened_at),
        start=moment(row.starts),
        end=moment(row.ends),
        sentence=row.sentence,
        alert_ids=tuple(kept.alert_id for kept in alerts),
        decisions=decisions,
    )

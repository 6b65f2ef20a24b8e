"""The cases in the order in which they want a person, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from seawall.casebook.canonical import micros, moment, storable
from seawall.casebook.chunks import chunks
from seawall.casebook.people_acts import queues_of
from seawall.casebook.rules import Act, permit, person_key
from seawall.casebook.tables import cases
from seawall.casebook.tables_review import campaign_cases, case_detectors, leases
from seawall.errors import InputError
from seawall.model import Severity

WAITING = ("open", "reopened", "awaiting second")
"""The statuses of cases that wait for a person."""

MOST_ROWS = 200
"""A page has no more rows, whatever is asked for."""

NOBODY = ""
_MARK = re.compile(r"(?P<severity>[0-3])~(?P<confidence>[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)~(?P<case_id>C-[0-9A-Z]+)")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases; what is left as it is leaves nothing out but decided cases."""

    status: tuple[str, ...] = WAITING  # () = whatever it is
    severity: tuple[Severity, ...] = ()
    detectors: tuple[str, ...] = ()  # at least one of them speaks in the case
    held_by: str | None = None  # a person's name; "" = held by nobody
    text: str = ""  # in the case's sentence or id
    campaign: str | None = None  # the id of one
    cases: tuple[str, ...] = ()  # ids: these and no others
    start: datetime | None = None  # UTC: cases of which some part is in [start, end)
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in one line."""

    case_id: str
    status: str
    severity: Severity
    confidence: float
    sentence: str
    detectors: tuple[str, ...]
    opened_at: datetime
    start: datetime
    end: datetime
    held_by: str | None
    held_until: datetime | None
    alerts: int
    campaign_id: str | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some rows in the order of priority: severity, then confidence."""

    rows: tuple[QueueRow, ...]
    total: int  # of the whole queue under this filter
    next: str | None  # the mark after which the next page begins; None = there is none


def page(
    connection: Connection, at: datetime, wanted: QueueFilter, reviewer: str, after: str | None, limit: int
) -> QueuePage:
    """A page of the queue.

    Args:
        connection: to read with.
        at: now, UTC; leases that have run out count as none.
        wanted: which cases.
        reviewer: who looks; they see the cases of their own queues.
        after: the mark of the page before.
        limit: so many rows, 1 to ``MOST_ROWS``.

    Raises:
        InputError: the mark is not one that a page has given.
        RuleError: not permitted.
    """
    permit(connection, reviewer, Act.READ_CASES)
    limit = min(max(limit, 1), MOST_ROWS)
    conditions = matching(at, wanted, queues_of(connection, reviewer))
    total = connection.scalar(_joined(select(func.count()), at).where(*conditions)) or 0
    query = in_order(rows_of(at)).where(*conditions).limit(limit + 1)
    if after is not None:
        query = query.where(behind(*_place(after)))
    found = connection.execute(query).all()
    shown = found[:limit]
    more = len(found) > limit
    return QueuePage(told(connection, shown), total, _mark(shown[-1]) if more else None)


def detectors(connection: Connection, reviewer: str) -> tuple[str, ...]:
    """The detectors that speak in the cases which this person may see, by name.

    Raises:
        RuleError: not permitted.
    """
    permit(connection, reviewer, Act.READ_CASES)
    theirs = queues_of(connection, reviewer)
    known = connection.scalars(select(case_detectors.c.detector).distinct().order_by(case_detectors.c.detector))
    return tuple(one for one in known if theirs is None or one in theirs)


def rows_of(at: datetime) -> Select[Any]:
    """What a line of the queue needs of cases, leases and campaigns."""
    return _joined(
        select(cases, leases.c.holder, leases.c.until, campaign_cases.c.campaign_id.label("campaign_id")), at
    )


def in_order(query: Select[Any]) -> Select[Any]:
    """By severity, then confidence; equal ones always in the same order."""
    return query.order_by(cases.c.severity.desc(), cases.c.confidence.desc(), cases.c.case_id)


def behind(severity: int, confidence: float, case_id: str) -> ColumnElement[bool]:
    """The cases that come after a place in the order."""
    surer = and_(
        cases.c.severity == severity,
        or_(cases.c.confidence < confidence, and_(cases.c.confidence == confidence, cases.c.case_id > case_id)),
    )
    return or_(cases.c.severity < severity, surer)


def matching(at: datetime, wanted: QueueFilter, queues: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The filter as conditions, within the queues (detectors) of a person; None = every queue."""
    found: list[ColumnElement[bool]] = []
    if wanted.status:
        found.append(cases.c.status.in_(wanted.status))
    if wanted.severity:
        found.append(cases.c.severity.in_([one.rank for one in wanted.severity]))
    for detectors in (wanted.detectors, queues):
        if detectors:
            speaking = select(case_detectors.c.case_id).where(
                case_detectors.c.detector.in_([storable(one) for one in detectors])
            )
            found.append(cases.c.case_id.in_(speaking))
    if wanted.held_by == NOBODY:
        found.append(leases.c.holder.is_(None))
    elif wanted.held_by is not None:
        found.append(leases.c.person == person_key(wanted.held_by))
    if text := storable(wanted.text).strip():
        found.append(or_(*(one.icontains(text, autoescape=True) for one in (cases.c.sentence, cases.c.case_id))))
    if wanted.cases:
        found.append(cases.c.case_id.in_([storable(one) for one in wanted.cases]))
    if wanted.campaign is not None:
        found.append(campaign_cases.c.campaign_id == storable(wanted.campaign).strip().upper())
    if wanted.start is not None:
        found.append(cases.c.ends >= micros(wanted.start))
    if wanted.end is not None:
        found.append(cases.c.starts < micros(wanted.end))
    return found


def told(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[QueueRow, ...]:
    """The rows with the detectors of their cases."""
    detectors: dict[str, dict[str, int]] = {}
    for some in chunks(row.case_id for row in rows):
        known = select(case_detectors).where(case_detectors.c.case_id.in_(some)).order_by(case_detectors.c.detector)
        for one in connection.execute(known):
            detectors.setdefault(one.case_id, {})[one.detector] = one.alerts
    return tuple(_row(row, detectors.get(row.case_id, {})) for row in rows)


def _row(row: Row[Any], detectors: dict[str, int]) -> QueueRow:
    return QueueRow(
        case_id=row.case_id,
        status=row.status,
        severity=list(Severity)[row.severity],
        confidence=row.confidence,
        sentence=row.sentence,
        detectors=tuple(detectors),
        opened_at=moment(row.opened_at),
        start=moment(row.starts),
        end=moment(row.ends),
        held_by=row.holder,
        held_until=None if row.until is None else moment(row.until),
        alerts=sum(detectors.values()),
        campaign_id=row.campaign_id,
    )


def _joined(query: Select[Any], at: datetime) -> Select[Any]:
    held = and_(leases.c.case_id == cases.c.case_id, leases.c.until > micros(at))
    return (
        query.select_from(cases)
        .outerjoin(leases, held)
        .outerjoin(campaign_cases, campaign_cases.c.case_id == cases.c.case_id)
    )


def _mark(row: Row[Any]) -> str:
    return f"{row.severity}~{row.confidence!r}~{row.case_id}"


def _place(mark: str) -> tuple[int, float, str]:
    parts = _MARK.fullmatch(mark)
    if parts is None:
        raise InputError(
            "This is not a mark that a page of the queue has given.",
            where="queue, after",
            mend="Begin with the first page.",
        )
    return int(parts["severity"]), float(parts["confidence"]), parts["case_id"]

"""Alerts: what detectors claim, with numbers, evidence by id and what speaks against it; no message in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import Query
from pydantic import Field

from seawall.casebook.rules import Act
from seawall.model import Alert, Severity
from seawall.web.api.calling import Called
from seawall.web.api.paging import cut, mark, place
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Id, Listed, Paging, Shape
from seawall.web.api.unseen import case_row, unseen

MOST_EVIDENCE = 200
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)

calls = Calls("Alerts")


class SubjectTold(Shape):
    """What an alert is about."""

    kind: str
    id: str


class AlertTold(Shape):
    """An alert in its latest revision."""

    alert_id: str
    case_id: str
    detector: str
    version: str
    parameters: dict[str, Any]
    start: datetime
    end: datetime
    subjects: list[SubjectTold]
    severity: Severity
    score: float = Field(description="0 to 1, comparable within a detector.")
    p: float | None
    q: float | None
    observed: float | None
    expected: float | None
    sentence: str
    doubt: list[str] = Field(description="What speaks against it.")
    evidence: list[str] = Field(description="Message or interaction ids, the most telling first, 200 at most.")
    evidence_total: int

    @classmethod
    def told(cls, alert_id: str, case_id: str, alert: Alert) -> Self:
        """An alert of a case."""
        named = ("detector", "version", "parameters", "start", "end", "severity", "sentence")
        numbers = ("p", "q", "observed", "expected")
        return cls(
            alert_id=alert_id,
            case_id=case_id,
            **{name: getattr(alert, name) for name in (*named, *numbers)},
            score=alert.score or 0.0,
            subjects=[SubjectTold.made_of(one) for one in alert.subjects],
            doubt=list(alert.doubt),
            evidence=list(alert.evidence[:MOST_EVIDENCE]),
            evidence_total=len(alert.evidence),
        )


@calls.read("/alerts", may=Act.READ_CASES, name="alerts", answer=Listed[AlertTold])
def alerts(calling: Called, wanted: Annotated[Paging, Query()]) -> Listed[AlertTold]:
    """The alerts of all cases that you may see, the latest first. The read is audited."""
    book, name = calling.workspace.casebook, calling.token.name
    book.audit.append(name, "read", {"table": "alerts"})
    own = book.people.queues_of(name) or frozenset()
    found = book.glances.page(most=wanted.limit + 1, after=_after(wanted), own=own)
    rows, last = found[: wanted.limit], found[wanted.limit - 1 : wanted.limit]
    following = None
    if len(found) > wanted.limit:
        following = mark("alerts", (last[0].alert.start - _EPOCH) // _MICROSECOND, last[0].alert_id)
    told = [AlertTold.told(one.alert_id, one.case_id, one.alert) for one in rows]
    return Listed[AlertTold](rows=told, next=following)


@calls.read("/cases/{case_id}/alerts", may=Act.READ_CASES, name="case.alerts", answer=Listed[AlertTold])
def alerts_of(calling: Called, case_id: Id, wanted: Annotated[Paging, Query()]) -> Listed[AlertTold]:
    """The alerts of a case, the gravest first. The read is audited."""
    with unseen():
        file = calling.workspace.case(case_row(calling, case_id).case_id)
    rows, following = cut(file.alerts, wanted, "alerts of a case", lambda one: one.alert_id)
    told: Sequence[AlertTold] = [AlertTold.told(one.alert_id, file.case.case_id, one.alert) for one in rows]
    return Listed[AlertTold](rows=list(told), next=following)


def _after(wanted: Paging) -> tuple[datetime, str] | None:
    if wanted.after is None:
        return None
    starts, alert_id = place(wanted.after, "alerts", int, str)
    try:
        return _EPOCH + int(starts) * _MICROSECOND, str(alert_id)
    except OverflowError:
        return _EPOCH, ""

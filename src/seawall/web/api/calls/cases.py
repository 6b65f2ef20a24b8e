"""Cases: the queue, one case, and those that are alike."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from seawall.casebook import QueueFilter
from seawall.casebook.queue import NOBODY
from seawall.casebook.rules import Act
from seawall.errors import InputError
from seawall.model import Outcome, Severity
from seawall.web.api.calling import Called, Calling
from seawall.web.api.paging import mark, place, strange
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Counted, Id, Name, Paging, Shape, Span
from seawall.web.api.unseen import case_row, unseen

Status = Literal["open", "reopened", "awaiting second", "decided"]
WAIT: tuple[Status, ...] = ("open", "reopened", "awaiting second")

calls = Calls("Cases")


class Wanted(Span):
    """Which cases. Several values of one field: any of them."""

    severity: list[Severity] = Field([], max_length=4)
    detector: list[Name] = Field([], max_length=50, description="At least one of them speaks in the case.")
    held: Literal["me", "nobody"] | None = None
    text: Name = Field("", description="In the sentence or the id.")
    campaign: Id | None = None

    def filter(self, calling: Calling, status: tuple[str, ...]) -> QueueFilter:
        """What the casebook is asked."""
        held = {"me": calling.token.name, "nobody": NOBODY}
        return QueueFilter(
            status=status,
            severity=tuple(self.severity),
            detectors=tuple(self.detector),
            held_by=held[self.held] if self.held else None,
            text=self.text,
            campaign=self.campaign,
            start=self.start,
            end=self.end,
        )


class WantedPage(Wanted, Paging):
    """Which cases, and which page of them."""

    status: list[Status] = Field(list(WAIT), max_length=4)


class CaseRow(Shape):
    """A case in one line."""

    case_id: str
    status: Status
    severity: Severity
    confidence: float
    sentence: str
    detectors: list[str]
    opened_at: datetime
    start: datetime
    end: datetime
    held_by: str | None
    held_until: datetime | None
    alerts: int
    campaign_id: str | None


class DecisionTold(Shape):
    """A decision. While a grave one waits for its second person, each sees of the reasons only their own."""

    case_id: str
    reviewer: str
    at: datetime
    outcome: Outcome
    stage: Literal["decided", "proposed", "confirmed", "undone"]
    reason: str
    note: str
    hidden: bool = Field(description="Whether reason and note are left out.")


class EventTold(Shape):
    """A line of a case's history."""

    at: datetime
    by: str
    act: str
    note: str


class CaseTold(CaseRow):
    """A case in full; its alerts are a list of their own."""

    alert_ids: list[str]
    decisions: list[DecisionTold]
    history: list[EventTold]
    linked: list[str]


class Alike(Shape):
    """Cases that rest on the same or nearly the same messages."""

    rows: list[CaseRow]


@calls.read("/cases", may=Act.READ_CASES, name="cases", answer=Counted[CaseRow])
def cases(calling: Called, wanted: Annotated[WantedPage, Query()]) -> Counted[CaseRow]:
    """Cases by severity, then confidence; those that wait, where no status is told."""
    after = None if wanted.after is None else str(place(wanted.after, "cases", str)[0])
    asked = wanted.filter(calling, tuple(wanted.status))
    try:
        page = calling.workspace.queue(asked, after=after, limit=wanted.limit)
    except InputError:
        raise strange() from None
    following = mark("cases", page.next) if page.next else None
    return Counted[CaseRow](rows=[CaseRow.made_of(row) for row in page.rows], next=following, total=page.total)


@calls.read("/cases/{case_id}", may=Act.READ_CASES, name="case", answer=CaseTold)
def case(calling: Called, case_id: Id) -> CaseTold:
    """One case with its decisions and its history. The read is audited."""
    row = case_row(calling, case_id)
    with unseen():
        file = calling.workspace.case(row.case_id)
    return CaseTold(
        **CaseRow.made_of(row).model_dump(),
        alert_ids=list(file.case.alert_ids),
        decisions=[DecisionTold.made_of(one) for one in file.case.decisions],
        history=[EventTold(at=one.at, by=one.actor, act=one.act, note=one.note) for one in file.history],
        linked=list(file.linked),
    )


@calls.read("/cases/{case_id}/alike", may=Act.READ_CASES, name="case.alike", answer=Alike)
def alike(calling: Called, case_id: Id) -> Alike:
    """The other waiting cases that rest on the same or nearly the same messages."""
    with unseen():
        return Alike(rows=[CaseRow.made_of(row) for row in calling.workspace.alike(case_row(calling, case_id).case_id)])

"""What a program does with a case for a person: take it, give it back, open it again, record an appeal."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.calls.appeals import AppealTold
from seawall.web.api.calls.cases import WAIT, Status, Wanted
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Id, Shape, Words
from seawall.web.api.unseen import case_row

calls = Calls("Cases")


class Next(Wanted):
    """Which case to take."""

    after: Id | None = Field(None, description="The id of the case that you come from.")


class Taken(Shape):
    """The case that is held now; null = none is left."""

    case_id: str | None


class Held(Shape):
    """Until when a case is held; null = it is not."""

    case_id: str
    held_until: datetime | None


class Stated(Shape):
    """Why."""

    reason: Words


class Moved(Shape):
    """Where a case stands now."""

    case_id: str
    status: Status


class Objection(Shape):
    """What somebody says against a decision."""

    text: Words


@calls.act("/cases/next", may=Act.DECIDE, name="cases.next", answer=Taken)
def take_next(calling: Called, wanted: Next) -> Taken:
    """Take the next case that waits."""
    if wanted.after is not None:
        case_row(calling, wanted.after)
    return Taken(case_id=calling.workspace.take_next(wanted.filter(calling, WAIT), after=wanted.after))


@calls.act("/cases/{case_id}/take", may=Act.DECIDE, name="case.take", answer=Held)
def take(calling: Called, case_id: Id) -> Held:
    """Hold a case for twenty minutes, in which nobody else can decide it; again, to hold it longer."""
    lease = calling.workspace.take(case_row(calling, case_id).case_id)
    return Held(case_id=lease.case_id, held_until=lease.until)


@calls.act("/cases/{case_id}/give-back", may=Act.DECIDE, name="case.give-back", answer=Held)
def give_back(calling: Called, case_id: Id) -> Held:
    """Let go of a case."""
    row = case_row(calling, case_id)
    calling.workspace.give_back(row.case_id)
    return Held(case_id=row.case_id, held_until=None)


@calls.act("/cases/{case_id}/reopen", may=Act.REOPEN, name="case.reopen", answer=Moved)
def reopen(calling: Called, case_id: Id, stated: Stated) -> Moved:
    """Open a decided case again."""
    row = case_row(calling, case_id)
    calling.workspace.casebook.reopen(row.case_id, reviewer=calling.token.name, reason=stated.reason)
    return Moved(case_id=row.case_id, status="reopened")


@calls.act("/cases/{case_id}/appeals", may=Act.APPEAL, name="case.appeal", answer=AppealTold, status=201)
def appeal(calling: Called, case_id: Id, objection: Objection) -> AppealTold:
    """Record that somebody objects to the decision of a case."""
    made = calling.workspace.appeal(case_row(calling, case_id).case_id, objection.text)
    return AppealTold.made_of(made)

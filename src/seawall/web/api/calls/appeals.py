"""Appeals: decided by somebody who took no part, with what was known when the decision was made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from seawall.casebook.rules import Act
from seawall.web.api.calling import Called
from seawall.web.api.calls.cases import DecisionTold
from seawall.web.api.paging import cut
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Counted, Id, Paging, Shape, Words
from seawall.web.api.unseen import unseen

calls = Calls("Appeals")


class KnownAlert(Shape):
    """An alert in the revision that was known then."""

    alert_id: str
    revision: int


class AppealTold(Shape):
    """An objection to a decision."""

    appeal_id: str
    case_id: str
    text: str
    by: str
    at: datetime
    decisions: list[DecisionTold]
    known: list[KnownAlert]
    state: Literal["waiting", "stands", "changed"]
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class Judging(Shape):
    """What becomes of the decision."""

    outcome: Literal["stands", "changed"]
    reason: Words


@calls.read("/appeals", may=Act.READ_APPEALS, name="appeals", answer=Counted[AppealTold])
def appeals(calling: Called, wanted: Annotated[Paging, Query()]) -> Counted[AppealTold]:
    """Those that wait, the oldest first, then the decided ones, the latest first; 200 in all."""
    found = calling.workspace.appeals()
    rows, following = cut(found, wanted, "appeals", lambda one: one.appeal_id)
    return Counted[AppealTold](rows=[AppealTold.made_of(one) for one in rows], next=following, total=len(found))


@calls.read("/appeals/{appeal_id}", may=Act.READ_APPEALS, name="appeal", answer=AppealTold)
def appeal(calling: Called, appeal_id: Id) -> AppealTold:
    """One appeal."""
    with unseen():
        return AppealTold.made_of(calling.workspace.appeal_file(appeal_id))


@calls.act("/appeals/{appeal_id}/decide", may=Act.DECIDE_APPEAL, name="appeal.decide", answer=AppealTold)
def decide(calling: Called, appeal_id: Id, judging: Judging) -> AppealTold:
    """Let the decision stand, or open the case again."""
    known = appeal(calling, appeal_id).appeal_id
    return AppealTold.made_of(calling.workspace.decide_appeal(known, judging.outcome, judging.reason))

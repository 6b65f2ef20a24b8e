"""One decision about several cases that are alike: looked at first, with exceptions, and taken back together."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from seawall.casebook import Done, QueueFilter, QueueRow
from seawall.casebook.deciding_many import MOST_AT_ONCE
from seawall.casebook.rules import Act
from seawall.casebook.standing import UNDO_SECONDS
from seawall.errors import RuleError
from seawall.model import Outcome
from seawall.web.given import Given
from seawall.web.outcomes import CHOICES, LABELS, STATED, STATUSES
from seawall.web.refusals import Hidden
from seawall.web.routes import Pages
from seawall.web.told import Told
from seawall.web.visit import Visit, Visiting

pages = Pages()


@pages.get("/queue/together", may=Act.DECIDE, name="queue.together")
def preview(visit: Visit) -> Response:
    """The cases that would be decided together: those that were ticked, or one with all that are alike."""
    query = visit.request.query_params
    alike = query.get("alike")
    if alike:
        rows = (*_rows(visit, [alike]), *_alike(visit, alike))
    else:
        rows = _rows(visit, query.getlist("case")[:MOST_AT_ONCE])
    return _page(visit, rows, chosen=[row.case_id for row in rows], given=Given())


@pages.post("/queue/together", may=Act.DECIDE, name="queue.decide-together")
def decide(visit: Visit) -> Response:
    """Decide those that are still ticked."""
    given, chosen, offered = Given.of_form(visit.form), visit.form.all("case"), visit.form.all("offered")
    named = list(dict.fromkeys(offered))[:MOST_AT_ONCE]
    ticked = [one for one in named if one in chosen]
    problem = None if ticked else Told("No case is ticked.", "Tick at least one.")
    outcome = given.decided
    if problem is None and outcome is not None and given.complete:
        try:
            left = [one for one in named if one not in ticked]
            done = visit.workspace.decide_many(named, outcome, given.stated, but=left)
            return _result(visit, outcome, given, done, left)
        except RuleError as error:
            problem = Told.of(error)
    return _page(visit, _rows(visit, named), chosen=ticked, given=given, problem=problem, status=422)


@pages.post("/queue/together/undo", may=Act.DECIDE, name="queue.undo-together")
def undo(visit: Visit) -> Response:
    """Take decisions of a moment ago back, each under the rule of ten seconds."""
    taken, kept = [], 0
    for case_id in visit.form.all("case")[:MOST_AT_ONCE]:
        try:
            taken.append(visit.workspace.undo(case_id).case_id)
        except RuleError:
            kept += 1
    if len(taken) == 1 and not kept:
        visit.say(visit._("Taken back; the case is as it was, and what you wrote is here."))
        return visit.see_other("case", case_id=taken[0])
    visit.say(visit._("%(count)s decisions were taken back.", count=len(taken)))
    if kept:
        visit.say(
            visit._("%(count)s could not be taken back: ten seconds are over, or they have moved on.", count=kept)
        )
    return visit.see_other("queue")


def _page(
    visit: Visiting,
    rows: Sequence[QueueRow],
    *,
    chosen: Sequence[str],
    given: Given,
    problem: Told | None = None,
    status: int = 200,
) -> Response:
    return visit.page(
        "together.html",
        status,
        rows=rows,
        chosen=frozenset(chosen),
        given=given,
        problem=problem,
        choices=CHOICES,
        labels=LABELS,
        statuses=STATUSES,
        stated=STATED,
    )


def _result(visit: Visiting, outcome: Outcome, given: Given, done: Sequence[Done], left: Sequence[str]) -> Response:
    return visit.page(
        "together_done.html",
        outcome=outcome,
        reason=given.stated,
        done=done,
        left=left,
        labels=LABELS,
        stated=STATED,
        undo_seconds=UNDO_SECONDS,
    )


def _rows(visit: Visiting, case_ids: Sequence[str]) -> tuple[QueueRow, ...]:
    if not case_ids:
        return ()
    return visit.workspace.queue(QueueFilter(cases=tuple(case_ids)), limit=MOST_AT_ONCE).rows


def _alike(visit: Visiting, case_id: str) -> tuple[QueueRow, ...]:
    try:
        return visit.workspace.alike(case_id)[: MOST_AT_ONCE - 1]
    except RuleError as error:
        raise Hidden from error

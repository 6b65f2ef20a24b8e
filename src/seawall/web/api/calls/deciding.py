"""Decisions that a program records for a person: one, many that are alike, and taking one back within ten seconds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from seawall.casebook.deciding_many import MOST_AT_ONCE
from seawall.casebook.rules import Act
from seawall.model import Outcome
from seawall.web.api.calling import Called
from seawall.web.api.calls.cases import DecisionTold
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Id, Note, Shape, Words
from seawall.web.api.unseen import all_there, case_row

calls = Calls("Decisions")

Ids = Annotated[list[Id], Field(max_length=MOST_AT_ONCE)]


class Deciding(Shape):
    """A decision."""

    outcome: Outcome
    reason: Words
    note: Note = ""


class DecidingMany(Shape):
    """One decision about several cases."""

    cases: Annotated[Ids, Field(min_length=1)]
    but: Ids = Field([], description="Those of them that are left as they are.")
    outcome: Outcome
    reason: Words


class DoneTold(Shape):
    """What became of one case."""

    case_id: str
    done: bool
    why: str = Field(description="The stage of the decision, or the rule that forbids it.")


class ManyTold(Shape):
    """What became of each case."""

    rows: list[DoneTold]


@calls.act("/cases/{case_id}/decide", may=Act.DECIDE, name="case.decide", answer=DecisionTold)
def decide(calling: Called, case_id: Id, deciding: Deciding) -> DecisionTold:
    """Record a decision.

    A grave outcome (refer) is proposed; the second person confirms it in the console, no program does it for them.
    """
    case_id = case_row(calling, case_id).case_id
    made = calling.workspace.decide(case_id, deciding.outcome, deciding.reason, note=deciding.note, in_person=False)
    return DecisionTold.made_of(made)


@calls.act("/cases/{case_id}/undo", may=Act.DECIDE, name="case.undo", answer=DecisionTold)
def undo(calling: Called, case_id: Id) -> DecisionTold:
    """Take back one's own decision within ten seconds; it stays on the record."""
    return DecisionTold.made_of(calling.workspace.undo(case_row(calling, case_id).case_id))


@calls.act("/cases/decide", may=Act.DECIDE, name="cases.decide", answer=ManyTold)
def decide_many(calling: Called, deciding: DecidingMany) -> ManyTold:
    """Decide up to 200 cases alike, each under every rule; what is refused stops no other."""
    all_there(calling, deciding.cases)
    all_there(calling, deciding.but)
    done = calling.workspace.decide_many(
        deciding.cases, deciding.outcome, deciding.reason, but=deciding.but, in_person=False
    )
    return ManyTold(rows=[DoneTold.made_of(one) for one in done])

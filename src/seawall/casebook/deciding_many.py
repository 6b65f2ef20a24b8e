"""One decision about many cases that are alike, but for those that a person has taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from seawall.casebook.audit import write_entry
from seawall.casebook.deciding import decide
from seawall.casebook.finding import find_case
from seawall.casebook.rules import Act, permit, stated
from seawall.errors import RuleError
from seawall.model import Outcome

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case."""

    case_id: str
    done: bool
    why: str  # the stage of the decision, or the rule that forbids it


def decide_many(
    connection: Connection,
    at: datetime,
    case_ids: Sequence[str],
    reviewer: str,
    outcome: Outcome,
    reason: str,
    but: Sequence[str] = (),
    in_person: bool = True,
) -> tuple[Done, ...]:
    """Decide each case by itself, in the order given, each under every rule; what is refused stops no other.

    Raises:
        RuleError: no such case, more than ``MOST_AT_ONCE``, no name or reason, or not permitted; nothing is decided.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    permit(connection, reviewer, Act.DECIDE)
    left_out = {find_case(connection, one).case_id for one in but}
    named = dict.fromkeys(find_case(connection, one).case_id for one in case_ids)
    chosen = [one for one in named if one not in left_out]
    if len(chosen) > MOST_AT_ONCE:
        raise RuleError(f"At most {MOST_AT_ONCE} cases can be decided at once.", mend="Decide them in several steps.")
    found = []
    for case_id in chosen:
        try:
            made = decide(connection, at, case_id, reviewer, outcome, reason, in_person=in_person)
            found.append(Done(case_id, True, made.stage))
        except RuleError as refused:
            found.append(Done(case_id, False, str(refused)))
    detail = {
        "outcome": outcome.value,
        "decided": [one.case_id for one in found if one.done],
        "refused": [one.case_id for one in found if not one.done],
        "left out": sorted(left_out),
    }
    write_entry(connection, at, reviewer, "decide many", detail)
    return tuple(found)

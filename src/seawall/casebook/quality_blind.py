"""Blind second reviews: a person judges a decided case without knowing what was decided, or that it is a golden one.

Which case it is, chance says, so that the agreement found holds for all decided cases. A case that was handed out is
veiled for this person (see ``veiling``) until they have judged it, or for a day.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from seawall.casebook import quality
from seawall.casebook.appeals import took_part
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros, storable
from seawall.casebook.finding import find_case
from seawall.casebook.permitting import in_queues
from seawall.casebook.rules import Act, permit, person_key, stated
from seawall.casebook.standing import UNDO_SECONDS
from seawall.casebook.tables import cases, decisions
from seawall.casebook.tables_review import blind_reviews, golden_cases, undone_decisions
from seawall.casebook.veiling import BLIND_HOURS
from seawall.errors import RuleError
from seawall.model import Outcome

GOLDEN_ONE_IN = 5
"""One blind review in so many is of a golden case, where there are any that the person has not judged."""


def hand_out(connection: Connection, at: datetime, reviewer: str) -> str | None:
    """A case to judge blind: the one that they have been given and not judged, or another; None = there is none.

    Nobody is given a case in which they took part, or twice the same.

    Raises:
        RuleError: no name, or not permitted.
    """
    reviewer = stated(reviewer, "reviewer")
    permit(connection, reviewer, Act.REVIEW_BLIND)
    waiting = connection.execute(_open(at, reviewer)).first()
    if waiting is not None:
        return str(waiting.case_id)
    mine = set(
        connection.scalars(select(blind_reviews.c.case_id).where(blind_reviews.c.person == person_key(reviewer)))
    )
    settled = connection.execute(select(golden_cases.c.case_id, golden_cases.c.by))
    theirs = {row.case_id for row in settled if person_key(row.by) == person_key(reviewer)}
    golden = _shuffled(connection, select(golden_cases.c.case_id), reviewer, mine | theirs)
    plain = _shuffled(connection, _not_seconded(at), reviewer, mine)
    order = [(golden, 1), (plain, 0)] if secrets.randbelow(GOLDEN_ONE_IN) == 0 else [(plain, 0), (golden, 1)]
    for case_ids, kind in order:
        for case_id in case_ids:
            made = connection.execute(_closing(case_id)).first()
            if made is not None and person_key(reviewer) not in took_part(connection, case_id):
                _give(connection, at, reviewer, made, kind)
                return case_id
    return None


def judge(connection: Connection, at: datetime, case_id: str, reviewer: str, outcome: Outcome, reason: str) -> None:
    """Record what a person thinks of the case that they were given. It moves nothing.

    Raises:
        RuleError: no such case, not given to them or too long ago, no name or reason, or not permitted.
    """
    reviewer, reason = stated(reviewer, "reviewer"), storable(stated(reason, "reason"))
    permit(connection, reviewer, Act.REVIEW_BLIND)
    case = find_case(connection, case_id)
    given = connection.execute(_open(at, reviewer).where(blind_reviews.c.case_id == case.case_id)).first()
    if given is None:
        raise RuleError(f"Case {case.case_id} was not given to you to judge blind.", mend="Ask for the next one.")
    connection.execute(
        update(blind_reviews)
        .where(blind_reviews.c.number == given.number)
        .values(at=micros(at), outcome=outcome.value, reason=reason)
    )
    write_entry(connection, at, reviewer, "review blind", {"case": case.case_id, "outcome": outcome.value})


def pairs(connection: Connection) -> tuple[quality.BlindPair, ...]:
    """The answered blind reviews of cases that chance chose, the latest first."""
    rows = connection.execute(
        select(blind_reviews.c.case_id, decisions.c.outcome.label("first"), blind_reviews.c.outcome.label("second"))
        .join(decisions, decisions.c.number == blind_reviews.c.decision)
        .where(blind_reviews.c.at.is_not(None), blind_reviews.c.golden == 0)
        .order_by(blind_reviews.c.at.desc(), blind_reviews.c.number.desc())
    )
    return tuple(quality.BlindPair(row.case_id, Outcome(row.first), Outcome(row.second)) for row in rows)


def _open(at: datetime, reviewer: str) -> Select[Any]:
    return select(blind_reviews).where(
        blind_reviews.c.person == person_key(reviewer),
        blind_reviews.c.at.is_(None),
        blind_reviews.c.asked_at > micros(at - timedelta(hours=BLIND_HOURS)),
    )


def _not_seconded(at: datetime) -> Select[Any]:
    """Decided cases that are neither golden nor given to anyone: each is judged blind once."""
    begun = micros(at - timedelta(hours=BLIND_HOURS))
    given = select(blind_reviews.c.case_id).where(blind_reviews.c.at.is_not(None) | (blind_reviews.c.asked_at > begun))
    undone = select(undone_decisions.c.number)
    fresh = select(decisions.c.case_id).where(
        decisions.c.number.not_in(undone), decisions.c.at > micros(at - timedelta(seconds=UNDO_SECONDS))
    )
    return select(cases.c.case_id).where(
        cases.c.status == "decided",
        cases.c.case_id.not_in(given),
        cases.c.case_id.not_in(fresh),
        cases.c.case_id.not_in(select(golden_cases.c.case_id)),
    )


def _closing(case_id: str) -> Select[Any]:
    """The decision that closed a case last."""
    return (
        select(decisions)
        .where(
            decisions.c.case_id == case_id,
            decisions.c.stage != "proposed",
            decisions.c.number.not_in(select(undone_decisions.c.number)),
        )
        .order_by(decisions.c.number.desc())
        .limit(1)
    )


def _shuffled(connection: Connection, query: Select[Any], reviewer: str, without: set[str]) -> list[str]:
    found = sorted(in_queues(connection, reviewer, connection.scalars(query)) - without)
    secrets.SystemRandom().shuffle(found)
    return found


def _give(connection: Connection, at: datetime, reviewer: str, made: Row[Any], golden: int) -> None:
    number = (connection.scalar(select(func.max(blind_reviews.c.number))) or 0) + 1
    connection.execute(
        insert(blind_reviews).values(
            number=number,
            case_id=made.case_id,
            decision=made.number,
            person=person_key(reviewer),
            reviewer=reviewer,
            golden=golden,
            asked_at=micros(at),
        )
    )
    write_entry(connection, at, reviewer, "take blind", {"case": made.case_id})

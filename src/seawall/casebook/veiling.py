"""What a person may not know yet: the first one's reason before giving their own, any decision in a blind review.

A grave outcome is judged by two people who do not influence one another. As long as the case waits for the second, or
the second decision can still be taken back, each of them sees only what they wrote themselves, and nobody else sees
either.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from seawall.casebook.canonical import micros
from seawall.casebook.rules import GRAVE, person_key
from seawall.casebook.standing import UNDONE, settled
from seawall.casebook.tables_review import blind_reviews
from seawall.model import Decision

BLIND_HOURS = 24
"""A case that was handed out for a blind review and is not judged after so long goes to someone else."""


def veiled(made: Sequence[Decision], at: datetime, viewer: str) -> tuple[Decision, ...]:
    """Decisions of one case, the oldest first, as this viewer may see them at this moment.

    Args:
        made: with ``UNDONE`` as the stage of those that were taken back.
        at: now, UTC.
        viewer: whose eyes; "" = nobody's in particular.
    """
    ends = [place for place, one in enumerate(made) if _closing(one) and settled(micros(one.at), at)]
    begin = ends[-1] + 1 if ends else 0
    current = made[begin:]
    if not any(one.outcome in GRAVE for one in current):
        return tuple(made)
    return (*made[:begin], *(_seen(one, viewer) for one in current))


def _seen(decision: Decision, viewer: str) -> Decision:
    own = person_key(decision.reviewer) == person_key(viewer)
    return decision if own else replace(decision, reason="", note="", hidden=True)


def _closing(decision: Decision) -> bool:
    return decision.stage not in ("proposed", UNDONE)


def blind_to(
    connection: Connection, at: datetime, viewer: str, case_ids: Collection[str] | None = None
) -> frozenset[str]:
    """The cases that this person has been asked to judge without knowing what was decided, and has not yet."""
    query = select(blind_reviews.c.case_id).where(
        blind_reviews.c.person == person_key(viewer),
        blind_reviews.c.at.is_(None),
        blind_reviews.c.asked_at > micros(at - timedelta(hours=BLIND_HOURS)),
    )
    if case_ids is not None:
        query = query.where(blind_reviews.c.case_id.in_(sorted(case_ids)))
    return frozenset(connection.scalars(query))

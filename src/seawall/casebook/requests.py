"""What one person asks for and another must agree to: unmasking, sanctions, phrase lists.

The second person sees the first's reason only after giving their own, so that each of the two thinks for themself.
Requests of safeguarding are seen and answered by people of safeguarding alone.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from seawall.casebook import indicators_acts
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import canonical, digest, micros, moment
from seawall.casebook.chunks import chunks
from seawall.casebook.commitments import commit
from seawall.casebook.rules import Act, Role, anyone_enrolled, is_alone, may, permit, person_key, role_of, stated
from seawall.casebook.spoken_ids import as_spoken, chance_ids
from seawall.casebook.tables_people import request_answers, requests
from seawall.errors import RuleError

WAITS = timedelta(days=7)
"""A request that nobody answers expires."""
USABLE = timedelta(days=1)
"""An agreed request is to be used within this time."""
SHOWN = timedelta(minutes=15)
"""Once the vault was opened for it, so long it may be looked at again."""
MOST_SUBJECTS = 100


class RequestKind(StrEnum):
    """What is asked for."""

    UNMASK = "unmask"
    SANCTION = "sanction"
    PHRASES = "phrase list"
    PEOPLE = "people of safeguarding"


class RequestState(StrEnum):
    """What became of a request."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    EXPIRED = "expired"
    USED = "used"


ASKING = {
    RequestKind.UNMASK: Act.ASK_UNMASK,
    RequestKind.SANCTION: Act.ASK_SANCTION,
    RequestKind.PHRASES: Act.LIST,
    RequestKind.PEOPLE: Act.KEEP_PEOPLE,
}
_PERSONAL = (RequestKind.UNMASK, RequestKind.SANCTION)
"""Their subjects are pseudonyms, which stand in the audit as commitments only."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other person said."""

    by: str
    at: datetime
    agree: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as one person may see it. ``reason`` is None until they have given theirs."""

    request_id: str
    kind: RequestKind
    subjects: tuple[str, ...]
    by: str
    at: datetime
    reason: str | None
    state: RequestState
    ends_at: datetime  # a waiting one expires then; an agreed one can no longer be used
    answers: tuple[Answer, ...]


def ask(
    connection: Connection, at: datetime, kind: RequestKind, subjects: Sequence[str], reviewer: str, reason: str
) -> Request:
    """Ask for what needs two people.

    Raises:
        RuleError: no name, reason or subject, too many subjects, or not permitted.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    permit(connection, reviewer, ASKING[kind])
    told = [person_key(one) for one in subjects] if kind is RequestKind.PEOPLE else list(dict.fromkeys(subjects))
    if not 1 <= len(told) <= MOST_SUBJECTS or not all(told):
        raise RuleError(f"A request is about 1 to {MOST_SUBJECTS} things.", where="subjects", mend="Name them.")
    apart = role_of(connection, reviewer) is Role.SAFEGUARDING
    row = {
        "request_id": chance_ids(connection, requests.c.request_id, "R", 6, 1)[0],
        "kind": kind.value,
        "subjects": canonical(told),
        "asked_by": reviewer,
        "asked_at": micros(at),
        "reason": reason,
        "salt": secrets.token_hex(16),
        "state": RequestState.WAITING.value,
        "ends_at": micros(at + WAITS),
        "apart": int(apart),
    }
    connection.execute(insert(requests).values(row))
    named = _named(connection, row, told) if kind in _PERSONAL else told
    detail = {"request": row["request_id"], "kind": kind.value, "subjects": named}
    write_entry(connection, at, reviewer, "ask", detail | {"commitment": digest(row["salt"], reason)})
    return seen(connection, at, str(row["request_id"]), reviewer)


def answer(connection: Connection, at: datetime, request_id: str, agree: bool, reviewer: str, reason: str) -> Request:
    """Agree to what another person asks for, or refuse it; one answer settles it. Phrases match from then on.

    Raises:
        RuleError: no such request or it waits no more, no name or reason, not permitted, or the same person.
    """
    reviewer, reason = stated(reviewer, "reviewer"), stated(reason, "reason")
    permit(connection, reviewer, Act.SECOND)
    row = _find(connection, request_id, reviewer)
    if _state(row, at) is not RequestState.WAITING:
        raise RuleError(
            f"Request {row.request_id} is {_state(row, at)} already.", mend="Look at what was said, or ask anew."
        )
    if person_key(row.asked_by) == person_key(reviewer):
        raise RuleError(
            "A second person must answer; you have asked for this yourself.", mend="Ask someone else to answer."
        )
    salt = secrets.token_hex(16)
    values = {"reviewer": reviewer, "answered_at": micros(at), "agreed": int(agree), "reason": reason, "salt": salt}
    connection.execute(insert(request_answers).values(request_id=row.request_id, **values))
    state, kind = RequestState.AGREED if agree else RequestState.REFUSED, RequestKind(row.kind)
    if agree and kind is RequestKind.PHRASES:
        indicators_acts.second(connection, at, json.loads(row.subjects), reviewer)
        state = RequestState.USED
    _move(connection, row.request_id, state, at + USABLE)
    detail = {"request": row.request_id, "kind": row.kind, "agree": agree}
    write_entry(connection, at, reviewer, "answer", detail | {"commitment": digest(salt, reason)})
    return seen(connection, at, row.request_id, reviewer)


def seen(connection: Connection, at: datetime, request_id: str, viewer: str) -> Request:
    """A request as this person may see it.

    Raises:
        RuleError: there is none that they may see.
    """
    row = _find(connection, request_id, viewer)
    return _told(row, _answers(connection, [row.request_id]).get(row.request_id), at, viewer)


def listed(connection: Connection, at: datetime, viewer: str) -> list[Request]:
    """The requests that this person may see, the latest first."""
    rows = connection.execute(select(requests).order_by(requests.c.asked_at.desc(), requests.c.request_id)).all()
    theirs = list(filter(_sight(connection, viewer), rows))
    answers = _answers(connection, [row.request_id for row in theirs])
    return [_told(row, answers.get(row.request_id), at, viewer) for row in theirs]


def unmaskable(connection: Connection, at: datetime, request_id: str, reviewer: str) -> tuple[str, tuple[str, ...]]:
    """Id and accounts of a request to unmask that was agreed, for one of the two who agreed on it.

    Raises:
        RuleError: no such request, not agreed, used up or over, another person, or no longer within their role.
    """
    permit(connection, reviewer, Act.UNMASK)
    row = _find(connection, request_id, reviewer)
    state = _state(row, at)
    agreed = state in (RequestState.AGREED, RequestState.USED) and micros(at) < row.ends_at
    if row.kind != RequestKind.UNMASK.value or not agreed:
        raise RuleError(
            f"Request {row.request_id} cannot be used: it is {state}.", mend="Ask anew, and let another person agree."
        )
    other = _answers(connection, [row.request_id])[row.request_id]
    if person_key(reviewer) not in (person_key(row.asked_by), person_key(other.reviewer)):
        raise RuleError("Only the two who agreed on this may go on with it.", mend="Ask one of them.")
    return row.request_id, tuple(json.loads(row.subjects))


def opened(connection: Connection, at: datetime, request_id: str) -> None:
    """An agreed request is used: what it opens may be looked at for a few minutes more."""
    row = connection.execute(select(requests).where(requests.c.request_id == request_id)).one()
    if row.state == RequestState.AGREED:
        _move(connection, request_id, RequestState.USED, at + SHOWN)


def spend(connection: Connection, at: datetime, kind: RequestKind, subject: str, asker: str) -> bool:
    """Use up an agreed request of this person about this subject; False where there is none."""
    theirs = select(requests).where(requests.c.kind == kind.value, requests.c.state == RequestState.AGREED.value)
    for row in connection.execute(theirs.order_by(requests.c.asked_at)).all():
        own = person_key(row.asked_by) == person_key(asker)
        if own and subject in json.loads(row.subjects) and micros(at) < row.ends_at:
            _move(connection, row.request_id, RequestState.USED, at)
            return True
    return False


def withdraw_of(connection: Connection, name: str) -> None:
    """What a person asked for who is enrolled no more, and nobody has answered, or used, expires."""
    for row in connection.execute(select(requests).where(requests.c.state.in_(("waiting", "agreed")))).all():
        if person_key(row.asked_by) == person_key(name):
            connection.execute(update(requests).where(requests.c.request_id == row.request_id).values(ends_at=0))


def commitments(connection: Connection, request_id: str) -> list[str]:
    """What the audit calls the accounts of a request."""
    row = connection.execute(select(requests).where(requests.c.request_id == request_id)).one()
    return _named(connection, dict(row._mapping), json.loads(row.subjects))


def _named(connection: Connection, row: Mapping[str, Any], accounts: Iterable[str]) -> list[str]:
    """Commitments; of what safeguarding asks none by which others who look an account up learn of it."""
    return [digest(row["salt"], one) if row["apart"] else commit(connection, one) for one in accounts]


def _find(connection: Connection, request_id: str, viewer: str) -> Row[str]:
    wanted = requests.c.request_id == as_spoken(request_id, "R")
    row = connection.execute(select(requests).where(wanted)).one_or_none()
    if row is None or not _sight(connection, viewer)(row):
        raise RuleError("There is no such request.", mend="List the requests.")
    return row


def _sight(connection: Connection, viewer: str) -> Callable[[Row[str]], bool]:
    """Which requests a person may see: what they asked for, and within their role those of others.

    Safeguarding sees its own only, and nobody else sees those.
    """
    role, everybody = role_of(connection, viewer), not anyone_enrolled(connection)
    alone = is_alone(connection)

    def sees(row: Row[str]) -> bool:
        if everybody or person_key(row.asked_by) == person_key(viewer):
            return True
        able = role is not None and may(role, Act.READ_REQUESTS, alone=alone)
        return able and bool(row.apart) == (role is Role.SAFEGUARDING)

    return sees


def _state(row: Row[str], at: datetime) -> RequestState:
    over = micros(at) >= row.ends_at
    return (
        RequestState.EXPIRED
        if over and row.state in (RequestState.WAITING, RequestState.AGREED)
        else RequestState(row.state)
    )


def _move(connection: Connection, request_id: str, state: RequestState, ends_at: datetime) -> None:
    of_it = requests.c.request_id == request_id
    connection.execute(update(requests).where(of_it).values(state=state.value, ends_at=micros(ends_at)))


def _answers(connection: Connection, ids: Collection[str]) -> dict[str, Row[str]]:
    found = {}
    for some in chunks(ids):
        rows = connection.execute(select(request_answers).where(request_answers.c.request_id.in_(some)))
        found.update({row.request_id: row for row in rows})
    return found


def _told(row: Row[str], other: Row[str] | None, at: datetime, viewer: str) -> Request:
    """Reasons show once both were given; until then each person sees their own."""
    own = person_key(row.asked_by) == person_key(viewer)
    said = (Answer(other.reviewer, moment(other.answered_at), bool(other.agreed), other.reason),) if other else ()
    return Request(
        request_id=row.request_id,
        kind=RequestKind(row.kind),
        subjects=tuple(json.loads(row.subjects)),
        by=row.asked_by,
        at=moment(row.asked_at),
        reason=row.reason if own or said else None,
        state=_state(row, at),
        ends_at=moment(row.ends_at),
        answers=said,
    )

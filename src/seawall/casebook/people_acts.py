"""Who is enrolled, as what, and for which queues. Administrators keep people; safeguarding keeps its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from unicodedata import category

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, update

from seawall.casebook import requests
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import moment
from seawall.casebook.rules import (
    Act,
    Reviewer,
    Role,
    anyone_enrolled,
    enrolled_role,
    no_longer_alone,
    permit,
    person_key,
    stated,
)
from seawall.casebook.tables import reviewers
from seawall.casebook.tables_people import (
    OF_A_PERSON,
    outside_identities,
    passkeys,
    passwords,
    person_queues,
    sessions,
    totp_secrets,
)
from seawall.errors import RuleError

LONGEST_NAME = 100
_COUNTED = (passwords, passkeys, outside_identities, sessions)


@dataclass(frozen=True, slots=True)
class Person:
    """An enrolled person, and with what they can sign in."""

    name: str
    role: Role
    queues: frozenset[str]  # names of detectors; empty: every queue
    password: bool
    authenticator: bool
    passkeys: int
    outside: int  # identities of other sign-in services
    sessions: int
    seen_at: datetime | None  # as far as a session that is still kept tells

    @property
    def can_sign_in(self) -> bool:
        """Whether they need no link of an administrator's."""
        return bool((self.password and self.authenticator) or self.passkeys or self.outside)


def enrol(connection: Connection, at: datetime, name: str, role: Role, by: str) -> Reviewer:
    """Enrol a person; the first one must be an administrator, who enrols the others.

    Raises:
        RuleError: the first one is no administrator, the person is enrolled already, ``by`` may not, or a name that
            cannot be one.
    """
    name, by = _name(name), stated(by, "reviewer")
    if role is not Role.ADMINISTRATOR and not anyone_enrolled(connection):
        raise RuleError("The first person must be an administrator.", mend="Enrol an administrator first.")
    permit_keeping(connection, at, by, name, role)
    if connection.scalar(select(reviewers.c.key).where(reviewers.c.key == person_key(name))) is not None:
        raise RuleError("This person is enrolled already.", mend="Names that differ in case or spaces are one person.")
    if anyone_enrolled(connection):
        no_longer_alone(connection)
    connection.execute(insert(reviewers).values(key=person_key(name), name=name, role=role.value))
    write_entry(connection, at, by, "enrol", {"name": name, "role": role.value})
    return Reviewer(name, role)


def permit_keeping(connection: Connection, at: datetime, by: str, name: str, role: Role) -> None:
    """Refuse to keep a person of this role where ``by`` may not.

    Once there are people of safeguarding, they alone enrol, introduce and remove one another; an administrator only
    where another person has agreed to it.

    Raises:
        RuleError: not permitted.
    """
    theirs = select(reviewers.c.key).where(reviewers.c.role == Role.SAFEGUARDING.value).limit(1)
    if role is not Role.SAFEGUARDING or connection.scalar(theirs) is None:
        permit(connection, by, Act.KEEP_PEOPLE)
    elif enrolled_role(connection, by) is not Role.ADMINISTRATOR:
        permit(connection, by, Act.KEEP_SAFEGUARDING)
    elif not requests.spend(connection, at, requests.RequestKind.PEOPLE, person_key(name), by):
        raise RuleError(
            "People of safeguarding are kept by one another.",
            mend="Ask one of them; or ask for it, so that another person can agree to it.",
        )


def set_role(connection: Connection, at: datetime, name: str, role: Role, by: str) -> Reviewer:
    """Give a person another role.

    Raises:
        RuleError: not enrolled, not permitted, the last administrator, or into or out of safeguarding.
    """
    by, known = stated(by, "reviewer"), find(connection, name)
    permit(connection, by, Act.KEEP_PEOPLE)
    if Role.SAFEGUARDING in (role, known.role):
        raise RuleError(
            "Safeguarding is apart: nobody changes into it or out of it.",
            mend="Remove the person and enrol them anew.",
        )
    if role is not Role.ADMINISTRATOR:
        _not_the_last_administrator(connection, known)
    connection.execute(update(reviewers).where(reviewers.c.key == person_key(name)).values(role=role.value))
    write_entry(connection, at, by, "role", {"name": known.name, "role": role.value, "before": known.role.value})
    return Reviewer(known.name, role)


def remove(connection: Connection, at: datetime, name: str, by: str) -> None:
    """Remove a person with everything that they sign in with; what they did stays on the record.

    Raises:
        RuleError: not enrolled, not permitted, or the last administrator.
    """
    by, known = stated(by, "reviewer"), find(connection, name)
    permit_keeping(connection, at, by, name, known.role)
    _not_the_last_administrator(connection, known)
    for table in OF_A_PERSON:
        connection.execute(delete(table).where(table.c.person == person_key(name)))
    connection.execute(delete(reviewers).where(reviewers.c.key == person_key(name)))
    requests.withdraw_of(connection, known.name)
    write_entry(connection, at, by, "remove person", {"name": known.name, "role": known.role.value})


def set_queues(connection: Connection, at: datetime, name: str, queues: Collection[str], by: str) -> None:
    """Limit a person to the queues of some detectors; none of them: every queue.

    Raises:
        RuleError: not enrolled, or not permitted.
    """
    by, known = stated(by, "reviewer"), find(connection, name)
    permit_keeping(connection, at, by, name, known.role)
    key = person_key(name)
    connection.execute(delete(person_queues).where(person_queues.c.person == key))
    for queue in sorted(set(queues)):
        connection.execute(insert(person_queues).values(person=key, queue=queue))
    write_entry(connection, at, by, "queues", {"name": known.name, "queues": sorted(set(queues))})


def queues_of(connection: Connection, name: str) -> frozenset[str] | None:
    """The detectors whose cases a person is limited to; None: every case."""
    theirs = select(person_queues.c.queue).where(person_queues.c.person == person_key(name))
    return frozenset(connection.scalars(theirs)) or None


def permit_queue(connection: Connection, name: str, detectors: Iterable[str]) -> None:
    """Refuse a case that is in none of a person's queues.

    Raises:
        RuleError: none of the detectors is one of theirs.
    """
    queues = queues_of(connection, name)
    if queues is not None and queues.isdisjoint(detectors):
        raise RuleError("This case is in none of your queues.", mend="Ask a lead, or an administrator for the queue.")


def find(connection: Connection, name: str) -> Reviewer:
    """The enrolled person of a name, as it was written when they were enrolled.

    Raises:
        RuleError: not enrolled.
    """
    role = enrolled_role(connection, name)
    return Reviewer(connection.scalars(select(reviewers.c.name).where(reviewers.c.key == person_key(name))).one(), role)


def by_key(connection: Connection, key: str) -> Reviewer | None:
    """The enrolled person of a name as it is compared."""
    row = connection.execute(select(reviewers).where(reviewers.c.key == key)).one_or_none()
    return None if row is None else Reviewer(row.name, Role(row.role))


def listed(connection: Connection) -> list[Person]:
    """Who is enrolled, by name, and with what each can sign in."""
    counts = {table.name: _numbers(connection, table, func.count()) for table in _COUNTED}
    authenticators = set(connection.scalars(select(totp_secrets.c.person).where(totp_secrets.c.sealed.is_not(None))))
    seen = _numbers(connection, sessions, func.max(sessions.c.seen_at))
    queues: dict[str, set[str]] = {}
    for person, queue in connection.execute(select(person_queues.c.person, person_queues.c.queue)):
        queues.setdefault(person, set()).add(queue)
    return [
        Person(
            name=row.name,
            role=Role(row.role),
            queues=frozenset(queues.get(row.key, ())),
            password=row.key in counts["passwords"],
            authenticator=row.key in authenticators,
            passkeys=counts["passkeys"].get(row.key, 0),
            outside=counts["outside_identities"].get(row.key, 0),
            sessions=counts["sessions"].get(row.key, 0),
            seen_at=moment(seen[row.key]) if row.key in seen else None,
        )
        for row in connection.execute(select(reviewers).order_by(reviewers.c.key))
    ]


def _numbers(connection: Connection, table: Table, what: ColumnElement[int]) -> dict[str, int]:
    """A number of each person's rows."""
    return {row[0]: row[1] for row in connection.execute(select(table.c.person, what).group_by(table.c.person))}


def only_self(name: str, by: str) -> None:
    """Refuse to touch what another person signs in with.

    Raises:
        RuleError: they are two persons.
    """
    if person_key(name) != person_key(by):
        raise RuleError("Only the person themself may do this.", mend="Sign in as that person.")


def _name(name: str) -> str:
    name = stated(name, "name")
    if len(name) > LONGEST_NAME or any(category(char) in ("Cc", "Cf", "Co", "Zl", "Zp") for char in name):
        raise RuleError(
            f"A name has at most {LONGEST_NAME} characters, and none that cannot be seen.",
            where="name",
            mend="Type it anew.",
        )
    return name


def _not_the_last_administrator(connection: Connection, known: Reviewer) -> None:
    count = select(func.count()).where(reviewers.c.role == Role.ADMINISTRATOR.value)
    if known.role is Role.ADMINISTRATOR and connection.scalar(count) == 1:
        raise RuleError("This is the last administrator.", mend="Enrol another administrator first.")

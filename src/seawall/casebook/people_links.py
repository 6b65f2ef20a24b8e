"""How somebody comes in without a password or passkey: a link for one use, or the identity of another service."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from seawall.casebook import people_acts
from seawall.casebook.audit import write_entry
from seawall.casebook.canonical import micros
from seawall.casebook.people_secrets import kept_of, new_secret
from seawall.casebook.rules import Reviewer, Role, anyone_enrolled, person_key, stated
from seawall.casebook.tables_people import (
    api_tokens,
    outside_identities,
    passkeys,
    passwords,
    sessions,
    sign_in_links,
    totp_secrets,
)
from seawall.errors import RuleError

LONGEST_MINUTES = 7 * 24 * 60

_SIGNS_IN_WITH = (passwords, totp_secrets, passkeys, outside_identities, sessions, api_tokens)


def make(connection: Connection, at: datetime, name: str, minutes: int, by: str, anew: bool) -> str:
    """A secret that signs a person in once.

    Whoever can sign in already gets no link from others, because its maker could use it as that person, unseen;
    ``anew`` forgets what they signed in with, which they notice.

    Raises:
        RuleError: not enrolled, not permitted, the person can sign in already, or too many minutes.
    """
    by, known = stated(by, "reviewer"), people_acts.find(connection, name)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise RuleError("A link lasts between a minute and a week.", where="minutes", mend="Choose fewer minutes.")
    if person_key(name) != person_key(by):
        people_acts.permit_keeping(connection, at, by, name, known.role)
        _only_introduced(connection, name, anew)
    if anew:
        for table in _SIGNS_IN_WITH:
            connection.execute(delete(table).where(table.c.person == person_key(name)))
    secret = new_secret()
    ends = micros(at + timedelta(minutes=minutes))
    connection.execute(delete(sign_in_links).where(sign_in_links.c.ends_at <= micros(at)))
    connection.execute(insert(sign_in_links).values(hash=kept_of(secret), person=person_key(name), ends_at=ends))
    write_entry(connection, at, by, "sign-in link", {"name": known.name, "minutes": minutes, "anew": anew})
    return secret


def first(connection: Connection, at: datetime, name: str, minutes: int) -> str:
    """Enrol the first administrator; a secret that signs them in once.

    Raises:
        RuleError: somebody is enrolled already.
    """
    if anyone_enrolled(connection):
        raise RuleError("People are enrolled already.", mend="Ask an administrator for a sign-in link.")
    people_acts.enrol(connection, at, name, Role.ADMINISTRATOR, name)
    return make(connection, at, name, minutes, name, anew=False)


def use(connection: Connection, at: datetime, secret: str) -> Reviewer:
    """Who a link signs in; it works no second time.

    Raises:
        RuleError: there is no such link, it was used, or its time is over.
    """
    kept = kept_of(secret)
    row = connection.execute(select(sign_in_links).where(sign_in_links.c.hash == kept)).one_or_none()
    known = None if row is None or row.ends_at <= micros(at) else people_acts.by_key(connection, row.person)
    if known is None:
        raise RuleError(
            "This sign-in link works no more: it was used, or its time is over.",
            mend="Ask an administrator for another one.",
        )
    connection.execute(delete(sign_in_links).where(sign_in_links.c.hash == kept))
    write_entry(connection, at, known.name, "sign-in link used", {})
    return known


def link_identity(connection: Connection, at: datetime, name: str, issuer: str, subject: str, by: str) -> None:
    """Let the identity of another sign-in service (OIDC: issuer and subject) stand for a person.

    Raises:
        RuleError: not enrolled, not permitted, the person can sign in already, or it stands for somebody already.
    """
    by, known = stated(by, "reviewer"), people_acts.find(connection, name)
    issuer, subject = stated(issuer, "issuer"), stated(subject, "subject")
    if person_key(name) != person_key(by):
        people_acts.permit_keeping(connection, at, by, name, known.role)
        _only_introduced(connection, name, anew=False)
    if identity(connection, issuer, subject) is not None:
        raise RuleError("This identity stands for somebody already.", mend="Remove it there first.")
    values = {"issuer": issuer, "subject": subject, "person": person_key(name), "linked_at": micros(at)}
    connection.execute(insert(outside_identities).values(values))
    write_entry(connection, at, by, "link identity", {"name": known.name, "issuer": issuer})


def identity(connection: Connection, issuer: str, subject: str) -> Reviewer | None:
    """The person for whom an identity of another service stands."""
    theirs = outside_identities.c.issuer == issuer, outside_identities.c.subject == subject
    key = connection.scalar(select(outside_identities.c.person).where(*theirs))
    return None if key is None else people_acts.by_key(connection, key)


def unlink_identities(connection: Connection, at: datetime, name: str) -> None:
    """Forget the identities of other services that stand for a person."""
    connection.execute(delete(outside_identities).where(outside_identities.c.person == person_key(name)))
    write_entry(connection, at, name, "unlink identities", {})


def _only_introduced(connection: Connection, name: str, anew: bool) -> None:
    key = person_key(name)
    person = next(one for one in people_acts.listed(connection) if person_key(one.name) == key)
    if person.can_sign_in and not anew:
        raise RuleError(
            "This person can sign in already, and a link would let its maker act as them.",
            mend="If they have lost what they sign in with, make a link that begins anew.",
        )

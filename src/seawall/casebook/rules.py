"""The rules that hold for everyone, through whichever interface: who may do what, and when two people are needed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from seawall.casebook.tables import reviewers
from seawall.errors import RuleError
from seawall.model import Outcome


class Role(StrEnum):
    """What a person is here for."""

    REVIEWER = "reviewer"
    LEAD = "lead"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What a person may be allowed to do."""

    DECIDE = "decide"
    REOPEN = "reopen"
    HOLD = "hold"
    RELEASE = "release"
    ERASE = "erase"
    READ_SUBJECT = "read subject"
    ENROL = "enrol"
    LIST = "keep lists of indicators"


PERMITTED: dict[Role, frozenset[Act]] = {
    Role.REVIEWER: frozenset({Act.DECIDE, Act.HOLD, Act.LIST}),
    Role.LEAD: frozenset({Act.DECIDE, Act.REOPEN, Act.HOLD, Act.RELEASE, Act.ERASE, Act.READ_SUBJECT, Act.LIST}),
    Role.ANALYST: frozenset(),
    Role.AUDITOR: frozenset({Act.READ_SUBJECT}),
    Role.ADMINISTRATOR: frozenset({Act.ERASE, Act.READ_SUBJECT, Act.ENROL}),
}

GRAVE = frozenset({Outcome.REFER})
"""Outcomes that lead outside: one person proposes, another confirms."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who is enrolled in this casebook."""

    name: str
    role: Role


def person_key(name: str) -> str:
    """What makes two names the same person: case, width, spaces and invisible characters do not count.

    >>> person_key(" Rosa  Lind") == person_key("ROSA LIND")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(one for one in folded if unicodedata.category(one) not in ("Cf", "Cc", "Mn") or one.isspace())
    return " ".join(visible.split())


def stated(text: str, what: str) -> str:
    """The text without surrounding space.

    Raises:
        RuleError: nothing was stated.
    """
    clean = text.strip().encode("utf-8", "replace").decode("utf-8")
    if not clean or not person_key(clean):
        raise RuleError(f"The {what} is missing.", mend=f"State it, on the command line with --{what}.")
    return clean


def permit(connection: Connection, name: str, act: Act) -> None:
    """Refuse what a role does not allow. A casebook in which nobody is enrolled belongs to whoever runs it.

    Raises:
        RuleError: the person is not enrolled, or the role does not allow the act.
    """
    if connection.scalar(select(reviewers.c.key).limit(1)) is None:
        return
    role = connection.scalar(select(reviewers.c.role).where(reviewers.c.key == person_key(name)))
    if role is None:
        raise RuleError(
            "This person is not enrolled in the casebook.",
            mend="Ask an administrator to enrol them, or check the name.",
        )
    if act not in PERMITTED[Role(role)]:
        able = " or ".join(one.value for one in Role if act in PERMITTED[one])
        raise RuleError(f"The role {role} may not do this ({act.value}).", mend=f"Ask someone who is {able}.")


def enrol(connection: Connection, name: str, role: Role, by: str) -> None:
    """Enrol a person; the first one must be an administrator, who enrols the others.

    Raises:
        RuleError: the first one is no administrator, the person is enrolled already, or ``by`` may not enrol.
    """
    permit(connection, by, Act.ENROL)
    if role is not Role.ADMINISTRATOR and connection.scalar(select(reviewers.c.key).limit(1)) is None:
        raise RuleError("The first person must be an administrator.", mend="Enrol an administrator first.")
    if connection.scalar(select(reviewers.c.key).where(reviewers.c.key == person_key(name))) is not None:
        raise RuleError("This person is enrolled already.", mend="Names that differ in case or spaces are one person.")
    connection.execute(insert(reviewers).values(key=person_key(name), name=name, role=role.value))

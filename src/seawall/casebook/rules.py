"""The rules that hold for everyone, through whichever interface: who may do what, and when two people are needed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select

from seawall.casebook.tables import meta, reviewers
from seawall.errors import RuleError
from seawall.model import Outcome


class Role(StrEnum):
    """What a person is here for; each has one."""

    REVIEWER = "reviewer"
    LEAD = "lead"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SAFEGUARDING = "safeguarding"


class Act(StrEnum):
    """What a person may be allowed to do or to read."""

    READ_OVERVIEW = "read the overview"
    READ_CASES = "read cases"
    READ_ACCOUNT = "read about an account"
    READ_CHANNEL = "read about a channel"
    EXPLORE = "explore the records"
    READ_INDICATORS = "read lists of indicators"
    READ_SOURCES = "read about sources"
    READ_APPEALS = "read appeals"
    READ_REQUESTS = "read requests"
    READ_QUALITY = "read about quality"
    READ_AUDIT = "read the audit"
    READ_PEOPLE = "read who is enrolled"
    READ_HEALTH = "read about health"
    READ_SUBJECT = "read subject"
    READ_SAFEGUARDING = "read safeguarding"

    DECIDE = "decide"
    REOPEN = "reopen"
    CAMPAIGN = "name and change campaigns"
    APPEAL = "record an appeal"
    DECIDE_APPEAL = "decide an appeal"
    REVIEW_BLIND = "review blind"
    SET_GOLDEN = "set golden cases"
    BRIEF = "write a brief"
    LIST = "keep lists of indicators"
    HOLD = "hold"
    RELEASE = "release"
    ERASE = "erase"

    ASK_UNMASK = "ask to unmask"
    ASK_SANCTION = "ask for a sanction"
    SECOND = "answer another person's request"
    UNMASK = "open the vault together with another person"

    KEEP_SOURCES = "keep sources"
    KEEP_PEOPLE = "keep people and roles"
    SAFEGUARD = "act for a person who was approached"
    KEEP_SAFEGUARDING = "keep the people of safeguarding"

    @property
    def scope(self) -> str:
        """The act as the scope of a token.

        >>> Act.READ_CASES.scope
        'read_cases'
        """
        return self.name.lower()


_READING = frozenset(
    {
        Act.READ_OVERVIEW,
        Act.READ_CASES,
        Act.READ_ACCOUNT,
        Act.READ_CHANNEL,
        Act.EXPLORE,
        Act.READ_INDICATORS,
        Act.READ_SOURCES,
    }
)
_REVIEWING = _READING | {
    Act.READ_APPEALS,
    Act.READ_REQUESTS,
    Act.DECIDE,
    Act.CAMPAIGN,
    Act.APPEAL,
    Act.DECIDE_APPEAL,
    Act.REVIEW_BLIND,
    Act.BRIEF,
    Act.LIST,
    Act.HOLD,
    Act.ASK_UNMASK,
    Act.ASK_SANCTION,
    Act.SECOND,
    Act.UNMASK,
}
_LEADING = {
    Act.READ_QUALITY,
    Act.READ_PEOPLE,
    Act.READ_HEALTH,
    Act.READ_SUBJECT,
    Act.REOPEN,
    Act.RELEASE,
    Act.ERASE,
    Act.SET_GOLDEN,
}

PERMITTED: dict[Role, frozenset[Act]] = {
    Role.REVIEWER: _REVIEWING,
    Role.LEAD: _REVIEWING | _LEADING,
    Role.ANALYST: _READING | {Act.READ_QUALITY, Act.BRIEF},
    Role.AUDITOR: frozenset(
        {
            Act.READ_OVERVIEW,
            Act.READ_CASES,
            Act.READ_INDICATORS,
            Act.READ_SOURCES,
            Act.READ_APPEALS,
            Act.READ_REQUESTS,
            Act.READ_QUALITY,
            Act.READ_AUDIT,
            Act.READ_PEOPLE,
            Act.READ_HEALTH,
            Act.READ_SUBJECT,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Act.READ_OVERVIEW,
            Act.READ_SOURCES,
            Act.READ_AUDIT,
            Act.READ_PEOPLE,
            Act.READ_HEALTH,
            Act.READ_SUBJECT,
            Act.ERASE,
            Act.KEEP_SOURCES,
            Act.KEEP_PEOPLE,
        }
    ),
    Role.SAFEGUARDING: frozenset(
        {
            Act.READ_SAFEGUARDING,
            Act.READ_REQUESTS,
            Act.SAFEGUARD,
            Act.ASK_UNMASK,
            Act.SECOND,
            Act.UNMASK,
            Act.KEEP_SAFEGUARDING,
        }
    ),
}
"""Safeguarding is apart: nobody else reads or does what it does, and it reads no other queue."""

ALONE = PERMITTED[Role.ADMINISTRATOR] | PERMITTED[Role.LEAD]
"""What the one person may do who set a casebook up, until they enrol another; what needs two people waits for these."""

_SEVERAL = "several people"

GRAVE = frozenset({Outcome.REFER})
"""Outcomes that lead outside: one person proposes, another confirms."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who is enrolled in this casebook."""

    name: str
    role: Role


def may(role: Role, act: Act, *, alone: bool = False) -> bool:
    """Whether a role allows an act; ``alone``: of the only person who was ever enrolled.

    >>> may(Role.ADMINISTRATOR, Act.READ_SAFEGUARDING), may(Role.SAFEGUARDING, Act.READ_SAFEGUARDING)
    (False, True)
    >>> may(Role.ADMINISTRATOR, Act.DECIDE), may(Role.ADMINISTRATOR, Act.DECIDE, alone=True)
    (False, True)
    """
    return act in (ALONE if alone else PERMITTED[role])


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


def role_of(connection: Connection, name: str) -> Role | None:
    """What an enrolled person is here for; None where nobody of this name is enrolled."""
    role = connection.scalar(select(reviewers.c.role).where(reviewers.c.key == person_key(name)))
    return None if role is None else Role(role)


def anyone_enrolled(connection: Connection) -> bool:
    """Whether this casebook knows people; where it knows none it belongs to whoever runs it."""
    return connection.scalar(select(reviewers.c.key).limit(1)) is not None


def is_alone(connection: Connection) -> bool:
    """Whether one person is enrolled and there never was another."""
    people = connection.scalar(select(func.count()).select_from(reviewers))
    return people == 1 and connection.scalar(select(meta.c.value).where(meta.c.key == _SEVERAL)) is None


def no_longer_alone(connection: Connection) -> None:
    """Keep that there were several people, so that who removes all others gains nothing by it."""
    if connection.scalar(select(meta.c.value).where(meta.c.key == _SEVERAL)) is None:
        connection.execute(insert(meta).values(key=_SEVERAL, value="1"))


def permit(connection: Connection, name: str, act: Act) -> None:
    """Refuse what a role does not allow. A casebook in which nobody is enrolled belongs to whoever runs it.

    Raises:
        RuleError: the person is not enrolled, or the role does not allow the act.
    """
    if not anyone_enrolled(connection):
        return
    role = enrolled_role(connection, name)
    if not may(role, act, alone=is_alone(connection)):
        able = " or ".join(one.value for one in Role if may(one, act))
        raise RuleError(f"The role {role} may not do this ({act.value}).", mend=f"Ask someone who is {able}.")


def enrolled_role(connection: Connection, name: str) -> Role:
    """What a person is here for.

    Raises:
        RuleError: the person is not enrolled.
    """
    role = role_of(connection, name)
    if role is None:
        raise RuleError(
            "This person is not enrolled in the casebook.",
            mend="Ask an administrator to enrol them, or check the name.",
        )
    return role

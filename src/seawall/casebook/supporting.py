"""The cases in which a person who was approached is to be offered support, for the people of safeguarding alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from seawall.casebook import tables
from seawall.casebook.canonical import moment
from seawall.casebook.rules import Act, permit
from seawall.casebook.store import Store
from seawall.casebook.tables_approached import approaches
from seawall.casebook.tables_review import undone_decisions
from seawall.model import Outcome, Severity

MOST_LISTED = 200
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A case that ended in an offer of support."""

    case_id: str
    severity: Severity
    sentence: str
    start: datetime
    end: datetime
    reviewer: str  # who decided it
    at: datetime
    reason: str
    accounts: tuple[str, ...]  # pseudonyms that its alerts speak of
    people: tuple[str, ...]  # who was approached, by their ids on the list of people to protect


class SupportBook:
    """What safeguarding reads of one casebook. Any method may raise StorageError: the disk refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, *, reviewer: str) -> tuple[SupportCase, ...]:
        """The cases whose decision that stands is an offer of support, the latest first; at most ``MOST_LISTED``.

        Raises:
            RuleError: the person is not of safeguarding.
        """
        with self._store.read() as connection:
            permit(connection, reviewer, Act.READ_SAFEGUARDING)
            return listed(connection)


def listed(connection: Connection) -> tuple[SupportCase, ...]:
    """See ``SupportBook.all``."""
    cases, decisions = tables.cases, tables.decisions
    undone = select(undone_decisions.c.number)
    stands = (
        select(decisions)
        .join(cases, cases.c.case_id == decisions.c.case_id)
        .where(
            cases.c.status == "decided",
            decisions.c.outcome == Outcome.SUPPORT.value,
            decisions.c.number.not_in(undone),
        )
        .order_by(decisions.c.number.desc())
        .add_columns(cases.c.severity, cases.c.sentence, cases.c.starts, cases.c.ends)
    )
    found: dict[str, SupportCase] = {}
    for row in connection.execute(stands):
        if row.case_id in found or _later(connection, row.case_id, row.number):
            continue
        found[row.case_id] = SupportCase(
            case_id=row.case_id,
            severity=list(Severity)[row.severity],
            sentence=row.sentence,
            start=moment(row.starts),
            end=moment(row.ends),
            reviewer=row.reviewer,
            at=moment(row.at),
            reason=row.reason,
            accounts=_accounts(connection, row.case_id),
            people=_people(connection, row.case_id),
        )
        if len(found) == MOST_LISTED:
            break
    return tuple(found.values())


def _later(connection: Connection, case_id: str, number: int) -> bool:
    """Whether another decision of the case stands after this one."""
    decisions = tables.decisions
    later = select(decisions.c.number).where(
        decisions.c.case_id == case_id,
        decisions.c.number > number,
        decisions.c.number.not_in(select(undone_decisions.c.number)),
    )
    return connection.scalar(later.limit(1)) is not None


def _accounts(connection: Connection, case_id: str) -> tuple[str, ...]:
    marks, alerts = tables.marks, tables.alerts
    query = (
        select(marks.c.id)
        .join(alerts, alerts.c.alert_id == marks.c.alert_id)
        .where(alerts.c.case_id == case_id, marks.c.kind == "account")
        .distinct()
        .order_by(marks.c.id)
        .limit(20)
    )
    return tuple(connection.scalars(query))


def _people(connection: Connection, case_id: str) -> tuple[str, ...]:
    alerts = tables.alerts
    query = (
        select(approaches.c.person_id)
        .join(alerts, alerts.c.alert_id == approaches.c.alert_id)
        .where(alerts.c.case_id == case_id)
        .distinct()
        .order_by(approaches.c.person_id)
        .limit(MOST_PEOPLE)
    )
    return tuple(connection.scalars(query))

"""What people and interfaces use of the casebook; every rule is below this line and holds for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from seawall.casebook import deciding, holding, outward, proposing, queue_facts, reading, tables, telling
from seawall.casebook.appeals_book import AppealBook
from seawall.casebook.approached_book import ApproachedBook
from seawall.casebook.audit import Audit, Clock
from seawall.casebook.campaigns_book import CampaignBook
from seawall.casebook.commitments import commit
from seawall.casebook.erasing import Erased, erase
from seawall.casebook.glances import Glances
from seawall.casebook.holding import Hold
from seawall.casebook.indicators import IndicatorBook
from seawall.casebook.people import PeopleBook
from seawall.casebook.proposing import Changes
from seawall.casebook.quality_book import QualityBook
from seawall.casebook.queue_book import QueueBook
from seawall.casebook.reading import CaseFile
from seawall.casebook.requests_book import RequestBook
from seawall.casebook.rules import Act, Reviewer, Role, permit
from seawall.casebook.sessions import SessionBook
from seawall.casebook.store import Store
from seawall.casebook.store_opening import store_at
from seawall.casebook.supporting import SupportBook
from seawall.casebook.telling import Due
from seawall.casebook.tokens import TokenBook
from seawall.model import Alert, Decision, Outcome, Severity


def _now() -> datetime:
    return datetime.now(UTC)


class Casebook:
    """Alerts, cases, decisions, legal holds and the audit, in one database that threads and processes may share.

    Every method may raise StorageError (the disk refuses); then nothing of the act has happened.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     book = Casebook.open(Path(folder) / "casebook.sqlite")
    ...     book.cases().num_rows, book.audit.verify()
    (0, [])
    """

    def __init__(self, store: Store, clock: Clock = _now) -> None:
        self._store = store
        self._clock = clock
        self.audit = Audit(store, clock)
        self.indicators = IndicatorBook(store, clock)
        self.people = PeopleBook(store, clock)
        self.sessions = SessionBook(store, clock)
        self.tokens = TokenBook(store, clock)
        self.requests = RequestBook(store, clock)
        self.queue = QueueBook(store, clock)
        self.campaigns = CampaignBook(store, clock)
        self.appeals = AppealBook(store, clock)
        self.quality = QualityBook(store, clock)
        self.glances = Glances(store)
        self.support = SupportBook(store)
        self.approached = ApproachedBook(store, clock)

    @classmethod
    def open(cls, url_or_path: str | Path, *, password: str | None = None, clock: Clock = _now) -> Casebook:
        """Open a casebook; its tables are created on first use, readable by the owner alone.

        Args:
            url_or_path: a path, ``sqlite:///PATH`` or ``postgresql+pg8000://ROLE@HOST/DATABASE``.
            password: of the database's role.
            clock: the time in UTC.

        Raises:
            WorkspaceError: a newer Seawall wrote it.
            ConfigurationError: the address is of another kind.
            StorageError: the file cannot be opened or written, or the server refuses.
        """
        store = store_at(url_or_path, password)
        store.create()
        with store.read() as connection:
            lacking = queue_facts.lacking(connection)
        if lacking:
            with store.write() as connection:
                queue_facts.complete(connection, lacking)
        return cls(store, clock)

    def propose(self, alerts: Iterable[Alert], *, lake_version: str) -> Changes:
        """Take in what detectors found. The same alerts again change nothing.

        A rerun, or more data, is a revision of the same alert. New alerts join the case that they belong to
        (``matching`` says when) or open one; a decided case reopens only on a change that is stated in its history.
        """
        alerts = list(alerts)
        with self._store.write() as connection:
            return proposing.propose(connection, self._clock(), alerts, lake_version)

    def alerts(self) -> pa.Table:
        """One row an alert, its latest revision: ``reading.ALERTS``."""
        with self._store.read() as connection:
            return reading.alerts_table(connection)

    def cases(self, *, viewer: str = "") -> pa.Table:
        """One row a case, by severity, then confidence, as this viewer may see them: ``reading.CASES``.

        Raises:
            RuleError: not permitted.
        """
        with self._store.read() as connection:
            if viewer:
                permit(connection, viewer, Act.READ_CASES)
            return reading.cases_table(connection, self._clock(), viewer)

    def case(self, case_id: str, *, viewer: str = "") -> CaseFile:
        """One case with its alerts, decisions and history.

        Args:
            case_id: which.
            viewer: who looks. The reason of a person who has proposed a grave outcome is hidden from everyone else
                until the case is decided and that can no longer be taken back; a case that someone was given to
                judge blind shows them no decision.

        Raises:
            RuleError: there is no such case, it is in none of the viewer's queues, or not permitted.
        """
        with self._store.read() as connection:
            if viewer:
                permit(connection, viewer, Act.READ_CASES)
            return reading.case_file(connection, self._clock(), viewer, case_id)

    def case_files(self) -> list[CaseFile]:
        """Every case with everything in it that anyone may see, by severity, then confidence."""
        with self._store.read() as connection:
            return reading.case_files(connection, self._clock(), "")

    def settled_files(self) -> list[CaseFile]:
        """Every case without what can still be taken back or was, for what may be shown to others."""
        with self._store.read() as connection:
            return outward.settled_files(connection, self._clock())

    def decide(
        self,
        case_id: str,
        *,
        reviewer: str,
        outcome: Outcome,
        reason: str,
        note: str = "",
        in_person: bool = True,
    ) -> Decision:
        """Record a person's decision. ``stage`` of the answer is "proposed" where a second person must confirm it.

        ``in_person``: they say it themself, not a program for them.

        Raises:
            RuleError: no such case, decided already, held by someone else, no name or reason, the same person twice, a
                program as the second person, or not permitted.
        """
        with self._store.write() as connection:
            return deciding.decide(connection, self._clock(), case_id, reviewer, outcome, reason, note, in_person)

    def reopen(self, case_id: str, *, reviewer: str, reason: str) -> None:
        """Open a decided case again, because a person states why.

        Raises:
            RuleError: no such case, not decided, no name or reason, or not permitted.
        """
        with self._store.write() as connection:
            deciding.reopen(connection, self._clock(), case_id, reviewer, reason)

    def hold(self, account: str, *, reviewer: str, reason: str) -> Hold:
        """Suspend the erasure of an account.

        Raises:
            RuleError: no name or reason, held already, or not permitted.
        """
        with self._store.write() as connection:
            return holding.place(connection, self._clock(), account, reviewer, reason)

    def release(self, account: str, *, reviewer: str, reason: str) -> None:
        """End a hold.

        Raises:
            RuleError: no name or reason, not held, or not permitted.
        """
        with self._store.write() as connection:
            holding.release(connection, self._clock(), account, reviewer, reason)

    def holds(self) -> list[Hold]:
        """Every hold, released ones too, the oldest first."""
        with self._store.read() as connection:
            return holding.listed(connection)

    def held(self, accounts: Iterable[str]) -> set[str]:
        """Those of the accounts whose erasure is suspended."""
        with self._store.read() as connection:
            return holding.held(connection, accounts)

    def erase(self, accounts: Collection[str], messages: Collection[str] = (), *, reviewer: str) -> Erased:
        """Take accounts and messages out of every row, and their bytes out of the file and its log.

        Raises:
            RuleError: an account is on legal hold, or not permitted; nothing is erased then.
            StorageError: erased, but another process keeps the log from being emptied: repeat.
        """
        with self._store.write() as connection:
            erased = erase(connection, self._clock(), accounts, messages, reviewer)
        self._store.scrub()
        return erased

    def due(self, receiver: str, least: Severity) -> list[Due]:
        """The open cases, as grave as ``least`` or graver, that this receiver has not been told of, oldest first."""
        with self._store.read() as connection:
            return telling.due(connection, receiver, least)

    def telling(self, receiver: str, case_id: str) -> None:
        """A delivery begins: should the process end before ``told``, it may or may not have arrived."""
        with self._store.write() as connection:
            telling.begin(connection, self._clock(), receiver, case_id)

    def told(self, receiver: str, case_id: str) -> None:
        """The delivery arrived; the case is never told to this receiver again. The audit says so."""
        with self._store.write() as connection:
            telling.end(connection, self._clock(), receiver, case_id)

    def start_telling(self, receiver: str, *, by: str) -> int:
        """A new receiver: cases that are known already are not told to it; how many these are."""
        with self._store.write() as connection:
            return telling.start(connection, self._clock(), receiver, by)

    def subject(self, account: str, *, reviewer: str) -> dict[str, Any]:
        """What the casebook holds of an account, as JSON; the reading is recorded.

        Raises:
            RuleError: no name, or not permitted.
        """
        with self._store.write() as connection:
            return reading.subject(connection, self._clock(), account, reviewer)

    def commit(self, value: str) -> str:
        """The salted commitment of a personal id, for the detail of an audit entry. 64 hex digits."""
        with self._store.write() as connection:
            return commit(connection, value)

    def enrol(self, name: str, role: Role, *, by: str) -> Reviewer:
        """Enrol a person. Once anyone is enrolled, only enrolled people act, each within their role.

        Raises:
            RuleError: no name, enrolled already, not permitted, or the first one is no administrator.
        """
        return self.people.enrol(name, role, by=by)

    def problems(self) -> list[str]:
        """What is wrong with the bytes of the casebook's file, a sentence each."""
        return list(self._store.problems())

    def reviewers(self) -> list[Reviewer]:
        """Who is enrolled, by name."""
        with self._store.read() as connection:
            rows = connection.execute(select(tables.reviewers).order_by(tables.reviewers.c.key))
            return [Reviewer(row.name, Role(row.role)) for row in rows]

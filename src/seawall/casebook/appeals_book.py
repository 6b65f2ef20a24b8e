"""What interfaces use of appeals."""

from __future__ import annotations

from seawall.casebook import appeals
from seawall.casebook.appeals import Appeal, AppealOutcome
from seawall.casebook.audit import Clock
from seawall.casebook.permitting import permit_case
from seawall.casebook.rules import Act, permit
from seawall.casebook.store import Store


class AppealBook:
    """The appeals of one casebook. Every method may raise StorageError; then nothing of the act has happened."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def all(self, *, reviewer: str) -> tuple[Appeal, ...]:
        """Those that wait, the oldest first, then the decided ones, the latest first; at most 200.

        Raises:
            RuleError: not permitted.
        """
        with self._store.read() as connection:
            permit(connection, reviewer, Act.READ_APPEALS)
            return appeals.listed(connection, reviewer)

    def find(self, appeal_id: str, *, reviewer: str) -> Appeal:
        """One appeal, with what was known when the decision was made.

        Raises:
            RuleError: there is none of this id, or not permitted.
        """
        with self._store.read() as connection:
            permit(connection, reviewer, Act.READ_APPEALS)
            appeal = appeals.find(connection, appeal_id)
            permit_case(connection, reviewer, Act.READ_APPEALS, appeal.case_id)
            return appeal

    def record(self, case_id: str, text: str, *, reviewer: str) -> Appeal:
        """Record that someone objects to the decision of a case.

        Raises:
            RuleError: no such case, not decided, the decision can still be taken back, no text or name, or not
                permitted.
        """
        with self._store.write() as connection:
            return appeals.record(connection, self._clock(), case_id, text, reviewer)

    def decide(self, appeal_id: str, outcome: AppealOutcome, *, reviewer: str, reason: str) -> Appeal:
        """Decide an appeal; where something changes, the case opens again and is decided anew.

        Raises:
            RuleError: no such appeal, decided already, by someone who took part in the case, another outcome, no name
                or reason, or not permitted.
        """
        with self._store.write() as connection:
            return appeals.decide(connection, self._clock(), appeal_id, outcome, reviewer, reason)

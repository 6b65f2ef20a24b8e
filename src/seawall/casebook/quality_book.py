"""What interfaces use of quality: agreement, blind second reviews, golden cases."""

from __future__ import annotations

from seawall.casebook import quality_blind, quality_golden
from seawall.casebook.audit import Clock
from seawall.casebook.quality import Quality, agreement
from seawall.casebook.rules import Act, permit
from seawall.casebook.store import Store
from seawall.model import Outcome


class QualityBook:
    """The quality of one casebook. Every method may raise StorageError; then nothing of the act has happened."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def measured(self, *, reviewer: str) -> Quality:
        """How well people agree, and how often they are right on golden cases.

        Raises:
            RuleError: not permitted.
        """
        with self._store.read() as connection:
            permit(connection, reviewer, Act.READ_QUALITY)
            pairs = quality_blind.pairs(connection)
            return Quality(
                agreement=agreement([(pair.first, pair.second) for pair in pairs]),
                pairs=pairs,
                golden=quality_golden.results(connection),
                golden_cases=quality_golden.how_many(connection),
            )

    def blind_next(self, *, reviewer: str) -> str | None:
        """A case to judge without knowing what was decided; None = there is none.

        Raises:
            RuleError: no name, or not permitted.
        """
        with self._store.write() as connection:
            return quality_blind.hand_out(connection, self._clock(), reviewer)

    def review_blind(self, case_id: str, *, reviewer: str, outcome: Outcome, reason: str) -> None:
        """Record what a person thinks of the case that they were given to judge blind; it moves nothing.

        Raises:
            RuleError: no such case, not given to them or too long ago, no name or reason, or not permitted.
        """
        with self._store.write() as connection:
            quality_blind.judge(connection, self._clock(), case_id, reviewer, outcome, reason)

    def set_golden(self, case_id: str, *, reviewer: str, outcome: Outcome, reason: str) -> None:
        """State what the right answer to a decided case is.

        Raises:
            RuleError: no such case, not decided, no name or reason, or not permitted.
        """
        with self._store.write() as connection:
            quality_golden.settle(connection, self._clock(), case_id, reviewer, outcome, reason)

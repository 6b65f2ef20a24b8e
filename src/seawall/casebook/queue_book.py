"""What interfaces use of the queue: pages, leases, drafts, decisions about many cases, taking one back."""

from __future__ import annotations

from collections.abc import Sequence

from seawall.casebook import deciding_many, drafts, leases, outward, queue_alike, queue_next, undoing
from seawall.casebook import queue as queues
from seawall.casebook.audit import Clock
from seawall.casebook.deciding_many import Done
from seawall.casebook.drafts import Draft
from seawall.casebook.leases import Lease
from seawall.casebook.queue import QueueFilter, QueuePage, QueueRow
from seawall.casebook.store import Store
from seawall.model import Decision, Outcome


class QueueBook:
    """The queue of one casebook. Every method may raise StorageError; then nothing of the act has happened."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def page(self, wanted: QueueFilter, *, reviewer: str, after: str | None = None, limit: int = 50) -> QueuePage:
        """Some of the cases that this person may see, in the order of priority.

        Args:
            wanted: which cases.
            reviewer: who looks.
            after: the mark that the page before gave.
            limit: so many rows, 1 to 200.

        Raises:
            InputError: the mark is not one that a page has given.
            RuleError: not permitted.
        """
        with self._store.read() as connection:
            return queues.page(connection, self._clock(), wanted, reviewer, after, limit)

    def detectors(self, *, reviewer: str) -> tuple[str, ...]:
        """The detectors that speak in the cases which this person may see, by name.

        Raises:
            RuleError: not permitted.
        """
        with self._store.read() as connection:
            return queues.detectors(connection, reviewer)

    def alike(self, case_id: str, *, reviewer: str) -> tuple[QueueRow, ...]:
        """The other waiting cases that share a message, a text or its near-duplicates with this one, by priority.

        Raises:
            RuleError: no such case, or not permitted.
        """
        with self._store.read() as connection:
            return queue_alike.alike(connection, self._clock(), case_id, reviewer)

    def take(self, case_id: str, *, reviewer: str) -> Lease:
        """Hold a case for 20 minutes from now; taking it again extends that.

        Raises:
            RuleError: no such case, decided already, held by someone else, no name, or not permitted.
        """
        with self._store.write() as connection:
            return leases.take(connection, self._clock(), case_id, reviewer)

    def give_back(self, case_id: str, *, reviewer: str) -> None:
        """Let go of a case.

        Raises:
            RuleError: no such case, in none of their queues, held by someone else, no name, or not permitted.
        """
        with self._store.write() as connection:
            leases.give_back(connection, self._clock(), case_id, reviewer)

    def take_next(self, wanted: QueueFilter, *, reviewer: str, after: str | None = None) -> str | None:
        """Take the first case behind ``after`` that this person can decide, then from the head; None = none is left.

        Raises:
            RuleError: no such case as ``after``, no name, or not permitted.
        """
        with self._store.write() as connection:
            return queue_next.take_next(connection, self._clock(), wanted, after, reviewer)

    def draft(self, case_id: str, *, reviewer: str) -> Draft | None:
        """What this person has begun to write about a case.

        Raises:
            RuleError: no such case.
        """
        with self._store.read() as connection:
            return drafts.find(connection, case_id, reviewer)

    def keep_draft(self, case_id: str, *, reviewer: str, outcome: Outcome | None, reason: str, note: str = "") -> None:
        """Keep what this person has written so far; nothing written ends the draft.

        Raises:
            RuleError: no such case, no name, or not permitted.
        """
        with self._store.write() as connection:
            drafts.keep(connection, self._clock(), case_id, reviewer, outcome, reason, note)

    def decide_many(
        self,
        case_ids: Sequence[str],
        *,
        reviewer: str,
        outcome: Outcome,
        reason: str,
        but: Sequence[str] = (),
        in_person: bool = True,
    ) -> tuple[Done, ...]:
        """Decide each case by itself, under every rule; what is refused stops no other.

        Args:
            case_ids: at most 200.
            reviewer: who decides.
            outcome: what.
            reason: why.
            but: those of the cases that are left as they are.
            in_person: whether they say it themself, not a program for them.

        Raises:
            RuleError: no such case, too many, no name or reason, or not permitted; nothing is decided then.
        """
        with self._store.write() as connection:
            at = self._clock()
            return deciding_many.decide_many(connection, at, case_ids, reviewer, outcome, reason, but, in_person)

    def undo(self, case_id: str, *, reviewer: str) -> Decision:
        """Take one's own decision back within ten seconds; it stays on the record, with "undone" beside it.

        Raises:
            RuleError: no such case, no decision, someone else's, too late, used outside already, or the case has moved.
        """
        with self._store.write() as connection:
            return undoing.undo(connection, self._clock(), case_id, reviewer)

    def rest_on(self, case_id: str, *, reviewer: str, what: str) -> Decision:
        """The decision on which an outward act rests: recorded before anything leaves; it cannot be taken back then.

        Args:
            case_id: the case.
            reviewer: who acts.
            what: the act, in a word or two ("referral").

        Raises:
            RuleError: no such case, not decided, or the decision can still be taken back.
        """
        with self._store.write() as connection:
            return outward.rest_on(connection, self._clock(), case_id, reviewer, what)

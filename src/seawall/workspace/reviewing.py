"""What a reviewer does in a workspace: the queue, decisions, campaigns, appeals, second looks. Each read is audited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from seawall.casebook import (
    Appeal,
    AppealOutcome,
    Campaign,
    CaseFile,
    Done,
    Draft,
    Lease,
    Quality,
    QueueFilter,
    QueuePage,
    QueueRow,
)
from seawall.model import Decision, Outcome
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    import pyarrow as pa

_ALL_WAITING = QueueFilter()


class Reviewing(OpenedFolder):
    """Acts of ``reviewer``; the rules are the casebook's. Every act may raise RuleError and StorageError."""

    def cases(self) -> pa.Table:
        """The cases by priority: severity, then confidence. The read is audited."""
        self._read_record("cases")
        return self.casebook.cases(viewer=self.reviewer)

    def case(self, case_id: str) -> CaseFile:
        """One case with its alerts and decisions. The read is audited.

        While a grave outcome waits for a second person, you see of its reasons only your own.

        Raises:
            RuleError: no such case, or not permitted.
        """
        self.casebook.audit.append(self.reviewer, "read", {"case": case_id})
        return self.casebook.case(case_id, viewer=self.reviewer)

    def queue(self, wanted: QueueFilter = _ALL_WAITING, *, after: str | None = None, limit: int = 50) -> QueuePage:
        """Cases in the order in which they want a person: severity, then confidence.

        Args:
            wanted: which cases; those that wait, where nothing is said.
            after: the ``next`` of the page before.
            limit: so many rows, 1 to 200.

        Raises:
            InputError: ``after`` is not a mark that a page has given.
            RuleError: not permitted.
        """
        self._read_record("queue")
        return self.casebook.queue.page(wanted, reviewer=self.reviewer, after=after, limit=limit)

    def alike(self, case_id: str) -> tuple[QueueRow, ...]:
        """The other waiting cases that share a message, a text or its near-duplicates with this one.

        Raises:
            RuleError: no such case, or not permitted.
        """
        self._read_record("alike", case=case_id)
        return self.casebook.queue.alike(case_id, reviewer=self.reviewer)

    def take(self, case_id: str) -> Lease:
        """Hold a case for 20 minutes, in which nobody else can decide it; again, to hold it longer.

        Raises:
            RuleError: no such case, decided already, held by someone else, or not permitted.
        """
        return self.casebook.queue.take(case_id, reviewer=self.reviewer)

    def give_back(self, case_id: str) -> None:
        """Let go of a case.

        Raises:
            RuleError: no such case, or held by someone else.
        """
        self.casebook.queue.give_back(case_id, reviewer=self.reviewer)

    def take_next(self, wanted: QueueFilter = _ALL_WAITING, *, after: str | None = None) -> str | None:
        """Take the next case that you can decide; None = none is left.

        Args:
            wanted: which cases.
            after: the id of the case that you come from.

        Raises:
            RuleError: no such case as ``after``, or not permitted.
        """
        return self.casebook.queue.take_next(wanted, reviewer=self.reviewer, after=after)

    def draft(self, case_id: str) -> Draft | None:
        """What you have begun to write about a case.

        Raises:
            RuleError: no such case.
        """
        return self.casebook.queue.draft(case_id, reviewer=self.reviewer)

    def keep_draft(self, case_id: str, outcome: Outcome | str | None = None, reason: str = "", note: str = "") -> None:
        """Keep what you have written so far, until you decide; it is yours alone.

        Raises:
            RuleError: no such case, or not permitted.
        """
        chosen = None if outcome is None else Outcome(outcome)
        self.casebook.queue.keep_draft(case_id, reviewer=self.reviewer, outcome=chosen, reason=reason, note=note)

    # --- decisions --------------------------------------------------------------------------------------

    def decide(
        self, case_id: str, outcome: Outcome | str, reason: str, *, note: str = "", in_person: bool = True
    ) -> Decision:
        """Record a reviewer's decision: the only thing that moves a case.

        ``in_person``: you say it yourself; a program that says it for you is never the second person.

        Raises:
            RuleError: a rule of the casebook forbids it.
        """
        chosen, who = Outcome(outcome), self.reviewer
        return self.casebook.decide(
            case_id, reviewer=who, outcome=chosen, reason=reason, note=note, in_person=in_person
        )

    def decide_many(
        self,
        case_ids: Sequence[str],
        outcome: Outcome | str,
        reason: str,
        *,
        but: Sequence[str] = (),
        in_person: bool = True,
    ) -> tuple[Done, ...]:
        """Decide up to 200 cases alike, each under every rule; what is refused stops no other.

        Args:
            case_ids: which.
            outcome: what is decided.
            reason: why.
            but: those of them that are left as they are.
            in_person: whether you say it yourself, not a program for you.

        Raises:
            RuleError: no such case, too many, no reason, or not permitted; nothing is decided then.
        """
        return self.casebook.queue.decide_many(
            case_ids, reviewer=self.reviewer, outcome=Outcome(outcome), reason=reason, but=but, in_person=in_person
        )

    def undo(self, case_id: str) -> Decision:
        """Take your decision back within ten seconds. It stays on the record; what you wrote is your draft again.

        Raises:
            RuleError: no decision, someone else's, too late, or the case has moved on.
        """
        return self.casebook.queue.undo(case_id, reviewer=self.reviewer)

    # --- campaigns --------------------------------------------------------------------------------------

    def campaigns(self) -> tuple[Campaign, ...]:
        """What reviewers have named, the latest first."""
        self._read_record("campaigns")
        return self.casebook.campaigns.all(reviewer=self.reviewer)

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign with its cases and its history.

        Raises:
            RuleError: there is none of this id, or not permitted.
        """
        self._read_record("campaign", campaign=campaign_id)
        return self.casebook.campaigns.find(campaign_id, reviewer=self.reviewer)

    def name_campaign(self, name: str, case_ids: Sequence[str], reason: str) -> Campaign:
        """Give cases a name that they share.

        Raises:
            RuleError: no name, reason or case; the name is taken; a case is in a campaign already; or not permitted.
        """
        return self.casebook.campaigns.name(name, case_ids, reviewer=self.reviewer, reason=reason)

    def join_campaign(self, campaign_id: str, case_ids: Sequence[str], reason: str) -> Campaign:
        """Add cases to a campaign.

        Raises:
            RuleError: no such campaign; no reason or case; a case is in another campaign; or not permitted.
        """
        return self.casebook.campaigns.join(campaign_id, case_ids, reviewer=self.reviewer, reason=reason)

    def split_campaign(self, campaign_id: str, case_ids: Sequence[str], reason: str) -> Campaign:
        """Take cases out of a campaign; its history keeps that they were in it.

        Raises:
            RuleError: no such campaign; no reason or case; a case is not in it; or not permitted.
        """
        return self.casebook.campaigns.split(campaign_id, case_ids, reviewer=self.reviewer, reason=reason)

    # --- appeals ----------------------------------------------------------------------------------------

    def appeals(self) -> tuple[Appeal, ...]:
        """Those that wait, the oldest first, then the decided ones, the latest first; at most 200."""
        self._read_record("appeals")
        return self.casebook.appeals.all(reviewer=self.reviewer)

    def appeal_file(self, appeal_id: str) -> Appeal:
        """One appeal, with what was known when the decision was made.

        Raises:
            RuleError: there is none of this id, or not permitted.
        """
        self._read_record("appeal", appeal=appeal_id)
        return self.casebook.appeals.find(appeal_id, reviewer=self.reviewer)

    def appeal(self, case_id: str, text: str) -> Appeal:
        """Record that someone objects to the decision of a case.

        Raises:
            RuleError: no such case, no decision that stands, no text, or not permitted.
        """
        return self.casebook.appeals.record(case_id, text, reviewer=self.reviewer)

    def decide_appeal(self, appeal_id: str, outcome: AppealOutcome, reason: str) -> Appeal:
        """Decide an appeal against a decision in which you took no part.

        Args:
            appeal_id: which.
            outcome: "stands", or "changed": then the case opens again and is decided anew.
            reason: why.

        Raises:
            RuleError: no such appeal, decided already, you took part, no reason, or not permitted.
        """
        return self.casebook.appeals.decide(appeal_id, outcome, reviewer=self.reviewer, reason=reason)

    # --- quality ----------------------------------------------------------------------------------------

    def quality(self) -> Quality:
        """How well people agree who judge the same case unseen, and how often they are right on golden cases."""
        self._read_record("quality")
        return self.casebook.quality.measured(reviewer=self.reviewer)

    def blind_next(self) -> str | None:
        """A case for you to judge without knowing what was decided; None = there is none.

        Raises:
            RuleError: not permitted.
        """
        return self.casebook.quality.blind_next(reviewer=self.reviewer)

    def review_blind(self, case_id: str, outcome: Outcome | str, reason: str) -> None:
        """Record what you think of the case that you were given to judge blind. It moves nothing.

        Raises:
            RuleError: it was not given to you, or too long ago; no reason; or not permitted.
        """
        self.casebook.quality.review_blind(case_id, reviewer=self.reviewer, outcome=Outcome(outcome), reason=reason)

    def set_golden(self, case_id: str, outcome: Outcome | str, reason: str) -> None:
        """State what the right answer to a decided case is; people meet it among their blind reviews.

        Raises:
            RuleError: no such case, not decided, no reason, or not permitted.
        """
        self.casebook.quality.set_golden(case_id, reviewer=self.reviewer, outcome=Outcome(outcome), reason=reason)

    def _read_record(self, table: str, **what: Any) -> None:
        self.casebook.audit.append(self.reviewer, "read", {"table": table, **what})

"""What interfaces use of campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from seawall.casebook import campaigns
from seawall.casebook.audit import Clock
from seawall.casebook.campaigns import Campaign
from seawall.casebook.rules import Act, permit
from seawall.casebook.store import Store


class CampaignBook:
    """The campaigns of one casebook. Every method may raise StorageError; then nothing of the act has happened."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def all(self, *, reviewer: str) -> tuple[Campaign, ...]:
        """All campaigns, the latest first.

        Raises:
            RuleError: not permitted.
        """
        with self._store.read() as connection:
            permit(connection, reviewer, Act.READ_CASES)
            return campaigns.listed(connection)

    def find(self, campaign_id: str, *, reviewer: str) -> Campaign:
        """One campaign with its history.

        Raises:
            RuleError: there is none of this id, or not permitted.
        """
        with self._store.read() as connection:
            permit(connection, reviewer, Act.READ_CASES)
            return campaigns.find(connection, campaign_id)

    def name(self, name: str, case_ids: Sequence[str], *, reviewer: str, reason: str) -> Campaign:
        """Give cases a name that they share.

        Raises:
            RuleError: no name, reason or case; the name is taken; a case is in a campaign already; or not permitted.
        """
        with self._store.write() as connection:
            return campaigns.name(connection, self._clock(), name, case_ids, reviewer, reason)

    def join(self, campaign_id: str, case_ids: Sequence[str], *, reviewer: str, reason: str) -> Campaign:
        """Add cases to a campaign.

        Raises:
            RuleError: no such campaign; no reason or case; a case is in another campaign; or not permitted.
        """
        with self._store.write() as connection:
            return campaigns.join(connection, self._clock(), campaign_id, case_ids, reviewer, reason)

    def split(self, campaign_id: str, case_ids: Sequence[str], *, reviewer: str, reason: str) -> Campaign:
        """Take cases out of a campaign.

        Raises:
            RuleError: no such campaign; no reason or case; a case is not in it; or not permitted.
        """
        with self._store.write() as connection:
            return campaigns.split(connection, self._clock(), campaign_id, case_ids, reviewer, reason)

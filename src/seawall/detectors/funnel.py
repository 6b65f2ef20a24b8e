"""Accounts that lead strangers step by step to a place outside, again and again: from their acts alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp
from typing import Any, ClassVar

import pyarrow as pa

from seawall.detectors import funnel_words as words
from seawall.detectors.funnel_example import garden
from seawall.detectors.funnel_found import Hub, Newcomer, for_measure, found_in, of_lake
from seawall.detectors.funnel_standing import FunnelStanding
from seawall.errors import ConfigurationError
from seawall.measures.funnel import BOUND, FunnelsMeasure
from seawall.model import STAGES, Alert, Approached, Severity, Subject, is_simulated
from seawall.parts import Mapped
from seawall.protocols import Window

LISTED = 500
"""So many newcomers stand in an alert's details; all of them are counted."""


@dataclass(frozen=True)
class FunnelDetector:
    """Accounts whose acts towards strangers, in their order and again and again, are those of a funnel.

    Approach in the open, follow-back, direct message, an address outside, days of messages, hand-off: how much likelier
    the acts of an account are for a funnel than for what else happens on its platform (``seawall.measures.funnels``).
    It sees who acted towards whom, when and how; no words, no language and no names. The alert is about the hub; the
    persons approached stand in ``Alert.approached``, beside the claim, and are named nowhere in it.

    Args:
        bound: nats of evidence from which on an account is told.

    Raises:
        ConfigurationError: the bound is not positive.
    """

    bound: float = BOUND

    name: ClassVar[str] = "funnel"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "interactions": (
            "platform", "at", "kind", "source_account", "target_account", "channel_id", "contact_kind", "contact_key",
            "reply_key",
        ),
        "coverage": ("platform", "start", "end", "complete"),
    }  # fmt: skip

    def __post_init__(self) -> None:
        if not self.bound > 0:
            raise ConfigurationError("The bound is above 0.", where="bound", mend=f"Give nats, as {BOUND:g}.")

    def detect(self, window: Window) -> Iterator[Alert]:
        """One alert a hub; platform after platform, the hub that began first at the head."""
        rows = Mapped(window.table("interactions", self.needs["interactions"]), for_measure)
        told = window.engine.run(FunnelsMeasure(self.bound), rows, total=window.count("interactions"))
        if not told:
            return
        coverage = window.rows("coverage", self.needs["coverage"]).read_all()
        for name, hubs in told.items():
            yield from self.alerts_of(name, found_in(hubs.found, of_lake(hubs.rows)), hubs.kinds, coverage)

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> FunnelStanding:
        """The same alerts, kept while interactions come in."""
        return FunnelStanding(self, saved)

    def alerts_of(
        self, platform: str, hubs: Sequence[Hub], kinds: Collection[str], coverage: pa.Table
    ) -> Iterator[Alert]:
        """What is said of the hubs of a platform, of which these kinds of interactions are known."""
        for hub in hubs:
            yield Alert(
                detector=self.name,
                version=self.version,
                parameters=asdict(self),
                anchor=f"{platform} {hub.first_at:%Y-%m-%d}",
                start=hub.first_at,
                end=hub.last_at,
                subjects=tuple(Subject("account", account) for account in hub.accounts),
                severity=_severity(hub),
                score=1 / (1 + exp(-2 * (hub.score - self.bound) / self.bound)),
                sentence=words.sentence(platform, hub),
                doubt=words.doubt(platform, hub, kinds, coverage),
                observed=float(len(hub.newcomers)),
                details=self._details(platform, hub),
                approached=tuple(
                    Approached(one.account, one.stage, one.first_at, one.last_at) for one in hub.newcomers
                ),
            )

    def _details(self, platform: str, hub: Hub) -> dict[str, Any]:
        """What the case page draws. The n-th newcomer is the n-th of ``Alert.approached``, and is not named."""
        return {
            "platform": platform,
            "simulated": is_simulated(platform),
            "nats": hub.score,
            "bound": self.bound,
            "alert_at": hub.alert_at.isoformat(),
            "terms": [asdict(term) for term in hub.terms],
            "ladder": [
                {"stage": stage, "newcomers": len(hub.came_to(stage)), "median_days": words.median_days(hub, stage)}
                for stage in STAGES
            ],
            "newcomers": [_numbered(number, one) for number, one in enumerate(hub.newcomers[:LISTED], start=1)],
            "newcomers_total": len(hub.newcomers),
            "acquainted": hub.acquainted,
            "accounts": len(hub.accounts),
            "was_approached": hub.was_approached,
        }

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """A garden club whose members chat, with an account that leads ten of them away; and without it."""
        return {"interactions": garden(funnel=True)}, {"interactions": garden(funnel=False)}


def _severity(hub: Hub) -> Severity:
    """High while persons who have an outside address can still be reached before they are handed on."""
    waiting = any(one.came_to("contact") and not one.came_to("hand_off") for one in hub.newcomers)
    return Severity.HIGH if waiting else Severity.MEDIUM


def _numbered(number: int, one: Newcomer) -> dict[str, Any]:
    return {
        "number": number,
        "stage": one.stage,
        "first_at": one.first_at.isoformat(),
        "last_at": one.last_at.isoformat(),
        "reached": {stage: at.isoformat() for stage, at in one.reached.items()},
    }

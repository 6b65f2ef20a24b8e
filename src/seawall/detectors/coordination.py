"""Groups of accounts that shared the same things within seconds of one another, again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import fsum
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors import coordination_told as told
from seawall.detectors.communities import communities, heaviest
from seawall.detectors.coordination_behind import with_messages
from seawall.detectors.coordination_evidence import Evidence
from seawall.detectors.coordination_example import club
from seawall.detectors.coordination_groups import Group, groups, rows_of
from seawall.detectors.coordination_shares import share_rows
from seawall.detectors.coordination_words import LAYERS
from seawall.detectors.wording import counted, period, seconds
from seawall.errors import ConfigurationError
from seawall.measures import CoordinationMeasure, Network
from seawall.model import Alert, Severity, Subject
from seawall.protocols import Window

MANY_ACCOUNTS, MOST_ACCOUNTS = 5, 50
"""From so many accounts on a group is of medium and of high severity."""

LISTED_EDGES, LISTED_OBJECTS, LISTED_MESSAGES = 200, 50, 200
"""How much of its evidence an alert carries; the heaviest first."""


@dataclass(frozen=True)
class CoordinationDetector:
    """Groups of accounts that shared the same things within seconds of one another more often than chance explains.

    With ``q`` two accounts are linked if in some layer they were in time on more things than the things' own times
    explain (Benjamini-Hochberg over all pairs that share a thing), or, where things were shared at one moment only so
    that their times tell nothing, if they have more of these in common than their activity and the things' popularity
    explain. Linked accounts make groups over all layers, and each is one alert.

    With ``q`` None, as while a platform is watched, two accounts are linked if on at least ``min_repeats`` things of
    one layer both acted within ``window_s`` of each other, whatever chance gives; each layer has groups of its own.

    Connected groups are cut into communities where they are many and the cut is clear. A text, link, or whatever else,
    counts where an account posts it, not where it reposts a message. No thing is left out for being popular; the alert
    says so where one of them makes up most of it.

    Args:
        window_s: seconds within which two messages count as together, inclusive.
        min_repeats: the least number of distinct things on which two accounts were together.
        min_accounts: the least number of accounts in a group.
        layers: what to look at, of LAYERS.
        q: the rate of false discoveries among links; None = chance is not asked.

    Raises:
        ConfigurationError: a layer that does not exist, too few accounts for a group, or no rate.
    """

    window_s: float = 60.0
    min_repeats: int = 2
    min_accounts: int = 3
    layers: tuple[str, ...] = ("text", "repost", "link", "hashtag_sequence", "reply", "media")
    q: float | None = 0.05

    name: ClassVar[str] = "coordination"
    version: ClassVar[str] = "2"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": (
            "message_id", "account_id", "sent_at", "text_key", "repost_of", "links",
            "hashtags", "reply_to", "mentions", "media", "platform", "channel_id",
        ),
        "accounts": ("account_id", "declared_bot"),
    }  # fmt: skip

    def __post_init__(self) -> None:
        if not self.layers or not set(self.layers) <= set(LAYERS):
            raise ConfigurationError(
                "A layer does not exist.", where="layers", mend=f"Choose from {', '.join(LAYERS)}."
            )
        if self.min_accounts < 2:
            raise ConfigurationError("A group has two accounts at least.", where="min_accounts", mend="Give 2 or more.")
        if self.q is not None and not 0 < self.q < 1:
            raise ConfigurationError(
                "A rate of false discoveries lies between 0 and 1.", where="q", mend="Give a rate, as 0.05."
            )

    def detect(self, window: Window) -> Iterator[Alert]:
        """One alert a group, the group that began first at the head; with ``q`` None layer after layer."""
        if self.q is None:
            yield from self._by_thresholds(window)
            return
        found = sorted(
            groups(self, window, self.q),
            key=lambda group: (group.description.start, group.together["message"][0].as_py()),
        )
        links = sum(len(told.joined(group.links)) for group in found)
        for group in found:
            yield self._alert_of(group, links, self.q)

    def _by_thresholds(self, window: Window) -> Iterator[Alert]:
        total = window.count("messages")
        measure = CoordinationMeasure(self.window_s, self.min_repeats)
        for layer in self.layers:
            network: Network = window.engine.run(measure, share_rows(window, layer), total=total)
            found = self.groups(network)
            if found:
                members = pa.array({account for evidence in found for account in evidence.accounts}, pa.string())
                wrote = Counter(rows_of(window, "messages", ("account_id",), members)["account_id"].to_pylist())
                for evidence in found:
                    own = sum(wrote[account] for account in evidence.accounts)
                    yield self.alert(layer, evidence, own, len(network))

    def _alert_of(self, group: Group, links: int, q: float) -> Alert:
        evidence = group.evidence
        times = group.links["expected"].is_valid()
        timed = group.links.filter(times)
        chosen = timed if len(timed) else group.links
        return Alert(
            detector=self.name,
            version=self.version,
            parameters={**asdict(self), "layers": list(self.layers)},
            anchor=evidence.start.isoformat(),
            start=evidence.start,
            end=evidence.end,
            subjects=tuple(Subject("account", account) for account in group.accounts),
            severity=_severity(len(group.accounts)),
            score=told.score(group),
            sentence=told.sentence(self, group),
            evidence=evidence.messages(LISTED_MESSAGES),
            doubt=told.doubt(group, q),
            p=pc.max(chosen["p"]).as_py(),
            q=pc.max(chosen["q"]).as_py(),
            observed=float(pc.sum(chosen["weight"]).as_py()),
            expected=fsum(timed["expected"].to_pylist()) if len(timed) else None,
            details=told.details(self, group, links, LISTED_EDGES),
        )

    def groups(self, network: Network) -> list[Evidence]:
        """What the groups of a network did together, the group that began first at the head."""
        groups = communities(network, self.min_accounts) if len(network) else []
        return [Evidence.of(network, group) for group in groups]

    def alert(self, layer: str, evidence: Evidence, wrote: int, edges: int) -> Alert:
        """What is said of one group, whose accounts wrote so many messages, in a network of so many edges."""
        did, one, many = LAYERS[layer]
        accounts = len(evidence.accounts)
        start, end = evidence.start, evidence.end
        return Alert(
            detector=self.name,
            version=self.version,
            parameters={**asdict(self), "layers": [layer]},
            anchor=f"{layer}:{start.isoformat()}",
            start=start,
            end=end,
            subjects=tuple(Subject("account", account) for account in evidence.accounts),
            severity=_severity(accounts),
            score=1.0 - 2.0 ** (-evidence.typical / self.min_repeats),
            sentence=(
                f"{counted(accounts, 'account')} {did} the same {counted(evidence.objects, one, many)}, two or more of "
                f"them within {seconds(self.window_s)} of one another, {counted(evidence.occasions, 'time')}, "
                f"{period(start, end)}."
            ),
            evidence=evidence.messages(LISTED_MESSAGES),
            doubt=self.doubt(layer, evidence, wrote),
            observed=float(evidence.occasions),
            details={
                "layer": layer,
                "accounts": accounts,
                "objects": evidence.objects,
                "occasions": evidence.occasions,
                "messages": evidence.shares,
                "edges_in_all": edges,
                "edges": list(
                    with_messages(
                        heaviest(evidence.edges).slice(0, LISTED_EDGES).to_pylist(),
                        evidence.together,
                        {layer: self.window_s},
                        layer,
                    )
                ),
                "top_objects": evidence.top_objects(LISTED_OBJECTS),
                "per_account": evidence.per_account(),
            },
        )

    def doubt(self, layer: str, evidence: Evidence, wrote: int) -> tuple[str, ...]:
        """What speaks against it."""
        _, thing, things = LAYERS[layer]
        said = ["How often this would happen by chance has not been computed; seawall detect computes it."]
        if evidence.typical < 2 * self.min_repeats:
            said.append(f"Half of the links between these accounts rest on {evidence.typical:g} {things} or fewer.")
        said.append(
            f"These accounts wrote {counted(wrote, 'message')} in this time; "
            f"{evidence.shares:,} of them ({evidence.shares / max(wrote, 1):.1%}) are counted here."
        )
        if evidence.top_share > 0.5:
            said.append(f"One {thing} makes up {evidence.top_share:.0%} of it: it may simply have been popular.")
        if evidence.whole_minutes:
            said.append("Times are told to the minute, so that anything within one minute counts as the same moment.")
        said.append(
            "News feeds, clubs, fans and accounts that declare themselves automatic also post alike; "
            "whether these are such was not looked at."
        )
        return tuple(said)

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Four accounts share the same things within half a minute, others after them; the same, hours apart."""
        rides = self.min_repeats + (1 if self.q is None else 6)
        firing, quiet = (
            {"messages": club(self.layers, rides, max(4, self.min_accounts), self.window_s, apart * self.window_s)}
            for apart in (1 / 8, 61)
        )
        return firing, quiet


def _severity(accounts: int) -> Severity:
    if accounts >= MOST_ACCOUNTS:
        return Severity.HIGH
    return Severity.MEDIUM if accounts >= MANY_ACCOUNTS else Severity.LOW

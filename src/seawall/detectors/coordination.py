"""Groups of accounts that shared the same things within seconds of one another, again and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.communities import communities, heaviest
from seawall.detectors.coordination_evidence import Evidence
from seawall.detectors.coordination_shares import COLUMNS, shares
from seawall.detectors.coordination_standing import CoordinationStanding
from seawall.detectors.examples import FIRST, messages_table
from seawall.detectors.wording import counted, period, seconds
from seawall.errors import ConfigurationError
from seawall.measures import CoordinationMeasure, Network
from seawall.model import Alert, Severity, Subject
from seawall.protocols import Window

LAYERS = {"text": ("posted", "text"), "repost": ("reposted", "message"), "link": ("posted", "link")}
"""What is shared -> how a sentence says it."""

MANY_ACCOUNTS, MOST_ACCOUNTS = 5, 50
"""From so many accounts on a group is of medium and of high severity."""

LISTED_EDGES, LISTED_OBJECTS, LISTED_MESSAGES = 200, 50, 200
"""How much of its evidence an alert carries; the heaviest first."""


@dataclass(frozen=True)
class CoordinationDetector:
    """Groups of accounts that posted the same texts, reposted the same messages or posted the same links in time.

    Two accounts are linked if on at least ``min_repeats`` distinct things both acted within ``window_s`` of each
    other. Linked accounts make groups: connected ones, cut into communities where they are many and the cut is clear. A
    text or link counts where an account posts it, not where it reposts a message that is known. No thing is left out
    for being popular; the alert says so where one of them makes up most of it.

    The score is 1 - 2 ** (-typical / min_repeats), where ``typical`` is the median number of repeats over the group's
    links: .5 at the threshold, .75 at its double.

    Args:
        window_s: seconds within which two messages count as together, inclusive.
        min_repeats: the least number of distinct things on which two accounts were together.
        min_accounts: the least number of accounts in a group.
        layers: what to look at: "text", "repost", "link".

    Raises:
        ConfigurationError: a layer that does not exist, or too few accounts for a group.
    """

    window_s: float = 60.0
    min_repeats: int = 5
    min_accounts: int = 3
    layers: tuple[str, ...] = ("text", "repost", "link")

    name: ClassVar[str] = "coordination"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": ("message_id", "account_id", "sent_at", "text_key", "repost_of", "links")
    }

    def __post_init__(self) -> None:
        if not self.layers or not set(self.layers) <= set(LAYERS):
            raise ConfigurationError(
                "A layer does not exist.", where="layers", mend=f"Choose from {', '.join(LAYERS)}."
            )
        if self.min_accounts < 2:
            raise ConfigurationError("A group has two accounts at least.", where="min_accounts")

    def detect(self, window: Window) -> Iterator[Alert]:
        """One alert a group, layer after layer, the group that began first at the head."""
        total = window.count("messages")
        measure = CoordinationMeasure(self.window_s, self.min_repeats)
        for layer in self.layers:
            rows = shares(window.rows("messages", COLUMNS[layer]), layer)
            network: Network = window.engine.run(measure, rows, total=total)
            found = self.groups(network)
            if found:
                wrote = window.query("SELECT account_id, count(*) AS messages FROM messages GROUP BY account_id")
                for evidence in found:
                    own = pc.is_in(wrote["account_id"], pa.array(evidence.accounts))
                    yield self.alert(layer, evidence, pc.sum(wrote["messages"].filter(own)).as_py(), len(network))

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> CoordinationStanding:
        """An empty state that can be fed, or the one that was saved."""
        return CoordinationStanding(self, saved)

    def groups(self, network: Network) -> list[Evidence]:
        """What the groups of a network did together, the group that began first at the head."""
        groups = communities(network, self.min_accounts) if len(network) else []
        return [Evidence.of(network, group) for group in groups]

    def alert(self, layer: str, evidence: Evidence, wrote: int, edges: int) -> Alert:
        """What is said of one group, whose accounts wrote so many messages, in a network of so many edges."""
        did, thing = LAYERS[layer]
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
                f"{counted(accounts, 'account')} {did} the same {counted(evidence.objects, thing)}, two or more of "
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
                "edges": heaviest(evidence.edges).slice(0, LISTED_EDGES).to_pylist(),
                "top_objects": evidence.top_objects(LISTED_OBJECTS),
                "per_account": evidence.per_account(),
            },
        )

    def doubt(self, layer: str, evidence: Evidence, wrote: int) -> tuple[str, ...]:
        """What speaks against it."""
        thing = LAYERS[layer][1]
        said = ["How often this would happen by chance has not been computed."]
        if evidence.typical < 2 * self.min_repeats:
            said.append(f"Half of the links between these accounts rest on {evidence.typical:g} {thing}s or fewer.")
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
        """Four accounts post the same texts within half a minute, once more than needed; the same, hours apart."""
        return {"messages": _club(self, timedelta(seconds=self.window_s / 8))}, {
            "messages": _club(self, timedelta(seconds=self.window_s * 60 + 1))
        }


def _severity(accounts: int) -> Severity:
    if accounts >= MOST_ACCOUNTS:
        return Severity.HIGH
    return Severity.MEDIUM if accounts >= MANY_ACCOUNTS else Severity.LOW


def _club(detector: CoordinationDetector, apart: timedelta) -> pa.Table:
    """A cycling club of four announces its rides, each account ``apart`` after the one before."""
    rows: list[dict[str, Any]] = []
    accounts = max(4, detector.min_accounts)
    for ride in range(detector.min_repeats + 1):
        for member in range(accounts):
            key = 1000 + ride
            rows.append(
                {
                    "account_id": f"a{member:020x}",
                    "sent_at": FIRST + timedelta(days=ride) + member * apart,
                    "text_key": key if "text" in detector.layers else None,
                    "links": [{"url": f"https://cycling.example/{ride}", "domain": "cycling.example", "place": "site"}],
                    "repost_of": f"garden:ride{ride}" if detector.layers == ("repost",) else None,
                }
            )
    return messages_table(rows)

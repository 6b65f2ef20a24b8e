"""Campaign candidates: several channels that rise together, what they share, who led, and what else it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pyarrow as pa

from seawall.detectors.campaign_again import Trace, alike, trace
from seawall.detectors.campaign_candidates import Candidate, Looking, Pictures
from seawall.detectors.campaign_counts import count_channels
from seawall.detectors.campaign_example import APART, TOGETHER, world
from seawall.detectors.campaign_lead import Lead, lead
from seawall.detectors.campaign_people import People, people
from seawall.detectors.campaign_rows import CONTENT, ROWS, Held, gather
from seawall.detectors.campaign_shared import evidence, largest, shared
from seawall.detectors.campaign_words import against, doubts, sentence
from seawall.detectors.surge_collected import Collected
from seawall.errors import ConfigurationError
from seawall.measures.bursts.plan import DAY, parse_bin
from seawall.model import Alert, Severity, Subject
from seawall.protocols import Window

LISTED_MESSAGES = 200
LISTED_CHANNELS = 200
DRAWN_CHANNELS = 24
DRAWN_BEFORE, DRAWN_AFTER = 28, 14
"""Bins before and after the candidate in its pictures."""
MANY_CHANNELS = 5
MUCH_TOGETHER = 0.25
"""From this part of the messages by accounts that acted together on they are much of it."""
NEW_SOURCE_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class CampaignDetector:
    """Channels that rose together, joined into one candidate for a campaign; a reviewer says whether it is one.

    It speaks of channels, not of accounts. Rises are those of ``seawall.measures.surges``, channel by channel; a
    candidate is made of those that began within ``tolerance`` bins of one another and were open together
    (``seawall.measures.synchrony``), on one platform or several. It tells who led, what was shared, how many accounts
    wrote it and how many of them acted together, which earlier candidates were like it, and what else it may be: one
    thing that everybody passed on, one event in the news, one new source.

    Args:
        bin: width of a bin, "1d".
        q: the false-discovery rate up to which rises, and candidates, are told.
        least_channels: the least number of channels of a candidate, 2 at least.
        tolerance: bins within which the rises began, 1 at least.
        least_factor: rises by less are left out.
        least_change: rises with fewer messages more than expected are left out.
        least_messages: channels with fewer messages in all are left out.
        window_s: seconds within which two accounts count as together, inclusive.
        min_repeats: the least number of distinct things on which two accounts were together to have acted together.

    Raises:
        ConfigurationError: fewer than two channels, or no tolerance.

    >>> detector = CampaignDetector()
    >>> from seawall.checks import MemoryWindow
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.sentence.split(":")[0]
    'Messages rose together in 4 channels of garden from 1 to 8 May 2026 UTC'
    """

    bin: str = "1d"
    q: float = 0.05
    least_channels: int = 3
    tolerance: int = 3
    least_factor: float = 1.5
    least_change: int = 20
    least_messages: int = 100
    window_s: float = 60.0
    min_repeats: int = 3

    name: ClassVar[str] = "campaign"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": CONTENT,
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if self.least_channels < 2 or self.tolerance < 1:
            raise ConfigurationError(
                "A candidate has two channels at least, and their rises begin within one bin at least.",
                where="least_channels, tolerance",
                mend="Ask for two channels, and a tolerance of one bin, or more.",
            )

    def detect(self, window: Window) -> Iterator[Alert]:
        """One alert a candidate, by start."""
        width = parse_bin(self.bin)
        counted = count_channels(window, width)
        coverage = window.query("SELECT * FROM coverage").to_pylist()
        collected = Collected(coverage, counted.spans, window.start, window.end)
        found, pictures = self._looking().candidates(counted, collected)
        if not found:
            return
        helds = [Held(candidate, width, self.tolerance) for candidate in found]
        gather(window.rows("messages", CONTENT), helds)
        traces: list[Trace] = []
        for held in helds:
            yield self._alert(held, collected, pictures, window, traces)

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Four gardening channels that rise together for eight days; the same, three weeks apart."""
        return world(TOGETHER), world(APART)

    def _looking(self) -> Looking:
        return Looking(
            self.bin,
            self.q,
            self.least_channels,
            self.tolerance,
            self.least_factor,
            self.least_change,
            self.least_messages,
        )

    def _alert(
        self, held: Held, collected: Collected, pictures: Pictures, window: Window, traces: list[Trace]
    ) -> Alert:
        candidate = held.candidate
        inside, before = held.inside.table(ROWS), held.before.table(ROWS)
        leading, found = lead(held), shared(inside, before)
        wrote = people(held, inside, before, self.window_s, self.min_repeats)
        one_thing = largest(held, inside, before)
        own = trace(candidate, found, leading)
        earlier = alike(own, traces)
        traces.append(own)
        newcomers = _newcomers(candidate, collected)
        told = all(collected.told(platform) for platform in candidate.platforms)
        other = against(candidate, wrote, one_thing, newcomers)
        factor, low, high = candidate.factor
        history = min(rise.history for rise in candidate.rises)
        return Alert(
            detector=self.name,
            version=self.version,
            parameters=asdict(self),
            anchor=f"{candidate.start:%Y-%m-%dT%H:%M}",
            start=candidate.start,
            end=candidate.end,
            subjects=_subjects(candidate),
            severity=_severity(candidate, wrote, other),
            score=(1.0 - candidate.q) * history * 0.8 ** len(other),
            sentence=sentence(candidate, leading, wrote, earlier, parse_bin(self.bin) >= DAY),
            evidence=evidence(inside, found, LISTED_MESSAGES),
            doubt=tuple(doubts(candidate, other, wrote, told=told, sampled=held.inside.share, lead=leading)),
            p=candidate.p,
            q=candidate.q,
            observed=float(candidate.observed),
            expected=candidate.expected,
            details={
                "bin": self.bin,
                "factor": factor,
                "factor_interval": [low, high],
                "channels_looked_at": candidate.looked_at,
                "drawn": {
                    "unit": "messages per day" if self.bin == "1d" else f"messages per bin of {self.bin}",
                    "source": "messages in the lake, by time sent, UTC",
                    "bin_seconds": parse_bin(self.bin) / 1_000_000,
                },
                "channels": self._channels(candidate, leading, pictures),
                "shared": found,
                "one_thing": dict(zip(("kind", "object", "share"), one_thing, strict=True)),
                "people": wrote.told(),
                "earlier": earlier,
                "counter_evidence": other,
            },
        )

    def _channels(self, candidate: Candidate, leading: Lead, pictures: Pictures) -> list[dict[str, Any]]:
        """The channels, those that led first, with what a small picture of each shows."""
        order = sorted(range(len(candidate.rises)), key=lambda place: (*leading.rank(place), place))[:LISTED_CHANNELS]
        shown = [candidate.rises[place] for place in order[:DRAWN_CHANNELS]]
        drawn = pictures.of(candidate, shown, DRAWN_BEFORE, DRAWN_AFTER)
        return [
            {
                **candidate.rises[place].told(),
                **leading.told(place),
                "picture": drawn.get(candidate.rises[place].series),
            }
            for place in order
        ]


def _newcomers(candidate: Candidate, collected: Collected) -> list[tuple[str, datetime]]:
    after = candidate.start - NEW_SOURCE_WITHIN
    return [
        (platform, began)
        for platform in candidate.platforms
        for began in collected.newcomers(platform, after, candidate.end)
    ]


def _subjects(candidate: Candidate) -> tuple[Subject, ...]:
    """Its channels, the one that rose first at the head, and its platforms."""
    channels = [Subject("channel", rise.channel) for rise in candidate.rises if rise.channel]
    return (*channels[:LISTED_CHANNELS], *(Subject("platform", platform) for platform in candidate.platforms))


def _severity(candidate: Candidate, wrote: People, other: Mapping[str, str]) -> Severity:
    """Low where something ordinary explains it; high where it is large, sure, and accounts acted together."""
    acted = wrote.together >= MUCH_TOGETHER
    if "news" in other or "new source" in other or ("one thing" in other and not acted):
        return Severity.LOW
    _, low, _ = candidate.factor
    large = len(candidate.rises) >= MANY_CHANNELS and candidate.observed - candidate.expected >= 1000 and low >= 2.0
    return Severity.HIGH if large and acted else Severity.MEDIUM

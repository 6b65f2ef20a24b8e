"""Known content: messages that carry what a person has listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.examples import messages_table
from seawall.detectors.known_matcher import NEEDS, Matcher
from seawall.detectors.known_words import NAME, VERSION, alerts_about
from seawall.errors import ConfigurationError
from seawall.model import HITS, Alert, Indicator, IndicatorKind, IndicatorStatus
from seawall.protocols import Window

EXAMPLE = Indicator(
    "I-EXAMPLE0",
    IndicatorKind.DOMAIN,
    "tulips-only.example",
    "feud",
    "by hand",
    "Rosa",
    "The club's own example.",
    date(2026, 5, 1),
    80,
    date(2026, 8, 1),
    IndicatorStatus.LIVE,
)
"""A listed domain of the feud between two gardening clubs."""


@dataclass(frozen=True)
class KnownDetector:
    """Messages that carry listed indicators: links, domains, texts, phrases, words, hashes of files and pictures.

    It speaks about messages, never about accounts. One alert for an indicator and a calendar month (UTC, of sending).
    What stands in a quotation or a report only, and single words, are of low severity. Nothing fires on anything
    that no person has listed.

    Args:
        indicators: what to look for; the caller leaves out what is not live. They are not part of an alert's name,
            so that a change of the list leaves alerts of other indicators as they are.
        distance: bits of 256 in which two pictures' PDQ hashes may differ.
        quality: pictures whose hash has a lower quality (0 to 100) are not compared.

    Raises:
        ConfigurationError: a distance or quality that cannot be.

    >>> from seawall.checks import MemoryWindow
    >>> detector = KnownDetector((EXAMPLE,))
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.sentence
    'Indicator I-EXAMPLE0 (a domain of the list feud) stands in 1 message on 3 May 2026 UTC.'
    """

    indicators: tuple[Indicator, ...] = ()
    distance: int = 31
    quality: int = 50

    name: ClassVar[str] = NAME
    version: ClassVar[str] = VERSION
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"messages": NEEDS}

    def __post_init__(self) -> None:
        if not (0 <= self.distance <= 64 and 0 <= self.quality <= 100):
            raise ConfigurationError(
                "The distance is from 0 to 64, and the quality from 0 to 100.",
                where="distance, quality",
                mend="Leave them out for 31 and 50.",
            )

    @property
    def parameters(self) -> dict[str, Any]:
        """What stands in its alerts: everything but the list."""
        return {"distance": self.distance, "quality": self.quality}

    def matcher(self) -> Matcher:
        """An empty list with these parameters, to compare messages with."""
        return Matcher(self.distance, self.quality)

    def detect(self, window: Window) -> Iterator[Alert]:
        """One alert for an indicator and a month, by indicator."""
        matcher = self.matcher()
        matcher.put(self.indicators)
        found = [matcher.hits(pa.Table.from_batches([batch])) for batch in window.rows("messages", NEEDS)]
        hits = pa.concat_tables([HITS.empty_table(), *found])
        for one in sorted(self.indicators, key=lambda one: one.id):
            yield from self.about(one, hits.filter(pc.equal(hits["indicator"], one.id)))

    def about(self, indicator: Indicator, hits: pa.Table) -> Iterator[Alert]:
        """The alerts about one indicator and its ``HITS``."""
        return alerts_about(indicator, hits, self.parameters)

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Two messages, one with a link to the example's domain; two with other links."""
        host = EXAMPLE.value
        links = [
            [{"url": f"https://www.{host}/beds", "domain": host, "place": "web"}],
            [{"url": "https://roses.example/beds", "domain": "roses.example", "place": "web"}],
            [{"url": f"https://{host}.roses.example/", "domain": "roses.example", "place": "web"}],
        ]
        texts = [f"Look at {one[0]['url']} and tell me." for one in links]
        rows = [{"text": text, "links": link} for text, link in zip(texts, links, strict=True)]
        return {"messages": messages_table(rows[:2])}, {"messages": messages_table(rows[1:])}

"""Places that are new here, and that channel after channel begins to link to and comes back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from typing import Any, ClassVar

import pyarrow as pa

from seawall.detectors.emerging_example import emerging_example
from seawall.detectors.emerging_facts import Facts
from seawall.detectors.emerging_links import COLUMNS, links_in
from seawall.detectors.emerging_looked import EmergingLinks, Looked
from seawall.detectors.emerging_standing import EmergingStanding
from seawall.detectors.emerging_words import GENERAL, Circumstances, emerging_doubts, emerging_sentence
from seawall.errors import ConfigurationError
from seawall.model import SIMULATED, Alert, Severity, Subject, is_simulated
from seawall.parts import Mapped
from seawall.protocols import Window

MANY = 20
"""From so many channels on a place is of medium severity."""


@dataclass(frozen=True)
class EmergingDetector:
    """Places that are new and rising over channels: taken up by one after the other, and linked to again.

    It looks at where links lead and which channels linked, and says nothing about an account: that one account in
    many channels counts once is all that it asks of accounts. See ``seawall.measures.emerging`` for the method.

    Args:
        q: the false-discovery rate up to which a place is told, over the places judged on one day.
        popular: registrable domains that the world knows; not told.
        known: places or domains that are known to be nothing new; not told.

    Raises:
        ConfigurationError: q is no rate.

    >>> from seawall.checks import MemoryWindow
    >>> detector = EmergingDetector()
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.subjects[0].id, alert.details["found_at"][:10]
    ('chat.allotment.example', '2026-07-06')
    """

    q: float = 0.2
    popular: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    name: ClassVar[str] = "emerging"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": COLUMNS,
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if not 0 < self.q < 1:
            raise ConfigurationError("q is a rate above 0 and below 1.", where="q", mend="Take 0.2.")

    def detect(self, window: Window) -> Iterator[Alert]:
        """The places of this window, in the order in which they were found."""
        coverage = window.query("SELECT * FROM coverage").to_pylist()
        links = Mapped(window.table("messages", COLUMNS), links_in)
        yield from self._told(window.engine.run(self._looking(coverage), links))

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> EmergingStanding:
        """The links of the last months, kept while records come in."""
        return EmergingStanding(self.of, saved)

    def of(self, links: pa.Table, coverage: list[dict[str, Any]]) -> Iterator[Alert]:
        """The places of links (``emerging_links.SCHEMA``) in any order."""
        yield from self._told(self._looking(coverage).of(links))

    def _looking(self, coverage: list[dict[str, Any]]) -> EmergingLinks:
        return EmergingLinks(self.q, self.popular, self.known, coverage)

    def _told(self, looked: Looked | None) -> Iterator[Alert]:
        if looked is not None:
            for one in looked.found.table.to_pylist():
                yield self._alert(one, looked.facts[one["place"]], looked)

    def _alert(self, one: dict[str, Any], facts: Facts, looked: Looked) -> Alert:
        about = Circumstances(
            pages=float(facts.pages_once / facts.links),
            top_account=float(facts.top_account / facts.links),
            collected_days=(one["found_at"] - looked.begin) // timedelta(days=1) + 1,
            judged=looked.found.judged,
            listed=bool(self.popular),
        )
        doubts = tuple(emerging_doubts(about))
        head = SIMULATED if all(map(is_simulated, facts.platforms)) else ""
        kind = "domain" if one["place"] == one["domain"] else "place"
        return Alert(
            detector=self.name,
            version=self.version,
            parameters=asdict(self) | {"popular": list(self.popular), "known": list(self.known)},
            anchor=one["place"],
            start=one["first_at"].astimezone(UTC),
            end=max(one["found_at"], facts.last),
            subjects=(
                Subject(kind, one["place"]),
                *(Subject("channel", name) for name, _ in facts.firsts),
            ),
            severity=Severity.MEDIUM if facts.channels >= MANY else Severity.LOW,
            score=(1.0 - one["q"]) * 0.9 ** len(doubts),
            sentence=head + emerging_sentence(one, facts.channels),
            evidence=tuple(dict.fromkeys(message for _, message in facts.firsts)),
            doubt=(*doubts, GENERAL),
            p=one["p"],
            q=one["q"],
            observed=float(one["observed"]),
            expected=one["expected"],
            details={
                "place": one["place"],
                "kind": one["kind"],
                "platforms": list(facts.platforms),
                "channels_when_found": one["channels"],
                "channels": facts.channels,
                "fifth_channel_at": one["fifth_channel_at"].isoformat(),
                "found_at": one["found_at"].isoformat(),
                "compared_with": looked.found.judged,
                "pages": facts.pages,
                "picture": facts.picture,
            },
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Eleven gardening clubs take to a server of their own, one by one; the same clubs link to it once."""
        return emerging_example(coming_back=True), emerging_example(coming_back=False)

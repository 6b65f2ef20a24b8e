"""Texts whose copies reach new accounts or channels much faster than copies usually do on a platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import ClassVar

import pyarrow as pa

from seawall.detectors.spread_copies import COLUMNS
from seawall.detectors.spread_example import spread_example
from seawall.detectors.spread_found import Fast, Rule
from seawall.detectors.spread_known import HOUR, Known, hours_of
from seawall.detectors.spread_over import FastSpreads
from seawall.detectors.spread_picture import details, evidence, first_by_channel, text_name
from seawall.detectors.spread_standing import SpreadStanding
from seawall.detectors.spread_texts import NOT_COMPARED, kinds_of, near_texts
from seawall.detectors.spread_words import Circumstances, found_doubts, general_doubts, instant, spread_sentence
from seawall.errors import ConfigurationError
from seawall.model import Alert, Severity, Subject
from seawall.protocols import Window

MANY, MOST = 10, 100
"""From so many accounts on a spread is of medium and of high severity."""
MANY_CHANNELS = 30
"""And of high severity from so many channels on."""
LISTED_CHANNELS = 100
"""So many channels are named as subjects, those that had it first."""


@dataclass(frozen=True)
class SpreadDetector:
    """Texts whose copies reached new accounts or channels abnormally fast, compared with how copies usually do here.

    Copies are messages of one cluster: equal match keys, and near-duplicates where text is kept. Of each text that had
    not been seen for ``silence_h`` hours it takes the most accounts, and channels, that were reached for the first
    time within 10 minutes, an hour and a day. See ``seawall.measures.heavy_tail`` for what is usual. It counts
    accounts and channels, knows no word, and says nothing about an account.

    Args:
        q: the false-discovery rate up to which a text is told, over all copied texts.
        least: the least number of accounts or channels within the span.
        silence_h: hours in which the text was not seen, although the platform was collected, before it counts as new.
        similarity: how similar texts are to be copies of each other, 0 to 1 (Jaccard, of their words).
        spans_s: seconds.

    Raises:
        ConfigurationError: no span, or a silence shorter than the longest of them.

    >>> from seawall.checks import MemoryWindow
    >>> detector = SpreadDetector()
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.sentence.split(";")[0]
    'One text reached 40 accounts on garden within 10 min from 5 May 2026 14:05 UTC on'
    """

    q: float = 0.1
    least: int = 5
    silence_h: float = 24.0
    similarity: float = 0.8
    spans_s: tuple[float, ...] = (600.0, 3600.0, 86400.0)

    name: ClassVar[str] = "spread"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": (*COLUMNS, "text"),
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if not self.spans_s or min(self.spans_s) <= 0:
            raise ConfigurationError("A span is longer than nothing.", where="spans_s", mend="Give seconds, as 3600.")
        if self.silence_h * 3600 < max(self.spans_s):
            raise ConfigurationError(
                "A text that was silent for less than a span cannot be told from one that goes on.",
                where="silence_h",
                mend="Make it as long as the longest span.",
            )

    def detect(self, window: Window) -> Iterator[Alert]:
        """The spreads of this window, those that began first at the head."""
        hours = hours_of(window.engine.parts(window.table("messages", ("platform", "sent_at", "kind"))))
        coverage = window.query("SELECT * FROM coverage").to_pylist()
        known = Known.of(hours, coverage, start=window.start, end=window.end)
        measure = FastSpreads(self.rule, known, self.near(window, known))
        found = window.engine.run(measure, window.table("messages", COLUMNS), total=known.messages)
        yield from self.said(window, found, known)

    @property
    def rule(self) -> Rule:
        """When a spread is told."""
        spans = tuple(int(span * 1e6) for span in self.spans_s)
        return Rule(self.q, self.least, int(self.silence_h * HOUR), spans)

    def near(self, window: Window, known: Known) -> pa.Table | None:
        """Which texts are copies though their match keys differ."""
        return near_texts(window, self.similarity, total=known.messages)

    def said(self, window: Window, found: Sequence[Fast], known: Known) -> Iterator[Alert]:
        """What is said of spreads, with the ways in which copies differ."""
        kinds = kinds_of(window, [one.copies for one in found], total=known.messages)
        for one, of_each in zip(found, kinds, strict=True):
            yield self.alert(one, known, of_each)

    def found(self, table: pa.Table, clusters: pa.Table | None, known: Known) -> list[Fast]:
        """The spreads among copies (``spread_copies.SCHEMA``), in any order of rows."""
        return FastSpreads(self.rule, known, clusters).among(table)

    def alert(self, one: Fast, known: Known, kinds: Mapping[str, int], *, exact: bool = False) -> Alert:
        """What is said of one spread."""
        start, end = int(one.copies.at[0]), int(one.copies.at[-1])
        about = Circumstances(known.collected.told(one.platform), known.missing(one.platform, start, end), exact)
        found = list(found_doubts(one, about))
        channels = one.copies.table["channel"].take(pa.array(first_by_channel(one.copies)[:LISTED_CHANNELS]))
        return Alert(
            detector=self.name,
            version=self.version,
            parameters={**asdict(self), "spans_s": list(self.spans_s)},
            anchor=f"{one.platform} {'reposted' if one.reposted else 'posted'} {instant(start).isoformat()}",
            start=instant(start),
            end=instant(end),
            subjects=(Subject("text", text_name(one)), *(Subject("channel", name) for name in channels.to_pylist())),
            severity=_severity(one),
            score=(1.0 - one.q) * 0.9 ** len(found),
            sentence=spread_sentence(one),
            evidence=evidence(one.copies),
            doubt=(*found, *general_doubts(one, about)),
            p=one.p,
            q=one.q,
            observed=float(one.told.observed),
            expected=one.told.expected,
            details=details(one, kinds),
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Forty accounts post a gardening club's call within ten minutes; the same, six hours from one another."""
        return spread_example(timedelta(seconds=14)), spread_example(timedelta(hours=6))


@dataclass(frozen=True)
class WatchedSpread(SpreadDetector):
    """The same while it happens: copies are texts with the same match key, because a watch keeps no text.

    Its alerts have the names of those of ``SpreadDetector``, which adds edited copies to them when ``detect`` runs.
    """

    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {**SpreadDetector.needs, "messages": COLUMNS}

    def near(self, window: Window, known: Known) -> pa.Table | None:
        """Without text only equal match keys tell copies."""
        return None

    def said(self, window: Window, found: Sequence[Fast], known: Known) -> Iterator[Alert]:
        """What is said of spreads of which no text is read."""
        return self._exact(found, known)

    def told(self, table: pa.Table, known: Known) -> Iterator[Alert]:
        """The same of copies (``spread_copies.SCHEMA``), without a window."""
        return self._exact(self.found(table, None, known), known)

    def _exact(self, found: Sequence[Fast], known: Known) -> Iterator[Alert]:
        for one in found:
            yield self.alert(one, known, {NOT_COMPARED: len(one.copies)}, exact=True)

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> SpreadStanding:
        """An empty state that can be fed, or the one that was saved."""
        return SpreadStanding(self, saved)


def _severity(one: Fast) -> Severity:
    if one.accounts >= MOST or one.channels >= MANY_CHANNELS:
        return Severity.HIGH
    return Severity.MEDIUM if one.accounts >= MANY else Severity.LOW

"""Collapse and recovery of media production: a channel that made 90 videos a month makes 6, and later is back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from seawall.detectors.examples import messages_table
from seawall.detectors.output_levels import Change, Rule, changes
from seawall.detectors.output_picture import details
from seawall.detectors.output_series import Made, made_series
from seawall.detectors.output_standing import MESSAGE, OutputStanding, collected_of
from seawall.detectors.output_words import (
    THINGS,
    Beside,
    day,
    output_doubts,
    output_sentence,
    output_title,
)
from seawall.detectors.surge_collected import Collected
from seawall.errors import ConfigurationError
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.model import COVERAGE, Alert, Severity, Subject
from seawall.protocols import Window

MUCH = 30.0
"""From so many items in 28 days on a fall is of medium severity."""


@dataclass(frozen=True)
class OutputDetector:
    """Falls of media production to a fraction of what it was, by platform and by channel, and the recoveries after.

    It counts videos, images, audio recordings and documents that are published, not those that are passed on, and says
    nothing about accounts. One alert a fall, one a recovery. See ``seawall.detectors.output_levels`` for the method. A
    day that was not collected is unknown and never silence; so is a day on which a whole source fell silent.

    Args:
        kinds: what is counted: "video", "image", "audio", "document".
        q: the false-discovery rate up to which a fall is told.
        least_factor: told are falls to at most one in so many.
        least_change: told are changes by at least so many items.
        recovered: told is a recovery to at least this part of what it was before the fall.
        least_items: series with fewer items in all are left out.

    Raises:
        ConfigurationError: a kind of media that is not counted, or none.

    >>> detector = OutputDetector()
    >>> from seawall.checks import MemoryWindow
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.sentence.split(":")[0]
    'Videos on garden fell to 6 in 28 days, from 84, from 2 March to 10 May 2026 UTC'
    """

    kinds: tuple[str, ...] = ("video", "image", "audio", "document")
    q: float = 0.05
    least_factor: float = 3.0
    least_change: int = 10
    recovered: float = 0.5
    least_items: int = 60

    name: ClassVar[str] = "output"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": ("platform", "source", "channel_id", "media", "kind", "sent_at"),
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if not self.kinds or not set(self.kinds) <= set(THINGS):
            raise ConfigurationError(
                "A kind of media is not counted.", where="kinds", mend=f"Choose from {', '.join(THINGS)}."
            )

    def detect(self, window: Window) -> Iterator[Alert]:
        """The falls and recoveries of this window, by kind, platform, channel and time."""
        counted = window.query(self._counting())
        coverage = window.query("SELECT * FROM coverage").to_pylist()
        yield from self.of(counted, collected_of(counted, coverage, start=window.start, end=window.end))

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> OutputStanding:
        """What was made on each day, kept while records come in."""
        return OutputStanding(self.kinds, self.of, saved)

    def of(self, counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        """The falls and recoveries of counts: ``platform, source, channel, thing, day, count``."""
        made = made_series(counted, collected, self.kinds, self.least_items)
        rule = Rule(self.q, self.least_factor, self.least_change, self.recovered)
        for change in changes([one.days for one in made], rule):
            yield self._alert(change, made[change.series], made)

    def _counting(self) -> str:
        """Messages and what is made of media, by platform, source, channel and day; no later revisions."""
        kinds = ", ".join(f"'{kind}'" for kind in self.kinds)
        return f"""
            SELECT platform, source, channel, thing, day, count(*) AS count
            FROM (
                SELECT platform, source, channel_id AS channel, unnest(list_concat(
                    ['{MESSAGE}'],
                    CASE WHEN kind <> 'repost' THEN list_transform(media, lambda one: one.kind) END)) AS thing,
                    CAST(floor((epoch_us(sent_at) - {FIRST_MONDAY}) / {DAY}) AS BIGINT) AS day
                FROM messages WHERE kind <> 'edit'
            )
            WHERE thing IN ('{MESSAGE}', {kinds})
            GROUP BY ALL
        """  # noqa: S608 - words of our own

    def _alert(self, change: Change, made: Made, all_made: list[Made]) -> Alert:
        title = output_title(made.kind, made.platform, made.channel)
        beside = _beside(change, made, all_made)
        masked = int((~made.days.known[_part(made, change.ordinary.start, change.window.end)]).sum())
        doubt = tuple(output_doubts(change, beside, masked))
        broad = change.down and beside.messages is not None and beside.messages <= 0.5
        running = change.down and change.window.end >= made.days.first + len(made.days.counts) - 6
        channel = () if made.channel is None else (Subject("channel", made.channel),)
        direction = "down" if change.down else "up"
        return Alert(
            detector=self.name,
            version=self.version,
            parameters={**asdict(self), "kinds": [made.kind]},
            anchor=f"{made.kind} {made.platform} {made.channel or ''} {direction} {day(change.window.start):%Y-%m-%d}",
            start=day(change.window.start),
            end=day(change.window.end),
            subjects=(*channel, Subject("media", made.kind), Subject("platform", made.platform)),
            severity=Severity.MEDIUM if change.down and 28 * change.before.rate >= MUCH else Severity.LOW,
            score=(1.0 - change.q) * change.history * 0.9 ** (len(doubt) - 1) * (0.5 if broad else 1.0),
            sentence=output_sentence(title, change, running=running),
            doubt=doubt,
            p=change.p,
            q=change.q,
            observed=change.window.items,
            expected=change.expected,
            details={"series": title, "direction": direction, **details(change, made, masked)},
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """A cycling club's video channel that all but stops in March and is back in May, and one that goes on."""
        return _world(14), _world(1)


def _part(made: Made, begin: int, end: int) -> slice:
    """The days [begin, end) within a series."""
    first = made.days.first
    return slice(max(begin - first, 0), max(end - first, 0))


def _beside(change: Change, made: Made, all_made: list[Made]) -> Beside:
    """What else changed on the platform: the same days, the same days before."""
    window, before = ((level.start, level.end) for level in (change.window, change.ordinary))
    others = [
        one
        for one in all_made
        if one.platform == made.platform and one.channel is None and (made.channel is not None or one is not made)
    ]
    shares = []
    for parts in ([made.all_messages], [one.days for one in others]):
        rates = [sum(_rate(days, *span) for days in parts) for span in (window, before)]
        shares.append(rates[0] / rates[1] if rates[1] > 0 else None)
    silent = tuple(sorted({source for source, begin, end in made.silent if begin < window[1] and end > before[0]}))
    return Beside(shares[0], shares[1], silent, made.told)


def _rate(days: Any, begin: int, end: int) -> float:
    part = slice(max(begin - days.first, 0), max(end - days.first, 0))
    known = days.known[part]
    return float(np.where(known, days.counts[part], 0).sum() / max(int(known.sum()), 1))


def _world(fall: int) -> dict[str, pa.Table]:
    begin, days = datetime(2025, 9, 1, tzinfo=UTC), 300
    rows: list[dict[str, Any]] = []
    for number in range(days):
        at = begin + timedelta(days=number, hours=9)
        low = 182 <= number < 252
        rows += [{"sent_at": at + timedelta(hours=hour), "channel_id": f"c{hour % 2:020x}"} for hour in range(8)]
        for video in range(3 if not low or fall == 1 else int(number % fall in (3, 8, 11))):
            media = [{"kind": "video", "bytes": None, "sha256": None, "pdq": None, "quality": None}]
            rows.append({"sent_at": at + timedelta(minutes=video), "channel_id": f"c{0:020x}", "media": media})
    known = {"source": "example", "platform": "garden", "channel_id": None, "how": "stated", "complete": True}
    coverage = [{**known, "start": begin, "end": begin + timedelta(days=days), "batch": 1}]
    return {"messages": messages_table(rows), "coverage": pa.Table.from_pylist(coverage, schema=COVERAGE)}

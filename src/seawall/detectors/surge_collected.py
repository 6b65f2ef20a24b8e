"""What was collected of each platform and channel, from the lake's coverage and its messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ASSUMED = "assumed"
"""The source of coverage that nobody told: what was imported before a watch began."""

Interval = tuple[datetime, datetime]
Place = tuple[str, str | None]
"""A platform, and a channel of it or None for the whole."""


@dataclass(frozen=True)
class Collected:
    """Answers what was collected of a place.

    Args:
        coverage: rows of the lake's coverage table.
        spans: platform -> its first and last message: what counts as collected where coverage tells nothing.
        start: of the window that is looked at; nothing before it is known.
        end: of the window; nothing from here on is known.
    """

    coverage: Iterable[Mapping[str, Any]]
    spans: Mapping[str, Interval]
    start: datetime | None = None
    end: datetime | None = None
    _whole: dict[Place, list[Interval]] = field(init=False, default_factory=dict)
    _gaps: dict[Place, list[Interval]] = field(init=False, default_factory=dict)
    _sources: dict[tuple[str, str], datetime] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.coverage:
            kind = self._whole if row["complete"] else self._gaps
            kind.setdefault((row["platform"], row["channel_id"]), []).append((row["start"], row["end"]))
            source = (row["platform"], row["source"])
            self._sources[source] = min(row["start"], self._sources.get(source, row["start"]))

    def told(self, platform: str) -> bool:
        """Whether somebody or a live source tells what was collected of the whole platform."""
        named = {source for name, source in self._sources if name == platform}
        return (platform, None) in self._whole and named != {ASSUMED}

    def of(self, platform: str, channel: str | None = None) -> list[Interval]:
        """The intervals in which everything was collected, sorted and apart."""
        places = {(platform, None), (platform, channel)}
        whole = [span for place in places for span in self._whole.get(place, ())] or [self.spans[platform]]
        if self.start is not None:
            whole = [(max(begin, self.start), end) for begin, end in whole]
        if self.end is not None:
            whole = [(begin, min(end, self.end)) for begin, end in whole]
        gaps = [gap for place in places for gap in self._gaps.get(place, ())]
        return _without(_joined(whole), _joined(gaps))

    def newcomers(self, platform: str, after: datetime, before: datetime) -> list[datetime]:
        """When further sources of the platform began, within [after, before)."""
        began = sorted(at for (name, _), at in self._sources.items() if name == platform)
        return [at for at in began[1:] if after <= at < before]


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    result: list[Interval] = []
    for begin, end in sorted(intervals):
        if begin >= end:
            continue
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((begin, end))
    return result


def _without(intervals: list[Interval], gaps: list[Interval]) -> list[Interval]:
    result: list[Interval] = []
    for begin, end in intervals:
        for low, high in gaps:
            if begin < low < end:
                result.append((begin, low))
            if low < end and high > begin:
                begin = max(begin, high)
        if begin < end:
            result.append((begin, end))
    return result

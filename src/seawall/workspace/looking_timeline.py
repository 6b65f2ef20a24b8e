"""Counts of messages over time as a page draws them: with what was expected, surges, and what was not collected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief import SurgeWindow, Timeline
from seawall.brief.timeline import NARROW, WIDE, TimelinePicture, draw
from seawall.casebook.glances import Glance
from seawall.detectors.surge_collected import Collected
from seawall.measures import expectation
from seawall.model.instants import INSTANT, microseconds
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_held import HeldLake, Rows, instant

Interval = tuple[datetime, datetime]
DAY = timedelta(days=1)
MOST_BINS = 200
"""A picture has so many counts at most, because each stands in its table too."""

FEW_WEEKS = timedelta(days=28)
"""Such spans are counted by days, which is what surges are looked for in."""

MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720, 1440, 7 * 1440, 28 * 1440, 364 * 1440))
UNITS = {
    timedelta(minutes=1): "messages per minute",
    timedelta(minutes=60): "messages per hour",
    DAY: "messages per day",
    timedelta(days=7): "messages per week",
}


@dataclass(frozen=True, slots=True)
class WindowSeen:
    """A surge or collapse of a platform, and the case that tells of it."""

    case_id: str
    status: str
    sentence: str
    window: SurgeWindow


@dataclass(frozen=True, slots=True)
class TimelineSeen:
    """A timeline with what a page needs to draw and to tell it."""

    line: Timeline
    gaps: tuple[Interval, ...]  # not collected, within the picture
    windows: tuple[WindowSeen, ...]  # in the order of time, as they are numbered
    messages: int  # that it counts
    as_of: datetime  # when the lake was read

    @property
    def start(self) -> datetime:
        """Where the picture begins (UTC)."""
        return self.line.at[0]

    @property
    def end(self) -> datetime:
        """Where the picture ends (UTC)."""
        return self.line.at[-1] + self.line.bin

    @property
    def pictures(self) -> tuple[tuple[str, TimelinePicture, tuple[tuple[float, float], ...]], ...]:
        """Name of the width, geometry, and where to hatch (x, width), for a wide and for a narrow page."""
        drawn = [(name, draw(self.line, width)) for name, width in (("wide", WIDE), ("narrow", NARROW))]
        return tuple((name, picture, tuple(self._hatches(picture))) for name, picture in drawn)

    def _hatches(self, picture: TimelinePicture) -> Iterable[tuple[float, float]]:
        whole, room = self.end - self.start, picture.right - picture.left
        for first, last in self.gaps:
            x = picture.left + room * ((first - self.start) / whole)
            yield round(x, 1), round(max(room * ((last - first) / whole), 1.5), 1)

    def as_json(self) -> dict[str, Any]:
        """For the script that draws it: times in seconds since 1970 (UTC); null = not collected."""
        line = self.line
        return {
            "title": line.title,
            "unit": line.unit,
            "source": line.source,
            "zone": "UTC",
            "bin": line.bin.total_seconds(),
            "at": [one.timestamp() for one in line.at],
            "observed": line.observed,
            "expected": line.expected,
            "low": line.low,
            "high": line.high,
            "gaps": [[first.timestamp(), last.timestamp()] for first, last in self.gaps],
            "windows": [
                {
                    "number": number,
                    "start": one.window.start.timestamp(),
                    "end": one.window.end.timestamp(),
                    "direction": one.window.direction,
                    "case": one.case_id,
                    "sentence": one.sentence,
                }
                for number, one in enumerate(self.windows, start=1)
            ],
            "as_of": self.as_of.isoformat(),
        }


def step_for(start: datetime, end: datetime) -> timedelta:
    """The shortest step with which a picture of this span has at most ``MOST_BINS`` counts; of a few weeks, days.

    >>> step_for(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC))
    datetime.timedelta(seconds=3600)
    """
    if FEW_WEEKS <= end - start <= (MOST_BINS - 1) * DAY:
        return DAY
    for step in STEPS:
        if (end - start) / step <= MOST_BINS - 1:
            return step
    return STEPS[-1]


def unit_of(step: timedelta) -> str:
    """What a count counts.

    >>> unit_of(timedelta(hours=3)), unit_of(timedelta(days=28))
    ('messages per 3 hours', 'messages per 28 days')
    """
    if step in UNITS:
        return UNITS[step]
    if step.days:
        return f"messages per {step.days} days"
    minutes = step // timedelta(minutes=1)
    return f"messages per {minutes // 60} hours" if minutes % 60 == 0 else f"messages per {minutes} minutes"


def timeline(
    held: HeldLake, chosen: MessageFilter, title: str, surges: Iterable[Glance], rows: Rows | None = None
) -> TimelineSeen | None:
    """The messages of a filter over time; None where the lake has none at all.

    Args:
        held: the lake.
        chosen: which messages, and the span of the picture where it tells one.
        title: of the picture.
        surges: of the platform, for a picture of all its messages.
        rows: those of the filter, where they were looked up before.
    """
    found = held.messages.rows(chosen) if rows is None else rows
    within = held.messages.span(found) or held.messages.span()
    if within is None:
        return None
    start, end = chosen.start or within[0], chosen.end or within[1] + INSTANT
    if start >= end:
        start, end = min(start, end), max(start, end) + timedelta(minutes=1)
    step = step_for(start, end)
    at, counts = _counted(held.messages.times[found], start, end, step)
    gaps = tuple(_gaps(held, chosen, at[0], at[-1] + step))
    windows = tuple(sorted(map(_window, surges), key=lambda one: one.window.start))
    whole = chosen.platform if set(chosen.names) == {"platform"} and chosen.key is None else None
    band = _band(held, whole, at) if whole is not None and step == DAY else {}
    line = Timeline(
        title=title,
        unit=unit_of(step),
        source="messages in the lake, by time sent" + ("; a day ends at midnight UTC" if step >= DAY else ""),
        bin=step,
        at=tuple(at),
        observed=tuple(_observed(at, counts, step, gaps)),
        windows=tuple(one.window for one in windows),
        **band,
    )
    return TimelineSeen(line, gaps, windows, len(found), held.read_at)


def _counted(
    times: npt.NDArray[np.int64], start: datetime, end: datetime, step: timedelta
) -> tuple[list[datetime], list[int]]:
    origin, width = microseconds(MONDAY), step // INSTANT
    first, last = (microseconds(start) - origin) // width, (microseconds(end) - 1 - origin) // width
    counts = np.bincount((times - origin) // width - first, minlength=int(last - first) + 1)
    return [instant(origin + place * width) for place in range(first, last + 1)], counts.tolist()


def _observed(
    at: Sequence[datetime], counts: Sequence[int], step: timedelta, gaps: Sequence[Interval]
) -> list[float | None]:
    """A bin without a message that was not wholly collected has no count."""
    told: list[float | None] = []
    for begin, count in zip(at, counts, strict=True):
        missed = not count and any(first < begin + step and last > begin for first, last in gaps)
        told.append(None if missed else float(count))
    return told


def _gaps(held: HeldLake, chosen: MessageFilter, start: datetime, end: datetime) -> Iterable[Interval]:
    """When nothing was collected, within [start, end): of several platforms, when none of them was."""
    missing: list[Interval] | None = None
    names = [chosen.platform] if chosen.platform is not None else [name for name, _ in held.platforms]
    for name in names:
        if name in held.platform_spans:
            own = list(_without(collected_of(held, name, chosen.channel), start, end))
            missing = own if missing is None else list(_common(missing, own))
    return missing or []


def collected_of(held: HeldLake, platform: str, channel: str | None = None) -> list[Interval]:
    """When a platform, or a channel of it, was collected; from the first to the last message's day if nobody tells."""
    known = held.memo.get("collected")
    if known is None:
        spans = {name: (_day(first), _day(last) + DAY) for name, (first, last) in held.platform_spans.items()}
        known = held.memo["collected"] = Collected(held.coverage, spans)
    return known.of(platform, channel)


def _without(collected: Iterable[Interval], start: datetime, end: datetime) -> Iterable[Interval]:
    begin = start
    for first, last in collected:
        if first > begin and begin < end:
            yield begin, min(first, end)
        begin = max(begin, last)
    if begin < end:
        yield begin, end


def _common(one: Sequence[Interval], other: Sequence[Interval]) -> Iterable[Interval]:
    for first, last in one:
        for begin, end in other:
            if max(first, begin) < min(last, end):
                yield max(first, begin), min(last, end)


def _band(held: HeldLake, platform: str, at: Sequence[datetime]) -> dict[str, tuple[float | None, ...]]:
    """What was expected of these days; nothing where too little came before."""
    whole = expected_of(held, platform)
    told = {name: tuple(whole[name].get(day) for day in at) for name in ("expected", "low", "high")}
    return told if any(one is not None for one in told["expected"]) else {}


def expected_of(held: HeldLake, platform: str) -> dict[str, dict[datetime, float]]:
    """Expected, low and high of each day of a platform, computed once for each state of the lake."""
    key = ("expected", platform)
    if key not in held.memo:
        rows = held.messages.rows(MessageFilter(platform=platform))
        span = held.messages.span(rows)
        held.memo[key] = _expected(held, platform, rows, *span) if span is not None else _nothing_expected()
    known: dict[str, dict[datetime, float]] = held.memo[key]
    return known


def _nothing_expected() -> dict[str, dict[datetime, float]]:
    return {"expected": {}, "low": {}, "high": {}}


def _expected(
    held: HeldLake, platform: str, rows: Rows, first: datetime, last: datetime
) -> dict[str, dict[datetime, float]]:
    at, counts = _counted(held.messages.times[rows], first, last + INSTANT, DAY)
    spans = [(max(begin, _day(first)), min(end, _day(last) + DAY)) for begin, end in collected_of(held, platform)]
    spans = [(begin, end) for begin, end in spans if begin < end]
    if not spans:
        return _nothing_expected()
    series = {"series": [platform] * len(at), "at": at, "count": counts}
    coverage = {"series": [platform] * len(spans), "start": [one for one, _ in spans], "end": [one for _, one in spans]}
    found = expectation(pa.table(series), bin="1d", coverage=pa.table(coverage))
    days = found["at"].to_pylist()
    told = {}
    for name in ("expected", "low", "high"):
        values = zip(days, pc.fill_null(found[name], np.nan).to_numpy(), strict=True)
        told[name] = {day: float(value) for day, value in values if np.isfinite(value)}
    return told


def _window(glance: Glance) -> WindowSeen:
    alert = glance.alert
    low, high = alert.details.get("factor_interval") or (None, None)
    window = SurgeWindow(
        start=alert.start,
        end=alert.end,
        observed=float(alert.observed or 0),
        expected=float(alert.expected or 0),
        factor=float(alert.details.get("factor") or 0),
        factor_low=low,
        factor_high=high,
        q=alert.q,
        direction=str(alert.details.get("direction", "up")),
    )
    return WindowSeen(glance.case_id, glance.status, alert.sentence, window)


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)

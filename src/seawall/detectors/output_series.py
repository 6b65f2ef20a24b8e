"""Counts and coverage -> the series of what was made, with the days on which their collector was silent left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.output_levels import Days
from seawall.detectors.output_silence import BEFORE, silences
from seawall.detectors.output_standing import MESSAGE
from seawall.detectors.surge_collected import Collected
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.model import UTC_MICROSECONDS

Silence = tuple[str, int, int]
"""A source, and the days [begin, end) on which it told nothing."""


@dataclass(frozen=True)
class Made:
    """One series: what was made of one kind, in one channel or on the whole platform."""

    kind: str
    platform: str
    channel: str | None
    days: Days
    all_messages: Days  # of the platform, whatever they carry
    silent: tuple[Silence, ...]  # of the sources that brought it
    told: bool  # somebody stated what was collected of the platform


@dataclass(frozen=True)
class _Counts:
    """The counts of one platform by source, channel and thing."""

    platform: str
    rows: pa.Table

    def days(self, thing: str, *, channel: str | None = None, source: str | None = None) -> dict[int, int]:
        """Day -> number, of all channels and sources unless one is named."""
        rows = self.rows.filter(pc.equal(self.rows["thing"], thing))
        for name, value in (("channel", channel), ("source", source)):
            rows = rows if value is None else rows.filter(pc.equal(rows[name], value))
        sums = rows.group_by("day").aggregate([("count", "sum")])
        return dict(zip(sums["day"].to_pylist(), sums["count_sum"].to_pylist(), strict=True))


def made_series(counted: pa.Table, collected: Collected, kinds: Sequence[str], least: int) -> list[Made]:
    """The series with at least so many items, by kind, platform and channel (the platform as a whole first)."""
    found: list[Made] = []
    for platform in sorted(pc.unique(counted["platform"]).to_pylist()):
        counts = _Counts(platform, counted.filter(pc.equal(counted["platform"], platform)))
        found += _of_platform(counts, collected, kinds, least)
    return sorted(found, key=lambda made: (kinds.index(made.kind), made.platform, made.channel or ""))


def _of_platform(counts: _Counts, collected: Collected, kinds: Sequence[str], least: int) -> Iterator[Made]:
    sums = counts.rows.group_by(["thing", "channel"]).aggregate([("count", "sum")]).to_pylist()
    wanted = []
    for kind in kinds:
        own = {row["channel"]: row["count_sum"] for row in sums if row["thing"] == kind}
        whole = sum(own.values())
        wanted += [(kind, None)] if whole >= least else []
        wanted += [(kind, name) for name, size in sorted(own.items(), key=str) if name and least <= size < whole]
    if not wanted:
        return
    everything = _matrix(counts.days(MESSAGE), collected.of(counts.platform))
    silent = list(_silent(counts, everything))
    everything = _without(everything, [(begin, end) for source, begin, end in silent if not source])
    for kind, channel in wanted:
        days = _matrix(counts.days(kind, channel=channel), collected.of(counts.platform, channel))
        fed, gone = _fed(counts, kind, channel, silent)
        told = collected.told(counts.platform)
        yield Made(kind, counts.platform, channel, _without(days, gone), everything, tuple(fed), told)


def _silent(counts: _Counts, everything: Days) -> Iterator[Silence]:
    """Silences of the whole platform (the source is called "") and of each of its sources, in which much was due."""
    yield from (("", begin, end) for begin, end in _silences(everything))
    sources = sorted(pc.unique(counts.rows["source"]).to_pylist())
    for source in sources if len(sources) > 1 else ():
        number = counts.days(MESSAGE, source=source)
        first = everything.first
        own = np.array([number.get(first + day, 0) for day in range(len(everything.counts))], float)
        yield from ((source, begin, end) for begin, end in _silences(replace(everything, counts=own)))


def _silences(days: Days) -> Iterator[tuple[int, int]]:
    for begin, end in silences(days.counts, days.known):
        yield begin + days.first, end + days.first


def _fed(
    counts: _Counts, kind: str, channel: str | None, silent: Sequence[Silence]
) -> tuple[list[Silence], list[tuple[int, int]]]:
    """Of these silences those that concern a series, and the stretches of days that they make unknown.

    A source concerns a series if it brought at least half of it in the four weeks before. Days on which another source
    brought something of the same channel are known all the same.
    """
    concerned, gone = [], []
    came, every = (counts.days(thing, channel=channel) if silent else {} for thing in (MESSAGE, kind))
    for source, begin, end in silent:
        if source:
            own, whole = (
                sum(number for day, number in of.items() if begin - BEFORE <= day < begin)
                for of in (counts.days(kind, channel=channel, source=source), every)
            )
            if not whole or 2 * own < whole:
                continue
            concerned.append((source, begin, end))
        gone += [(day, day + 1) for day in range(begin, end) if not came.get(day)]
    return concerned, gone


def _matrix(numbers: dict[int, int], known: Sequence[tuple[object, object]]) -> Days:
    """The days from the first on which there is something to the last that was collected."""
    spans = [tuple(_micros(at) - FIRST_MONDAY for at in span) for span in known]
    whole = [(-(-begin // DAY), end // DAY) for begin, end in spans]
    first = min(numbers)
    last = max([end for _, end in whole if end > first], default=first)
    counts = np.array([numbers.get(day, 0) for day in range(first, last)], float)
    collected = np.zeros(last - first, bool)
    for begin, end in whole:
        collected[max(begin - first, 0) : max(end - first, 0)] = True
    return Days(first, counts, collected)


def _micros(at: object) -> int:
    value: int = pa.scalar(at, UTC_MICROSECONDS).cast(pa.int64()).as_py()
    return value


def _without(days: Days, gone: Sequence[tuple[int, int]]) -> Days:
    known = days.known.copy()
    for begin, end in gone:
        known[max(begin - days.first, 0) : max(end - days.first, 0)] = False
    return replace(days, known=known)

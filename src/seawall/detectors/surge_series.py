"""The series of messages, and what stands out among those of each kind: counted and judged here, or in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Collected, Interval
from seawall.detectors.surge_counts import Counting, counted_here, counted_over, named_series, with_times
from seawall.detectors.surge_running import peaks
from seawall.measures.bursts import SurgesMeasure
from seawall.measures.bursts.measure import ORDINARY, is_tall
from seawall.model import UTC_MICROSECONDS
from seawall.parts import Parts

PARTS = ("channel", "language", "media")
"""Kinds of series into which all messages of a platform fall: where there is one of them alone it is the platform."""
COLUMNS = (
    *("platform", "channel_id", "account_id", "language", "kind", "sent_at"),
    *("text_key", "links", "media"),
)
"""Of messages, what is counted."""


@dataclass(frozen=True)
class Family:
    """What stands out among all series of one kind.

    Args:
        kind: of series.
        peers: platform -> how many series of this kind it has.
        found: the windows, as ``SurgesMeasure`` gives them, with details.
        counts: ``series, at, count`` of the series that have a window at least.
        spans: of these series what was collected.
        coverage: the same as a table, with running bins in which one rose.
    """

    kind: str
    peers: Mapping[str, int]
    found: pa.Table
    counts: pa.Table
    spans: Mapping[str, list[Interval]]
    coverage: pa.Table


@dataclass(frozen=True)
class Judging:
    """How series are chosen and judged: here, or in parts that are cut by series.

    Args:
        bin: width of a bin, "1d".
        kinds: of series.
        least: series with fewer messages in all are left out.
    """

    bin: str
    kinds: tuple[str, ...]
    least: int

    def here(self, counted: pa.Table, collected: Collected) -> list[Family]:
        """What stands out in counts (``kind, platform, name, at, count``), by kind; kinds without series are none."""
        own = self.chosen(counted, platform_totals(counted))
        found = self.peaks(own, collected)
        return self._families(_sizes(own), found, found.slice(0, 0), own, collected)

    def over(self, counted: Parts, totals: pa.Table, collected: Collected) -> list[Family]:
        """The same of counts in parts.

        What comes back are the tall peaks, the heights of the others, and the counts of series with a window.
        """
        own = counted.beside_all(totals, self.chosen)
        found = own.each(partial(self.peaks, collected=collected)).kept()
        tall, ordinary = found.each(_tall).all(), found.each(_ordinary).all()
        return self._families(own.each(_sizes).all(), tall, ordinary, own, collected)

    def chosen(self, counted: pa.Table, totals: pa.Table) -> pa.Table:
        """``kind, series, at, count`` of the series that are large enough, and not all of their platform once more."""
        counted = counted.append_column("series", named_series(counted))
        sums = counted.group_by(["kind", "series", "platform"]).aggregate([("count", "sum")]).join(totals, "platform")
        part = pc.is_in(sums["kind"], value_set=pa.array(PARTS))
        asked = pc.is_in(sums["kind"], value_set=pa.array(self.kinds))
        whole = pc.and_(part, pc.greater_equal(sums["count_sum"], sums["whole"]))
        large = pc.and_(asked, pc.greater_equal(sums["count_sum"], self.least))
        return _only(counted.select(OWN), sums.filter(pc.and_not(large, whole)))

    def peaks(self, own: pa.Table, collected: Collected) -> pa.Table:
        """The candidates of whole series, with their ``kind``."""
        found = [self._peaks(kind, _of_kind(own, kind), collected) for kind in pc.unique(own["kind"]).to_pylist()]
        return pa.concat_tables(found or [self._peaks("platform", _of_kind(own, "platform"), collected)])

    def _peaks(self, kind: str, counts: pa.Table, collected: Collected) -> pa.Table:
        found, _ = peaks(counts, spans_of(kind, counts, collected), self.bin)
        return found.append_column("kind", pa.repeat(pa.scalar(kind), len(found)))

    def _families(
        self, sizes: pa.Table, tall: pa.Table, ordinary: pa.Table, own: pa.Table | Parts, collected: Collected
    ) -> list[Family]:
        measure = SurgesMeasure(self.bin, details=True)
        peers = {kind: _peers(_of_kind(sizes, kind)) for kind in self.kinds}
        windows = {
            kind: measure.finalise(_of_kind(tall, kind), _of_kind(ordinary, kind)) for kind in self.kinds if peers[kind]
        }
        named = pa.concat_tables([_NAMES, *(_names(kind, found) for kind, found in windows.items())])
        counts = _only(own, named) if isinstance(own, pa.Table) else own.beside_all(named, _only).all()
        told = []
        for kind, found in windows.items():
            of_kind = _of_kind(counts, kind)
            spans = spans_of(kind, of_kind, collected)
            told.append(Family(kind, peers[kind], found, of_kind, spans, peaks(of_kind, spans, self.bin)[1]))
        return told


def platform_totals(counted: pa.Table) -> pa.Table:
    """``platform, whole``: how many messages each platform has."""
    whole = _of_kind(counted, "platform").group_by("platform").aggregate([("count", "sum")])
    return whole.rename_columns(["platform", "whole"])


def spans_of(kind: str, counts: pa.Table, collected: Collected) -> dict[str, list[Interval]]:
    """Series -> what was collected of it."""
    names = [key.split("\t", 1) for key in sorted(pc.unique(counts["series"]).to_pylist())]
    return {
        f"{platform}\t{name}": collected.of(platform, name if kind == "channel" else None) for platform, name in names
    }


OWN = ["kind", "platform", "series", "at", "count"]
_NAMES = pa.table({"kind": pa.array([], pa.string()), "series": pa.array([], pa.string())})


def _of_kind(rows: pa.Table, kind: str) -> pa.Table:
    return rows.filter(pc.equal(rows["kind"], kind))


def _only(counts: pa.Table, series: pa.Table) -> pa.Table:
    """The counts of some series, named by ``kind`` and ``series``."""
    keys, wanted = (pc.binary_join_element_wise(rows["kind"], rows["series"], "\t") for rows in (counts, series))
    return counts.filter(pc.is_in(keys, value_set=wanted.combine_chunks()))


def _names(kind: str, found: pa.Table) -> pa.Table:
    series = pc.unique(found["series"].cast(pa.string()))
    return pa.table({"kind": pa.repeat(pa.scalar(kind), len(series)), "series": series})


def _sizes(own: pa.Table) -> pa.Table:
    """``kind, platform, series``: how many series each platform has of each kind."""
    series = own.group_by(["kind", "platform", "series"]).aggregate([])
    return series.group_by(["kind", "platform"]).aggregate([([], "count_all")])


def _peers(sizes: pa.Table) -> dict[str, int]:
    sums = sizes.group_by("platform").aggregate([("count_all", "sum")])
    return dict(zip(sums["platform"].to_pylist(), sums["count_all_sum"].to_pylist(), strict=True))


def _tall(found: pa.Table) -> pa.Table:
    return found.filter(is_tall(found))


def _ordinary(found: pa.Table) -> pa.Table:
    return found.filter(pc.invert(is_tall(found))).select(["kind", *ORDINARY])


@dataclass(frozen=True)
class SurgeSeries:
    """All series of messages, and what stands out among them.

    Args:
        judging: how they are chosen and judged.
        counting: what is counted.
        coverage: rows of the lake's coverage table.
        start: of the window that is looked at.
        end: of the window.
    """

    judging: Judging
    counting: Counting
    coverage: Sequence[Mapping[str, Any]]
    start: datetime | None = None
    end: datetime | None = None
    columns: tuple[str, ...] = COLUMNS

    def at_once(self, rows: pa.RecordBatchReader) -> tuple[list[Family], Collected]:
        """What stands out, by kind of series; and what was collected."""
        counted, collected = self.counted(rows)
        return self.judging.here(counted, collected) if len(counted) else [], collected

    def counted(self, rows: pa.RecordBatchReader) -> tuple[pa.Table, Collected]:
        """The counts of all series as ``Judging.here`` takes them; and what was collected."""
        counted = with_times(counted_here(rows, self.counting), self.counting.width)
        return counted, self._collected(counted)

    def over(self, parts: Parts) -> tuple[list[Family], Collected]:
        """The same of messages in parts."""
        counted = counted_over(parts, self.counting, self.judging.least)
        platforms = counted.each(partial(_of_kind, kind="platform")).all()
        collected = self._collected(platforms)
        timed = counted.each(partial(with_times, width=self.counting.width))
        return self.judging.over(timed, platform_totals(platforms), collected) if len(platforms) else [], collected

    def _collected(self, counted: pa.Table) -> Collected:
        whole = _of_kind(counted, "platform").group_by("platform").aggregate([("first", "min"), ("last", "max")])
        spans = {
            platform: (first, last)
            for platform, first, last in zip(
                whole["platform"].to_pylist(),
                *(whole[name].cast(UTC_MICROSECONDS).to_pylist() for name in ("first_min", "last_max")),
                strict=True,
            )
        }
        return Collected(self.coverage, spans, self.start, self.end)

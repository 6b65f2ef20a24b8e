"""The bin that is not over: it can show a rise while it builds, and never a fall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Interval
from seawall.measures.bursts import SurgesMeasure
from seawall.measures.bursts.plan import FIRST_MONDAY, parse_bin
from seawall.model import UTC_MICROSECONDS

COVERAGE = pa.schema([("series", pa.string()), ("start", UTC_MICROSECONDS), ("end", UTC_MICROSECONDS)])


def look(counts: pa.Table, collected: Mapping[str, list[Interval]], bin: str) -> tuple[pa.Table, pa.Table]:  # noqa: A002
    """The surges of series of counts, as ``SurgesMeasure`` gives them with details; and on which coverage they rest.

    See ``peaks``.
    """
    found, coverage = peaks(counts, collected, bin)
    return SurgesMeasure(bin, details=True).finalise(found), coverage


def peaks(counts: pa.Table, collected: Mapping[str, list[Interval]], bin: str) -> tuple[pa.Table, pa.Table]:  # noqa: A002
    """The peaks of series of counts, those that are building in a running bin among them: each series by itself.

    What has come in the running bin (the one in which collection ends) is compared with what a whole bin lets expect.
    That is cautious, because the bin can only grow: a rise that is told of it would be told of the whole one too. Falls
    are looked for in the bins that are over.

    Args:
        counts: ``series, at, count``.
        collected: series -> what was collected, sorted and apart.
        bin: width of a bin.

    Returns:
        The candidates as ``SurgesMeasure.kernel`` gives them; and the coverage on which they rest.
    """
    over = _coverage((series, *span) for series, spans in collected.items() for span in spans)
    measure = SurgesMeasure(bin, over)
    prepared = measure.prepare(counts)
    found = measure.kernel(prepared)
    width = parse_bin(bin)
    running = _risen(prepared, _running(collected, width))
    if not running:
        return found, over
    named = pc.is_in(prepared["series"], value_set=pa.array([name for name, _ in running], pa.string()))
    opened = pa.concat_tables([over, _whole(running, width)])
    building = _reaching(SurgesMeasure(bin, opened).kernel(prepared.filter(named)), dict(running))
    reach = pc.unique(building["series"])
    others = pc.invert(pc.and_(found["upwards"], pc.is_in(found["series"], value_set=reach)))
    told = _whole([pair for pair in running if pair[0] in reach.to_pylist()], width)
    return measure.merge([found.filter(others), building]), pa.concat_tables([over, told])


def _whole(running: list[tuple[str, int]], width: int) -> pa.Table:
    """Running bins as if they were over."""
    edges = [(name, number * width + FIRST_MONDAY) for name, number in running]
    return _coverage((name, start, start + width) for name, start in edges)


def _coverage(rows: Iterable[tuple[str, object, object]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    times = [pa.array(column).cast(UTC_MICROSECONDS) for column in columns[1:]]
    return pa.Table.from_arrays([pa.array(columns[0], pa.string()), *times], schema=COVERAGE)


def _running(collected: Mapping[str, list[Interval]], width: int) -> dict[str, int]:
    """The number of the bin in which the collection of each series ends, where it ends within one."""
    running = {}
    for series, spans in collected.items():
        if spans:
            end: int = pa.scalar(spans[-1][1], UTC_MICROSECONDS).cast(pa.int64()).as_py()
            number, rest = divmod(end - FIRST_MONDAY, width)
            if rest:
                running[series] = number
    return running


def _risen(prepared: pa.Table, running: Mapping[str, int]) -> list[tuple[str, int]]:
    """Of these series those whose running bin holds more than their other bins do on average."""
    numbers = pa.array(sorted(set(running.values())), pa.int64())
    now = prepared.filter(pc.is_in(prepared["bin"], value_set=numbers)).to_pylist()
    counts = {row["series"]: row["count"] for row in now if running.get(row["series"]) == row["bin"]}
    totals = prepared.group_by("series").aggregate([("count", "sum"), ("count", "count")]).to_pylist()
    risen = []
    for row in totals:
        here = counts.get(row["series"], 0)
        if here * (row["count_count"] - 1) > row["count_sum"] - here:
            risen.append((row["series"], running[row["series"]]))
    return sorted(risen)


def _reaching(found: pa.Table, running: Mapping[str, int]) -> pa.Table:
    """The rises of those series of which one reaches into the running bin; little in it does not end the others."""
    last = pa.array([running[name] + 1 for name in found["series"].to_pylist()], pa.int64())
    rises = found.filter(found["upwards"])
    reaching = found.filter(pc.and_(found["upwards"], pc.equal(found["end"], last)))
    return rises.filter(pc.is_in(rises["series"], value_set=pc.unique(reaching["series"])))

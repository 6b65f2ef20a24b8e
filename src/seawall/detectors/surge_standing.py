"""The surge detector's state while records come in: how many messages each series has in each bin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Collected, Interval
from seawall.measures.bursts.plan import FIRST_MONDAY, plan_for
from seawall.model import UTC_MICROSECONDS, Alert

Ints = npt.NDArray[np.int64]
Series = tuple[str, str, str | None]
"""Kind, platform, and the channel or language."""

AT_START = "at start"
"""The kind of series that counts the messages of a platform that were sent at the very beginning of a bin."""

SERIES_COLUMNS = {"platform": None, "channel": "channel_id", "language": "language"}
SAVED = pa.schema(
    [
        ("kind", pa.string()),
        ("platform", pa.string()),
        ("name", pa.string()),
        ("bin", pa.int64()),
        ("count", pa.int64()),
    ]
)
EDGE = pa.schema([("bin", pa.int64())])
BINS = 1 << 40
MIDDLE = 1 << 39
"""A cell's key is the number of its series times BINS, plus its bin plus MIDDLE."""

INSTANT = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SurgeStanding:
    """Counts by platform, channel, language and bin: 16 bytes for each bin of a series that has messages.

    A window rests on the weeks before it. So ``forget`` lets go of a bin only when no window that ends after the given
    time rests on it: ``reach`` earlier (41 weeks for days). A late message of before is not counted then.

    Args:
        width: of a bin, in microseconds.
        alerts_of: counts and what was collected -> alerts (``SurgeDetector.of``).
        saved: what ``save`` gave.
    """

    def __init__(
        self,
        width: int,
        alerts_of: Callable[[pa.Table, Collected], Iterator[Alert]],
        saved: Mapping[str, pa.Table] | None = None,
    ) -> None:
        self._width = width
        self._alerts_of = alerts_of
        plan = plan_for(width)
        self.reach = timedelta(microseconds=width) * (plan.gap + plan.window + plan.trail)
        self._edge = -MIDDLE
        self._take(None)
        self._changes = 0
        self._told: tuple[Any, list[Alert]] | None = None
        if saved is not None:
            for row in saved["edge"].to_pylist():
                self._edge = row["bin"]
            self._take(saved["counts"])

    @property
    def nbytes(self) -> int:
        """Bytes of the counts."""
        return int(self._keys.nbytes + self._counts.nbytes)

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take rows out and put rows in, in any order of time."""
        for rows, sign in ((removed, -1), (added, 1)):
            if rows.num_rows:
                self._count(rows, sign)
                self._changes += 1

    def forget(self, before: datetime) -> None:
        """Let go of the bins on which no window that ends after ``before`` rests."""
        edge = self._bin(before - self.reach)
        if edge > self._edge:
            self._edge = edge
            counts = self.save()["counts"]
            self._take(counts.filter(pc.greater_equal(counts["bin"], edge)))
            self._changes += 1

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of a window of these rows that ends at ``now``.

        Nothing from ``now`` on is known: the bin of ``now`` is not over, so it can show a rise and no fall, and
        coverage that was stated beyond is no silence. Nothing is computed anew where nothing has changed.
        """
        rows = coverage.to_pylist()
        stamp = (self._changes, self._bin(now), self._facts(rows, now))
        if self._told is None or self._told[0] != stamp:
            counted = self._counted(now)
            collected = Collected(rows, self._spans(counted), end=now)
            self._told = (stamp, list(self._alerts_of(counted, collected)) if counted.num_rows else [])
        yield from self._told[1]

    def save(self) -> Mapping[str, pa.Table]:
        """``counts``: kind, platform, name, bin, count; sorted, without zeros. ``edge``: the first bin that is held."""
        held = self._counts != 0
        code, bins = np.divmod(self._keys[held], BINS)
        series = pa.Table.from_pylist(
            [{"kind": kind, "platform": platform, "name": name} for kind, platform, name in self._codes],
            pa.schema(list(SAVED)[:3]),
        )
        table = series.take(pa.array(code)).append_column("bin", pa.array(bins - MIDDLE))
        table = table.append_column("count", pa.array(self._counts[held])).cast(SAVED)
        return {
            "counts": table.sort_by([(name, "ascending") for name in ("kind", "platform", "name", "bin")]),
            "edge": pa.table({"bin": [self._edge]}, schema=EDGE),
        }

    def _take(self, counts: pa.Table | None) -> None:
        """Hold these counts and no others."""
        self._codes: dict[Series, int] = {}
        self._keys: Ints = np.empty(0, np.int64)
        self._counts: Ints = np.empty(0, np.int64)
        if counts is not None:
            series = list(zip(*(counts[name].to_pylist() for name in ("kind", "platform", "name")), strict=True))
            self._add(series, counts["bin"].to_numpy(), counts["count"].to_numpy())

    def _count(self, rows: pa.Table, sign: int) -> None:
        at = rows["sent_at"].cast(pa.int64()).to_numpy() - FIRST_MONDAY
        bins = at // self._width
        held = pa.array(bins >= self._edge)
        told = pa.table(
            {"kind": rows["kind"], "platform": rows["platform"], "bin": bins, "starts": bins * self._width == at}
        )
        for kind, column in SERIES_COLUMNS.items():
            name = pa.nulls(len(rows), pa.string()) if column is None else rows[column]
            named = told.append_column("name", name).filter(pc.and_(held, pc.not_equal(told["kind"], "edit")))
            if column is not None:
                named = named.filter(pc.not_equal(named["name"], "und"))
            self._add_groups(kind, named, sign)
            if column is None:
                self._add_groups(AT_START, named.filter(named["starts"]), sign)

    def _add_groups(self, kind: str, rows: pa.Table, sign: int) -> None:
        groups = rows.group_by(["platform", "name", "bin"]).aggregate([([], "count_all")])
        series = [
            (kind, *pair) for pair in zip(groups["platform"].to_pylist(), groups["name"].to_pylist(), strict=True)
        ]
        self._add(series, groups["bin"].to_numpy(), sign * groups["count_all"].to_numpy())

    def _add(self, series: list[Series], bins: Ints, counts: Ints) -> None:
        """Add counts to cells; each cell is named once."""
        codes = np.array([self._codes.setdefault(one, len(self._codes)) for one in series], np.int64)
        keys = codes * BINS + bins + MIDDLE
        places = np.searchsorted(self._keys, keys)
        known = places < len(self._keys)
        known[known] = self._keys[places[known]] == keys[known]
        self._counts[places[known]] += counts[known]
        fresh = np.flatnonzero(~known)
        fresh = fresh[np.argsort(keys[fresh])]
        self._keys = np.insert(self._keys, places[fresh], keys[fresh])
        self._counts = np.insert(self._counts, places[fresh], counts[fresh])

    def _counted(self, now: datetime) -> pa.Table:
        """The counts of the bins that have begun, as ``SurgeDetector.of`` takes them."""
        counts = self.save()["counts"]
        at = pa.array(counts["bin"].to_numpy() * self._width + FIRST_MONDAY).cast(UTC_MICROSECONDS)
        counts = counts.append_column("at", at)
        return counts.filter(pc.less(at, pa.scalar(now, UTC_MICROSECONDS)))

    def _spans(self, counted: pa.Table) -> dict[str, Interval]:
        """Platform -> from when to when it has messages, as exactly as bins need it.

        What matters is whether its first message came at the very beginning of a bin, and its last one after that.
        """
        whole, exact = _by_platform(counted, "platform"), _by_platform(counted, AT_START)
        spans = {}
        for platform, counts in whole.items():
            starts, first, last = exact.get(platform, {}), min(counts), max(counts)
            begin = first if first in starts else first + INSTANT
            spans[platform] = (begin, last if starts.get(last) == counts[last] else last + INSTANT)
        return spans

    def _facts(self, coverage: list[dict[str, Any]], now: datetime) -> frozenset[tuple[Any, ...]]:
        """What of the coverage can change an alert: where it is whole, only in which bin it ends."""
        facts = []
        for row in coverage:
            end = _microseconds(min(row["end"], now)) - FIRST_MONDAY
            until = divmod(end, self._width) if not row["complete"] else (end // self._width, end % self._width > 0)
            place = tuple(row[name] for name in ("source", "platform", "channel_id", "start", "complete"))
            facts.append((*place, *until))
        return frozenset(facts)

    def _bin(self, at: datetime) -> int:
        return (_microseconds(at) - FIRST_MONDAY) // self._width


def _by_platform(counted: pa.Table, kind: str) -> dict[str, dict[datetime, int]]:
    """Platform -> time of a bin -> count, of one kind of series."""
    found: dict[str, dict[datetime, int]] = {}
    for row in counted.filter(pc.equal(counted["kind"], kind)).to_pylist():
        found.setdefault(row["platform"], {})[row["at"]] = row["count"]
    return found


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // INSTANT

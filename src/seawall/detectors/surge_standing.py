"""The surge detector's state while records come in: how many messages each series has in each bin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.cells import Cells
from seawall.detectors.surge_collected import Collected, Interval
from seawall.detectors.surge_kinds import KINDS, spread
from seawall.detectors.written import Written
from seawall.measures.bursts.plan import FIRST_MONDAY, plan_for
from seawall.measures.keys import identity_keys
from seawall.model import UTC_MICROSECONDS, Alert
from seawall.model.instants import INSTANT, microseconds

Ints = npt.NDArray[np.int64]

AT_START = "at start"
"""The kind of series that counts the messages of a platform that were sent at the very beginning of a bin."""
ALWAYS = ("platform", AT_START)
"""The kinds of series that tell when a platform began and ended; they are handed on however few there are."""

SERIES = ("kind", "platform", "name")
EDGES = pa.schema([("bin", pa.int64()), ("accounts", pa.int64())])
LONG_AGO = -(1 << 31) + 1
ODD = np.uint64(0x9E3779B97F4A7C15)
"""Tells the same account on two platforms apart."""


class SurgeStanding:
    """Counts by series and bin: 16 bytes for each bin of a series that has any.

    A window rests on the weeks before it. So ``forget`` lets go of a bin only when no window that ends after the given
    time rests on it: ``reach`` earlier (41 weeks for days). A late message of before is not counted then.

    Which accounts were active is held for each bin (16 bytes an account and bin) up to the time that ``forget`` is
    given. Of what is older only their number is held: a message that comes later than that adds to no number of
    accounts, and is counted in ``beyond_reach``.

    Args:
        width: of a bin, in microseconds.
        alerts_of: counts and what was collected -> alerts (``SurgeDetector.of``).
        saved: what ``save`` gave.
        kinds: of series that are counted.
        indicators: what is listed of domains, addresses and texts.
        least: series with fewer messages in all are not handed on.
    """

    def __init__(
        self,
        width: int,
        alerts_of: Callable[[pa.Table, Collected], Iterator[Alert]],
        saved: Mapping[str, pa.Table] | None = None,
        *,
        kinds: Sequence[str] = KINDS,
        indicators: Sequence[str] = (),
        least: int = 0,
    ) -> None:
        self._width, self._alerts_of = width, alerts_of
        self._kinds, self._indicators, self._least = kinds, indicators, least
        plan = plan_for(width)
        self.reach = timedelta(microseconds=width) * (plan.gap + plan.window + plan.trail)
        self._edge = self._accounts_edge = LONG_AGO
        self._cells, self._active = Cells(SERIES), Written()
        self._changes = self.beyond_reach = 0
        self._told: tuple[Any, list[Alert]] | None = None
        if saved is not None:
            edge = saved["edge"].to_pylist()[0]
            self._edge, self._accounts_edge = edge["bin"], edge["accounts"]
            self._cells.put(saved["counts"])
            self._active.restore(saved["active"])

    @property
    def nbytes(self) -> int:
        """Bytes of the counts, and of who was active."""
        return self._cells.nbytes + self._active.nbytes

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take rows out and put rows in, in any order of time."""
        for rows, sign in ((removed, -1), (added, 1)):
            if rows.num_rows:
                self._count(rows.filter(pc.not_equal(rows["kind"], "edit")), sign)
                self._changes += 1

    def forget(self, before: datetime) -> None:
        """Let go of the bins on which no window that ends after ``before`` rests, and of who was active before it."""
        edge, accounts = self._bin(before - self.reach), self._bin(before)
        if accounts > self._accounts_edge:
            self._accounts_edge = accounts
            self._active.forget(accounts)
        if edge > self._edge:
            self._edge = edge
            self._cells.keep_from(edge)
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
        """The state, sorted.

        ``counts``: kind, platform, name, bin, count, without zeros; ``active``: account (a key), day (a bin) and
        messages; ``edge``: the first bin of which counts are held, and the first of which accounts are.
        """
        edge = {"bin": self._edge, "accounts": self._accounts_edge}
        return {
            "counts": self._cells.table(),
            "active": self._active.save(),
            "edge": pa.Table.from_pylist([edge], schema=EDGES),
        }

    def _count(self, rows: pa.Table, sign: int) -> None:
        at = rows["sent_at"].cast(pa.int64()).to_numpy() - FIRST_MONDAY
        bins = at // self._width
        held = bins >= self._edge
        rows, at, bins = rows.filter(pa.array(held)), at[held], bins[held]
        parts = [_part(kind, rows, bins, *pair) for kind, *pair in spread(rows, self._kinds, self._indicators)]
        starts = pa.array(np.flatnonzero(bins * self._width == at))
        parts.append(_part(AT_START, rows, bins, starts, pa.nulls(len(starts), pa.string())))
        groups = pa.concat_tables(parts).group_by([*SERIES, "bin"]).aggregate([([], "count_all")])
        self._add(groups, sign * groups["count_all"].to_numpy())
        if "accounts" in self._kinds:
            self._count_accounts(rows, bins, sign)

    def _count_accounts(self, rows: pa.Table, bins: Ints, sign: int) -> None:
        """An account counts from the first of its messages in a bin to the last that is taken out."""
        held = bins >= self._accounts_edge
        self.beyond_reach += int((~held).sum())
        rows, bins = rows.filter(pa.array(held)), bins[held]
        keys = identity_keys(rows["account_id"]) ^ (identity_keys(rows["platform"]) * ODD)
        moved = self._active.put(keys, bins.astype(np.int32), np.full(len(bins), sign, np.int32))
        changed = np.flatnonzero(moved)
        told = _part("accounts", rows, bins, pa.array(changed), pa.nulls(len(changed), pa.string()))
        self._add(told, moved[changed].astype(np.int64))

    def _add(self, rows: pa.Table, counts: Ints) -> None:
        series = list(zip(*(rows[name].to_pylist() for name in SERIES), strict=True))
        self._cells.add(series, rows["bin"].to_numpy(), counts)

    def _counted(self, now: datetime) -> pa.Table:
        """The counts of the bins that have begun, as ``SurgeDetector.of`` takes them."""
        kinds = np.array([series[0] in ALWAYS for series in self._cells.series], bool)
        counts = self._cells.table(kinds | (self._cells.totals() >= self._least))
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
            end = microseconds(min(row["end"], now)) - FIRST_MONDAY
            until = divmod(end, self._width) if not row["complete"] else (end // self._width, end % self._width > 0)
            place = tuple(row[name] for name in ("source", "platform", "channel_id", "start", "complete"))
            facts.append((*place, *until))
        return frozenset(facts)

    def _bin(self, at: datetime) -> int:
        return (microseconds(at) - FIRST_MONDAY) // self._width


def _part(kind: str, rows: pa.Table, bins: Ints, numbers: pa.Array, names: pa.Array) -> pa.Table:
    """The kind, platform, name and bin of some rows."""
    columns = [pa.repeat(kind, len(numbers)), rows["platform"].take(numbers), names, pa.array(bins).take(numbers)]
    return pa.table(dict(zip((*SERIES, "bin"), columns, strict=True)))


def _by_platform(counted: pa.Table, kind: str) -> dict[str, dict[datetime, int]]:
    """Platform -> time of a bin -> count, of one kind of series."""
    found: dict[str, dict[datetime, int]] = {}
    for row in counted.filter(pc.equal(counted["kind"], kind)).to_pylist():
        found.setdefault(row["platform"], {})[row["at"]] = row["count"]
    return found

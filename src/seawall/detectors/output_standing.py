"""The output detector's state while records come in: what each channel published on each day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.cells import Cells
from seawall.detectors.output_levels import BASELINE, LASTING, LENGTHS
from seawall.detectors.surge_collected import Collected
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.model import Alert
from seawall.model.instants import EPOCH, INSTANT, microseconds

SERIES = ("platform", "source", "channel", "thing")
MESSAGE = "message"
"""The thing that every message is, whatever it carries."""
EDGE = pa.schema([("day", pa.int64())])
LONG_AGO = -(1 << 39)


class OutputStanding:
    """Messages and media by platform, source, channel and day: 16 bytes for each day of a series that has any.

    Nothing is computed anew on the day on which it was computed, unless a day before it changes: only days that are
    over say anything. ``forget`` lets go of what is ``reach`` older, as far as a fall and what it is compared with can
    lie back; a late message of before is not counted then.

    Args:
        things: what is counted of the media.
        alerts_of: counts and what was collected -> alerts (``OutputDetector.of``).
        saved: what ``save`` gave.
    """

    reach = timedelta(weeks=LASTING + BASELINE + max(LENGTHS))

    def __init__(
        self,
        things: tuple[str, ...],
        alerts_of: Callable[[pa.Table, Collected], Iterator[Alert]],
        saved: Mapping[str, pa.Table] | None = None,
    ) -> None:
        self._things = pa.array(things, pa.string())
        self._alerts_of = alerts_of
        self._cells = Cells(SERIES)
        self._edge, self._until, self._changes = LONG_AGO, 1 << 39, 0
        self._told: tuple[Any, list[Alert]] | None = None
        if saved is not None:
            self._edge = saved["edge"]["day"][0].as_py()
            self._cells.put(saved["counts"].rename_columns([*SERIES, "bin", "count"]))

    @property
    def nbytes(self) -> int:
        """Bytes of the counts."""
        return self._cells.nbytes

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        """Take rows out and put rows in, in any order of time."""
        for rows, sign in ((removed, -1), (added, 1)):
            if rows.num_rows:
                self._count(rows, sign)

    def forget(self, before: datetime) -> None:
        """Let go of the days on which nothing that ends after ``before`` rests."""
        edge = _day(before - self.reach)
        if edge > self._edge:
            self._edge = edge
            self._cells.keep_from(edge)
            self._changes += 1

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        """What ``detect`` would say of a window of these rows that ends at ``now``."""
        rows, today = coverage.to_pylist(), _day(now)
        stamp = (self._changes, today, self._begun(today), self._facts(rows, now))
        if self._told is None or self._told[0] != stamp:
            counted = self.save()["counts"]
            counted = counted.filter(pc.less_equal(counted["day"], today))
            self._until = today
            said = list(self._alerts_of(counted, collected_of(counted, rows, end=now)))
            self._told = (stamp, said)
        yield from self._told[1]

    def save(self) -> Mapping[str, pa.Table]:
        """``counts``: platform, source, channel, thing, day, count; sorted. ``edge``: the first day that is held."""
        counts = self._cells.table().rename_columns([*SERIES, "day", "count"])
        return {"counts": counts, "edge": pa.table({"day": [self._edge]}, schema=EDGE)}

    def _count(self, rows: pa.Table, sign: int) -> None:
        days = (rows["sent_at"].cast(pa.int64()).to_numpy() - FIRST_MONDAY) // DAY
        told = pa.table(
            {
                "platform": rows["platform"],
                "source": rows["source"],
                "channel": rows["channel_id"],
                "thing": pa.repeat(MESSAGE, len(rows)),
                "day": days,
            }
        )
        wanted = pc.and_(pc.not_equal(rows["kind"], "edit"), pa.array(days >= self._edge))
        made = pc.and_(wanted, pc.not_equal(rows["kind"], "repost"))
        parts = [told.filter(wanted), _made(told.filter(made), rows["media"].filter(made), self._things)]
        groups = pa.concat_tables(parts).group_by([*SERIES, "day"]).aggregate([([], "count_all")])
        series = list(zip(*(groups[name].to_pylist() for name in SERIES), strict=True))
        on = groups["day"].to_numpy()
        self._cells.add(series, on, sign * groups["count_all"].to_numpy())
        self._changes += bool((on < self._until).any())

    def _begun(self, today: int) -> frozenset[str | None]:
        """The platforms that have a message of today: where nothing is told, their day before is over."""
        return frozenset(name[0] for name in self._cells.having(today))

    def _facts(self, coverage: list[dict[str, Any]], now: datetime) -> frozenset[tuple[Any, ...]]:
        """What of the coverage can change an alert: which days are whole."""
        facts = []
        for row in coverage:
            whole, rest = divmod(microseconds(min(row["end"], now)) - FIRST_MONDAY, DAY)
            place = tuple(row[name] for name in ("source", "platform", "channel_id", "start", "complete"))
            facts.append((*place, whole, rest > 0))
        return frozenset(facts)


def collected_of(
    counted: pa.Table, coverage: list[dict[str, Any]], *, start: datetime | None = None, end: datetime | None = None
) -> Collected:
    """What was collected; where nothing is told, from the day of a platform's first message to that of its last."""
    days = counted.group_by("platform").aggregate([("day", "min"), ("day", "max")]).to_pylist()
    spans = {row["platform"]: (_midnight(row["day_min"]), _midnight(row["day_max"])) for row in days}
    return Collected(coverage, spans, start, end)


def _made(told: pa.Table, media: pa.ChunkedArray, things: pa.Array) -> pa.Table:
    """A row for each thing that is made, with what is told of its message."""
    lists = pa.concat_arrays(media.chunks) if media.num_chunks else pa.array([], media.type)
    kinds = pc.struct_field(pc.list_flatten(lists), "kind")
    rows = told.take(pc.list_parent_indices(lists)).set_column(told.schema.get_field_index("thing"), "thing", kinds)
    return rows.filter(pc.is_in(kinds, value_set=things))


def _day(at: datetime) -> int:
    return (microseconds(at) - FIRST_MONDAY) // DAY


def _midnight(day: int) -> datetime:
    return EPOCH + (day * DAY + FIRST_MONDAY) * INSTANT

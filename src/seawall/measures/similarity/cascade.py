"""How clusters spread: who had a text first, and when it reached which channel."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import microseconds
from seawall.measures.tables import as_table, require_columns

COLUMNS = ("message_id", "channel_id", "account_id", "sent_at", "cluster")


class Spread(NamedTuple):
    """Three tables, each by ``cluster`` and then by time; times are timestamps of microseconds, UTC."""

    clusters: pa.Table
    """``cluster``, ``messages``, ``accounts``, ``channels`` (int64: how many), ``first_at``, ``last_at``,
    ``first_message``, ``first_account``, ``first_channel``."""

    channels: pa.Table
    """A row for each channel that a cluster reached: ``cluster``, ``channel_id``, ``messages``, ``accounts``,
    ``first_at``, ``last_at``, ``first_message``, ``first_account`` (who had it first there), ``after_s`` (float64:
    seconds after it was first seen anywhere), ``place`` (int64: 1 for the channel that had it first)."""

    hours: pa.Table
    """A row for each hour (UTC) with messages: ``cluster``, ``hour``, ``messages``, ``accounts``, ``channels``,
    ``new_channels`` (int64: that it reached for the first time)."""


def spread(messages: Any) -> Spread:
    """Follow each cluster from its first message over channels and hours.

    Args:
        messages: a table with ``message_id``, ``channel_id``, ``account_id`` (any type), ``sent_at`` (timestamp, UTC
            where it has no zone) and ``cluster`` (as ``near_duplicates`` gives it). Rows without a cluster or a time
            are left out; without a channel or an account they count as messages only. Rows in any order; of messages
            of one moment the one with the smallest id comes first.

    Raises:
        MeasureError: a column is missing.

    >>> table = pa.table({"message_id": ["m1", "m2", "m3"], "channel_id": ["roses", "bikes", "roses"],
    ...     "account_id": ["ann", "bob", "cleo"], "sent_at": pa.array([0, 90, 4000], pa.timestamp("s", "UTC")),
    ...     "cluster": ["00000000000000ff"] * 3})
    >>> found = spread(table)
    >>> found.clusters.select(["messages", "channels", "first_account"]).to_pylist()
    [{'messages': 3, 'channels': 2, 'first_account': 'ann'}]
    >>> found.channels.select(["channel_id", "after_s"]).to_pylist()
    [{'channel_id': 'roses', 'after_s': 0.0}, {'channel_id': 'bikes', 'after_s': 90.0}]
    >>> found.hours["new_channels"].to_pylist()
    [2, 0]
    """
    rows = as_table(messages)
    require_columns(rows, COLUMNS)
    at, told = microseconds(rows["sent_at"])
    sent_at = pa.array(at, mask=None if told is None else ~told).cast(pa.timestamp("us", "UTC"))
    rows = rows.select(COLUMNS).set_column(COLUMNS.index("sent_at"), "sent_at", sent_at)
    rows = rows.filter(pc.and_(pc.is_valid(rows["cluster"]), pc.is_valid(rows["sent_at"])))
    rows = rows.sort_by([("sent_at", "ascending"), ("message_id", "ascending")])
    clusters = _groups(rows, ["cluster"], ["account_id", "channel_id"], ["message_id", "account_id", "channel_id"])
    channels = _channels(rows, clusters)
    return Spread(clusters, channels, _hours(rows, channels))


def _groups(rows: pa.Table, by: list[str], counted: list[str], first: list[str]) -> pa.Table:
    """Rows in the order of time -> a row a group: how many messages and distinct values, and what came first."""
    as_it_is = pc.ScalarAggregateOptions(skip_nulls=False)
    wanted = {
        "messages": ("message_id", "count", pc.CountOptions(mode="all")),
        **{f"{name[:-3]}s": (name, "count_distinct", pc.CountOptions(mode="only_valid")) for name in counted},
        "first_at": ("sent_at", "first", as_it_is),
        "last_at": ("sent_at", "last", as_it_is),
        **{f"first_{name[:-3]}": (name, "first", as_it_is) for name in first},
    }
    found = rows.group_by(by, use_threads=False).aggregate(list(wanted.values()))
    named = {f"{column}_{what}": name for name, (column, what, _) in wanted.items()}
    found = found.rename_columns([named.get(name, name) for name in found.column_names])
    return found.select([*by, *wanted]).sort_by([("cluster", "ascending"), ("first_at", "ascending")])


def _channels(rows: pa.Table, clusters: pa.Table) -> pa.Table:
    told = rows.filter(pc.is_valid(rows["channel_id"]))
    found = _groups(told, ["cluster", "channel_id"], ["account_id"], ["message_id", "account_id"])
    found = found.sort_by([("cluster", "ascending"), ("first_at", "ascending"), ("first_message", "ascending")])
    beginning = clusters["first_at"].take(pc.index_in(found["cluster"], clusters["cluster"].combine_chunks()))
    waited = pc.subtract(found["first_at"].cast(pa.int64()), beginning.cast(pa.int64()))
    found = found.append_column("after_s", pc.divide(waited.cast(pa.float64()), 1e6))
    return found.append_column("place", pa.array(_places(found["cluster"])))


def _places(clusters: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """1, 2, 3 ... within each cluster; rows of a cluster stand together."""
    codes = np.asarray(clusters.combine_chunks().dictionary_encode().indices, np.int64)
    begins = np.flatnonzero(np.diff(codes, prepend=-1))
    return np.arange(len(codes)) - np.repeat(begins, np.diff(begins, append=len(codes))) + 1


def _hours(rows: pa.Table, channels: pa.Table) -> pa.Table:
    rows = rows.append_column("hour", pc.floor_temporal(rows["sent_at"], unit="hour"))
    found = _groups(rows, ["cluster", "hour"], ["account_id", "channel_id"], [])
    reached = channels.append_column("hour", pc.floor_temporal(channels["first_at"], unit="hour"))
    reached = reached.group_by(["cluster", "hour"], use_threads=False).aggregate([("channel_id", "count")])
    found = found.select(["cluster", "hour", "messages", "accounts", "channels"])
    found = found.join(reached.rename_columns(["cluster", "hour", "new_channels"]), ["cluster", "hour"])
    found = found.set_column(5, "new_channels", pc.fill_null(found["new_channels"], 0))
    return found.sort_by([("cluster", "ascending"), ("hour", "ascending")])

"""Rows of a platform -> acts, cut so that all acts of two accounts lie together, in the order of time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.compiled import compiled
from seawall.measures.funnel.rows import read
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.words import DAY

ACTS = pa.schema(
    [
        ("one", pa.uint64()),
        ("other", pa.uint64()),
        ("forth", pa.bool_()),
        ("at", pa.int64()),
        ("act", pa.uint8()),
        ("words", pa.uint64()),
        ("address", pa.uint64()),
        ("print", pa.uint64()),
    ]
)
"""An act of two accounts by their keys, ``one`` the smaller; ``forth``: the smaller one acts."""

SURVEY = pa.schema([("platform", pa.string()), ("what", pa.string()), ("name", pa.string()), ("rows", pa.int64())])
KIND, LEFT_OUT, EVIDENCE, IDS = "kind", "left_out", "evidence", "ids"


def survey(rows: pa.Table) -> pa.Table:
    """Which kinds there are on each platform, how many acts, what is left out, and the type of the ids."""
    told: list[tuple[str, str, str, int]] = []
    for platform in pc.unique(rows["platform"]).to_pylist():
        own = of_platform(platform, rows)
        left_out: dict[str, int] = {}
        acts, ids = read(own, left_out)
        told += [(platform, KIND, kind, 0) for kind in pc.unique(own["kind"]).to_pylist()]
        told += [(platform, LEFT_OUT, reason, count) for reason, count in left_out.items()]
        told += [(platform, EVIDENCE, "", len(acts.at)), (platform, IDS, str(ids), 0)]
    columns = list(zip(*told, strict=True)) or [()] * len(SURVEY)
    return summed(
        pa.table([pa.array(values, field.type) for values, field in zip(columns, SURVEY, strict=True)], SURVEY)
    )


def summed(rows: pa.Table) -> pa.Table:
    """Rows of ``SURVEY``, added up."""
    whole = rows.group_by(["platform", "what", "name"]).aggregate([("rows", "sum")])
    return whole.rename_columns({"rows_sum": "rows"}).select(SURVEY.names).cast(SURVEY)


def of_platform(platform: str, rows: pa.Table) -> pa.Table:
    """The rows of one platform."""
    return rows.filter(pc.equal(rows["platform"], platform))


def acts_of(platform: str, rows: pa.Table) -> pa.Table:
    """The acts of one platform."""
    told, _ = read(of_platform(platform, rows), {})
    forth = told.source < told.target
    columns = (
        np.minimum(told.source, told.target), np.maximum(told.source, told.target), forth, told.at, told.act,
        told.words, told.address, told.print,
    )  # fmt: skip
    return pa.table([pa.array(column) for column in columns], schema=ACTS)


def in_order(acts: pa.Table) -> pa.Table:
    """Pair after pair, each in the order of time, repetitions once."""
    keys = [acts[name].to_numpy() for name in ("print", "at", "other", "one")]
    order = np.lexsort(keys)
    fresh = np.ones(len(order), np.bool_)
    if len(order):
        fresh[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    return acts.take(pa.array(order[fresh]))


def days(acts: pa.Table) -> pa.Table:
    """How many acts there are on each day (days since 1970)."""
    told, rows = np.unique(acts["at"].to_numpy() // DAY, return_counts=True)
    return pa.table({"day": told.astype(np.int64), "rows": rows.astype(np.int64)})


def bounds_of(*keys: Array) -> Array:
    """Where each run of equal keys begins, and where the last ends."""
    size = len(keys[0])
    fresh = np.ones(size, np.bool_)
    if size:
        fresh[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return np.append(np.flatnonzero(fresh), size)


def places_of(one: Array, other: Array, first: Array, second: Array) -> Array:
    """Where among pairs of keys (``one, other``) each asked pair stands; -1 = nowhere."""
    order = np.lexsort((other, one))
    at = _search(one[order], other[order], first, second)
    places = np.full(len(first), -1, np.int64)
    there = np.flatnonzero(at < len(order))
    found = order[at[there]]
    met = (one[found] == first[there]) & (other[found] == second[there])
    places[there[met]] = found[met]
    return places


@compiled
def _search(one: Array, other: Array, first: Array, second: Array) -> Array:
    """The first place of sorted pairs that is not before each asked one."""
    out = np.empty(len(first), np.int64)
    for k in range(len(first)):
        low, high = 0, len(one)
        while low < high:
            middle = (low + high) // 2
            if one[middle] < first[k] or (one[middle] == first[k] and other[middle] < second[k]):
                low = middle + 1
            else:
                high = middle
        out[k] = low
    return out


class Meetings:
    """The pairs of a part of acts: who began, when, and whether both did at once.

    Args:
        acts: as ``in_order`` gives them.
    """

    def __init__(self, acts: pa.Table) -> None:
        self.one, self.other = acts["one"].to_numpy(), acts["other"].to_numpy()
        self.at, self.forth = acts["at"].to_numpy(), acts["forth"].to_numpy()
        self.bounds = bounds_of(self.one, self.other)
        starts = self.bounds[:-1]
        self.pair: Array = np.repeat(np.arange(len(starts)), np.diff(self.bounds))
        self.began: Array = self.at[starts]
        self.hub_is_one: Array = self.forth[starts]
        both = (self.at == self.began[self.pair]) & (self.forth != self.hub_is_one[self.pair])
        self.mutual: Array = np.zeros(len(starts), np.bool_)
        self.mutual[self.pair[both]] = True
        self.hub: Array = np.where(self.hub_is_one, self.one[starts], self.other[starts])
        self.newcomer: Array = np.where(self.hub_is_one, self.other[starts], self.one[starts])

    def table(self) -> pa.Table:
        """A row a pair: ``one, other, began, hub_is_one, mutual``."""
        starts = self.bounds[:-1]
        return pa.table(
            {
                "one": self.one[starts],
                "other": self.other[starts],
                "began": self.began,
                "hub_is_one": self.hub_is_one,
                "mutual": self.mutual,
            }
        )


def meetings(acts: pa.Table) -> pa.Table:
    """See ``Meetings.table``."""
    return Meetings(acts).table()


def sums(by: tuple[str, ...], rows: pa.Table) -> pa.Table:
    """The other columns of whole numbers, added up for each value of some."""
    others: Any = [name for name in rows.column_names if name not in by]
    whole = rows.group_by(list(by)).aggregate([(name, "sum") for name in others])
    return whole.rename_columns({f"{name}_sum": name for name in others}).select(rows.column_names).cast(rows.schema)

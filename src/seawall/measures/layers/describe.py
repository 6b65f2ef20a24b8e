"""What a community did together, how fast, where, and what speaks against reading it as coordination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.layers.against import Against, Look, against
from seawall.measures.layers.evidence import among
from seawall.measures.layers.layer import Layer
from seawall.measures.layers.messages import Messages

FAST_S = 10.0
"""Seconds within which a meeting counts as fast."""

TOP = 10
"""So many objects of each layer are listed."""

NAMES = {
    "object_count_distinct": "objects",
    "occasion_count_distinct": "occasions",
    "account_count_distinct": "accounts",
    "row_count_distinct": "messages",
    "at_min": "first_at",
}
"""What Arrow calls a count, and what we call it."""


@dataclass(frozen=True, slots=True)
class Description:
    """A community in numbers.

    Attributes:
        accounts: who, the first to act at the head.
        start, end: UTC: the first and the last act that had company in the community. None = there is none.
        messages: distinct messages that took part.
        objects: ``layer``, ``object``, ``occasions``, ``accounts``, ``messages`` (int64), ``first_at``: in each layer
            the ten that were shared together most often.
        layers: ``layer``, ``objects``, ``occasions``, ``accounts`` (int64): what was shared in each.
        median_lag_s: median over acts of the time since the act of another account before it, on one occasion.
        fast: part of these times that are ten seconds or less.
        platforms: messages on each platform, most first; empty if the messages have no ``platform``.
        against: what speaks against it, each with its number and a sentence.
    """

    accounts: tuple[Any, ...]
    start: datetime | None
    end: datetime | None
    messages: int
    objects: pa.Table
    layers: pa.Table
    median_lag_s: float | None
    fast: float | None
    platforms: dict[str, int]
    against: tuple[Against, ...]


def describe(
    layers: Sequence[Layer], messages: Messages, accounts: Sequence[Any], bots: pa.Array | None
) -> Description:
    """See ``LayeredNetwork.describe``."""
    if not accounts:
        raise MeasureError("A community has accounts.", where="describe")
    together = among(layers, messages, accounts)
    rows = pc.unique(together["row"])
    objects = _objects(together)
    lags = _lags(together)
    return Description(
        accounts=_first_actors(together, accounts),
        start=pc.min(together["at"]).as_py(),
        end=pc.max(together["at"]).as_py(),
        messages=len(rows),
        objects=_top(objects),
        layers=_by_layer(together),
        median_lag_s=float(np.median(lags)) if len(lags) else None,
        fast=float(np.mean(lags <= FAST_S)) if len(lags) else None,
        platforms=_platforms(messages, rows),
        against=against(Look(messages, together, objects, rows, tuple(accounts), bots)),
    )


def _objects(together: pa.Table) -> pa.Table:
    counted = together.group_by(["layer", "object"]).aggregate(
        [("occasion", "count_distinct"), ("account", "count_distinct"), ("row", "count_distinct"), ("at", "min")]
    )
    named = counted.rename_columns([NAMES.get(name, name) for name in counted.column_names])
    return named.select(["layer", "object", "occasions", "accounts", "messages", "first_at"]).sort_by(
        [("layer", "ascending"), ("occasions", "descending"), ("accounts", "descending"), ("first_at", "ascending"),
         ("object", "ascending")]
    )  # fmt: skip


def _top(objects: pa.Table) -> pa.Table:
    names = objects["layer"].to_pylist()
    seen: dict[str, int] = {}
    keep = []
    for row, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] <= TOP:
            keep.append(row)
    return objects.take(pa.array(keep, pa.int64()))


def _by_layer(together: pa.Table) -> pa.Table:
    counted = together.group_by("layer").aggregate(
        [("object", "count_distinct"), ("occasion", "count_distinct"), ("account", "count_distinct")]
    )
    named = counted.rename_columns([NAMES.get(name, name) for name in counted.column_names])
    named = named.select(["layer", "objects", "occasions", "accounts"])
    return named.sort_by([("occasions", "descending"), ("layer", "ascending")])


def _lags(together: pa.Table) -> Any:
    """Seconds from each act to the act of another account before it, of the same occasion."""
    if not len(together):
        return np.empty(0)
    at = together["at"].cast(pa.int64()).to_numpy()
    account = pc.dictionary_encode(together["account"]).combine_chunks().indices.to_numpy()
    order = np.lexsort((at, together["occasion"].to_numpy()))
    at, account, occasion = at[order], account[order], together["occasion"].to_numpy()[order]
    other = (occasion[1:] == occasion[:-1]) & (account[1:] != account[:-1])
    return (at[1:] - at[:-1])[other] / 1e6


def _first_actors(together: pa.Table, accounts: Sequence[Any]) -> tuple[Any, ...]:
    first = {
        row["account"]: row["at_min"] for row in together.group_by("account").aggregate([("at", "min")]).to_pylist()
    }
    known = sorted((account for account in accounts if account in first), key=lambda account: first[account])
    return (*known, *(account for account in accounts if account not in first))


def _platforms(messages: Messages, rows: pa.Array) -> dict[str, int]:
    if "platform" not in messages.table.column_names:
        return {}
    counts = pc.value_counts(messages.table["platform"].take(rows)).to_pylist()
    told = [(row["values"], row["counts"]) for row in counts if row["values"] is not None]
    return dict(sorted(told, key=lambda item: (-item[1], item[0])))

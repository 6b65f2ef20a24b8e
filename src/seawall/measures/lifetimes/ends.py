"""The columns ``event`` and ``kind`` -> whether each spell ended, and of what kind its end was."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.lifetimes.times import is_days

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ALIVE = ("", "alive", "active", "censored", "none", "null", "nan", "no", "false", "0", "0.0")
"""Words for no end, whatever their case."""
ENDED = ("yes", "true", "1", "1.0", "ended")
"""Words for an end that tell no kind."""
UNKNOWN = "unknown"
"""The kind of an end of which no kind is told."""


class Ends(NamedTuple):
    """``ended``: whether a row tells an end. ``named``: whether with a word for it. ``kind``: place in ``kinds``."""

    ended: Bools
    named: Bools
    kind: Ints
    kinds: tuple[str, ...]


def ends(table: pa.Table) -> Ends:
    """What the columns ``event`` and ``kind`` say, each of which may be missing.

    Without ``event`` every spell ended that has an end and whose ``kind`` is no word for being alive. A null says that
    no end was seen.

    Raises:
        MeasureError: ``event`` holds other numbers than 0 and 1, or neither numbers, booleans nor strings.
    """
    rows = len(table)
    told = _column(table, "event")
    words = _words(_column(table, "kind"), "kind")
    if told is None:
        alive = np.zeros(rows, np.bool_) if words is None else _is(words, ALIVE)
        return _kinds(~alive, np.zeros(rows, np.bool_), words)
    kind = told.type
    if pa.types.is_boolean(kind) or pa.types.is_null(kind):
        ended = np.asarray(told.cast(pa.bool_()).fill_null(False).to_numpy())
        return _kinds(ended, np.zeros(rows, np.bool_), words)
    if is_days(kind):
        return _kinds(_zero_or_one(told), np.zeros(rows, np.bool_), words)
    causes = _words(told, "event")
    ended = ~_is(causes, ALIVE) & pc.is_valid(causes).to_numpy(zero_copy_only=False)
    named = ended & ~_is(causes, ENDED)
    return _kinds(ended, named, causes if words is None else pc.if_else(pa.array(named), causes, words))


def _column(table: pa.Table, name: str) -> pa.ChunkedArray | None:
    if name not in table.column_names:
        return None
    column = table.column(name)
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _words(column: pa.ChunkedArray | None, name: str) -> pa.Array | None:
    if column is None:
        return None
    kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise MeasureError(
            "These do not tell an end.", where=f"spells, column {name}",
            mend="event: true and false, 1 and 0, or the kind of end as a word; kind: a word.",
        )  # fmt: skip
    return pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string()))).combine_chunks()


def _is(words: pa.Array, some: tuple[str, ...]) -> Bools:
    found: Bools = pc.is_in(words, pa.array(some)).to_numpy(zero_copy_only=False)
    return found


def _zero_or_one(told: pa.ChunkedArray) -> Bools:
    number = told.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy()
    number = np.where(np.isnan(number), 0.0, number)
    if not np.isin(number, (0.0, 1.0)).all():
        row = int(np.flatnonzero(~np.isin(number, (0.0, 1.0)))[0]) + 1
        raise MeasureError(
            "An event is neither 0 nor 1.", where=f"spells, column event, row {row}",
            mend="Several kinds of end are told as words, as taken_down and renamed.",
        )  # fmt: skip
    ended: Bools = number == 1.0
    return ended


def _kinds(ended: Bools, named: Bools, words: pa.Array | None) -> Ends:
    if words is None:
        return Ends(ended, named, np.zeros(len(ended), np.int64), (UNKNOWN,))
    plain = pc.is_in(words, pa.array((*ALIVE, *ENDED)))
    told = pc.fill_null(pc.if_else(plain, pa.scalar(UNKNOWN), words), UNKNOWN).dictionary_encode()
    order = pc.sort_indices(told.dictionary)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    kinds = tuple(told.dictionary.take(order).to_pylist())
    return Ends(ended, named, rank[told.indices.to_numpy()] if len(rank) else np.zeros(0, np.int64), kinds)

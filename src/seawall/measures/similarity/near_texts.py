"""Rows -> texts of ids -> sets of shingles in tables: how texts travel between parts, as hashes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import Keys, microseconds
from seawall.measures.similarity.batch import sketched_rows
from seawall.measures.similarity.sent import NEVER
from seawall.measures.similarity.sketches import Indices
from seawall.measures.similarity.slots import ABSENT, Slots
from seawall.measures.tables import require_columns, without_views
from seawall.measures.text.text_buffers import in_one_piece

TIME = pa.timestamp("us", "UTC")

ATTACHED = 1 << 14
"""So many rows get their shingles at once."""


class TextSets(NamedTuple):
    """Distinct keys, ascending; the shingles of row ``i`` are ``pool[starts[i] : starts[i] + sizes[i]]``."""

    keys: Keys
    starts: Indices
    sizes: Indices
    pool: Keys


def readable(rows: pa.Table) -> pa.Table:
    """``id``, ``text`` and ``first_at`` of rows, a row an id; those without an id are left out.

    Raises:
        MeasureError: a column is missing, or its type cannot be used.
    """
    require_columns(rows, ("id", "text"))
    rows = without_views(rows)
    if "at" in rows.column_names:
        at, told = microseconds(rows["at"])
        first = pa.array(at, mask=None if told is None else ~told).cast(TIME)
    else:
        first = pa.nulls(len(rows), TIME)
    table = pa.table({"id": rows["id"], "text": rows["text"].cast(pa.large_string()), "first_at": first})
    return earliest(table.filter(pc.is_valid(table["id"])))


def earliest(texts: pa.Table) -> pa.Table:
    """Of each id the smallest text and the earliest time, nulls aside."""
    texts = texts.combine_chunks()
    number = _numbers(texts["id"])
    order = np.lexsort((pc.is_null(texts["text"]).to_numpy(), number))
    begins = np.append(True, np.diff(number[order]) != 0)[: len(order)]
    rows, group = order[begins], np.cumsum(begins) - 1
    _choose_smallest(texts["text"], order, group, rows)
    at = pc.fill_null(texts["first_at"].cast(pa.int64()), NEVER).to_numpy()
    first = np.minimum.reduceat(at[order], np.flatnonzero(begins)) if len(order) else at
    chosen = texts.select(["id", "text"]).take(pa.array(rows))
    return chosen.append_column("first_at", pa.array(first, mask=first == NEVER).cast(TIME))


def _numbers(ids: pa.ChunkedArray) -> Indices:
    """A number for each id, the same for equal ones."""
    if pa.types.is_integer(ids.type):
        return np.asarray(ids.to_numpy()).astype(np.int64)
    return np.asarray(pa.chunked_array([ids.combine_chunks().dictionary_encode().indices]).to_numpy(), np.int64)


def _choose_smallest(text: pa.ChunkedArray, order: Indices, group: Indices, rows: Indices) -> None:
    """Put the row of the smallest text into ``rows`` for those groups whose texts differ; of most they are equal."""
    again = np.flatnonzero(group[1:] == group[:-1])
    differ = pc.not_equal(text.take(pa.array(order[again + 1])), text.take(pa.array(order[again])))
    groups = np.unique(group[again][pc.fill_null(differ, fill_value=False).to_numpy()])
    theirs = np.flatnonzero(np.isin(group, groups))
    some = pa.table({"group": group[theirs], "text": text.take(pa.array(order[theirs])), "row": order[theirs]})
    some = some.sort_by([("group", "ascending"), ("text", "ascending")])
    _, first = np.unique(some["group"].to_numpy(), return_index=True)
    rows[groups] = some["row"].to_numpy()[first]


def sketched_ids(texts: pa.Table) -> pa.Table:
    """``id``, ``key`` (uint64, the match key), ``first_at`` and ``shingles`` of ids whose text has a match key."""
    numbers, sketches = sketched_rows(in_one_piece(texts["text"]), Slots(len(texts)))
    told = numbers != ABSENT
    kept = sketches.take(numbers[told]).compact()
    ids = texts.select(["id", "first_at"]).filter(pa.array(told))
    offsets = pa.array(np.append(kept.starts, len(kept.pool)), pa.int64())
    return pa.table(
        {
            "id": ids["id"],
            "key": pa.array(kept.keys, pa.uint64()),
            "first_at": ids["first_at"],
            "shingles": pa.LargeListArray.from_arrays(offsets, pa.array(kept.pool, pa.uint64())),
        }
    )


def text_sets(rows: pa.Table) -> tuple[TextSets, Indices]:
    """The sets of rows with ``key`` and ``shingles``, and the place of each row's key among them."""
    keys, first, place = np.unique(rows["key"].to_numpy(), return_index=True, return_inverse=True)
    shingles = pa.concat_arrays([_NO_SETS, *rows["shingles"].chunks]).take(pa.array(first))
    sizes = pc.list_value_length(shingles).to_numpy()
    return TextSets(keys, np.cumsum(sizes) - sizes, sizes, pc.list_flatten(shingles).to_numpy()), place


def attached(texts: pa.Table, wanted: pa.Table) -> Iterator[pa.Table]:
    """Those of the wanted rows whose ``key`` is that of a text here, with its ``shingles``."""
    place = pc.index_in(wanted["key"], value_set=texts["key"].combine_chunks())
    here = wanted.filter(pc.is_valid(place))
    place = place.drop_null()
    shingles = pa.concat_arrays([_NO_SETS, *texts["shingles"].chunks])
    for start in range(0, max(len(here), 1), ATTACHED):
        piece = shingles.take(place.slice(start, ATTACHED).combine_chunks())
        yield here.slice(start, ATTACHED).append_column("shingles", piece)


_NO_SETS = pa.array([], pa.large_list(pa.uint64()))

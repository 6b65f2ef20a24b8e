"""Taking pseudonyms and ids out of Arrow columns, and putting others in their place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_AUTHOR = "(?:^|:)(?P<who>[ah][0-9a-f]{20})/"


def authors(ids: pa.Array) -> pa.Array:
    """The pseudonym of the author that stands in an id of a message (see intake); null where none does.

    >>> authors(pa.array(["sky:a0123456789abcdef0123/post/1", "club:7", None])).to_pylist()
    ['a0123456789abcdef0123', None, None]
    """
    return pc.struct_field(pc.extract_regex(ids, _AUTHOR), "who")


def leading_to(ids: pa.Array, messages: pa.Array, accounts: pa.Array) -> pa.Array:
    """Which ids are those of messages, or name accounts as their authors; false for null.

    >>> ids = pa.array(["sky:a0123456789abcdef0123/post/1", "club:7", "club:8", None])
    >>> leading_to(ids, pa.array(["club:7"]), pa.array(["a0123456789abcdef0123"])).to_pylist()
    [True, True, False, False]
    """
    named = pc.and_(pc.is_in(ids, value_set=messages), pc.is_valid(ids))
    return pc.or_(named, pc.fill_null(pc.is_in(authors(ids), value_set=accounts, skip_nulls=True), False))


def without(values: pa.Array, unwanted: pa.Array) -> pa.Array:
    """The column with null where the value is one of the unwanted.

    >>> without(pa.array(["a1", "a2", None]), pa.array(["a2"])).to_pylist()
    ['a1', None, None]
    """
    return pc.if_else(pc.is_in(values, value_set=unwanted), pa.scalar(None, values.type), values)


def lists_without(lists: pa.ListArray, unwanted: pa.Array) -> pa.ListArray:
    """Lists of ids without the unwanted ones; a list that becomes empty stays, a null stays null.

    >>> lists_without(pa.array([["a1", "a2"], None, ["a2"]]), pa.array(["a2"])).to_pylist()
    [['a1'], None, []]
    """
    keep = pc.invert(pc.is_in(pc.list_flatten(lists), value_set=unwanted))
    if pc.all(keep, min_count=0).as_py():
        return lists
    owners = pc.list_parent_indices(lists)
    kept = pc.filter(owners, keep).to_numpy(zero_copy_only=False)
    return _relisted(lists, pc.filter(pc.list_flatten(lists), keep), kept)


def with_column(rows: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    """The table with other values in a column."""
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)


def _relisted(lists: pa.ListArray, values: pa.Array, owners: npt.NDArray[np.int64]) -> pa.ListArray:
    counts = np.bincount(owners, minlength=len(lists))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=lists.type, mask=lists.is_null())


def replaced(values: pa.Array, old: pa.Array, new: pa.Array) -> pa.Array:
    """The column with ``new[i]`` in place of ``old[i]``.

    >>> replaced(pa.array(["h1", "a2", None]), pa.array(["h1"]), pa.array(["a1"])).to_pylist()
    ['a1', 'a2', None]
    """
    return pc.coalesce(new.take(pc.index_in(values, value_set=old)), values)


def lists_replaced(lists: pa.ListArray, old: pa.Array, new: pa.Array) -> pa.ListArray:
    """Lists of ids with ``new[i]`` in place of ``old[i]``.

    >>> lists_replaced(pa.array([["h1", "a2"], None]), pa.array(["h1"]), pa.array(["a1"])).to_pylist()
    [['a1', 'a2'], None]
    """
    values = replaced(pc.list_flatten(lists), old, new)
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=lists.type, mask=lists.is_null())

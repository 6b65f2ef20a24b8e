"""Taking pseudonyms and ids out of Arrow columns, and putting others in their place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


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

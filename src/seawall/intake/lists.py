"""Columns of lists: change their values without touching rows one by one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def lengths(lists: pa.ListArray) -> npt.NDArray[np.int64]:
    """Length of each list; 0 for null."""
    counted: npt.NDArray[np.int64] = (
        pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    return counted


def with_values(lists: pa.ListArray, values: pa.Array) -> pa.ListArray:
    """Lists of the same lengths and nulls over other values, which stand for ``lists.flatten()``.

    >>> with_values(pa.array([["a", "b"], None]), pa.array([1, 2])).to_pylist()
    [[1, 2], None]
    """
    offsets = np.concatenate([[0], np.cumsum(lengths(lists))]).astype(np.int32)
    mask = pc.is_null(lists) if lists.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=mask)


def first_told(told: pa.ListArray, found: pa.ListArray) -> pa.ListArray:
    """Each row's told list, or where that is null the one that was found.

    >>> first_told(pa.array([None, [1]], pa.list_(pa.int64())), pa.array([[2], [3]])).to_pylist()
    [[2], [1]]
    """
    if told.null_count == len(told):
        return found
    rows = np.arange(len(told))
    missing = pc.is_null(told).to_numpy(zero_copy_only=False)
    return pa.concat_arrays([told, found.cast(told.type)]).take(pa.array(np.where(missing, rows + len(told), rows)))


def none_if_empty(lists: pa.ListArray) -> pa.ListArray:
    """An empty list becomes null: nothing was told and nothing found."""
    counts = lengths(lists)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    mask = pa.array(counts == 0) if (counts == 0).any() else None
    return pa.ListArray.from_arrays(pa.array(offsets), lists.flatten(), mask=mask)


def parents(lists: pa.ListArray) -> npt.NDArray[np.int64]:
    """Row of each value of ``lists.flatten()``."""
    return np.repeat(np.arange(len(lists)), lengths(lists))


def ordinals(lists: pa.ListArray) -> npt.NDArray[np.int64]:
    """Place of each value of ``lists.flatten()`` within its list, from 0."""
    counts = lengths(lists)
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) - np.repeat(starts, counts)

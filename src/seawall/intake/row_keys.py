"""Keyed 64-bit hashes of whole rows: is this the same record again, and does it say the same?

Each field is hashed by itself (SipHash), then the hashes of a row side by side. A list is the hash of its items'
hashes; a null is 0, so that a column of nulls and a missing column are alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.keyed_hash import keyed_hash64
from seawall.protocols import NO_EDIT

Hashes = npt.NDArray[np.uint64]


def hash_rows(columns: Sequence[pa.Array], key: bytes) -> Hashes:
    """One keyed hash a row over all columns; their order counts.

    >>> rows = hash_rows([pa.array(["a", "b", "a"]), pa.array([[1], None, [1]], pa.list_(pa.int64()))], bytes(16))
    >>> bool(rows[0] == rows[2]), bool(rows[0] == rows[1])
    (True, False)
    """
    matrix = np.stack([_hash_column(column, key) for column in columns], axis=1)
    return _hash_words(np.ascontiguousarray(matrix), key)


def _hash_column(column: pa.Array, key: bytes) -> Hashes:
    if column.null_count == len(column):
        return np.zeros(len(column), np.uint64)
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return keyed_hash64(column, key)
    if pa.types.is_list(kind):
        return _hash_lists(column, key)
    if pa.types.is_struct(kind):
        hashes = hash_rows(column.flatten(), key)
        return np.where(_valid(column), hashes, np.uint64(0))
    return _numbers(column)


def _numbers(column: pa.Array) -> Hashes:
    """Numbers as they are, apart from 0, which stands for null."""
    if not pa.types.is_uint64(column.type):
        column = column.cast(pa.int64())
    values = pc.fill_null(column, 0).to_numpy(zero_copy_only=False).view(np.uint64)
    return np.where(_valid(column), values ^ np.uint64(1 << 63), np.uint64(0))


def _valid(column: pa.Array) -> npt.NDArray[np.bool_]:
    valid: npt.NDArray[np.bool_] = pc.is_valid(column).to_numpy(zero_copy_only=False)
    return valid


def _hash_lists(column: pa.ListArray, key: bytes) -> Hashes:
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    items = _hash_column(column.flatten(), key)
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return np.where(_valid(column), _hash_bytes(items, ends * 8, key), np.uint64(0))


def _hash_words(matrix: npt.NDArray[np.uint64], key: bytes) -> Hashes:
    rows, width = matrix.shape
    return _hash_bytes(matrix.reshape(-1), np.arange(rows + 1, dtype=np.int64) * (8 * width), key)


def _hash_bytes(words: npt.NDArray[np.uint64], ends: npt.NDArray[np.int64], key: bytes) -> Hashes:
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(words)]
    return keyed_hash64(pa.Array.from_buffers(pa.large_string(), len(ends) - 1, buffers), key)


def as_ids(hashes: Hashes) -> pa.Array:
    """Hashes as 16 hexadecimal digits.

    >>> as_ids(np.array([255], np.uint64)).to_pylist()
    ['00000000000000ff']
    """
    return pa.array([f"{value:016x}" for value in hashes.tolist()], pa.string())


def edit_times(edited_at: pa.Array) -> npt.NDArray[np.int64]:
    """Microseconds of the last edit, ``protocols.NO_EDIT`` where there is none."""
    filled: npt.NDArray[np.int64] = pc.fill_null(edited_at.cast(pa.int64()), NO_EDIT).to_numpy(zero_copy_only=False)
    return filled

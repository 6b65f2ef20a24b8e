"""Rows cut by the hash of a key, so that equal keys stay together: the same cut on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import Keys, combine, identity_keys

_NO_TIME = np.int64(0)


def part_numbers(rows: pa.Table, key: Sequence[str], parts: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """In which of the parts each row lies; nulls count as equal."""
    whole: Keys | None = None
    for name in key:
        keys = _keys(rows[name])
        whole = keys if whole is None else combine(whole, keys, np.full(len(rows), _NO_TIME))
    if whole is None:
        return np.zeros(len(rows), np.int64)
    return ((whole >> np.uint64(40)) % np.uint64(parts)).astype(np.int64)


def cut(rows: pa.Table, key: Sequence[str], parts: int) -> list[pa.Table]:
    """The rows in ``parts`` tables by the hash of the key; in each they keep their order."""
    if parts == 1:
        return [rows]
    number = part_numbers(rows, key, parts)
    order = np.argsort(number.astype(np.uint16) if parts <= 1 << 16 else number, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=parts))])
    together = rows.take(pa.array(order))
    return [together.slice(int(a), int(b - a)) for a, b in pairwise(bounds)]


def _keys(column: pa.ChunkedArray) -> Keys:
    keys = identity_keys(column)
    if column.null_count:
        keys = np.where(pc.is_null(column).to_numpy(), np.uint64(0), keys)
    return keys

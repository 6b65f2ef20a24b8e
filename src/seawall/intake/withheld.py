"""Withhold values for good: a null in Arrow may still carry the bytes that it hides."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def where_kept(values: pa.Array, keep: pa.Array) -> pa.Array:
    """The values where ``keep`` is true and null elsewhere, in fresh memory without the bytes of the others.

    ``pc.if_else(keep, values, None)`` looks the same but leaves the withheld bytes in its buffer, and whoever writes
    the buffer writes them too.

    >>> where_kept(pa.array(["seeds", "secret"]), pa.array([True, False])).buffers()[2].to_pybytes()
    b'seeds'
    """
    rows = pa.array(np.arange(len(values)))
    return values.take(pc.if_else(keep, rows, None))


def without_hidden_bytes(values: pa.Array) -> pa.Array:
    """The same values, without bytes under the nulls.

    >>> hidden = pc.if_else(pa.array([True, False]), pa.array(["seeds", "secret"]), None)
    >>> without_hidden_bytes(hidden).buffers()[2].to_pybytes()
    b'seeds'
    """
    if values.null_count == len(values):
        return pa.nulls(len(values), values.type)
    return where_kept(values, pc.is_valid(values)) if values.null_count else values

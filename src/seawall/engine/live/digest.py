"""A hash of what tables hold, whatever their layout in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def digest_of(states: Mapping[str, Mapping[str, pa.Table]]) -> str:
    """32 hexadecimal digits over names, columns, types and values, rows in their order.

    >>> roses = pa.table({"name": ["rosa", None, "iris"]})
    >>> one = {"garden": {"roses": roses}}
    >>> other = {"garden": {"roses": pa.concat_tables([roses.slice(0, 1), roses.slice(1)])}}
    >>> digest_of(one) == digest_of(other), digest_of(one) == digest_of({"garden": {"roses": roses.slice(1)}})
    (True, False)
    """
    total = hashlib.blake2b(digest_size=16)
    for state in sorted(states):
        for name in sorted(states[state]):
            table = states[state][name]
            total.update(f"{state}\n{name}\n{table.num_rows}\n".encode())
            for field in table.schema:
                total.update(f"{field.name} {field.type}\n".encode())
                for part in _parts(_plain(table[field.name])):
                    total.update(part)
    return total.hexdigest()


def _plain(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    return array.dictionary_decode() if isinstance(array, pa.DictionaryArray) else array


def _parts(values: pa.Array) -> Iterator[bytes]:
    yield np.packbits(pc.is_valid(values).to_numpy(zero_copy_only=False)).tobytes()
    kind = values.type
    if pa.types.is_list(kind):
        yield _lengths(pc.list_value_length(values))
        yield from _parts(values.flatten())
    elif pa.types.is_struct(kind):
        for part in values.flatten():
            yield from _parts(part)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        whole = pc.fill_null(values, b"" if pa.types.is_binary(kind) else "").cast(pa.large_binary())
        ends = np.frombuffer(whole.buffers()[1], np.int64)[whole.offset : whole.offset + len(whole) + 1]
        yield np.diff(ends).tobytes()
        yield memoryview(whole.buffers()[2] or b"")[int(ends[0]) : int(ends[-1])].tobytes() if len(whole) else b""
    elif pa.types.is_null(kind):
        return
    else:
        plain = values.cast(pa.int64()) if pa.types.is_temporal(kind) else values
        zero = False if pa.types.is_boolean(kind) else 0
        yield np.ascontiguousarray(pc.fill_null(plain, zero).to_numpy(zero_copy_only=False)).tobytes()


def _lengths(lengths: pa.Array) -> bytes:
    counts: Any = pc.fill_null(lengths, 0).cast(pa.int64()).to_numpy(zero_copy_only=False)
    return bytes(counts.tobytes())

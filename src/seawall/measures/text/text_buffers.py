"""A column of strings as flat arrays that kernels can walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.compiled import compiled


class TextBuffers(NamedTuple):
    """Row ``i`` is ``data[offsets[i] : offsets[i + 1]]`` in UTF-8, where ``valid[i]``."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    valid: npt.NDArray[np.bool_]


def in_one_piece(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The column as one array; large_string if it is neither that nor string."""
    if not (pa.types.is_large_string(texts.type) or pa.types.is_string(texts.type)):
        texts = texts.cast(pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        return texts.chunk(0) if texts.num_chunks == 1 else pa.concat_arrays([pa.array([], texts.type), *texts.chunks])
    return texts


def one_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The column as one array of large_string (its offsets do not overflow at 2 GiB)."""
    return in_one_piece(texts if pa.types.is_large_string(texts.type) else texts.cast(pa.large_string()))


def text_buffers(texts: pa.Array | pa.ChunkedArray) -> TextBuffers:
    """The buffers of a column of strings; slices and nulls are resolved, the text itself is not copied."""
    array = one_array(texts)
    _, offsets, data = array.buffers()
    rows = len(array)
    if offsets is None or offsets.size == 0:
        starts = np.zeros(rows + 1, np.int64)
    else:
        starts = np.frombuffer(offsets, np.int64, count=rows + 1, offset=8 * array.offset)
    text = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    valid = pc.is_valid(array).to_numpy(zero_copy_only=False) if array.null_count else np.ones(rows, np.bool_)
    return TextBuffers(text, starts, valid)


@compiled
def code_point(data: npt.NDArray[np.uint8], at: int, end: int) -> tuple[Any, int]:
    """The code point at a byte of UTF-8 and the position after it; never looks beyond ``end``."""
    lead = np.int64(data[at])
    if lead < 0x80 or lead < 0xC2:
        return lead, at + 1
    if lead < 0xE0:
        if at + 1 < end:
            return (lead & 0x1F) << 6 | np.int64(data[at + 1]) & 0x3F, at + 2
    elif lead < 0xF0:
        if at + 2 < end:
            return (lead & 0x0F) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6 | np.int64(data[at + 2]) & 0x3F, at + 3
    elif lead < 0xF5 and at + 3 < end:
        high = (lead & 0x07) << 18 | (np.int64(data[at + 1]) & 0x3F) << 12
        point = high | (np.int64(data[at + 2]) & 0x3F) << 6 | np.int64(data[at + 3]) & 0x3F
        return min(point, 0x10FFFF), at + 4
    return 0xFFFD, at + 1


def pieces(data: npt.NDArray[np.uint8], spans: npt.NDArray[np.int64]) -> pa.Array:
    """The pieces of a text from byte ``spans[i, 0]`` to byte ``spans[i, 1]`` as strings."""
    offsets = np.zeros(len(spans) + 1, np.int64)
    np.cumsum(spans[:, 1] - spans[:, 0], out=offsets[1:])
    copied = np.empty(offsets[-1], np.uint8)
    _copy(data, spans, offsets, copied)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(copied)]
    return pa.Array.from_buffers(pa.large_string(), len(spans), buffers).cast(pa.string())


@compiled
def _copy(
    data: npt.NDArray[np.uint8],
    spans: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
    copied: npt.NDArray[np.uint8],
) -> None:
    for piece in range(len(spans)):
        copied[offsets[piece] : offsets[piece + 1]] = data[spans[piece, 0] : spans[piece, 1]]


def change_where(array: pa.Array, possible: str, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The texts, changed where they match a pattern of RE2; the others are not touched."""
    chosen = pc.fill_null(pc.match_substring_regex(array, possible), fill_value=False)
    part = array.filter(chosen)
    return pc.replace_with_mask(array, chosen, change(part)) if len(part) else array

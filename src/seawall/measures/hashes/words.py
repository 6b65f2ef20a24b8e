"""Hashes as text -> four 64-bit words each, and what is wrong with those that are none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.compiled import compiled

Words = npt.NDArray[np.uint64]
Faults = npt.NDArray[np.int8]
Strings: TypeAlias = Sequence[str] | pa.Array | pa.ChunkedArray

BITS = 256
DIGITS = 64
WORDS = 4
"""A hash has so many bits, hexadecimal digits, and 64-bit words (its first 16 digits are the first word)."""

NO_HASH, WRONG_LENGTH, NO_DIGIT, NO_ID = 1, 2, 3, 4
REASONS = {
    NO_HASH: "there is no hash",
    WRONG_LENGTH: f"it is not {DIGITS} characters long",
    NO_DIGIT: "a character is no hexadecimal digit",
    NO_ID: "there is no id",
}

REJECTED = pa.schema([pa.field("line", pa.int64(), nullable=False), pa.field("reason", pa.string(), nullable=False)])

_NOT_A_DIGIT = 255
_VALUES = np.full(256, _NOT_A_DIGIT, np.uint8)
for _digit in "0123456789abcdefABCDEF":
    _VALUES[ord(_digit)] = int(_digit, 16)


@compiled
def _parse(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    values: npt.NDArray[np.uint8],
    words: Words,
    faults: Faults,
) -> None:
    for row in range(len(faults)):
        start, length = offsets[row], offsets[row + 1] - offsets[row]
        if length != DIGITS:
            faults[row] = NO_HASH if length == 0 else WRONG_LENGTH
            continue
        highest = np.uint8(0)
        for word in range(WORDS):
            value = np.uint64(0)
            for place in range(start + 16 * word, start + 16 * word + 16):
                digit = values[data[place]]
                highest |= digit
                value = value << np.uint64(4) | np.uint64(digit)
            words[WORDS * row + word] = value
        if highest > 15:
            faults[row] = NO_DIGIT


def parsed(hashes: pa.Array) -> tuple[Words, Faults]:
    """The words of hashes, four a row one after the other, and for each hash 0 or what is wrong with it.

    Args:
        hashes: large strings.

    >>> words, faults = parsed(pa.array(["0" * 63 + "f", "garden", None], pa.large_string()))
    >>> words[:4].tolist(), faults.tolist()
    ([0, 0, 0, 15], [0, 2, 1])
    """
    words, faults = np.zeros(WORDS * len(hashes), np.uint64), np.zeros(len(hashes), np.int8)
    _, offset_buffer, data_buffer = hashes.buffers()
    if len(hashes) and offset_buffer is not None:
        offsets = np.frombuffer(offset_buffer, np.int64)[hashes.offset : hashes.offset + len(hashes) + 1]
        data = np.frombuffer(data_buffer or b"", np.uint8)
        _parse(data, offsets, _VALUES, words, faults)
    if hashes.null_count:
        faults[hashes.is_null().to_numpy(zero_copy_only=False)] = NO_HASH
    return words, faults


def strings(values: Strings, name: str) -> pa.Array:
    """Text as one array of large strings; what is no text in a list is null.

    Raises:
        MeasureError: it is no list or column of text.
    """
    if isinstance(values, pa.Array | pa.ChunkedArray):
        try:
            column = values.cast(pa.large_string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise _no_strings(name) from None
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise _no_strings(name)
    listed: list[Any] = list(values)
    return pa.array([_text(value) for value in listed], pa.large_string())


def _text(value: Any) -> str | None:
    """The text, without halves of characters, which cannot be written."""
    if not isinstance(value, str):
        return None
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _no_strings(name: str) -> MeasureError:
    return MeasureError(
        f"The {name} are no list of text.", where=name, mend="Give a list or an Arrow column of strings."
    )


def rejected(faults: Faults) -> pa.Table:
    """The lines at fault, counted from 1, each with the reason; never its value."""
    lines = np.flatnonzero(faults)
    reasons = [REASONS[fault] for fault in faults[lines].tolist()]
    return pa.table({"line": pa.array(lines + 1, pa.int64()), "reason": reasons}, schema=REJECTED)

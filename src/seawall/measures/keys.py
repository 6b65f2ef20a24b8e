"""Columns of ids and times -> arrays of 64-bit keys and UTC microseconds."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, slices, together

Keys = npt.NDArray[np.uint64]
Times = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MICROSECONDS = 1_000_000
FARTHEST = 1 << 61
"""Times and windows stay below this many microseconds, so that differences cannot overflow."""


@compiled
def mix(value: np.uint64) -> np.uint64:
    """A bijection of 64-bit numbers that spreads them evenly (the finaliser of SplitMix64)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@compiled
def _mix_numbers(values: Keys, out: Keys, start: int, stop: int) -> None:
    for row in range(start, stop):
        out[row] = mix(values[row] + np.uint64(0x9E3779B97F4A7C15))


@compiled
def _word(data: npt.NDArray[np.uint8], at: int) -> np.uint64:
    return (
        np.uint64(data[at])
        | np.uint64(data[at + 1]) << np.uint64(8)
        | np.uint64(data[at + 2]) << np.uint64(16)
        | np.uint64(data[at + 3]) << np.uint64(24)
        | np.uint64(data[at + 4]) << np.uint64(32)
        | np.uint64(data[at + 5]) << np.uint64(40)
        | np.uint64(data[at + 6]) << np.uint64(48)
        | np.uint64(data[at + 7]) << np.uint64(56)
    )


@compiled
def _hash_strings(data: npt.NDArray[np.uint8], offsets: npt.NDArray[Any], out: Keys, start: int, stop: int) -> None:
    for row in range(start, stop):
        at = offsets[row]
        end = offsets[row + 1]
        key = mix(np.uint64(end - at) + np.uint64(0x9E3779B97F4A7C15))
        while at + 8 <= end:
            key = mix(key ^ _word(data, at))
            at += 8
        tail = np.uint64(0)
        while at < end:
            tail = tail << np.uint64(8) | np.uint64(data[at])
            at += 1
        out[row] = mix(key + tail + np.uint64(1))


@compiled
def combine(first: Keys, second: Keys, third: Times) -> Keys:
    """One key of three: stands in for the id of a share that has none."""
    out = np.empty(len(first), np.uint64)
    for row in range(len(first)):
        out[row] = mix(mix(first[row] ^ mix(second[row])) + np.uint64(third[row]))
    return out


def identity_keys(column: pa.ChunkedArray) -> Keys:
    """A 64-bit key for each value; equal values have equal keys, whatever the layout of the column.

    Whole numbers keep apart exactly; other values are hashed (two of 20 million differing values
    share a key with a probability of 1e-5). What a null gets is undefined.

    Raises:
        MeasureError: the column is of a nested type.
    """
    if pa.types.is_dictionary(column.type):
        return np.concatenate([_dictionary_keys(chunk) for chunk in column.chunks] or [np.empty(0, np.uint64)])
    if pa.types.is_integer(column.type):
        wide = pa.uint64() if column.type == pa.uint64() else pa.int64()
        values = pc.fill_null(column, 0).cast(wide).to_numpy().view(np.uint64)
        out = np.empty(len(values), np.uint64)
        parts = slices(len(values), cores(len(values)))
        together([partial(_mix_numbers, values, out, start, stop) for start, stop in parts])
        return out
    return _string_keys(_strings(column))


def places(rising: npt.NDArray[Any], values: npt.NDArray[Any]) -> Times:
    """Where each value stands in an array that rises, -1 where it does not.

    >>> places(np.array([2, 3, 5]), np.array([5, 4, 2])).tolist()
    [2, -1, 0]
    """
    if not len(rising):
        return np.full(len(values), -1)
    place = np.minimum(np.searchsorted(rising, values), len(rising) - 1)
    return np.where(rising[place] == values, place, -1)


def _strings(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column
    try:
        return column.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise MeasureError(
            f"Ids of type {column.type} cannot be compared.", mend="Give ids as strings or whole numbers."
        ) from None


def _dictionary_keys(chunk: pa.DictionaryArray) -> Keys:
    if len(chunk.dictionary) == 0:
        return np.zeros(len(chunk), np.uint64)
    keys = identity_keys(pa.chunked_array([chunk.dictionary]))
    spread: Keys = keys[pc.fill_null(chunk.indices, 0).to_numpy(zero_copy_only=False)]
    return spread


def _string_keys(column: pa.ChunkedArray) -> Keys:
    out = np.empty(len(column), np.uint64)
    done = 0
    for chunk in column.chunks:
        rows = len(chunk)
        _, offset_buffer, data_buffer = chunk.buffers()
        width = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
        if rows and offset_buffer is not None:
            offsets = np.frombuffer(offset_buffer, width)[chunk.offset : chunk.offset + rows + 1]
            data = np.frombuffer(data_buffer or b"", np.uint8)
            target = out[done : done + rows]
            parts = slices(rows, cores(rows))
            together([partial(_hash_strings, data, offsets, target, start, stop) for start, stop in parts])
        done += rows
    return out


def present(column: pa.ChunkedArray) -> Mask | None:
    """Where a value is told: neither null nor an empty string. None = everywhere."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    told: pa.ChunkedArray | None = None
    if column.null_count:
        told = pc.is_valid(column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = column if kind == column.type else column.cast(kind)
        written = pc.fill_null(pc.greater(pc.binary_length(text), 0), fill_value=False)
        told = None if pc.all(written).as_py() is not False else written
    return None if told is None else told.to_numpy()


def presence(column: pa.ChunkedArray) -> Mask:
    """``present``, a value for each row in any case."""
    told = present(column)
    return np.ones(len(column), np.bool_) if told is None else told


def microseconds(column: pa.ChunkedArray) -> tuple[Times, Mask | None]:
    """Times as microseconds since 1970 UTC, and where they are told (None = everywhere).

    Accepts timestamps and dates of any unit and zone (a time without a zone counts as UTC) and whole or
    broken numbers of seconds. What is finer than a microsecond is cut off from timestamps and rounded from numbers.

    Raises:
        MeasureError: another type, or a number that is no time.
    """
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        zone = kind.tz if pa.types.is_timestamp(kind) else None
        whole = column.cast(pa.timestamp("us", zone), safe=False).cast(pa.int64())
        missing = column.null_count > 0
        values = pc.fill_null(whole, 0).to_numpy() if missing else whole.to_numpy()
        return _within_reach(values), pc.is_valid(column).to_numpy() if missing else None
    if pa.types.is_integer(kind):
        told = pc.is_valid(column).to_numpy() if column.null_count else None
        seconds = pc.fill_null(column, 0).cast(pa.int64(), safe=False).to_numpy()
        if len(seconds) and max(-int(seconds.min()), int(seconds.max())) >= FARTHEST // MICROSECONDS:
            raise _no_time()
        return seconds * MICROSECONDS, told
    if pa.types.is_floating(kind):
        broken = pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy()
        told = ~np.isnan(broken)
        ticks = np.round(np.where(told, broken, 0.0) * MICROSECONDS)
        if len(ticks) and np.abs(ticks).max() >= FARTHEST:
            raise _no_time()
        return ticks.astype(np.int64), None if told.all() else told
    raise MeasureError(
        f"Times of type {kind} cannot be compared.", where="column at", mend="Give timestamps or seconds."
    )


def _within_reach(values: Times) -> Times:
    if len(values) and max(-int(values.min()), int(values.max())) >= FARTHEST:
        raise _no_time()
    return values


def _no_time() -> MeasureError:
    return MeasureError(
        "A number is too large to be a time in seconds.", where="column at", mend="Are these milliseconds or ids?"
    )

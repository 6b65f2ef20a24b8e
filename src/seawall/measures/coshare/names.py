"""Ids kept as bytes, each once, for as long as they are needed: the arena of ids and the roster of accounts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Indices
from seawall.measures.keys import Keys

Places = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

LENGTH_BITS = 24
"""A place is where an id begins, and in its lowest bits how many bytes it has; UNTOLD = there is no id."""

UNTOLD = -1


@compiled
def _spans(places: Places) -> Places:
    """Where each id begins in a buffer that holds them one after the other; one more at the end."""
    offsets = np.zeros(len(places) + 1, np.int64)
    for k in range(len(places)):
        told = places[k] >= 0
        offsets[k + 1] = offsets[k] + (places[k] & ((1 << LENGTH_BITS) - 1) if told else 0)
    return offsets


@compiled
def _gather(data: Bytes, places: Places, offsets: Places, out: Bytes) -> None:
    for k in range(len(places)):
        if places[k] >= 0:
            start = places[k] >> LENGTH_BITS
            out[offsets[k] : offsets[k + 1]] = data[start : start + offsets[k + 1] - offsets[k]]


class Ids:
    """Strings one after the other in one buffer; what holds a place can have its string back."""

    def __init__(self) -> None:
        self._data = np.empty(1 << 12, np.uint8)
        self._used = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._data.nbytes

    @property
    def used(self) -> int:
        """Bytes that were written, whether or not anything still holds their place."""
        return self._used

    def put(self, column: pa.ChunkedArray | pa.Array) -> Places:
        """The place of each string of a column.

        Raises:
            MeasureError: an id of 16 MiB or more.
        """
        chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
        return np.concatenate([self._put(chunk.cast(pa.large_string())) for chunk in chunks] or [np.empty(0, np.int64)])

    def _put(self, chunk: pa.Array) -> Places:
        _, offset_buffer, data_buffer = chunk.buffers()
        if len(chunk) == 0 or offset_buffer is None:
            return np.empty(0, np.int64)
        offsets = np.frombuffer(offset_buffer, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
        lengths = np.diff(offsets)
        if lengths.max() >= 1 << LENGTH_BITS:
            raise MeasureError("An id is longer than 16 MiB.", mend="Are these texts and not ids?")
        first, last = int(offsets[0]), int(offsets[-1])
        if last > first:
            self._make_room(last - first)
            self._data[self._used : self._used + last - first] = np.frombuffer(data_buffer, np.uint8)[first:last]
        places: Places = (offsets[:-1] - first + self._used) << LENGTH_BITS | lengths
        self._used += last - first
        if chunk.null_count:
            places[chunk.is_null().to_numpy(zero_copy_only=False)] = UNTOLD
        return places

    def _make_room(self, more: int) -> None:
        if self._used + more > len(self._data):
            self._data = longer(self._data, self._used + more)

    def take(self, places: Places) -> pa.Array:
        """The strings at these places, null where there is none."""
        offsets = _spans(places)
        out = np.empty(int(offsets[-1]), np.uint8)
        _gather(self._data, places, offsets, out)
        told = places >= 0
        bitmap = None if told.all() else pa.py_buffer(np.packbits(told, bitorder="little"))
        buffers = [bitmap, pa.py_buffer(offsets), pa.py_buffer(out)]
        large = pa.Array.from_buffers(pa.large_string(), len(places), buffers)
        return large if len(out) >= 1 << 31 else large.cast(pa.string())

    def keep_only(self, places: Places) -> Places:
        """Let go of all other strings; the new place of each."""
        offsets = _spans(places)
        data = np.empty(max(int(offsets[-1]) * 9 // 8, 1 << 12), np.uint8)
        _gather(self._data, places, offsets, data)
        self._data, self._used = data, int(offsets[-1])
        moved: Places = np.where(places >= 0, offsets[:-1] << LENGTH_BITS | np.diff(offsets), UNTOLD)
        return moved


@compiled
def _look_up(wanted: Keys, slots: Indices, keys: Keys, known: int, codes: Indices, firsts: Indices) -> int:
    """The code of each key, new ones from ``known`` on; ``firsts`` gets the row in which each new one comes first."""
    room, new = np.uint64(len(slots) - 1), 0
    for row in range(len(wanted)):
        slot = np.int64(wanted[row] & room)
        while slots[slot] >= 0 and keys[slots[slot]] != wanted[row]:
            slot = np.int64(np.uint64(slot + 1) & room)
        if slots[slot] < 0:
            slots[slot] = known + new
            keys[known + new] = wanted[row]
            firsts[new] = row
            new += 1
        codes[row] = slots[slot]
    return new


class Roster:
    """A number from 0 for each account, and its id."""

    def __init__(self) -> None:
        self._ids = Ids()
        self._known = 0
        self._places = np.empty(16, np.int64)
        self._keys = np.empty(16, np.uint64)
        self._slots = np.full(32, -1, np.int32)

    def __len__(self) -> int:
        return self._known

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._ids.nbytes + self._places.nbytes + self._keys.nbytes + self._slots.nbytes

    def codes(self, keys: Keys, ids: pa.ChunkedArray) -> Indices:
        """The numbers of these accounts; those that are new get the next ones."""
        self._make_room(self._known + len(keys))
        codes, firsts = np.empty(len(keys), np.int32), np.empty(len(keys), np.int32)
        new = _look_up(keys, self._slots, self._keys, self._known, codes, firsts)
        if new:
            self._places[self._known : self._known + new] = self._ids.put(ids.take(pa.array(firsts[:new])))
            self._known += new
        return codes

    def keys(self, codes: Indices) -> Keys:
        """The keys of these accounts."""
        found: Keys = self._keys[codes]
        return found

    def names(self, codes: Indices) -> pa.DictionaryArray:
        """The ids of these accounts, each of them in the memory once."""
        present = np.zeros(self._known, np.bool_)
        present[codes] = True
        rank = np.cumsum(present, dtype=np.int32) - 1
        return pa.DictionaryArray.from_arrays(rank[codes], self._ids.take(self._places[: self._known][present]))

    def keep_only(self, kept: npt.NDArray[np.bool_]) -> Indices:
        """Let go of all other accounts; the new number of each, by its old one."""
        self._places = self._ids.keep_only(self._places[: self._known][kept])
        self._keys = self._keys[: self._known][kept]
        self._known = len(self._keys)
        self._index(len(self._slots))
        moved: Indices = np.cumsum(kept, dtype=np.int32) - 1
        return moved

    def _make_room(self, rows: int) -> None:
        if rows > len(self._keys):
            self._keys = longer(self._keys, rows)
            self._places = longer(self._places, rows)
        if 2 * rows > len(self._slots):
            size = len(self._slots)
            while size < 2 * rows:
                size *= 2
            self._index(size)

    def _index(self, size: int) -> None:
        self._slots = np.full(size, -1, np.int32)
        known = self._keys[: self._known].copy()
        spare = np.empty((2, self._known), np.int32)
        _look_up(known, self._slots, self._keys, 0, spare[0], spare[1])


def longer(values: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    """The values with room for so many rows, and a quarter more than there was, so that growing costs little."""
    larger = np.zeros(max(rows, len(values) * 5 // 4), values.dtype)
    larger[: len(values)] = values
    return larger

"""Rows of interactions while they are made: arrays of numbers, and the Arrow table that they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.model import CONTACT_KINDS, INTERACTION_KINDS, LENGTH_CLASSES, UTC_MICROSECONDS
from seawall.model.words import required

Longs = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Smalls = npt.NDArray[np.int8]
Keys = npt.NDArray[np.uint64]
Reals = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""In microseconds."""

SIMULATED = pa.schema(
    [
        required("interaction_id", pa.string()),
        required("at", UTC_MICROSECONDS),
        required("kind", pa.string()),
        required("source", pa.string()),
        ("target", pa.string()),
        ("channel", pa.string()),
        ("contact_kind", pa.string()),
        ("contact_key", pa.string()),
        ("reply_key", pa.string()),
        ("length_class", pa.string()),
    ]
)
"""The columns of a simulated table of interactions; keys are 16 hex digits."""

KIND = {name: code for code, name in enumerate(INTERACTION_KINDS)}
CONTACT = {name: code for code, name in enumerate(CONTACT_KINDS)}
SHORT, MEDIUM, LONG = (LENGTH_CLASSES.index(name) for name in ("short", "medium", "long"))
SPOKEN = ("mention", "reply", "dm", "contact_shared")
"""The kinds that have words, and so a reply key and a length."""

_TYPES: dict[str, tuple[type[np.generic], int]] = {
    "at": (np.int64, 0),
    "kind": (np.int8, -1),
    "source": (np.int32, -1),
    "target": (np.int32, -1),
    "channel": (np.int32, -1),
    "contact": (np.int8, -1),
    "address": (np.uint64, 0),
    "reply": (np.uint64, 0),
    "length": (np.int8, -1),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Interactions as numbers: -1 (0 of keys) stands for null; accounts and channels are places in lists of names."""

    at: Longs
    kind: Smalls
    source: Codes
    target: Codes
    channel: Codes
    contact: Smalls
    address: Keys
    reply: Keys
    length: Smalls

    def __len__(self) -> int:
        return len(self.at)

    @classmethod
    def of(cls, at: npt.ArrayLike, **columns: npt.ArrayLike) -> Rows:
        """Rows of columns that are broadcast to the times; what is not given is null."""
        times = np.atleast_1d(np.asarray(at, np.int64))
        made: dict[str, Any] = {}
        for name, (kind, nothing) in _TYPES.items():
            given = times if name == "at" else np.asarray(columns.get(name, nothing)).astype(kind)
            made[name] = np.ascontiguousarray(np.broadcast_to(given, times.shape))
        return cls(**made)

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """All parts, one after the other."""
        if not parts:
            return cls.of(np.zeros(0, np.int64))
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))

    def taken(self, which: npt.NDArray[Any]) -> Rows:
        """The rows at these places, or where a mask is true."""
        return Rows(*(getattr(self, one.name)[which] for one in fields(Rows)))

    def table(self, accounts: pa.Array, channels: pa.Array, identities: Keys) -> pa.Table:
        """The rows, in their order, as a table of ``SIMULATED``."""
        columns = {
            "interaction_id": hex_keys(identities),
            "at": pa.array(self.at).cast(UTC_MICROSECONDS),
            "kind": _named(self.kind, pa.array(INTERACTION_KINDS)),
            "source": _named(self.source, accounts),
            "target": _named(self.target, accounts),
            "channel": _named(self.channel, channels),
            "contact_kind": _named(self.contact, pa.array(CONTACT_KINDS)),
            "contact_key": hex_keys(self.address),
            "reply_key": hex_keys(self.reply),
            "length_class": _named(self.length, pa.array(LENGTH_CLASSES)),
        }
        return pa.Table.from_arrays([columns[name] for name in SIMULATED.names], schema=SIMULATED)


def _named(codes: npt.NDArray[Any], names: pa.Array) -> pa.Array:
    return names.cast(pa.string()).take(pa.array(codes, mask=codes < 0))


_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint16)


def hex_keys(numbers: Keys) -> pa.Array:
    """Numbers as 16 hex digits; 0 becomes null.

    >>> hex_keys(np.array([255, 0], np.uint64)).to_pylist()
    ['00000000000000ff', None]
    """
    told = numbers != 0
    digits = _HEX[np.ascontiguousarray(numbers[told].astype(">u8")).view(np.uint8)]
    offsets = np.zeros(len(numbers) + 1, np.int32)
    np.cumsum(told * np.int32(16), out=offsets[1:])
    bits = pa.py_buffer(np.packbits(told, bitorder="little").tobytes())
    return pa.StringArray.from_buffers(
        len(numbers), pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()), bits, int((~told).sum())
    )


def mixed(numbers: Keys) -> Keys:
    """Numbers -> numbers without visible order, one to one (the finaliser of SplitMix64, Steele et al. 2014)."""
    value = numbers + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def identities(seed: int, first: int, count: int) -> Keys:
    """Numbers for rows ``first`` and on: distinct for one seed, without order."""
    start = np.uint64((seed * 0x2545F4914F6CDD1D + first + 1) % 2**64)
    made = mixed(start + np.arange(count, dtype=np.uint64))
    made[made == 0] = np.uint64(1)
    return made

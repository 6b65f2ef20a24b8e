"""One append to a segment: a prefix, the frames' headers, their payloads, an end mark.

An append is the unit that is whole or not there, however many frames it holds. Layout (little-endian)::

    "SWJ1"  bytes of the headers (4)  bytes of the payloads (8)  CRC-32 of the headers (4)  CRC-32 of these 20 bytes (4)
    headers as JSON, each with the CRC-32 of its payload | payloads | "end\\n"

A cut of power leaves of the last append some sectors as they were before it: beyond the end of the file, or zeros.
An append holds no sector of zeros itself (payloads are compressed, first and last bytes are not zero), so that what
was never acknowledged can be told from what was and is damaged.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from seawall.journal.frames import Frame, FrameHeader

_MAGIC = b"SWJ1"
_END = b"end\n"
_PREFIX = struct.Struct("<4sIQI")
_SUM = struct.Struct("<I")
PREFIX_BYTES = _PREFIX.size + _SUM.size
SECTOR = 512
"""Bytes that a disk writes wholly or not at all."""


@dataclass(frozen=True, slots=True)
class Found:
    """A frame in a segment: its header, and where its payload begins."""

    header: FrameHeader
    offset: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a segment can be read."""

    frames: tuple[Found, ...]
    good: int  # bytes up to the end of the last whole append
    fault: str | None = None  # "torn": the last append was never finished; "damaged": acknowledged bytes were changed


def encoded(frames: Sequence[Frame]) -> bytes:
    """The bytes of one append."""
    headers = msgspec.json.encode([frame.header for frame in frames])
    payloads = sum(frame.header.size for frame in frames)
    prefix = _PREFIX.pack(_MAGIC, len(headers), payloads, zlib.crc32(headers))
    return b"".join([prefix, _SUM.pack(zlib.crc32(prefix)), headers, *(frame.payload for frame in frames), _END])


def placed(frames: Sequence[Frame], start: int) -> list[Found]:
    """Where the frames of an append stand that begins at ``start``."""
    offset = start + PREFIX_BYTES + len(msgspec.json.encode([frame.header for frame in frames]))
    found = []
    for frame in frames:
        found.append(Found(frame.header, offset))
        offset += frame.header.size
    return found


def read_contents(descriptor: int) -> Contents:
    """Read a segment from its beginning and check every byte of it.

    Raises:
        OSError: the disk refused.
    """
    size = os.fstat(descriptor).st_size
    frames: list[Found] = []
    good = 0
    while good < size:
        end, found = _read_append(descriptor, good, size)
        if found is None:
            return Contents(tuple(frames), good, _fault(descriptor, good, end, size))
        frames += found
        good = end
    return Contents(tuple(frames), good)


def _read_append(descriptor: int, start: int, size: int) -> tuple[int, list[Found] | None]:
    """Where an append that begins at ``start`` ends (``size`` where it does not tell); its frames if it is whole."""
    lengths = _lengths(os.pread(descriptor, PREFIX_BYTES, start))
    if lengths is None:
        return size, None
    headers_bytes, payload_bytes, told = lengths
    end = start + PREFIX_BYTES + headers_bytes + payload_bytes + len(_END)
    if end > size:
        return end, None
    headers = os.pread(descriptor, headers_bytes, start + PREFIX_BYTES)
    if zlib.crc32(headers) != told or os.pread(descriptor, len(_END), end - len(_END)) != _END:
        return end, None
    found = []
    offset = start + PREFIX_BYTES + headers_bytes
    for header in msgspec.json.decode(headers, type=list[FrameHeader]):
        if zlib.crc32(os.pread(descriptor, header.size, offset)) != header.crc:
            return end, None
        found.append(Found(header, offset))
        offset += header.size
    return end, found


def _lengths(prefix: bytes) -> tuple[int, int, int] | None:
    """Bytes of headers and payloads and the headers' CRC, if this is the beginning of an append."""
    if len(prefix) < PREFIX_BYTES or _SUM.unpack_from(prefix, _PREFIX.size)[0] != zlib.crc32(prefix[: _PREFIX.size]):
        return None
    magic, headers, payloads, crc = _PREFIX.unpack_from(prefix)
    return (headers, payloads, crc) if magic == _MAGIC else None


def _fault(descriptor: int, start: int, end: int, size: int) -> str:
    """Whether an append that is not whole was cut off while it was written, or was changed afterwards."""
    cut_off = end > size or size - start < PREFIX_BYTES
    if cut_off:
        return "torn"
    rest = os.pread(descriptor, size - start, start)
    if end < size or any(_lengths(rest[at : at + PREFIX_BYTES]) for at in _marks(rest)):
        return "damaged"  # only the last append can have been cut off
    return "torn" if _has_unwritten_sector(rest, start) else "damaged"


def _marks(rest: bytes) -> Iterator[int]:
    """Where another append could begin."""
    at = rest.find(_MAGIC, 1)
    while at >= 0:
        yield at
        at = rest.find(_MAGIC, at + 1)


def _has_unwritten_sector(rest: bytes, start: int) -> bool:
    cuts = [0, *range(SECTOR - start % SECTOR, len(rest), SECTOR), len(rest)]
    return any(not any(rest[first:last]) for first, last in pairwise(cuts))

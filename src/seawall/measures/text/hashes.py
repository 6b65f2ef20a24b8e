"""Two published 64-bit hashes of bytes: XXH64 for what anyone may compute, SipHash-2-4 for what needs a key.

XXH64: Collet, https://github.com/Cyan4973/xxHash (specification in doc/xxhash_spec.md).
SipHash: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled

_P1 = np.uint64(0x9E3779B185EBCA87)
_P2 = np.uint64(0xC2B2AE3D27D4EB4F)
_P3 = np.uint64(0x165667B19E3779F9)
_P4 = np.uint64(0x85EBCA77C2B2AE63)
_P5 = np.uint64(0x27D4EB2F165667C5)
_SIP = (
    np.uint64(0x736F6D6570736575),
    np.uint64(0x646F72616E646F6D),
    np.uint64(0x6C7967656E657261),
    np.uint64(0x7465646279746573),
)

Bytes = npt.NDArray[np.uint8]


@numba.njit(inline="always")
def _rotated(value: np.uint64, bits: int) -> np.uint64:
    return np.uint64(value << np.uint64(bits)) | np.uint64(value >> np.uint64(64 - bits))


@numba.njit(inline="always")
def _word(data: Bytes, at: int, size: int) -> np.uint64:
    """``size`` bytes as a little-endian number."""
    value = np.uint64(0)
    for byte in range(size):
        value |= np.uint64(data[at + byte]) << np.uint64(8 * byte)
    return value


@numba.njit(inline="always")
def _round(lane: np.uint64, word: np.uint64) -> np.uint64:
    return np.uint64(_rotated(np.uint64(lane + word * _P2), 31) * _P1)


@compiled
def xxh64(data: Bytes, start: int, end: int) -> np.uint64:
    """XXH64 with seed 0 of ``data[start:end]``."""
    at, size = start, end - start
    if size >= 32:
        a, b, c, d = _P1 + _P2, _P2, np.uint64(0), np.uint64(0) - _P1
        while at + 32 <= end:
            a = _round(a, _word(data, at, 8))
            b = _round(b, _word(data, at + 8, 8))
            c = _round(c, _word(data, at + 16, 8))
            d = _round(d, _word(data, at + 24, 8))
            at += 32
        value = _rotated(a, 1) + _rotated(b, 7) + _rotated(c, 12) + _rotated(d, 18)
        for lane in (a, b, c, d):
            value = (value ^ _round(np.uint64(0), lane)) * _P1 + _P4
    else:
        value = _P5
    value += np.uint64(size)
    while at + 8 <= end:
        value = _rotated(value ^ _round(np.uint64(0), _word(data, at, 8)), 27) * _P1 + _P4
        at += 8
    if at + 4 <= end:
        value = _rotated(value ^ (_word(data, at, 4) * _P1), 23) * _P2 + _P3
        at += 4
    while at < end:
        value = _rotated(value ^ (np.uint64(data[at]) * _P5), 11) * _P1
        at += 1
    value = (value ^ (value >> np.uint64(33))) * _P2
    value = (value ^ (value >> np.uint64(29))) * _P3
    return value ^ (value >> np.uint64(32))


@numba.njit(inline="always")
def _sip_round(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    a, c = a + b, c + d
    b, d = _rotated(b, 13) ^ a, _rotated(d, 16) ^ c
    a = _rotated(a, 32)
    c, a = c + b, a + d
    b, d = _rotated(b, 17) ^ c, _rotated(d, 21) ^ a
    return a, b, _rotated(c, 32), d


@compiled
def siphash24(data: Bytes, start: int, end: int, key_low: np.uint64, key_high: np.uint64) -> np.uint64:
    """SipHash-2-4 of ``data[start:end]`` under a key of 16 bytes, given as two little-endian numbers."""
    a, b, c, d = key_low ^ _SIP[0], key_high ^ _SIP[1], key_low ^ _SIP[2], key_high ^ _SIP[3]
    at = start
    while at + 8 <= end:
        word = _word(data, at, 8)
        d ^= word
        a, b, c, d = _sip_round(a, b, c, d)
        a, b, c, d = _sip_round(a, b, c, d)
        a ^= word
        at += 8
    word = (np.uint64(end - start) << np.uint64(56)) | _word(data, at, end - at)
    d ^= word
    a, b, c, d = _sip_round(a, b, c, d)
    a, b, c, d = _sip_round(a, b, c, d)
    a ^= word
    c ^= np.uint64(0xFF)
    for _ in range(4):
        a, b, c, d = _sip_round(a, b, c, d)
    return a ^ b ^ c ^ d

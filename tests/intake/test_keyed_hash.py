"""The keyed hash, against SipHash as its paper writes it and the paper's own vectors."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import ConfigurationError
from seawall.intake.keyed_hash import keyed_hash64
from tests.intake.strings import columns

_MASK = (1 << 64) - 1


def slow_siphash24(data: bytes, key: bytes) -> int:
    """SipHash-2-4 as in section 2 of the paper."""

    def rotate(value: int, bits: int) -> int:
        return (value << bits | value >> (64 - bits)) & _MASK

    def turn(v: list[int], rounds: int) -> None:
        for _ in range(rounds):
            v[0] = (v[0] + v[1]) & _MASK
            v[2] = (v[2] + v[3]) & _MASK
            v[1], v[3] = rotate(v[1], 13) ^ v[0], rotate(v[3], 16) ^ v[2]
            v[0] = rotate(v[0], 32)
            v[2] = (v[2] + v[1]) & _MASK
            v[0] = (v[0] + v[3]) & _MASK
            v[1], v[3] = rotate(v[1], 17) ^ v[2], rotate(v[3], 21) ^ v[0]
            v[2] = rotate(v[2], 32)

    low, high = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    v = [low ^ 0x736F6D6570736575, high ^ 0x646F72616E646F6D, low ^ 0x6C7967656E657261, high ^ 0x7465646279746573]
    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) & 0xFF])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at : at + 8], "little")
        v[3] ^= word
        turn(v, 2)
        v[0] ^= word
    v[2] ^= 0xFF
    turn(v, 4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def test_published_vectors() -> None:
    """The hash has the values that the authors publish for key 00..0f and input 00..(n-1)."""
    inputs = pa.array([bytes(range(size)).decode() for size in (0, 1, 7, 8, 15)])
    assert [hex(value) for value in keyed_hash64(inputs, bytes(range(16))).tolist()] == [
        "0x726fdb47dd0e0e31",
        "0x74f839c593dc67fd",
        "0xab0200f58b01d137",
        "0x93f5f5799a932462",
        "0xa129ca6149be45e5",
    ]


@given(columns(), st.binary(min_size=16, max_size=16))
def test_kernel_is_the_paper(column: pa.Array | pa.ChunkedArray, key: bytes) -> None:
    """Every string of a column gets the paper's hash of its bytes, and null gets 0."""
    expected = [0 if text is None else slow_siphash24(text.encode(), key) for text in column.to_pylist()]
    assert keyed_hash64(column, key).tolist() == expected


def test_wrong_key_is_refused() -> None:
    """A key of another length is refused with what to do about it."""
    with pytest.raises(ConfigurationError, match="16 bytes"):
        keyed_hash64(pa.array(["tulips"]), b"short")

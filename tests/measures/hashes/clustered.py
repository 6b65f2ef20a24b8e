"""Banks of hashes as banks of images are: many near copies of a few pictures, few of most."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def clustered(rows: int, *, group: int = 10, flips: int = 40, seed: int = 1) -> npt.NDArray[np.uint64]:
    """Words (rows x 4): each row is a centre with 0 to ``flips`` bits flipped; a centre has ``group`` rows on average,
    the most frequent one a share of 1 / sqrt(centres)."""
    random = np.random.default_rng(seed)
    centres = random.integers(0, 2**64, (max(1, rows // group), 4), np.uint64)
    words = centres[(len(centres) * random.random(rows) ** 2).astype(np.int64)]
    return flipped(words, random.integers(0, flips + 1, rows), random)


def flipped(
    words: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64], random: np.random.Generator
) -> npt.NDArray[np.uint64]:
    """The words with so many bits of each row flipped (a bit that is drawn twice is flipped back)."""
    words = words.copy()
    for done in range(int(counts.max(initial=0))):
        rows = np.flatnonzero(counts > done)
        places = random.integers(0, 256, len(rows))
        words[rows, places >> 6] ^= np.uint64(1) << (places & 63).astype(np.uint64)
    return words


def as_hex(words: npt.NDArray[np.uint64]) -> list[str]:
    """The hashes as 64 hexadecimal digits each."""
    digits = words.astype(">u8").tobytes().hex()
    return [digits[start : start + 64] for start in range(0, len(digits), 64)]


def as_column(words: npt.NDArray[np.uint64]) -> pa.Array:
    """The hashes as an Arrow column of strings."""
    digits = pa.py_buffer(words.astype(">u8").tobytes().hex().encode())
    offsets = pa.array(np.arange(len(words) + 1, dtype=np.int64) * 64)
    return pa.LargeStringArray.from_buffers(len(words), offsets.buffers()[1], digits)

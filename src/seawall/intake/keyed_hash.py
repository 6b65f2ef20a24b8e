"""A keyed 64-bit hash of each string of a column: fast, and useless to whoever lacks the key."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.measures.compiled import compiled
from seawall.measures.text.hashes import siphash24
from seawall.measures.text.text_buffers import text_buffers

KEY_BYTES = 16


def keyed_hash64(values: pa.Array | pa.ChunkedArray, key: bytes) -> npt.NDArray[np.uint64]:
    """SipHash-2-4 of each string's UTF-8 bytes; 0 for null.

    Args:
        values: strings.
        key: 16 secret bytes.

    Raises:
        ConfigurationError: the key has another length.

    >>> import pyarrow as pa
    >>> keyed_hash64(pa.array(["tulips", None, "tulips"]), bytes(16)).tolist()
    [17535918322069307303, 0, 17535918322069307303]
    """
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"A hash key has {KEY_BYTES} bytes.", mend="Restore the workspace's key file.")
    data, offsets, valid = text_buffers(values)
    low, high = (np.uint64(int.from_bytes(half, "little")) for half in (key[:8], key[8:]))
    hashes = np.zeros(len(valid), np.uint64)
    _hash_rows(data, offsets, valid, low, high, hashes)
    return hashes


@compiled
def _hash_rows(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    valid: npt.NDArray[np.bool_],
    low: np.uint64,
    high: np.uint64,
    hashes: npt.NDArray[np.uint64],
) -> None:
    for row in range(len(valid)):
        if valid[row]:
            hashes[row] = siphash24(data, offsets[row], offsets[row + 1], low, high)

"""Zstandard unpacked piece by piece: frames after one another, windows up to 2 GB, and a cut file told as cut.

Format: RFC 8878. Dumps of Reddit are packed with a window of 2 GB (``zstd --long=31``), so reading one takes as
much memory as its window. What one step may unpack is bounded by what it is fed: a block of 4 bytes stands for
at most 128 KB.
"""

from __future__ import annotations

from typing import BinaryIO

import zstandard

LONGEST_WINDOW = 1 << 31
FED_BYTES = 1024
"""Fed to the unpacker at a time: at most 32 MB come out."""

_PACKED_BYTES = 1 << 18


class ZstdStream:
    """The unpacked bytes of a stream; closes it with itself."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._unpacker = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW)
        self._frame = self._unpacker.decompressobj()
        self._begun = False
        self._fed = memoryview(b"")
        self._ready = memoryview(b"")

    def read1(self, size: int) -> bytes:
        """The next bytes, at most ``size``; none at the end.

        Raises:
            EOFError: the data end inside a frame.
            zstandard.ZstdError: the data are damaged.
        """
        while not self._ready:
            if not self._fed:
                self._fed = memoryview(self._packed.read(_PACKED_BYTES))
            if not self._fed:
                if self._begun:
                    raise EOFError
                return b""
            self._step()
        piece, self._ready = self._ready[:size], self._ready[size:]
        return bytes(piece)

    def _step(self) -> None:
        fed, self._fed = self._fed[:FED_BYTES], self._fed[FED_BYTES:]
        self._begun = True
        self._ready = memoryview(self._frame.decompress(fed))
        if self._frame.eof:
            rest = len(self._frame.unused_data)
            self._fed = memoryview(bytes(fed[len(fed) - rest :]) + bytes(self._fed)) if rest else self._fed
            self._frame = self._unpacker.decompressobj()
            self._begun = False

    def close(self) -> None:
        """Close the packed stream."""
        self._packed.close()

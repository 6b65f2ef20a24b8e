"""The bytes of an answer, counted while they come: nothing that a server says about their number is believed."""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx

from seawall.errors import ConnectError

TOO_LONG = "too-long"
"""The code of the error for an answer that is too long: a source may then ask for less."""

_PIECE = 1 << 16
_GZIP = 31


async def unpacked_pieces(answer: httpx.Response, where: str) -> AsyncGenerator[bytes, None]:
    """The body in pieces of at most 64 KB, unpacked if it is packed with gzip.

    Raises:
        ConnectError: it is packed otherwise, or damaged.
    """
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", ""):
        raise ConnectError(
            "The answer is packed in a way that was not asked for.",
            where=where,
            mend="Check the proxy before the server.",
        )
    unpacker = None if packing in ("identity", "") else zlib.decompressobj(_GZIP)
    async for piece in answer.aiter_raw(_PIECE):
        if unpacker is None:
            yield piece
            continue
        waiting = piece
        while waiting and not unpacker.eof:
            try:
                unpacked = unpacker.decompress(waiting, _PIECE)
            except zlib.error as error:
                raise ConnectError(
                    "The packed answer is damaged.", where=where, mend="Check the proxy before the server."
                ) from error
            waiting = unpacker.unconsumed_tail
            if unpacked:
                yield unpacked


async def whole_body(answer: httpx.Response, where: str, limit: int) -> bytes:
    """The body, unpacked.

    Raises:
        ConnectError: it is longer than ``limit`` bytes, or cannot be unpacked.
    """
    pieces: list[bytes] = []
    size = 0
    async with aclosing(unpacked_pieces(answer, where)) as coming:
        async for piece in coming:
            size += len(piece)
            if size > limit:
                raise too_long(where, limit)
            pieces.append(piece)
    return b"".join(pieces)


def too_long(where: str, limit: int) -> ConnectError:
    """The error for an answer or a line of more than ``limit`` bytes."""
    return ConnectError(
        f"The answer is longer than {limit >> 20 or 1} MB, and was cut off.",
        where=where,
        mend="Check that the address is that of the right server.",
        code=TOO_LONG,
    )

"""Bodies of requests: bounded in bytes, packed and unpacked, in time, and all of them together."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from types import TracebackType

from starlette.requests import Request

LONGEST_BODY = 16 << 20
"""Bytes of the longest body, packed or unpacked."""

ALL_BODIES = 64 << 20
"""Bytes of all bodies that are being taken in at a moment."""

BODY_SECONDS = 30.0
"""How long a client may take to send a body."""

_REST_SECONDS = 2.0
_REST_BYTES = 2 * LONGEST_BODY
_GZIP = 31


class BodyError(Exception):
    """A body that is refused: the status, and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Shelf:
    """Room for the bodies that are held at a moment; each takes as much as it has sent.

    Args:
        most: bytes of all of them.
    """

    def __init__(self, most: int = ALL_BODIES) -> None:
        self._most = most
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes that are held now."""
        return self._held

    def place(self) -> Place:
        """A place for one body; use it with ``with``."""
        return Place(self)

    def take(self, size: int) -> None:
        """Hold more bytes.

        Raises:
            BodyError: 429, there is no room now.
        """
        if self._held + size > self._most:
            raise BodyError(429, "Too much is being sent at this moment.")
        self._held += size

    def give_back(self, size: int) -> None:
        """Hold fewer bytes."""
        self._held -= size


class Place:
    """What one body holds; it is given back at the end."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._size = 0

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shelf.give_back(self._size)

    def take(self, size: int) -> None:
        """Hold more bytes. Raises BodyError where there is no room."""
        self._shelf.take(size)
        self._size += size


class Incoming:
    """The body of a request while it comes.

    Args:
        request: not read yet.
    """

    def __init__(self, request: Request) -> None:
        self._headers = request.headers
        self._receive = request.receive
        self._ended = False

    async def body(self, place: Place, seconds: float = BODY_SECONDS) -> bytes:
        """The unpacked body.

        Args:
            place: where its bytes are counted.
            seconds: how long it may take.

        Raises:
            BodyError: it is too long, too slow, in an unknown encoding or damaged, or there is no room for it now.
        """
        encoding = self._headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip"):
            raise BodyError(415, "The encoding of the body is not known; send it plain or with gzip.")
        told = self._headers.get("content-length", "")
        if told.isdigit() and int(told) > LONGEST_BODY:
            raise _too_long()
        try:
            async with asyncio.timeout(seconds):
                pieces = _taken(self._pieces(), place)
                return await (_plain(pieces) if encoding == "identity" else _unpacked(pieces, place))
        except TimeoutError:
            raise BodyError(408, f"The body did not arrive within {seconds:.0f} seconds.") from None

    async def let_finish(self) -> None:
        """Read the rest of a refused body and forget it, for a moment: many clients hear an answer only after it."""
        if self._ended or "100-continue" in self._headers.get("expect", "").lower():
            return
        rest = 0
        try:
            async with asyncio.timeout(_REST_SECONDS):
                async for piece in self._pieces():
                    rest += len(piece)
                    if rest > _REST_BYTES:
                        return
        except (TimeoutError, BodyError):
            return

    async def _pieces(self) -> AsyncIterator[bytes]:
        while not self._ended:
            message = await self._receive()
            if message["type"] != "http.request":
                self._ended = True
                raise BodyError(400, "The body ended before its end.")
            self._ended = not message.get("more_body", False)
            yield message.get("body", b"")


async def _taken(pieces: AsyncIterator[bytes], place: Place) -> AsyncIterator[bytes]:
    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > LONGEST_BODY:
            raise _too_long()
        place.take(len(piece))
        yield piece


async def _plain(pieces: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
    return bytes(body)


async def _unpacked(pieces: AsyncIterator[bytes], place: Place) -> bytes:
    body = bytearray()
    unpacking = zlib.decompressobj(_GZIP)
    try:
        async for piece in pieces:
            found = unpacking.decompress(piece, LONGEST_BODY + 1 - len(body))
            place.take(len(found))
            body += found
            if len(body) > LONGEST_BODY:
                raise _too_long()
            if unpacking.unused_data:
                raise BodyError(400, "Something follows the end of the gzip body.")
    except zlib.error:
        raise BodyError(400, "The body is no gzip, or is damaged.") from None
    if not unpacking.eof:
        raise BodyError(400, "The gzip body ends before its end.")
    return bytes(body)


def _too_long() -> BodyError:
    return BodyError(413, f"The body is longer than {LONGEST_BODY >> 20} MiB; send fewer events at once.")

"""A WebSocket, read with mistrust: every frame is bounded, and so is what waits to be taken.

Format: RFC 6455. Frames come as bytes, whether they are text or binary. A connection that does not answer to a ping
in twenty seconds is over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from types import TracebackType

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException

from seawall.errors import ConnectError
from seawall.protocols import LIVE_RECORDS
from seawall.sources.live.http import trust
from seawall.sources.live.http_address import refuse_unencrypted
from seawall.sources.live.http_body import TOO_LONG
from seawall.sources.live.http_faults import refusal, transport_fault

FRAME_BYTES = 4 << 20
"""The longest frame that is read."""

_WAITING_BYTES = 32 << 20
_PING_SECONDS = 20.0
_OPEN_SECONDS = 20.0
_CLOSE_SECONDS = 0.5
_TOO_BIG = 1009
_REDIRECTS = range(300, 400)
_SCHEMES = {"https": "wss", "http": "ws"}


class _Straight(connect):
    """Follows no redirect."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


class Frames:
    """The frames of one connection; use it with ``async with``. What a server sends is read ahead, within bounds.

    Args:
        address: https or http; the WebSocket is opened there as wss or ws.
        headers: sent with the request: the token. They appear in no message.
        where: what messages call the connection: "connection club".
        settings: those of the connection; "ca_file" and "insecure" are looked at, as ``Client`` does.
        product: what the server should be, for messages.

    Raises:
        ConfigurationError: entering: the address is not encrypted and leads out of the own network, or ca_file
            cannot be read.
        AccessError: entering: the server refuses the token.
        ConnectError: entering: it cannot be reached, or is no WebSocket.
    """

    def __init__(
        self, address: httpx.URL, *, headers: Mapping[str, str], where: str, settings: Mapping[str, str], product: str
    ) -> None:
        self._address = address
        self._headers = headers
        self._where = f"{where}, {address.host}{address.path}"
        self._settings = settings
        self._product = product
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._came = asyncio.Event()
        self._room = asyncio.Event()
        self._over: ConnectError | None = None

    async def __aenter__(self) -> Frames:
        secure = self._address.scheme == "https"
        insecure = self._settings.get("insecure") == "yes"
        await refuse_unencrypted(self._address, self._where, insecure=insecure)
        context = trust(self._settings.get("ca_file"), self._where) if secure else None
        try:
            self._socket: ClientConnection = await _Straight(
                str(self._address.copy_with(scheme=_SCHEMES[self._address.scheme])),
                additional_headers=dict(self._headers),
                user_agent_header=f"Seawall/{version('seawall')}",
                compression=None,
                proxy=None,
                ssl=context,
                max_size=FRAME_BYTES,
                max_queue=64,
                open_timeout=_OPEN_SECONDS,
                ping_interval=_PING_SECONDS,
                ping_timeout=_PING_SECONDS,
                close_timeout=_CLOSE_SECONDS,
            )
        except (WebSocketException, OSError, TimeoutError, EOFError, ValueError) as error:
            raise self._not_opened(error) from error
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.cancel()
        try:
            await asyncio.wait([self._reading])
        finally:
            await self._socket.close()

    @property
    def drained(self) -> bool:
        """Whether all that came was taken."""
        return not self._waiting

    async def some(self, seconds: float) -> list[bytes]:
        """The frames that have come, at most LIVE_RECORDS of them; it waits so long for the first. Empty: none came.

        Raises:
            ConnectError: the connection is over, and all that came was taken.
        """
        if not self._waiting and self._over is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._came.wait()
        if not self._waiting and self._over is not None:
            raise self._over
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), LIVE_RECORDS))]
        self._bytes -= sum(map(len, taken))
        self._room.set()
        if not self._waiting:
            self._came.clear()
        return taken

    async def send(self, text: str) -> None:
        """Send a frame of text.

        Raises:
            ConnectError: the connection is over.
        """
        try:
            await self._socket.send(text)
        except ConnectionClosed as error:
            raise self._closed(error) from error

    async def _read(self) -> None:
        try:
            while True:
                frame = await self._socket.recv(decode=False)
                self._waiting.append(frame)
                self._bytes += len(frame)
                self._came.set()
                while len(self._waiting) >= 2 * LIVE_RECORDS or self._bytes > _WAITING_BYTES:
                    self._room.clear()
                    await self._room.wait()
        except ConnectionClosed as error:
            self._over = self._closed(error)
        except (WebSocketException, OSError) as error:
            self._over = transport_fault(error, self._where)
        finally:
            self._came.set()

    def _closed(self, error: ConnectionClosed) -> ConnectError:
        if error.sent is not None and error.sent.code == _TOO_BIG:
            return ConnectError(
                f"A frame is longer than {FRAME_BYTES >> 20} MB, and was not read.",
                where=self._where,
                mend="Check that the address is that of the right server.",
                code=TOO_LONG,
            )
        if error.rcvd is not None:
            return ConnectError(
                f"The server closed the connection ({error.rcvd.code}).",
                where=self._where,
                mend="Seawall tries again by itself.",
            )
        return ConnectError("The connection broke off.", where=self._where, mend="Seawall tries again by itself.")

    def _not_opened(self, error: Exception) -> ConnectError:
        if isinstance(error, InvalidStatus):
            if error.response.status_code in _REDIRECTS:
                return ConnectError(
                    "The server leads to another address, and Seawall does not follow.",
                    where=self._where,
                    mend="Give the address at which it answers itself.",
                )
            headers = {name.lower(): value for name, value in error.response.headers.raw_items()}
            return refusal(error.response.status_code, headers, b"", self._where)
        if isinstance(error, InvalidHandshake | ValueError | EOFError):
            return ConnectError(
                f"What answers here does not look like a {self._product} server.",
                where=self._where,
                mend="Check the address.",
            )
        return transport_fault(error, self._where)

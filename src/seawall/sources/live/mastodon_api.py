"""Mastodon's REST interface: one request at a time, within the limits that the server tells.

Source: https://docs.joinmastodon.org/api/ (*Rate limits*, *Guidelines*) and the source of the server at
github.com/mastodon/mastodon.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx

from seawall.errors import ConfigurationError, ConnectError
from seawall.protocols import Connection
from seawall.sources.json_values import dict_of, text_of
from seawall.sources.live.http import Client
from seawall.sources.live.http_address import base_address
from seawall.sources.live.http_faults import wait_asked
from seawall.sources.raw_rows import Row

PRODUCT = "Mastodon"
PAGE = 40
"""Statuses on a page: a server gives no more."""

_LONGEST_WAIT = 330.0  # its limits are counted for five minutes
_MOST_REFUSALS = 3
_TOO_MANY = 429
_NOT_FOUND = 404
_SPARE = 5  # so many requests of a period are left to others who use the same token
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?")
_STREAMING_PATH = "/api/v1/streaming"
_HTTP = {"wss": "https", "ws": "http", "https": "https", "http": "http"}


class Api:
    """The server of a connection; use it with ``async with``."""

    def __init__(self, connection: Connection) -> None:
        self.where = f"connection {connection.name}"
        token = connection.secrets.get("token", "")
        if not token:
            raise ConfigurationError("The token is missing.", where=self.where, mend="Run seawall connect again.")
        self.headers = {"authorization": f"Bearer {token}"}
        self.base = base_address(connection.url, self.where)
        self._client = Client(
            connection.url,
            headers=self.headers,
            where=self.where,
            product=PRODUCT,
            settings=connection.settings,
        )
        self._wait = 0.0

    async def __aenter__(self) -> Api:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The answer at a path, when the server's limits allow it.

        Raises:
            AccessError: 401 or 403.
            ConnectError: as ``Client.answer``.
        """
        for refusals in range(_MOST_REFUSALS + 1):
            if self._wait:
                await asyncio.sleep(self._wait)
            try:
                answer = await self._client.answer(path, params=params)
            except ConnectError as error:
                wait = error.retry_after if error.retry_after is not None else 10.0
                if error.status != _TOO_MANY or refusals == _MOST_REFUSALS or wait > _LONGEST_WAIT:
                    raise
                self._wait = max(1.0, wait)
                continue
            self._wait = _wait_told(answer.headers)
            return answer.value
        raise AssertionError("unreachable")

    async def listed(self, path: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """An answer that is a list of objects, each with an id; what has none is left out.

        Raises:
            AccessError: 401 or 403.
            ConnectError: as ``get``, or it is no list.
        """
        value = await self.get(path, params)
        if not isinstance(value, list):
            raise self.bad_answer(path)
        return [one for one in value if isinstance(one, dict) and text_of(one.get("id"))]

    async def instance(self) -> Row:
        """What the server says of itself: the newer form, or what the older one tells of the same.

        Raises:
            ConnectError: it is no such server.
        """
        try:
            told = dict_of(await self.get("api/v2/instance"))
        except ConnectError as error:
            if error.status != _NOT_FOUND:
                raise
            old = dict_of(await self.get("api/v1/instance"))
            address = text_of(dict_of(old.get("urls")).get("streaming_api"))
            told = {"domain": old.get("uri"), "configuration": {"urls": {"streaming": address}}}
        if text_of(told.get("domain")) is None:
            raise self.bad_answer("api/v2/instance")
        return told

    def server(self, instance: Row) -> str:
        """The server's name, as other servers know it.

        Raises:
            ConnectError: it tells something that is no name.
        """
        name = str(instance["domain"]).lower().removeprefix("https://").rstrip("/")
        if not _HOST.fullmatch(name):
            raise self.bad_answer("api/v2/instance")
        return name

    def streaming(self, instance: Row, stated: str | None) -> httpx.URL:
        """Where to open the stream: on the server itself, or where it says, if that is a part of it.

        Raises:
            ConfigurationError: it says somewhere else, and nobody has stated that this is meant.
        """
        urls = dict_of(dict_of(instance.get("configuration")).get("urls"))
        told = stated or text_of(urls.get("streaming")) or str(self.base)
        parts = urlsplit(told)
        scheme, host = _HTTP.get(parts.scheme), parts.hostname or ""
        own = host == self.base.host or host.endswith(f".{self.base.host}")
        if scheme is None or (stated is None and (not own or (scheme == "http" and self.base.scheme == "https"))):
            raise ConfigurationError(
                "The server streams at an address that is no part of it, and Seawall does not send its token there.",
                where=self.where,
                mend="If that address is known to be right, state it as streaming: wss://...",
            )
        try:
            port = parts.port
        except ValueError:
            raise self.bad_answer("api/v2/instance") from None
        return self.base.copy_with(scheme=scheme, host=host, port=port, path=_STREAMING_PATH)

    def bad_answer(self, path: str) -> ConnectError:
        """The error for an answer of the wrong form."""
        return ConnectError(
            "The answer is not in the form of a Mastodon server.",
            where=f"{self.where}, {path}",
            mend="Check the address.",
        )


def _wait_told(headers: Mapping[str, str]) -> float:
    """Seconds to wait before the next request: none until the server's limit is nearly used up."""
    left = headers.get("x-ratelimit-remaining", "")
    if not (left.isascii() and left.isdigit() and len(left) < 10) or int(left) > _SPARE:
        return 0.0
    return min(wait_asked(headers) or 0.0, _LONGEST_WAIT)

"""A server's HTTP interface, read with mistrust: every answer is bounded in time, in bytes and in depth."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from types import TracebackType
from typing import Any

import httpx

from seawall.errors import ConfigurationError, ConnectError
from seawall.protocols import Ask
from seawall.sources.json_values import Undecodable, decoded
from seawall.sources.live.http_address import base_address, origin, refuse_unencrypted
from seawall.sources.live.http_body import too_long, unpacked_pieces, whole_body
from seawall.sources.live.http_faults import refusal, transport_fault

HTTP_ASKS = (
    Ask(
        "ca_file",
        "PEM file with the authority of the server's certificate, besides the system's",
        default="",
        rare=True,
    ),
    Ask("insecure", '"yes": send the token unencrypted over the internet', default="", rare=True),
)
"""What every source over HTTP takes besides what it asks for itself."""

LIMIT_BYTES = 16 << 20
"""The longest answer that is read, unpacked."""

_MOST_PIECES = 1_000_000
_MOST_REDIRECTS = 5
_ERROR_BYTES = 64 << 10
_JSON_HEADERS = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": f"Seawall/{version('seawall')}"}

logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log whole addresses, with their queries


@dataclass(frozen=True, slots=True)
class Answer:
    """A decoded answer. ``headers`` has lower-case names."""

    value: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


class Client:
    """One server, over https, or over http within this machine's own network; use it with ``async with``.

    Redirects are followed to the same scheme, host and port only. Proxies of the environment are not used.

    Args:
        base_url: the server's address; paths are below it.
        headers: sent with each request: the token. They appear in no message.
        where: what messages call the connection: "connection club".
        limit_bytes: the longest answer, unpacked; for ``lines`` the longest line.
        timeout_s: seconds within which a whole answer must be there; for ``lines`` the longest silence.
        product: what the server should be, for messages: "Rocket.Chat".
        settings: those of the connection; "ca_file" (a PEM file with the authority to trust besides the system's)
            and "insecure" ("yes": http to anywhere) are looked at.

    Raises:
        ConfigurationError: the address holds a password or is no web address; entering: it is not encrypted and
            leads out of the own network, or ca_file cannot be read.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        where: str,
        limit_bytes: int = LIMIT_BYTES,
        timeout_s: float = 30.0,
        product: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._base = base_address(base_url, where)
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise ConfigurationError(
                "The token holds characters that no token has.", where=where, mend="Copy it again, whole and alone."
            )
        self._headers = {**_JSON_HEADERS, **{name.lower(): value for name, value in headers.items()}}
        self._where = where
        self._limit = limit_bytes
        self._timeout = timeout_s
        self._product = product
        self._settings = settings or {}
        self._http: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Client:
        insecure = self._settings.get("insecure") == "yes"
        await refuse_unencrypted(self._base, f"{self._where}, {self._base.host}", insecure=insecure)
        self._http = httpx.AsyncClient(
            headers=self._headers,
            verify=trust(self._settings.get("ca_file"), self._where) if self._base.scheme == "https" else False,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def get(self, path: str, params: Mapping[str, Any] | None = None, *, timeout_s: float | None = None) -> Any:
        """The decoded JSON at a path. See ``answer``."""
        return (await self.answer(path, params=params, timeout_s=timeout_s)).value

    async def answer(
        self, path: str, *, params: Mapping[str, Any] | None = None, timeout_s: float | None = None
    ) -> Answer:
        """The decoded JSON and the headers that answer a GET request; the client makes no others.

        Args:
            path: below the base address, or a whole address of the same server (a "next page").
            params: the query; values that are None are left out.
            timeout_s: seconds for the whole answer, if not those of the client.

        Raises:
            AccessError: 401 or 403.
            ConnectError: no answer, one that is too long, too deep or no JSON, or another status than a success;
                ``status``, ``code`` and, for 429 and 503, ``retry_after`` as the server tells them.
        """
        where = self._place(path)
        try:
            async with asyncio.timeout(timeout_s or self._timeout):
                async with self._opened(path, params, timeout_s) as response:
                    content = await whole_body(response, where, self._limit)
                return Answer(self._decoded(content, where), dict(response.headers))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise transport_fault(error, where) from error

    async def lines(
        self, path: str, params: Mapping[str, Any] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> AsyncGenerator[bytes, None]:
        """The lines of an answer that goes on, without their ends, blank ones too.

        Raises:
            AccessError: 401 or 403.
            ConnectError: as ``answer``, and for a silence of more than ``timeout_s`` or a line that is too long. An
                answer that ends is no error: the caller decides whether it may.
        """
        where = self._place(path)
        try:
            async with self._opened(path, params, None, headers) as response:
                rest = b""
                async with aclosing(unpacked_pieces(response, where)) as pieces:
                    async for piece in pieces:
                        *whole, rest = (rest + piece).split(b"\n")
                        for line in whole:
                            yield line.removesuffix(b"\r")
                        if len(rest) > self._limit:
                            raise too_long(where, self._limit)
                if rest:
                    yield rest
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise transport_fault(error, where) from error

    @asynccontextmanager
    async def _opened(
        self,
        path: str,
        params: Mapping[str, Any] | None,
        timeout_s: float | None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[httpx.Response, None]:
        """The answer's head, after redirects; refused unless it is a success."""
        if self._http is None:
            raise ConfigurationError("The client was not entered.", where=self._where, mend="Use it with async with.")
        address = self._address(path, params)
        for _ in range(_MOST_REDIRECTS + 1):
            request = self._http.build_request(
                "GET", address, headers=dict(headers or {}), timeout=timeout_s or self._timeout
            )
            response = await self._http.send(request, stream=True)
            self._http.cookies.clear()
            try:
                if response.is_success:
                    yield response
                    return
                if not response.has_redirect_location:
                    raise await self._refused(response, path)
                address = self._redirected(response, address, path)
            finally:
                await response.aclose()
        raise ConnectError("The server redirects in a circle.", where=self._place(path), mend="Check the address.")

    def _address(self, path: str, params: Mapping[str, Any] | None) -> httpx.URL:
        """A path below the base, or a whole address if it is of the same server."""
        whole = path.startswith(("http://", "https://"))
        address = httpx.URL(path) if whole else httpx.URL(f"{self._base}{path.lstrip('/')}")
        if origin(address) != origin(self._base):
            raise self._led_away(self._base.path)
        told = {name: value for name, value in (params or {}).items() if value is not None}
        return address.copy_merge_params(told) if told else address

    def _redirected(self, response: httpx.Response, address: httpx.URL, path: str) -> httpx.URL:
        try:
            target = address.join(response.headers["location"])
        except (httpx.InvalidURL, ValueError):
            raise self._led_away(path) from None
        if origin(target) != origin(self._base) or target.userinfo:
            raise self._led_away(path)
        return target

    def _led_away(self, path: str) -> ConnectError:
        return ConnectError(
            "The server leads to another server, and Seawall does not follow with its token.",
            where=self._place(path),
            mend="Give the address at which the server answers itself, with https if it has it.",
        )

    async def _refused(self, response: httpx.Response, path: str) -> ConnectError:
        try:
            body = await whole_body(response, self._place(path), _ERROR_BYTES)
        except ConnectError:
            body = b""
        return refusal(response.status_code, response.headers, body, self._place(path))

    def _decoded(self, content: bytes, where: str) -> Any:
        reason = "too many values for its length"
        if content.count(b"{") + content.count(b"[") <= _MOST_PIECES:
            try:
                return decoded(content)
            except Undecodable as error:
                reason = str(error)
        looks = (
            f"this does not look like a {self._product} server" if self._product else "this is another kind of server"
        )
        raise ConnectError(f"The answer is unusable ({reason}): {looks}.", where=where, mend="Check the address.")

    def _place(self, path: str) -> str:
        """What a message may name: the connection, the host and the path, never the query."""
        bare = httpx.URL(path).path if path.startswith(("http://", "https://")) else path.partition("?")[0]
        return f"{self._where}, {self._base.host}/{bare.lstrip('/')}"


def trust(ca_file: str | None, where: str) -> ssl.SSLContext:
    """Certificates are checked against the system's authorities, those of httpx, and the operator's own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                "The file of the authority to trust cannot be read, or holds no certificate.",
                where=f"{where}, ca_file",
                mend="Name a PEM file that this user may read.",
            ) from error
    return context

"""The wire to NATS JetStream: one connection, one consumer that acknowledges nothing, and bounds on everything."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import httpx
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, ProtocolError
from nats.protocol.parser import Parser

from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.protocols import Connection
from seawall.sources.json_values import dict_of
from seawall.sources.live.http import trust
from seawall.sources.live.http_address import refuse_unencrypted

PULL_MESSAGES = 500
PULL_BYTES = 4 << 20
"""The most messages, and bytes of them, that one request asks for; a longer message comes alone."""

LONGEST_MESSAGE = 64 << 20
"""NATS itself allows no longer one."""

_ANSWER_SECONDS = 10.0
_UNUSED_SECONDS = 60
_NANO = 1_000_000_000
_NOTHING, _TIMED_OUT, _ENOUGH = "404", "408", "409"

logging.getLogger("nats").setLevel(logging.CRITICAL)  # it would log what the server sends


@dataclass(frozen=True, slots=True)
class StreamState:
    """What a stream holds now. Times are UTC."""

    made: str  # when it was made, as the server writes it: another one of the same name has another time
    first: int
    last: int
    first_at: datetime
    messages: int


class _Mistrustful(Parser):
    """nats-py's parser with a bound on what it holds."""

    async def parse(self, data: bytes = b"") -> None:
        if self.needed > LONGEST_MESSAGE or len(self.buf) + len(data) > LONGEST_MESSAGE + PULL_BYTES:
            raise ProtocolError("a message that is too long")
        await super().parse(data)


class _Client(Client):
    """nats-py's client, which tells nobody its token before the connection is encrypted, where it has to be."""

    def __init__(self, *, encrypted: bool) -> None:
        super().__init__()
        self._encrypted = encrypted
        self._ps = _Mistrustful(self)

    def _connect_command(self) -> bytes:
        if self._encrypted and not self._server_info.get("tls_required"):
            raise Error("the server offers no TLS")
        command: bytes = super()._connect_command()
        return command


class Link:
    """One connection to a server; use it with ``async with``.

    Args:
        connection: its url is nats:// or tls://; settings "stream", "subject", "user", "ca_file", "insecure"; the
            secret "secret" is a token, or the password of the user.

    Raises:
        ConfigurationError: the settings cannot work.
        ConnectError: the server cannot be reached, or is no NATS.
        AccessError: it refuses the token.
    """

    def __init__(self, connection: Connection) -> None:
        self.where = f"connection {connection.name}"
        self._connection = connection
        self._address = _address(connection.url, self.where)
        self.where += f", {self._address.host}"
        self.stream = connection.settings.get("stream", "").strip()
        self.subject = connection.settings.get("subject", "").strip()
        if not self.stream or any(mark in self.stream for mark in ".*> \t\r\n"):
            raise ConfigurationError(
                "This is no name of a stream.",
                where=f"{self.where}, stream",
                mend="Give it without dots, stars and spaces; nats stream ls lists them.",
            )
        self._client = _Client(encrypted=self._address.scheme == "https")
        self._consumer = ""
        self._given = 0

    async def __aenter__(self) -> Link:
        settings = self._connection.settings
        await refuse_unencrypted(self._address, self.where, insecure=settings.get("insecure") == "yes")
        context = trust(settings.get("ca_file"), self.where)
        try:
            async with asyncio.timeout(_ANSWER_SECONDS * 2):
                await self._client.connect(
                    f"nats://{self._address.host}:{self._address.port}",
                    error_cb=_unheard,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,
                    reconnect_time_wait=0,
                    connect_timeout=int(_ANSWER_SECONDS),
                    tls=context,
                    name="Seawall (reads)",
                    **_credentials(settings, self._connection.secrets),
                )
        except Exception as error:  # a peer that lies makes nats-py raise anything
            await self._client.close()
            raise self._fault(error) from error
        self._inbox = await self._client.subscribe(self._client.new_inbox())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def state(self) -> StreamState:
        """What the stream holds now."""
        told = await self._asked(f"$JS.API.STREAM.INFO.{self.stream}", {})
        state = dict_of(told.get("state"))
        try:
            return StreamState(
                made=str(told["created"]),
                first=int(state["first_seq"]),
                last=int(state["last_seq"]),
                first_at=_moment(state["first_ts"]),
                messages=int(state["messages"]),
            )
        except (KeyError, TypeError, ValueError):
            raise self._nonsense() from None

    async def rights(self) -> Mapping[str, Any]:
        """What the server says of this user; empty where it does not tell."""
        try:
            answer = await self._client.request("$SYS.REQ.USER.INFO", b"", timeout=_ANSWER_SECONDS)
            return dict_of(dict_of(json.loads(answer.data)).get("data"))
        except (Error, OSError, ValueError, TimeoutError):
            return {}

    async def consume(self, start: Mapping[str, Any]) -> None:
        """Begin to read: ``start`` holds "opt_start_seq" or "opt_start_time"."""
        self._consumer = f"seawall_{secrets.token_hex(8)}"
        config: dict[str, Any] = {
            "name": self._consumer,
            "deliver_policy": "by_start_sequence" if "opt_start_seq" in start else "by_start_time",
            "ack_policy": "none",
            "replay_policy": "instant",
            "inactive_threshold": _UNUSED_SECONDS * _NANO,
            "mem_storage": True,
            **start,
        }
        subject = f"$JS.API.CONSUMER.CREATE.{self.stream}.{self._consumer}"
        if self.subject:
            config["filter_subject"] = self.subject
            subject += f".{self.subject}"
        await self._asked(subject, {"stream_name": self.stream, "config": config})

    async def pull(self, wait: float) -> list[Msg]:
        """The next messages: what is there, or with ``wait`` (seconds) the first one that comes.

        Raises:
            ConnectError: the connection or the consumer is gone, or a message was lost on the way.
        """
        asked: dict[str, Any] = {"batch": 1} if wait else {"batch": PULL_MESSAGES, "no_wait": True}
        asked["max_bytes"] = max(PULL_BYTES, min(self._client.max_payload + (64 << 10), LONGEST_MESSAGE))
        if wait:
            asked["expires"] = int(wait * _NANO)
        found: list[Msg] = []
        try:
            await self._client.publish(
                f"$JS.API.CONSUMER.MSG.NEXT.{self.stream}.{self._consumer}",
                json.dumps(asked).encode(),
                self._inbox.subject,
            )
            while len(found) < asked["batch"]:
                message = await self._inbox.next_msg(timeout=wait + _ANSWER_SECONDS)
                status = (message.headers or {}).get("Status")
                if status is None:
                    self._count(message)
                    found.append(message)
                elif status in (_NOTHING, _TIMED_OUT) or (status == _ENOUGH and found):
                    break
                elif status != "100":
                    raise self._gone()
        except (Error, OSError, TimeoutError) as error:
            raise self._gone() from error
        return found

    def _count(self, message: Msg) -> None:
        """The consumer numbers what it gives: a number that is left out is a message that was lost on the way."""
        try:
            number = int(message.metadata.sequence.consumer)
        except (Error, ValueError, TypeError, IndexError, AttributeError):
            raise self._nonsense() from None
        self._given += 1
        if number != self._given:
            raise ConnectError("A message was lost on the way.", where=self.where, mend="It is fetched again.")

    async def _asked(self, subject: str, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._client.request(subject, json.dumps(body).encode(), timeout=_ANSWER_SECONDS)
            told = json.loads(answer.data)
        except (Error, OSError, TimeoutError) as error:
            raise self._fault(error) from error
        except ValueError:
            raise self._nonsense() from None
        if not isinstance(told, dict):
            raise self._nonsense()
        failure = told.get("error")
        if isinstance(failure, dict):
            raise self._refused(failure)
        return told

    def _refused(self, failure: Mapping[str, Any]) -> ConnectError:
        if failure.get("code") == 404:
            what, mend = "The server has no such stream.", "Check its name, and that the account can see it."
        else:
            what, mend = "The server refuses to let the stream be read.", "Check the subject, and what the user may do."
        return ConnectError(what, where=f"{self.where}, stream {self.stream}", mend=mend)

    def _gone(self) -> ConnectError:
        return ConnectError("The connection to the stream is gone.", where=self.where)

    def _nonsense(self) -> ConnectError:
        return ConnectError(
            "The server answers what NATS JetStream does not.", where=self.where, mend="Check the address."
        )

    def _fault(self, error: Exception) -> ConnectError:
        words = str(error).lower()
        if "authorization" in words or "authentication" in words or "nonce" in words:
            return AccessError(
                "The server refuses this user or token.", where=self.where, mend="Connect again with the right one."
            )
        if "offers no tls" in words:
            what, mend = "The server offers no encryption, so it was told no token.", "Use TLS on the server."
            return ConnectError(what, where=self.where, mend=mend)
        if isinstance(error, TimeoutError) or "timeout" in words:
            what = "The server does not answer; it may not have JetStream, or this user may not ask."
            return ConnectError(what, where=self.where, mend="Check the address and what the user may do.")
        return ConnectError(
            "The server cannot be reached, or is no NATS server.", where=self.where, mend="Check the address."
        )


async def _unheard(_: Exception) -> None:
    """nats-py tells of errors that are also raised."""


def _credentials(settings: Mapping[str, str], told: Mapping[str, str]) -> dict[str, Any]:
    user, secret = settings.get("user", "").strip(), told.get("secret", "").strip()
    if user:
        return {"user": user, "password": secret}
    return {"token": secret} if secret else {}


def _address(url: str, where: str) -> httpx.URL:
    """The server's address, as if it were one of the web: https stands for TLS."""
    scheme, mark, rest = url.strip().partition("://")
    schemes = {"nats": "http", "tls": "https"}
    try:
        found = httpx.URL(f"{schemes[scheme]}://{rest}") if mark else None
    except (KeyError, httpx.InvalidURL, ValueError):
        found = None
    if found is None or not found.host or found.userinfo or found.path not in ("", "/") or found.query:
        raise ConfigurationError(
            "This is no address of a NATS server, or it holds a user or a token.",
            where=where,
            mend="Write it as tls://nats.example.org:4222",
        )
    return found.copy_with(port=found.port or 4222)


def _moment(written: Any) -> datetime:
    """A time as the server writes it, with nanoseconds."""
    head, _, fraction = str(written).removesuffix("Z").partition(".")
    micros = f"{fraction:0<6}"[:6] if fraction.isdigit() else "000000"
    return datetime.fromisoformat(f"{head}.{micros}").replace(tzinfo=UTC)

"""Rocket.Chat's REST interface: one request at a time, within the limits that the server and the operator set.

Source: https://developer.rocket.chat/apidocs and the server's own source at github.com/RocketChat/Rocket.Chat
(``apps/meteor/app/api/server/v1``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

from seawall.errors import ConfigurationError, ConnectError
from seawall.protocols import Connection
from seawall.sources.json_values import dict_of, list_of
from seawall.sources.live.http import Client
from seawall.sources.live.http_faults import wait_asked
from seawall.sources.live.rocketchat_settings import Settings

PAGE = 100
"""Rooms and reports on a page: a server gives no more unless it was set up to (API_Upper_Count_Limit)."""

BAD_ANSWER = "bad-answer"
"""The code of the error for an answer that is JSON, but not what it should be."""

_MOST_PAGES = 200
_LONGEST_WAIT = 120.0
_MOST_REFUSALS = 5
_TOO_MANY = 429


@dataclass(slots=True)
class _Quota:
    """What an endpoint's headers tell of its limit; a server counts requests for each endpoint by itself."""

    limit: int
    remaining: int
    resets_at: float  # by this process's own clock

    def wait(self, now: float) -> float:
        """Nothing while there is plenty; then the rest of the requests is spread over the rest of the time."""
        left = self.resets_at - now
        if left <= 0 or self.remaining * 2 >= self.limit:
            return 0.0
        return left / (self.remaining + 1)


class Api:
    """The server of a connection; use it with ``async with``."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self.where = f"connection {connection.name}"
        self.url = connection.url
        headers = {name: connection.secrets.get(key, "") for name, key in (("X-Auth-Token", "token"),)}
        headers["X-User-Id"] = connection.settings.get("user_id", "")
        if not all(headers.values()):
            raise ConfigurationError(
                "The user id or the token is missing.", where=self.where, mend="Run seawall connect again."
            )
        self._client = Client(
            connection.url,
            headers=headers,
            where=self.where,
            product="Rocket.Chat",
            timeout_s=settings.timeout,
            settings=connection.settings,
        )
        self._gap = settings.request_gap
        self._free_at = 0.0
        self._quotas: dict[str, _Quota] = {}
        self.limits: dict[str, int] = {}
        self.server_ms: int | None = None  # the server's clock at its last answer

    async def __aenter__(self) -> Api:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def get(self, endpoint: str, **params: Any) -> dict[str, Any]:
        """The answer of an endpoint, when its turn has come.

        Raises:
            AccessError: 401 or 403.
            ConnectError: as ``Client.answer``; or the answer is no object or says that it is no success.
        """
        for refusals in range(_MOST_REFUSALS + 1):
            await self._turn(endpoint)
            try:
                answer = await self._client.answer(f"api/v1/{endpoint}", params=params)
            except ConnectError as error:
                if error.status != _TOO_MANY or refusals == _MOST_REFUSALS or (error.retry_after or 0) > _LONGEST_WAIT:
                    raise
                await asyncio.sleep(min(error.retry_after or 10.0, _LONGEST_WAIT))
                continue
            self._note(endpoint, answer.headers)
            return self.told(answer.value, endpoint)
        raise AssertionError("unreachable")

    def told(self, value: Any, endpoint: str) -> dict[str, Any]:
        """The object of an answer.

        Raises:
            ConnectError: it is none, or tells no success.
        """
        if not isinstance(value, dict) or value.get("success") is False:
            raise self.bad_answer(endpoint)
        return value

    def bad_answer(self, endpoint: str) -> ConnectError:
        """The error for an answer of the wrong form."""
        return ConnectError(
            "The answer is not in the form of a Rocket.Chat server.",
            where=f"{self.where}, {endpoint}",
            mend="Check the address, and that the server's version is 6 or later.",
            code=BAD_ANSWER,
        )

    def listed(self, answer: Mapping[str, Any], key: str, endpoint: str) -> list[dict[str, Any]]:
        """A list of objects in an answer; what is no object in it comes as an empty one, which no one can use.

        Raises:
            ConnectError: there is no such list.
        """
        if not isinstance(answer.get(key), list):
            raise self.bad_answer(endpoint)
        return [dict_of(one) for one in list_of(answer[key])]

    async def pages(self, endpoint: str, key: str, **params: Any) -> AsyncGenerator[list[dict[str, Any]], None]:
        """The pages of a list, to its end: a server may give fewer a page than are asked for."""
        offset = 0
        for _ in range(_MOST_PAGES):
            answer = await self.get(endpoint, count=PAGE, offset=offset, **params)
            yield self.listed(answer, key, endpoint)
            length = len(list_of(answer[key]))
            offset += max(length, _whole(answer.get("count")))
            total = answer.get("total")
            if not length or offset >= (_whole(total) if total is not None else offset + length - PAGE + 1):
                return

    async def _turn(self, endpoint: str) -> None:
        now = time.monotonic()
        quota = self._quotas.get(endpoint)
        start = max(now, self._free_at, now + (quota.wait(now) if quota else 0.0))
        self._free_at = start + self._gap
        if start > now:
            await asyncio.sleep(start - now)

    def _note(self, endpoint: str, headers: Mapping[str, str]) -> None:
        self.server_ms = _date_ms(headers.get("date")) or self.server_ms
        limit, remaining = (headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining"))
        resets_in = wait_asked({name: value for name, value in headers.items() if name != "retry-after"})
        if limit.isdigit() and remaining.isdigit() and resets_in is not None:
            self.limits[endpoint] = int(limit)
            resets_at = time.monotonic() + min(resets_in, _LONGEST_WAIT)
            self._quotas[endpoint] = _Quota(int(limit), int(remaining), resets_at)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value <= _MOST_PAGES * PAGE else 0


def _date_ms(written: str | None) -> int | None:
    try:
        return int(parsedate_to_datetime(written or "").timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None


def me_of(answer: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The name and the roles of the account that a token belongs to."""
    me = dict_of(answer)
    return str(me.get("username") or ""), [role for role in list_of(me.get("roles")) if isinstance(role, str)]

"""What can go wrong between Seawall and a server -> errors that say how to mend it, and quote nothing that it sent."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from seawall.errors import AccessError, ConnectError
from seawall.sources.json_values import Undecodable, decoded, dict_of
from seawall.sources.live.http_address import unknown_host

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}")
_CODE_KEYS = ("errorType", "errcode", "error")
_RESETS = ("x-ratelimit-reset", "ratelimit-reset")
_IN_MILLISECONDS = 1e11
_IN_SECONDS = 1e8
_EXPIRED, _NOT_YET = 10, 9
_WRONG_NAME = (62, 64)


def transport_fault(error: Exception, where: str) -> ConnectError:
    """The error for a connection that failed or broke off."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ConnectError(_certificate(cause.verify_code), where=where, mend=_certificate_mend(cause.verify_code))
        if isinstance(cause, ssl.SSLError):
            return ConnectError(
                "The encrypted connection failed.",
                where=where,
                mend="Check that the address and port are those of https.",
            )
        if isinstance(cause, socket.gaierror):
            return unknown_host(where)
        if isinstance(cause, ConnectionRefusedError):
            return ConnectError(
                "Nothing listens at this address.",
                where=where,
                mend="Check the address and port, and that the server runs.",
            )
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return ConnectError(
            "The server did not answer in time.", where=where, mend="Check that the server runs and is not overloaded."
        )
    if isinstance(error, httpx.ConnectError):
        return ConnectError(
            "The server cannot be reached.", where=where, mend="Check the address, and that the network is up."
        )
    return ConnectError(
        "The connection broke off in the middle of an answer.", where=where, mend="Seawall tries again by itself."
    )


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what it came from."""
    chain: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or one in chain:
            continue
        chain.append(one)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return chain


def _certificate(code: int) -> str:
    if code == _EXPIRED:
        return "The server's certificate has expired."
    if code == _NOT_YET:
        return "The server's certificate is not valid yet."
    if code in _WRONG_NAME:
        return "The server's certificate is for another name."
    return "The server's certificate is not trusted."


def _certificate_mend(code: int) -> str:
    if code in (_EXPIRED, _NOT_YET):
        return "Ask the server's operator to renew it, and check this machine's clock."
    if code in _WRONG_NAME:
        return "Check the address."
    return "If the server has a certificate of its own, name the file of its authority as ca_file."


def refusal(status: int, headers: Mapping[str, str], body: bytes, where: str) -> ConnectError:
    """The error for an answer whose status is not a success."""
    code = _code(body)
    if status == httpx.codes.UNAUTHORIZED:
        return AccessError(
            "The server does not accept this token.",
            where=where,
            mend="It may have expired or been revoked: make a new one and run seawall connect again.",
            status=status,
            code=code,
        )
    if status == httpx.codes.FORBIDDEN:
        return AccessError(
            "The token has no right to read this.",
            where=where,
            mend="Give its account the right, or run seawall connect again with another token.",
            status=status,
            code=code,
        )
    what, mend = _worth_trying(status)
    wait = wait_asked(headers) if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE) else None
    return ConnectError(what, where=where, mend=mend, retry_after=wait, status=status, code=code)


def _worth_trying(status: int) -> tuple[str, str]:
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return "The server asks for fewer requests.", "Seawall waits by itself; its limits can be raised on the server."
    if status == httpx.codes.NOT_FOUND:
        return "The server has nothing at this address (404).", "Check the address: it is that of the server itself."
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return f"The server has a fault of its own ({status}).", "Seawall tries again by itself."
    return f"The server refused the request ({status}).", "Check that its version is one that Seawall supports."


def _code(body: bytes) -> str | None:
    """The short word by which the server names what is wrong; nothing that could be a sentence."""
    try:
        told = dict_of(decoded(body))
    except Undecodable:
        return None
    for key in _CODE_KEYS:
        value = told.get(key)
        if isinstance(value, str) and _CODE.fullmatch(value):
            return value
    return None


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, by its own clock; None where it does not say.

    >>> wait_asked({"retry-after": "7"})
    7.0
    >>> wait_asked({"x-ratelimit-reset": "1712905205000", "date": "Fri, 12 Apr 2024 07:00:00 GMT"})
    5.0
    """
    now = _moment(headers.get("date")) or datetime.now(UTC).timestamp()
    told = headers.get("retry-after")
    seconds = _number(told)
    if seconds is None and told is not None:
        moment = _moment(told)
        seconds = None if moment is None else moment - now
    for name in _RESETS:
        if seconds is None:
            seconds = _until(headers.get(name), now)
    return None if seconds is None else max(0.0, seconds)


def _until(value: str | None, now: float) -> float | None:
    """A time in seconds or milliseconds since 1970 or as ISO 8601 text, or a number of seconds from now."""
    number = _number(value)
    if number is None:
        moment = _moment(value)
        return None if moment is None else moment - now
    if number > _IN_MILLISECONDS:
        return number / 1000 - now
    return number - now if number > _IN_SECONDS else number


def _number(value: Any) -> float | None:
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 15:
        return None
    return float(value)


def _moment(value: str | None) -> float | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value or "")
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError):
            continue
    return None

"""What is around every request: its number, the names the console answers to, bounds, headers, and no traceback."""

from __future__ import annotations

import secrets
import time
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seawall.web import problems
from seawall.web.console import Console, console_of
from seawall.web.refusals import Refusal, TooLarge

MOST_BODY_BYTES = 1 << 20
"""The most that a request may hold: a long note, or a list of indicators in a file."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "x-robots-tag": "noindex, nofollow",
}
FOR_A_YEAR = "public, max-age=31536000, immutable"
STRICT_TRANSPORT = "max-age=31536000"


class Envelope:
    """ASGI middleware around the whole application.

    Args:
        app: what is inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        console = console_of(request)
        answer = _Answer(scope, send, console)
        if not _is_for(console, scope):
            refused = PlainTextResponse("This name is not one of the console's.", 421)
            await refused(scope, receive, answer.send)
            return
        try:
            if int(Headers(scope=scope).get("content-length", "0") or 0) > MOST_BODY_BYTES:
                raise TooLarge
            await self._app(scope, _bounded(receive), answer.send)
        except Exception as error:  # noqa: BLE001 - the last place where it can become a page instead of a traceback
            if not answer.started:
                show = problems.problem if isinstance(error, Refusal) else problems.fault
                page = await run_in_threadpool(show, request, error)  # type: ignore[arg-type]
                await page(scope, receive, answer.send)


def _is_for(console: Console, scope: Scope) -> bool:
    told = Headers(scope=scope).get("host", "")
    try:
        return (urlsplit(f"//{told}").hostname or "").lower() in console.settings.hosts
    except ValueError:
        return False


class _Answer:
    """What goes back, with its headers; the time is counted when its head is sent."""

    def __init__(self, scope: Scope, send: Send, console: Console) -> None:
        self._scope = scope
        self._send = send
        self._console = console
        self._began = time.perf_counter()
        self.started = False
        self._state = scope.setdefault("state", {})
        self._state["request_id"] = secrets.token_hex(8)

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start":
            self.started = True
            self._add_headers(MutableHeaders(scope=message), message["status"])
            route = str(self._state.get("route", "none"))
            self._console.counts.answered(route, message["status"], time.perf_counter() - self._began)
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders, status: int) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        headers["x-request-id"] = self._state["request_id"]
        if self._console.settings.secure:
            headers["strict-transport-security"] = STRICT_TRANSPORT
        lasting = self._scope["path"].startswith("/static/") and b"v=" in self._scope["query_string"]
        headers["cache-control"] = FOR_A_YEAR if lasting and status == 200 else "no-store"


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY_BYTES:
            raise TooLarge
        return message

    return bounded

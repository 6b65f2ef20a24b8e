"""The small HTTP server of a watch process: health, metrics, and the endpoint that platforms post their events to."""

from __future__ import annotations

import asyncio
import hmac
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seawall.errors import BacklogError, ConfigurationError, InputError, SeawallError, StorageError
from seawall.model.loopback import is_loopback
from seawall.model.ports import port_of
from seawall.watch.bodies import BODY_SECONDS, BodyError, Incoming, Shelf
from seawall.watch.health import Health
from seawall.watch.http_guard import GuardedProtocol, QuietServer
from seawall.watch.metrics import CONTENT_TYPE, Metrics

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/json")
"""What a posted body may say that it is; in each case it holds one JSON object a line."""

STOP_SECONDS = 10
"""How long requests that are under way have when the server stops."""

MOST_REASONS = 100
"""The most rejected events that an answer names one by one."""

_LONGEST_KEY = 200
_RETRY_SECONDS = 2.0
_HEAD_BYTES = 16 << 10
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event that was not taken: the line of the body, the field and the reason, never a value."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of a posted body: given only when what was accepted is durable."""

    accepted: int
    rejected: int
    reasons: tuple[Rejection, ...] = ()


Submit = Callable[[str, bytes, str | None], Awaitable[PushResult]]
"""Takes a body in for a connection: its name, the NDJSON, and the Idempotency-Key if there is one.

Raises BacklogError where too much waits (429), InputError where the body as a whole cannot be read (400), and
StorageError where the disk refuses (503).
"""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the server is connected to.

    Args:
        health: how the process stands now.
        metrics: what is counted.
        submit: takes posted bodies in.
        tokens: of the connections that are pushed to, by name.
        reading_token: asked for by health and metrics; None = they are open, which only the own machine may see.
        body_s: seconds that a client may take to send a body.
    """

    health: Callable[[], Health]
    metrics: Metrics
    submit: Submit
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    reading_token: str | None = field(default=None, repr=False)
    body_s: float = BODY_SECONDS


class Server:
    """The server in the running event loop; use it with ``start`` and ``stop``.

    Args:
        wiring: what it is connected to.
        host: the address to listen on.
        port: 0 = any that is free; see ``port``.

    Raises:
        ConfigurationError: another address than the own machine's, and no token for reading.
    """

    def __init__(self, wiring: Wiring, *, host: str = "127.0.0.1", port: int = 8765) -> None:
        if not is_loopback(host) and not wiring.reading_token:
            raise ConfigurationError(
                "Health and metrics would be open to the network.",
                where=f"address {host}",
                mend="Listen on 127.0.0.1, or set a token for reading.",
            )
        self._wiring = wiring
        self._host = host
        self._port = port
        self._endpoints = _Endpoints(wiring)
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    async def start(self) -> None:
        """Listen.

        Raises:
            ConfigurationError: the address cannot be listened on.
        """
        listening = _listening(self._host, self._port)
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._endpoints.app(),
            http=GuardedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            h11_max_incomplete_event_size=_HEAD_BYTES,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=STOP_SECONDS,
            backlog=128,
        )
        self._server = QuietServer(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        while not self._server.started and not self._serving.done():
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Refuse what comes, let what is under way finish for STOP_SECONDS, and end."""
        self._endpoints.stopping = True
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        await asyncio.wait([self._serving], timeout=STOP_SECONDS + 5)
        self._serving.cancel()


class _Endpoints:
    """The three things that can be asked."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._shelf = Shelf()
        self.stopping = False

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/health", self._health, methods=["GET"]),
                Route("/metrics", self._metrics, methods=["GET"]),
                Route("/v1/events/{name}", self._events, methods=["POST"]),
            ]
        )

    async def _health(self, request: Request) -> Response:
        refused = self._may_not_read(request)
        if refused is not None:
            return refused
        told = self._wiring.health()
        return JSONResponse(told.as_dict(), 200 if told.status == "ok" else 503)

    async def _metrics(self, request: Request) -> Response:
        return self._may_not_read(request) or Response(self._wiring.metrics.text(), media_type=CONTENT_TYPE)

    def _may_not_read(self, request: Request) -> Response | None:
        """None if it may. Without a token the name must be the machine's own, so that no web page leads here."""
        token = self._wiring.reading_token
        if token is not None:
            return None if _has_token(request, token) else _unauthorised()
        named = request.headers.get("host", "").rpartition(":")
        host = named[0] if named[0] and port_of(named[2]) is not None else request.headers.get("host", "")
        return None if host.lower() in _LOOPBACK_NAMES else _says(403, "Ask on this machine itself.")

    async def _events(self, request: Request) -> Response:
        incoming = Incoming(request)
        response = await self._answer(request, incoming)
        if response.status_code != 200:
            await incoming.let_finish()
            response.headers["connection"] = "close"
        return response

    async def _answer(self, request: Request, incoming: Incoming) -> Response:
        name = request.path_params["name"]
        token = self._wiring.tokens.get(name)
        if not _has_token(request, token or "") or not token:
            return _unauthorised()
        if self.stopping:
            return _says(503, "Seawall is stopping.", retry_after=_RETRY_SECONDS)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in NDJSON:
            return _says(415, "Send one JSON object a line, with Content-Type: application/x-ndjson.")
        key = request.headers.get("idempotency-key")
        if key is not None and len(key) > _LONGEST_KEY:
            return _says(400, f"The Idempotency-Key is longer than {_LONGEST_KEY} characters.")
        try:
            with self._shelf.place() as place:
                body = await incoming.body(place, self._wiring.body_s)
                return _outcome(await self._wiring.submit(name, body, key))
        except BodyError as error:
            return _says(error.status, error.sentence, retry_after=_RETRY_SECONDS if error.status == 429 else None)
        except BacklogError as error:
            return _says(429, "Too much waits already; send it again.", retry_after=error.retry_after or _RETRY_SECONDS)
        except InputError as error:
            return _says(400, str(error))
        except StorageError:
            return _says(503, "The events could not be made durable; send them again.", retry_after=30.0)
        except SeawallError:
            return _says(503, "Seawall cannot take events in now; its operator is told why.", retry_after=30.0)
        except Exception as error:  # noqa: BLE001 - the platform is told that it may come again, and no value is logged
            return _says(500, f"A fault of Seawall itself ({type(error).__name__}).", retry_after=30.0)


def _outcome(result: PushResult) -> Response:
    told = {
        "accepted": result.accepted,
        "rejected": result.rejected,
        "reasons": [
            {"line": one.line, "field": one.field, "reason": one.reason} for one in result.reasons[:MOST_REASONS]
        ],
    }
    refused = result.rejected and not result.accepted
    return JSONResponse({"error": "No event could be read.", **told} if refused else told, 400 if refused else 200)


def _has_token(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return hmac.compare_digest(given.strip().encode(), token.encode()) and scheme.lower() == "bearer"


def _unauthorised() -> Response:
    return JSONResponse(
        {"error": "The token is missing or not the one of this connection."},
        401,
        {"www-authenticate": "Bearer"},
    )


def _says(status: int, sentence: str, *, retry_after: float | None = None) -> Response:
    headers = {} if retry_after is None else {"retry-after": str(max(1, round(retry_after)))}
    return JSONResponse({"error": sentence}, status, headers)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)  # told, so that asyncio sends small answers without delay
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except OSError as error:
        raise ConfigurationError(
            "This address cannot be listened on.",
            where=f"{host}:{port}",
            mend="Choose another port, or end what listens there.",
        ) from error
    made.setblocking(False)
    return made

"""A small honest model of a Mastodon server, on 127.0.0.1, for tests.

It keeps to what the documentation and the source say (docs.joinmastodon.org, github.com/mastodon/mastodon): ids that
hold the time at which a status was made, pages by max_id, since_id and min_id with Link headers, rights of tokens,
deletions that the stream tells by id alone, reports open and resolved, limits with their headers. Entities have the
keys of real answers; the independent client Mastodon.py reads them into its own types.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.servers.uvicorn_thread import Served

Record = dict[str, Any]
_MOST = 40
_AT_ONCE = 20


def iso(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    def __init__(self, status: int, error: str) -> None:
        self.status = status
        self.error = error
        super().__init__(error)


@dataclass
class Club:
    """What the server holds, and how it behaves."""

    version: str = "4.4.0"
    limit: int | None = None  # requests of a token in ``limit_seconds``
    limit_seconds: float = 60.0
    streaming: str | None = None  # the address that it tells
    many: bool = True  # GET /api/v1/statuses?id[]=, as since 4.3
    tokens: dict[str, Record] = field(default_factory=dict)
    statuses: dict[str, Record] = field(default_factory=dict)
    reports: list[Record] = field(default_factory=list)
    follows: set[tuple[str, str]] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    fault: Callable[[Request], Response | None] | None = None
    listeners: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[str], list[tuple[str, ...]], str]] = field(
        default_factory=list
    )
    lock: threading.RLock = field(default_factory=threading.RLock)
    host: str = "127.0.0.1"
    _last: int = 0
    _counts: dict[str, list[float]] = field(default_factory=dict)

    # --- what people do ---------------------------------------------------------------------------------

    def add_account(self, acct: str, scopes: str = "read write", token: str | None = None) -> str:
        """An account of this server, or of another (``tom@garden.example``), which has no token; returns the token."""
        token = token or f"token-of-{acct}-0123456789"
        user, _, host = acct.partition("@")
        home = f"https://{host or self.host}"
        account = {
            "id": str(100 + len(self.tokens)),
            "username": user,
            "acct": acct,
            "display_name": user.title(),
            "locked": False,
            "bot": False,
            "group": False,
            "created_at": "2024-11-20T00:00:00.000Z",
            "note": "",
            "url": f"{home}/@{user}",
            "uri": f"{home}/users/{user}",
            "avatar": f"{home}/a.png",
            "avatar_static": f"{home}/a.png",
            "header": f"{home}/h.png",
            "header_static": f"{home}/h.png",
            "followers_count": 3,
            "following_count": 2,
            "statuses_count": 1,
            "emojis": [],
            "fields": [],
            "role": {"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": False},
        }
        self.tokens[token] = {"account": account, "scopes": scopes.split(), "admin": False}
        return token

    def post(self, token: str, text: str, *, made_ms: int | None = None, **more: Any) -> Record:
        """A status; of another server's account it may have been made earlier than it arrives."""
        with self.lock:
            account = self.tokens[token]["account"]
            now = time.time_ns() // 1_000_000 if made_ms is None else made_ms
            number = (now << 16) + len(self.statuses) % 1_000
            number = max(number, self._last + 1) if made_ms is None else number
            self._last = max(self._last, number)
            status = {
                "id": str(number),
                "created_at": iso(number >> 16),
                "in_reply_to_id": None,
                "in_reply_to_account_id": None,
                "sensitive": False,
                "spoiler_text": "",
                "visibility": "public",
                "language": "en",
                "uri": f"{account['uri']}/statuses/{number}",
                "url": f"{account['url']}/{number}",
                "replies_count": 0,
                "reblogs_count": 0,
                "favourites_count": 0,
                "edited_at": None,
                "content": f"<p>{text}</p>",
                "reblog": None,
                "application": None,
                "account": {key: told for key, told in account.items() if key != "role"},
                "media_attachments": [],
                "mentions": [],
                "tags": [
                    {"name": w[1:], "url": f"https://{self.host}/tags/{w[1:]}"} for w in text.split() if w[0] == "#"
                ],
                "emojis": [],
                "card": None,
                "poll": None,
                **more,
            }
            self.statuses[status["id"]] = status
            self._tell("update", status)
            return status

    def edit(self, number: str, text: str) -> Record:
        with self.lock:
            status = self.statuses[number]
            status["content"] = f"<p>{text}</p>"
            before = status["edited_at"] or status["created_at"]
            status["edited_at"] = max(iso(time.time_ns() // 1_000_000), iso(_ms(before) + 1))
            self._tell("status.update", status)
            return status

    def delete(self, number: str) -> Record:
        with self.lock:
            status = self.statuses.pop(number)
            self._tell("delete", status, number)
            return status

    def report(self, token: str, target: str, numbers: list[str]) -> Record:
        with self.lock:
            report = {
                "id": str(len(self.reports) + 1),
                "action_taken": False,
                "action_taken_at": None,
                "category": "other",
                "comment": "words that nobody keeps",
                "forwarded": False,
                "created_at": iso(time.time_ns() // 1_000_000),
                "updated_at": iso(time.time_ns() // 1_000_000),
                "account": self._for_admins(self.tokens[token]["account"]),
                "target_account": self._for_admins(self._account(target)),
                "statuses": [self.statuses[number] for number in numbers],
                "rules": [],
            }
            self.reports.append(report)
            return report

    def _account(self, number: str) -> Record:
        return next(one["account"] for one in self.tokens.values() if one["account"]["id"] == number)

    @staticmethod
    def _for_admins(account: Record) -> Record:
        return {"id": account["id"], "username": account["username"], "domain": None, "account": account}

    # --- who sees what ----------------------------------------------------------------------------------

    def streams_of(self, status: Record) -> list[tuple[str, ...]]:
        """The streams in which everybody sees a status; boosts are in none."""
        if status["visibility"] != "public" or status["reblog"]:
            return []
        place = "public:remote" if "@" in status["account"]["acct"] else "public:local"
        tags = [("hashtag", tag["name"].lower()) for tag in status["tags"]]
        return [("public",), (place,), *tags]

    def sees(self, reader: str, status: Record) -> bool:
        """Whether a status is in somebody's home timeline."""
        mine = self.tokens[reader]["account"]["id"]
        author = status["account"]["id"]
        mentioned = mine in [one["id"] for one in status["mentions"]]
        if status["visibility"] == "direct":
            return author == mine or mentioned
        return author == mine or (mine, author) in self.follows

    def timeline(self, reader: str, stream: tuple[str, ...]) -> list[Record]:
        """The newest first."""
        with self.lock:
            chosen = self.statuses.values()
            if stream == ("user",):
                found = [one for one in chosen if self.sees(reader, one)]
            else:
                found = [one for one in chosen if stream in self.streams_of(one)]
        return sorted(found, key=lambda one: int(one["id"]), reverse=True)

    def _tell(self, event: str, status: Record, payload: str | None = None) -> None:
        text = json.dumps(status) if payload is None else payload
        for loop, queue, streams, reader in list(self.listeners):
            for stream in streams:
                if stream in self.streams_of(status) or (stream == ("user",) and self.sees(reader, status)):
                    frame = json.dumps({"stream": list(stream), "event": event, "payload": text})
                    loop.call_soon_threadsafe(queue.put_nowait, frame)

    # --- limits -----------------------------------------------------------------------------------------

    def count(self, token: str) -> dict[str, str]:
        """Headers that tell the limit; beyond it the request is refused."""
        if self.limit is None:
            return {}
        now = time.time()
        recent = [at for at in self._counts.get(token, []) if now - at < self.limit_seconds]
        self._counts[token] = recent
        reset = (recent[0] if recent else now) + self.limit_seconds
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Reset": datetime.fromtimestamp(reset, UTC).isoformat(),
        }
        if len(recent) >= self.limit:
            raise Refused(429, "Too many requests")
        recent.append(now)
        return headers | {"X-RateLimit-Remaining": str(self.limit - len(recent))}


def _ms(written: str) -> int:
    return round(datetime.fromisoformat(written).timestamp() * 1000)


class _Interface:
    """The routes."""

    def __init__(self, club: Club) -> None:
        self.club = club

    def routes(self) -> list[Any]:
        def get(path: str, answer: Any, methods: list[str] | None = None) -> Route:
            return Route(path, self._guarded(answer), methods=methods or ["GET"])

        return [
            get("/api/v1/instance", self.instance_v1),
            get("/api/v2/instance", self.instance),
            get("/api/v1/accounts/verify_credentials", self.me),
            get("/oauth/token/info", self.token_info),
            get("/api/v1/statuses", self.statuses),
            get("/api/v1/statuses", self.post, ["POST"]),
            get("/api/v1/statuses/{number}", self.status),
            get("/api/v1/statuses/{number}", self.edit, ["PUT"]),
            get("/api/v1/statuses/{number}", self.delete, ["DELETE"]),
            get("/api/v1/statuses/{number}/reblog", self.reblog, ["POST"]),
            get("/api/v1/timelines/public", self.public),
            get("/api/v1/timelines/home", self.home),
            get("/api/v1/timelines/tag/{tag}", self.tag),
            get("/api/v1/admin/reports", self.admin_reports),
            get("/api/v1/reports", self.report, ["POST"]),
            get("/api/v1/streaming/{kind:path}", self.events),
            WebSocketRoute("/api/v1/streaming", self.socket),
        ]

    def _guarded(self, answer: Any) -> Any:
        async def answered(request: Request) -> Response:
            self.club.asked.append(f"{request.method} {request.url.path}?{request.url.query}")
            if self.club.fault is not None and (faulty := self.club.fault(request)) is not None:
                return faulty
            try:
                headers = self.club.count(request.headers.get("authorization", ""))
                response: Response = await answer(request)
            except Refused as refused:
                more = {"Retry-After": "1"} if refused.status == 429 else {}
                return JSONResponse({"error": refused.error}, refused.status, more)
            response.headers.update(headers)
            return response

        return answered

    def reader(self, request: HTTPConnection, *scopes: str) -> str:
        """The token, if it has one of these rights."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        known = self.club.tokens.get(token)
        if known is None:
            raise Refused(401, "The access token is invalid")
        if scopes and not set(scopes) & set(known["scopes"]):
            raise Refused(403, "This action is outside the authorized scopes")
        return token

    async def instance(self, request: Request) -> Response:
        if self.club.version.startswith("3"):
            raise Refused(404, "Not found")
        address = self.club.streaming or str(request.base_url).replace("http", "ws", 1)
        urls = {"streaming": address.rstrip("/")}
        return JSONResponse(
            {"domain": self.club.host, "version": self.club.version, "configuration": {"urls": urls}, "title": "Club"}
        )

    async def instance_v1(self, request: Request) -> Response:
        address = str(request.base_url).replace("http", "ws", 1).rstrip("/")
        return JSONResponse({"uri": self.club.host, "version": self.club.version, "urls": {"streaming_api": address}})

    async def me(self, request: Request) -> Response:
        token = self.reader(request, "read", "read:accounts", "profile")
        return JSONResponse(self.club.tokens[token]["account"])

    async def token_info(self, request: Request) -> Response:
        return JSONResponse({"scope": self.club.tokens[self.reader(request)]["scopes"], "expires_in": None})

    async def _told(self, request: Request) -> Record:
        if request.headers.get("content-type", "").startswith("application/json"):
            return dict(await request.json())
        form = parse_qs((await request.body()).decode())
        return {key: values if key.endswith("[]") else values[0] for key, values in form.items()}

    async def post(self, request: Request) -> Response:
        token = self.reader(request, "write", "write:statuses")
        told = await self._told(request)
        more: Record = {"visibility": told.get("visibility") or "public"}
        if told.get("in_reply_to_id"):
            parent = self.club.statuses[str(told["in_reply_to_id"])]
            more |= {"in_reply_to_id": parent["id"], "in_reply_to_account_id": parent["account"]["id"]}
        return JSONResponse(self.club.post(token, str(told["status"]), **more))

    def _known(self, request: Request) -> str:
        number = str(request.path_params["number"])
        if number not in self.club.statuses:
            raise Refused(404, "Record not found")
        return number

    async def edit(self, request: Request) -> Response:
        self.reader(request, "write", "write:statuses")
        return JSONResponse(self.club.edit(self._known(request), str((await self._told(request))["status"])))

    async def delete(self, request: Request) -> Response:
        self.reader(request, "write", "write:statuses")
        return JSONResponse(self.club.delete(self._known(request)))

    async def reblog(self, request: Request) -> Response:
        token = self.reader(request, "write", "write:statuses")
        boosted = self.club.statuses[self._known(request)]
        return JSONResponse(self.club.post(token, "", reblog=boosted, content="", tags=[]))

    async def status(self, request: Request) -> Response:
        self.reader(request, "read", "read:statuses")
        return JSONResponse(self.club.statuses[self._known(request)])

    async def statuses(self, request: Request) -> Response:
        if not self.club.many:
            raise Refused(404, "Not found")
        self.reader(request, "read", "read:statuses")
        asked = [*request.query_params.getlist("id[]"), *request.query_params.getlist("id")][:_AT_ONCE]
        return JSONResponse([self.club.statuses[one] for one in asked if one in self.club.statuses])

    async def public(self, request: Request) -> Response:
        token = self.reader(request)
        which = [name for name in ("local", "remote") if request.query_params.get(name) in ("true", "1", "True")]
        return self._page(request, self.club.timeline(token, (":".join(["public", *which]),)))

    async def tag(self, request: Request) -> Response:
        token = self.reader(request)
        return self._page(request, self.club.timeline(token, ("hashtag", str(request.path_params["tag"]).lower())))

    async def home(self, request: Request) -> Response:
        token = self.reader(request, "read", "read:statuses")
        return self._page(request, self.club.timeline(token, ("user",)))

    async def admin_reports(self, request: Request) -> Response:
        token = self.reader(request, "admin:read", "admin:read:reports")
        if not self.club.tokens[token]["admin"]:
            raise Refused(403, "This action is not allowed")
        resolved = request.query_params.get("resolved") == "true"
        return self._page(request, [one for one in reversed(self.club.reports) if one["action_taken"] == resolved])

    async def report(self, request: Request) -> Response:
        token = self.reader(request, "write", "write:reports")
        told = await self._told(request)
        numbers = told.get("status_ids") or told.get("status_ids[]") or []
        made = self.club.report(token, str(told["account_id"]), [str(number) for number in numbers])
        return JSONResponse(made | {"target_account": made["target_account"]["account"]})

    def _page(self, request: Request, newest_first: list[Record]) -> Response:
        """max_id and since_id give the newest of what is left; min_id gives those just after it."""
        asked = request.query_params
        limit = min(int(asked.get("limit", "20")), _MOST if "reports" not in request.url.path else 200)
        found = newest_first
        if "max_id" in asked:
            found = [one for one in found if int(one["id"]) < int(asked["max_id"])]
        if "min_id" in asked:
            after = [one for one in found if int(one["id"]) > int(asked["min_id"])]
            page = after[-limit:]
        else:
            if "since_id" in asked:
                found = [one for one in found if int(one["id"]) > int(asked["since_id"])]
            page = found[:limit]
        base = f"{request.base_url}{request.url.path.lstrip('/')}"
        links = ""
        if page:
            links = f'<{base}?max_id={page[-1]["id"]}>; rel="next", <{base}?min_id={page[0]["id"]}>; rel="prev"'
        return JSONResponse(page, headers={"Link": links} if links else {})

    # --- streams ----------------------------------------------------------------------------------------

    async def events(self, request: Request) -> Response:
        """Server-sent events: one stream, named by the path."""
        kind = str(request.path_params["kind"])
        if kind == "health":
            return Response("OK")
        token = self.reader(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        stream = (kind.replace("/", ":"),)
        entry = (asyncio.get_running_loop(), queue, [stream], token)
        self.club.listeners.append(entry)

        async def lines() -> AsyncGenerator[str, None]:
            try:
                yield ":)\n"
                while True:
                    told = json.loads(await queue.get())
                    yield f"event: {told['event']}\ndata: {told['payload']}\n\n"
            finally:
                self.club.listeners.remove(entry)

        return StreamingResponse(lines(), media_type="text/event-stream")

    async def socket(self, socket: WebSocket) -> None:
        """One connection, streams that are subscribed to."""
        try:
            token = self.reader(socket)
        except Refused:
            await socket.close()
            return
        await socket.accept()
        queue: asyncio.Queue[str] = asyncio.Queue()
        streams: list[tuple[str, ...]] = []
        entry = (asyncio.get_running_loop(), queue, streams, token)
        self.club.listeners.append(entry)

        async def subscribe() -> None:
            while True:
                told = json.loads(await socket.receive_text())
                name = told["stream"]
                if name == "user" and not {"read", "read:statuses"} & set(self.club.tokens[token]["scopes"]):
                    await socket.send_json({"error": "Access token does not have the required scopes", "status": 401})
                    continue
                streams.append((name, told["tag"].lower()) if "tag" in told else (name,))

        async def send() -> None:
            while True:
                await socket.send_text(await queue.get())

        tasks = [asyncio.create_task(subscribe()), asyncio.create_task(send())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.club.listeners.remove(entry)
            for task in tasks:
                task.cancel()
            for told in await asyncio.gather(*tasks, return_exceptions=True):
                assert isinstance(told, WebSocketDisconnect | asyncio.CancelledError | RuntimeError), told


def served(club: Club, port: int = 0) -> Served:
    """The club's server; use it with ``with``."""
    return Served(Starlette(routes=_Interface(club).routes()), port)

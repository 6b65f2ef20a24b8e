"""A small honest model of a Rocket.Chat server's REST interface, on 127.0.0.1, for tests.

It keeps to what the server's own source does (github.com/RocketChat/Rocket.Chat, apps/meteor/app/api/server/v1 and
server/publications/messages.ts): who may read what, strict and inclusive borders, pages, cursors in milliseconds, the
trash of deleted messages, reports grouped by account, limits for each endpoint with their headers.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.servers.uvicorn_thread import Served

Record = dict[str, Any]

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"
PERMISSIONS = {
    "view-c-room": ["admin", "user", "bot", "reader"],
    "preview-c-room": ["admin", "user", "reader"],
    "view-moderation-console": ["admin", "reader"],
    "api-bypass-rate-limit": ["admin", "bot", "reader"],
    "delete-message": ["admin"],
    "edit-message": ["admin"],
    "create-c": ["admin", "user"],
    "create-d": ["admin", "user"],
}


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """An answer that is no success."""

    def __init__(self, status: int, error: str, kind: str | None = None) -> None:
        self.status = status
        self.body = {"success": False, "error": error} | ({"errorType": kind} if kind else {})
        super().__init__(error)


def iso(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ms(written: str) -> int:
    return round(datetime.fromisoformat(written).timestamp() * 1000)


@dataclass
class Club:
    """What the server holds, and how it behaves. Times are milliseconds by its own clock."""

    seed: int = 1
    offset_ms: int = 0  # of its clock against ours
    pages: bool = True  # chat.syncMessages has type and next, as since version 7
    upper_count: int = 100
    limit: int | None = None  # requests of an endpoint for each account in ``limit_seconds``
    limit_seconds: float = 60.0
    show_deleted: bool = False  # Message_ShowDeletedStatus
    users: dict[str, Record] = field(default_factory=dict)
    rooms: dict[str, Record] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    messages: dict[str, Record] = field(default_factory=dict)
    trash: list[Record] = field(default_factory=list)
    reports: list[Record] = field(default_factory=list)
    closed_to: set[tuple[str, str]] = field(default_factory=set)  # (room, account) that may not read it
    asked: dict[str, int] = field(default_factory=dict)
    refused: int = 0  # requests beyond the limit
    fault: Callable[[str, Request], Response | None] | None = None

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self._draw = random.Random(self.seed)
        self._spent: dict[tuple[str, str], tuple[float, int]] = {}

    def now(self) -> int:
        return int(time.time() * 1000) + self.offset_ms

    def new_id(self) -> str:
        return "".join(self._draw.choices(_LETTERS, k=17))

    # --- people and rooms

    def add_user(self, username: str, *roles: str) -> Record:
        user = {"_id": self.new_id(), "username": username, "name": username.title(), "roles": list(roles or ("user",))}
        user["token"] = "token-" + self.new_id() + self.new_id()
        self.users[user["_id"]] = user
        return user

    def add_room(self, name: str, kind: str = "c", members: tuple[Record, ...] = (), **more: Any) -> str:
        rid = more.pop("_id", None) or self.new_id()
        now = self.now()
        told = {"_id": rid, "t": kind, "msgs": 0, "usersCount": len(members), "ts": iso(now), "_updatedAt": iso(now)}
        self.rooms[rid] = told | ({"name": name, "fname": name.title()} if kind != "d" else {}) | more
        self.members[rid] = {user["_id"] for user in members}
        return rid

    def can_read(self, rid: str, user: Record) -> bool:
        room = self.rooms.get(rid)
        if room is None or (rid, user["_id"]) in self.closed_to:
            return False
        if user["_id"] in self.members[rid]:
            return True
        return room["t"] == "c" and self.permits(user, "view-c-room") and self.permits(user, "preview-c-room")

    def permits(self, user: Record, permission: str) -> bool:
        return bool(set(user["roles"]) & set(PERMISSIONS[permission]))

    # --- messages

    def say(self, rid: str, user: Record, text: str, **more: Any) -> str:
        with self.lock:
            now = self.now()
            message = {
                "_id": self.new_id(),
                "rid": rid,
                "msg": text,
                "ts": iso(now),
                "u": {name: user[name] for name in ("_id", "username", "name")},
                "_updatedAt": iso(now),
                "urls": [],
                "mentions": [],
                "channels": [],
                "md": [{"type": "PARAGRAPH", "value": [{"type": "PLAIN_TEXT", "value": text}]}],
            } | more
            self.messages[message["_id"]] = message
            self._touch(rid, 1, lm=message["ts"])
            return message["_id"]

    def _touch(self, rid: str, messages: int, **more: Any) -> None:
        room = self.rooms[rid]
        room |= {"msgs": room["msgs"] + messages, "_updatedAt": iso(self.now())} | more

    def join(self, rid: str, user: Record) -> None:
        with self.lock:
            self.members[rid].add(user["_id"])
            self.rooms[rid]["usersCount"] = len(self.members[rid])
            self.say(rid, user, user["username"], t="uj")

    def leave(self, rid: str, user: Record) -> None:
        with self.lock:
            self.members[rid].discard(user["_id"])
            self.rooms[rid]["usersCount"] = len(self.members[rid])
            self.say(rid, user, user["username"], t="ul")

    def edit(self, mid: str, user: Record, text: str) -> None:
        with self.lock:
            now = iso(self.now())
            by = {name: user[name] for name in ("_id", "username")}
            self.messages[mid] |= {"msg": text, "editedAt": now, "editedBy": by, "_updatedAt": now}

    def delete(self, mid: str, user: Record) -> None:
        with self.lock:
            now = iso(self.now())
            message = self.messages[mid]
            if self.show_deleted:
                by = {name: user[name] for name in ("_id", "username")}
                message |= {"msg": "", "t": "rm", "editedAt": now, "editedBy": by, "_updatedAt": now}
                message |= {"urls": [], "mentions": [], "attachments": [], "reactions": {}}
                return
            del self.messages[mid]
            self.trash.append({**message, "_deletedAt": now})
            self._touch(message["rid"], -1)

    def react(self, mid: str, user: Record, emoji: str) -> None:
        with self.lock:
            message = self.messages[mid]
            usernames = message.setdefault("reactions", {}).setdefault(emoji, {"usernames": []})["usernames"]
            if user["username"] not in usernames:
                usernames.append(user["username"])
            message["_updatedAt"] = iso(self.now())

    def report(self, user: Record, words: str, mid: str | None = None, account: Record | None = None) -> None:
        with self.lock:
            now = iso(self.now())
            by = {name: user[name] for name in ("_id", "username", "name")}
            report = {"_id": self.new_id(), "description": words, "reportedBy": by, "ts": now, "_updatedAt": now}
            if mid is not None:
                message = dict(self.messages[mid])
                room = self.rooms[message["rid"]]
                picked = {name: room[name] for name in ("_id", "name", "fname", "t") if name in room}
                report |= {"message": message, "room": picked}
            else:
                report |= {"reportedUser": {name: account[name] for name in ("_id", "username", "name")}}
            self.reports.append(report)

    # --- the interface

    def answer(self, endpoint: str, request: Request, body: Record) -> Response:
        """What a request gets: 401, 429, or the endpoint's own answer."""
        if self.fault is not None and (spoiled := self.fault(endpoint, request)) is not None:
            return spoiled
        with self.lock:
            self.asked[endpoint] = self.asked.get(endpoint, 0) + 1
            user = self.users.get(request.headers.get("x-user-id", ""))
            if user is None or user["token"] != request.headers.get("x-auth-token"):
                return self._json({"status": "error", "message": "You must be logged in to do this."}, 401)
            limits = self._spend(endpoint, user)
            if int(limits.get("x-ratelimit-remaining", 1)) < 0:
                limits["x-ratelimit-remaining"] = "0"
                self.refused += 1
                words = "Error, too many requests. Please slow down. [error-too-many-requests]"
                return self._json({"success": False, "error": words}, 429, limits)
            handler = _ENDPOINTS.get((request.method, endpoint))
            if handler is None:
                return self._json({"success": False, "error": "not found"}, 404, limits)
            try:
                return self._json(
                    handler(self, user, dict(request.query_params) | body) | {"success": True}, 200, limits
                )
            except Refused as refused:
                return self._json(refused.body, refused.status, limits)

    def _spend(self, endpoint: str, user: Record) -> dict[str, str]:
        if self.limit is None or self.permits(user, "api-bypass-rate-limit"):
            return {}
        start, used = self._spent.get((endpoint, user["_id"]), (0.0, 0))
        now = time.monotonic()
        if now - start > self.limit_seconds:
            start, used = now, 0
        self._spent[endpoint, user["_id"]] = (start, used + 1)
        reset = self.now() + int((start + self.limit_seconds - now) * 1000)
        told = {"limit": self.limit, "remaining": self.limit - used - 1, "reset": reset}
        return {f"x-ratelimit-{name}": str(value) for name, value in told.items()}

    def _json(self, told: Record, status: int, headers: dict[str, str] | None = None) -> Response:
        date = format_datetime(datetime.fromtimestamp(self.now() / 1000, UTC), usegmt=True)
        return JSONResponse(told, status, {"date": date, **(headers or {})})

    def page(self, found: list[Record], asked: Record, key: str, default: int = 50) -> Record:
        count = min(int(asked.get("count", default)) or self.upper_count, self.upper_count)
        offset = int(asked.get("offset", 0))
        for name, way in json.loads(asked.get("sort", "{}")).items():
            found = sorted(found, key=lambda one: one.get(name, ""), reverse=way < 0)
        part = found[offset : offset + count]
        return {key: part, "count": len(part), "offset": offset, "total": len(found)}

    def readable(self, asked: Record, user: Record) -> str:
        rid = asked.get("roomId", "")
        if not self.can_read(rid, user):
            raise Refused(400, "Not allowed [error-not-allowed]", "error-not-allowed")
        return rid

    def of_room(self, rid: str) -> list[Record]:
        return [message for message in self.messages.values() if message["rid"] == rid]


def _public(user: Record) -> Record:
    return {name: value for name, value in user.items() if name != "token"}


def _me(club: Club, user: Record, asked: Record) -> Record:
    return _public(user)


def _permissions(club: Club, user: Record, asked: Record) -> Record:
    return {"update": [{"_id": name, "roles": roles} for name, roles in PERMISSIONS.items()], "remove": []}


def _rooms_get(club: Club, user: Record, asked: Record) -> Record:
    since = _ms(asked["updatedSince"]) if "updatedSince" in asked else -1
    own = [room for rid, room in club.rooms.items() if user["_id"] in club.members[rid]]
    return {"update": [room for room in own if _ms(room["_updatedAt"]) > since], "remove": []}


def _channels_list(club: Club, user: Record, asked: Record) -> Record:
    everything = club.permits(user, "view-c-room")
    found = [
        room
        for rid, room in club.rooms.items()
        if room["t"] == "c" and (everything or user["_id"] in club.members[rid])
    ]
    return club.page(sorted(found, key=lambda room: room["name"]), asked, "channels")


def _history(kind: str) -> Callable[[Club, Record, Record], Record]:
    def history(club: Club, user: Record, asked: Record) -> Record:
        rid = club.readable(asked, user)
        if club.rooms[rid]["t"] != kind:
            raise Refused(400, "The room is of another kind. [error-room-not-found]", "error-room-not-found")
        latest = _ms(asked["latest"]) if "latest" in asked else club.now()
        oldest = _ms(asked["oldest"]) if "oldest" in asked else None
        inclusive = asked.get("inclusive") == "true"

        def inside(sent: int) -> bool:
            if inclusive:
                return sent <= latest and (oldest is None or sent >= oldest)
            return sent < latest and (oldest is None or sent > oldest)

        found = [message for message in club.of_room(rid) if inside(_ms(message["ts"]))]
        found.sort(key=lambda message: message["ts"], reverse=True)
        page = club.page(found, {name: asked[name] for name in ("count", "offset") if name in asked}, "messages", 20)
        return {"messages": page["messages"]}

    return history


def _sync(club: Club, user: Record, asked: Record) -> Record:
    rid = club.readable(asked, user)
    gone = [{"_id": one["_id"], "_deletedAt": one["_deletedAt"]} for one in club.trash if one["rid"] == rid]
    if "lastUpdate" in asked:
        since = _ms(asked["lastUpdate"])
        updated = [message for message in club.of_room(rid) if _ms(message["_updatedAt"]) > since]
        updated.sort(key=lambda message: message["ts"], reverse=True)
        deleted = [one for one in gone if _ms(one["_deletedAt"]) > since]
        return {"result": {"updated": updated, "deleted": deleted}}
    if not club.pages or asked.get("type") not in ("UPDATED", "DELETED"):
        raise Refused(400, "The required lastUpdate is missing [error-param-required]", "error-param-required")
    kind, when = ("updated", "_updatedAt") if asked["type"] == "UPDATED" else ("deleted", "_deletedAt")
    since, count = int(asked["next"]), int(asked.get("count", 20))
    source = club.of_room(rid) if kind == "updated" else gone
    found = sorted((one for one in source if _ms(one[when]) > since), key=lambda one: one[when])
    page = found[:count]
    after = str(_ms(page[-1][when])) if len(found) > count else None
    before = str(_ms(page[0][when])) if page else None
    cursor = {"next": after, "previous": before}
    return {"result": {"updated": [], "deleted": [], kind: page, "cursor": cursor}}


def _deleted(club: Club, user: Record, asked: Record) -> Record:
    since = _ms(asked["since"])
    gone = [one for one in club.trash if one["rid"] == asked["roomId"] and _ms(one["_deletedAt"]) > since]
    return club.page([{"_id": one["_id"]} for one in gone], asked, "messages")


def _moderator(club: Club, user: Record) -> None:
    if not club.permits(user, "view-moderation-console"):
        raise Refused(403, "User does not have the permissions required for this action [error-unauthorized]")


def _in_range(club: Club, asked: Record, with_message: bool) -> list[Record]:
    oldest = _ms(asked["oldest"]) if "oldest" in asked else 0
    latest = _ms(asked["latest"]) if "latest" in asked else club.now() + 1
    return [one for one in club.reports if ("message" in one) is with_message and oldest < _ms(one["ts"]) < latest]


def _reports_by_users(club: Club, user: Record, asked: Record) -> Record:
    _moderator(club, user)
    groups: dict[str, list[Record]] = {}
    for report in _in_range(club, asked, True):
        groups.setdefault(report["message"]["u"]["_id"], []).append(report)
    found = [
        {
            "userId": account,
            "username": reports[0]["message"]["u"]["username"],
            "name": reports[0]["message"]["u"]["name"],
            "message": reports[0]["message"]["msg"],
            "msgId": reports[0]["message"]["_id"],
            "ts": reports[0]["ts"],
            "rooms": [reports[0]["room"]],
            "roomIds": [reports[0]["room"]["_id"]],
            "count": len(reports),
            "isUserDeleted": False,
        }
        for account, reports in groups.items()
    ]
    return club.page(found, asked, "reports", 20)


def _reported_messages(club: Club, user: Record, asked: Record) -> Record:
    _moderator(club, user)
    found = [one for one in club.reports if "message" in one and one["message"]["u"]["_id"] == asked["userId"]]
    found.sort(key=lambda one: one["ts"], reverse=True)
    page = club.page([{k: one[k] for k in ("_id", "message", "ts", "room")} for one in found], asked, "messages")
    unique = {one["message"]["_id"]: one for one in reversed(page["messages"])}
    return page | {"messages": [one for one in page["messages"] if unique[one["message"]["_id"]] is one], "user": None}


def _reports_of_message(club: Club, user: Record, asked: Record) -> Record:
    _moderator(club, user)
    found = [one for one in club.reports if one.get("message", {}).get("_id") == asked["msgId"]]
    found.sort(key=lambda one: one["ts"], reverse=True)
    kept = ("_id", "description", "reportedBy", "ts", "room")
    return club.page([{name: one[name] for name in kept} for one in found], asked, "reports")


def _user_reports(club: Club, user: Record, asked: Record) -> Record:
    _moderator(club, user)
    groups = {one["reportedUser"]["_id"]: one for one in _in_range(club, asked, False)}
    found = [{"reportedUser": one["reportedUser"], "ts": one["ts"], "count": 1} for one in groups.values()]
    return club.page(found, asked, "reports", 20)


def _reports_of_user(club: Club, user: Record, asked: Record) -> Record:
    _moderator(club, user)
    found = [one for one in club.reports if one.get("reportedUser", {}).get("_id") == asked["userId"]]
    found.sort(key=lambda one: one["ts"], reverse=True)
    return club.page(found, asked, "reports") | {"user": None}


def _post(club: Club, user: Record, asked: Record) -> Record:
    rid = club.readable(asked, user)
    mid = club.say(rid, user, asked["text"], **({"tmid": asked["tmid"]} if "tmid" in asked else {}))
    return {"ts": club.now(), "channel": club.rooms[rid].get("name"), "message": club.messages[mid]}


def _own(club: Club, asked: Record) -> str:
    mid = asked.get("msgId") or asked.get("messageId")
    if mid not in club.messages:
        raise Refused(400, "No message found with this id.")
    return str(mid)


def _update(club: Club, user: Record, asked: Record) -> Record:
    mid = _own(club, asked)
    club.edit(mid, user, asked["text"])
    return {"message": club.messages[mid]}


def _delete(club: Club, user: Record, asked: Record) -> Record:
    mid = _own(club, asked)
    club.delete(mid, user)
    return {"_id": mid, "ts": str(club.now())}


def _react(club: Club, user: Record, asked: Record) -> Record:
    club.react(_own(club, asked), user, asked["emoji"])
    return {}


def _report(club: Club, user: Record, asked: Record) -> Record:
    club.report(user, asked["description"], _own(club, asked))
    return {}


def _report_user(club: Club, user: Record, asked: Record) -> Record:
    club.report(user, asked["description"], account=club.users[asked["userId"]])
    return {}


def _create(club: Club, user: Record, asked: Record) -> Record:
    rid = club.add_room(asked["name"], "c", (user,))
    return {"channel": club.rooms[rid]}


def _join(club: Club, user: Record, asked: Record) -> Record:
    club.join(club.readable(asked, user), user)
    return {"channel": club.rooms[asked["roomId"]]}


def _leave(club: Club, user: Record, asked: Record) -> Record:
    club.leave(asked["roomId"], user)
    return {"channel": club.rooms[asked["roomId"]]}


_ENDPOINTS: dict[tuple[str, str], Callable[[Club, Record, Record], Record]] = {
    ("GET", "me"): _me,
    ("GET", "permissions.listAll"): _permissions,
    ("GET", "rooms.get"): _rooms_get,
    ("GET", "channels.list"): _channels_list,
    ("GET", "channels.history"): _history("c"),
    ("GET", "groups.history"): _history("p"),
    ("GET", "im.history"): _history("d"),
    ("GET", "chat.syncMessages"): _sync,
    ("GET", "chat.getDeletedMessages"): _deleted,
    ("GET", "moderation.reportsByUsers"): _reports_by_users,
    ("GET", "moderation.user.reportedMessages"): _reported_messages,
    ("GET", "moderation.reports"): _reports_of_message,
    ("GET", "moderation.userReports"): _user_reports,
    ("GET", "moderation.user.reportsByUserId"): _reports_of_user,
    ("POST", "chat.postMessage"): _post,
    ("POST", "chat.update"): _update,
    ("POST", "chat.delete"): _delete,
    ("POST", "chat.react"): _react,
    ("POST", "chat.reportMessage"): _report,
    ("POST", "moderation.reportUser"): _report_user,
    ("POST", "channels.create"): _create,
    ("POST", "channels.join"): _join,
    ("POST", "channels.leave"): _leave,
}


async def _serve(request: Request) -> Response:
    club: Club = request.app.state.club
    content = await request.body() if request.method == "POST" else b""
    told = json.loads(content) if content else {}
    return club.answer(request.path_params["endpoint"], request, told)


def served(club: Club, port: int = 0) -> Served:
    """The club on 127.0.0.1, at a free port unless one is told."""
    app = Starlette(routes=[Route("/api/v1/{endpoint:path}", _serve, methods=["GET", "POST"])])
    app.state.club = club
    return Served(app, port)

"""A small honest model of a Jetstream server, on 127.0.0.1, for tests.

It keeps to what the vendor's documentation and source say (github.com/bluesky-social/jetstream): events numbered by
time, a cursor that is inclusive and is moved up to the oldest event that is held, filters that identity and account
events pass unless accounts are named, options that may come in a first frame. Every record is checked by the models of
the independent library atproto before it is sent.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from atproto_client import models
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Record = dict[str, Any]

MODELS: dict[str, Any] = {
    "app.bsky.feed.post": models.AppBskyFeedPost.Record,
    "app.bsky.feed.repost": models.AppBskyFeedRepost.Record,
    "app.bsky.feed.like": models.AppBskyFeedLike.Record,
    "app.bsky.graph.follow": models.AppBskyGraphFollow.Record,
    "app.bsky.graph.block": models.AppBskyGraphBlock.Record,
    "app.bsky.actor.profile": models.AppBskyActorProfile.Record,
}
CID = "bafyreidi6vyfdyhtqbuxnng77fhgudpr2znjvxabby5qgzzwms7gwoavka"


@dataclass
class Network:
    """What happened, in the order of its times."""

    events: list[Record] = field(default_factory=list)
    oldest: int = 0  # microseconds: what is older is no longer held
    offset_us: int = 0  # of the server's clock
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _happened(self, did: str, kind: str, told: Record) -> Record:
        with self.lock:
            last = self.events[-1]["time_us"] if self.events else 0
            at = max(last + 1, time.time_ns() // 1_000 + self.offset_us)
            event = {"did": did, "time_us": at, "kind": kind, kind: told}
            self.events.append(event)
            return event

    def put(self, did: str, collection: str, key: str, record: Record, operation: str = "create") -> str:
        """Create or change a record, if it is one by its lexicon; returns its at-uri."""
        record = {"$type": collection, "createdAt": iso(time.time_ns() // 1_000 + self.offset_us), **record}
        checked = models.get_or_create(record, MODELS[collection], strict=True, strict_string_format=True)
        assert isinstance(checked, MODELS[collection])
        told = {"rev": "3kmqsoxqvec2x", "operation": operation, "collection": collection, "rkey": key}
        self._happened(did, "commit", told | {"record": record, "cid": CID})
        return f"at://{did}/{collection}/{key}"

    def delete(self, did: str, collection: str, key: str) -> None:
        told = {"rev": "3kmqsoxqvec2x", "operation": "delete", "collection": collection, "rkey": key}
        self._happened(did, "commit", told)

    def close_account(self, did: str, status: str) -> None:
        self._happened(did, "account", {"active": False, "did": did, "seq": len(self.events) + 1, "status": status})

    def rename(self, did: str, handle: str) -> None:
        self._happened(did, "identity", {"did": did, "handle": handle, "seq": len(self.events) + 1})

    def forget(self) -> None:
        """Hold nothing of what has happened so far."""
        with self.lock:
            self.oldest = self.events[-1]["time_us"] + 1


def iso(micros: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(micros // 1_000_000)) + f".{micros // 1_000 % 1_000:03}Z"


@dataclass
class Options:
    """What a subscriber wants."""

    collections: list[str]
    dids: list[str]
    largest: int

    def wants(self, event: Record) -> bool:
        if self.dids and event["did"] not in self.dids:
            return False
        if event["kind"] == "commit" and self.collections:
            name = event["commit"]["collection"]
            if not any(name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in self.collections):
                return False
        return not self.largest or len(json.dumps(event)) <= self.largest


class Jetstream:
    """Serves a network at ``url``; use it with ``with``. Stopping it closes every connection."""

    def __init__(self, network: Network, port: int = 0) -> None:
        self.network = network
        self.port = port
        self.subscriptions = 0
        self.asked: list[dict[str, list[str]]] = []
        self.cut_after: int | None = None  # frames; then a frame is cut off in its middle
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._stopping: asyncio.Event
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/subscribe"

    def __enter__(self) -> Jetstream:
        self._thread.start()
        assert self._started.wait(20), "the server did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not stop"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        server: Server = await serve(self._subscribed, "127.0.0.1", self.port, compression=None, close_timeout=0.2)
        self.port = next(iter(server.sockets)).getsockname()[1]
        self._started.set()
        await self._stopping.wait()
        server.close()
        await server.wait_closed()

    async def _subscribed(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        told = parse_qs(urlsplit(socket.request.path).query)
        self.asked.append(told)
        self.subscriptions += 1
        options = Options(
            told.get("wantedCollections", []),
            told.get("wantedDids", []),
            int(told.get("maxMessageSizeBytes", ["0"])[0]),
        )
        if told.get("requireHello") == ["true"]:
            update = json.loads(await socket.recv())
            assert update["type"] == "options_update"
            payload = update["payload"]
            options = Options(
                list(payload["wantedCollections"]), list(payload["wantedDids"]), payload["maxMessageSizeBytes"]
            )
        try:
            await self._send(socket, options, told.get("cursor"))
        except ConnectionClosed:
            return

    async def _send(self, socket: ServerConnection, options: Options, cursor: list[str] | None) -> None:
        place = len(self.network.events)
        if cursor is not None:
            start = max(int(cursor[0]), self.network.oldest)
            place = next((n for n, event in enumerate(self.network.events) if event["time_us"] >= start), place)
        while True:
            if place == len(self.network.events):
                await asyncio.sleep(0.005)
                if socket.close_code is not None:
                    return
                continue
            event = self.network.events[place]
            place += 1
            if not options.wants(event):
                continue
            frame = json.dumps(event)
            if self.cut_after is not None:
                self.cut_after -= 1
                if self.cut_after <= 0:
                    self.cut_after = None
                    self._cut(socket, frame)
                    return
            await socket.send(frame)

    @staticmethod
    def _cut(socket: ServerConnection, frame: str) -> None:
        """The head of a frame and half of its content, and then nothing: the connection is gone."""
        content = frame.encode()
        head = bytes((0x81, 126)) + len(content).to_bytes(2, "big")
        socket.transport.write(head + content[: len(content) // 2])
        socket.transport.close()


class Liar(Jetstream):
    """Serves whatever a test wants instead."""

    def __init__(self, behave: Callable[[ServerConnection], Any]) -> None:
        super().__init__(Network())
        self._behave = behave

    async def _subscribed(self, socket: ServerConnection) -> None:
        try:
            await self._behave(socket)
        except ConnectionClosed:
            return

"""Matrix while it happens: rights, refusals, and servers that lie."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.protocols import Connection, RawBatch
from seawall.sources.live import matrix_listening
from tests.servers.synapse import Member, Synapse
from tests.sources.live.matrix_listener import DEADLINE, SOURCE, Heard, Row, club, connection, following, hear, until
from tests.sources.live.raw_server import answering, serving


@pytest.mark.parametrize("role", ["nobody", "member", "admin"])
def test_rights_are_told_in_sentences(running: Synapse, role: str) -> None:
    """``check`` says whose the token is, what it reads, how to invite it, and what it should not be able to do."""
    reader, riders, room = club(running, name="Sunday rides")
    who = running.member(admin=role == "admin")
    if role != "nobody":
        who.join(room)
    rights = asyncio.run(SOURCE.check(connection(who)))
    assert rights.identity == who.user_id
    can, missing, excess = (" ".join(told) for told in (rights.can, rights.missing, rights.excess))
    assert ("Sunday rides" in can) == (role != "nobody")
    assert (f"/invite {who.user_id}" in missing) == (role == "nobody")
    assert ("what members reported" in can) == (role == "admin") == ("an administrator's" in excess)
    assert ("may write in 1 room" in excess) == (role != "nobody")
    assert ("may moderate" in " ".join(asyncio.run(SOURCE.check(connection(riders[0]))).excess)) is True
    riders[0].set_state(room, "m.room.power_levels", _levels(riders[0], room) | {"events_default": 1})
    assert "may write" not in " ".join(asyncio.run(SOURCE.check(connection(reader))).excess)


def _levels(member: Member, room: str) -> Row:
    return dict(member.client("GET", f"/rooms/{room}/state/m.room.power_levels"))


def test_a_token_that_is_revoked_ends_listening(running: Synapse) -> None:
    """The refusal comes as an AccessError, in the middle as at the beginning, and names no token."""
    reader, _, _ = club(running)
    told = connection(reader)

    async def play() -> None:
        heard = Heard()
        async with following(told, heard) as task:
            await until(lambda: heard.batches, task)
            await asyncio.to_thread(reader.log_out)
            await until(task.done)
            assert reader.token not in str(task.exception())
            raise task.exception() or AssertionError

    with pytest.raises(AccessError):
        asyncio.run(play())
    with pytest.raises(AccessError):
        asyncio.run(SOURCE.check(told))


def test_a_room_that_is_closed_to_the_account_does_not_harm_the_others(running: Synapse) -> None:
    """It is named as missing, nothing of it comes, and no room's id stands in a checkpoint."""
    reader, riders, room = club(running)
    forbidden = riders[0].create_room(public=False)
    riders[0].send(forbidden, "for the committee")
    told = connection(reader, rooms=f"{forbidden}, {room}, #nowhere:club.example", since="2020-01-01")
    rights = asyncio.run(SOURCE.check(told))
    assert any("not in 1 room to watch" in sentence for sentence in rights.missing)
    assert any("1 address" in sentence for sentence in rights.missing)
    post = riders[0].send(room, "Sunday at nine")
    heard = hear(told)
    assert post in heard.revisions
    assert set(heard.channels) == {room}
    checkpoints = " ".join(str(batch.checkpoint) for batch in heard.batches)
    assert not [name for name in (room, post, riders[0].user_id, reader.token) if name in checkpoints]


@pytest.mark.parametrize("settings", [{"since": "soon"}, {"since": "2999-01-01"}, {"rooms": "rides"}])
def test_settings_that_cannot_work_are_named(settings: dict[str, str]) -> None:
    """Before anything is asked of a server."""
    told = Connection("club", "matrix", "http://127.0.0.1:1", settings=settings, secrets={"token": "beans"})
    with pytest.raises(ConfigurationError, match=next(iter(settings))):
        asyncio.run(SOURCE.check(told))


def test_what_is_no_homeserver_is_named() -> None:
    """A web page, another service, and a closed port, each with what to do."""

    async def check(body: bytes) -> None:
        async with serving(answering(body)) as url:
            await SOURCE.check(Connection("club", "matrix", url, secrets={"token": "beans"}))

    for body in (b"<html>", b"[]", b'{"versions": 7}'):
        with pytest.raises(ConnectError, match="does not look like a Matrix"):
            asyncio.run(check(body))
    with pytest.raises(ConnectError, match="Nothing listens"):
        asyncio.run(SOURCE.check(Connection("club", "matrix", "http://127.0.0.1:1", secrets={"token": "beans"})))


Answers = dict[str, Any]
_START: Answers = {
    "whoami": {"user_id": "@reader:club.example"},
    "event_reports": {"errcode": "M_FORBIDDEN"},
    "state": [{"type": "m.room.create", "state_key": "", "sender": "@bea:club.example", "content": []}, 7],
    "timestamp_to_event": {"event_id": "$first"},
    "context": {"start": "t0", "state": "none"},
    "messages": {"chunk": [], "end": None},
    "members": {"chunk": 7},
}


@asynccontextmanager
async def lying(answers: Answers, syncs: list[Any]) -> AsyncGenerator[Connection, None]:
    """A server that answers /sync with one thing after the other, and everything else as it is told."""
    left = iter(syncs)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        names = head.split(" ")[1].partition("?")[0].split("/")
        key = next(name for name in reversed(names) if name in answers or name == "sync")
        told = next(left, syncs[-1]) if key == "sync" else answers[key]
        told = told() if callable(told) else told
        body = json.dumps(told).encode()
        status = "403 Forbidden" if isinstance(told, dict) and "errcode" in told else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield Connection("club", "matrix", url, secrets={"token": "beans"})
    finally:
        server.close()


def heard_of(answers: Answers, *syncs: Any) -> list[RawBatch]:
    """The batches up to the first word of coverage."""

    async def play() -> list[RawBatch]:
        batches: list[RawBatch] = []
        async with asyncio.timeout(DEADLINE), lying(_START | answers, list(syncs)) as told:
            async for batch in SOURCE.listen(told, None):
                batches.append(batch)
                if batch.coverage.num_rows:
                    break
        return batches

    return asyncio.run(play())


def sync_of(number: int, events: Any, **told: Any) -> Row:
    timeline = {"events": events, "limited": False, "prev_batch": "p"}
    room = {"timeline": timeline, "state": {"events": _START["state"]}, **told}
    return {"next_batch": f"s{number}", "rooms": {"join": {"!rides:club.example": room}}}


STRANGE = (
    *(7, None, [], {}, "ride", {"type": 7}, {"type": "m.room.message"}, {"type": [], "sender": {}, "state_key": "x"}),
    {"type": "m.room.member", "sender": "@a:b", "origin_server_ts": "soon", "state_key": "@a:b", "content": 7},
    {"type": "m.room.redaction", "sender": "@a:b", "origin_server_ts": 1_712_900_000_000, "redacts": []},
    {
        "type": "m.room.message",
        "sender": "@a:b",
        "content": {"m.relates_to": {"rel_type": "m.replace", "event_id": []}},
    },
)


def test_events_of_the_wrong_form_are_rejected_one_by_one() -> None:
    """A server that lies about types costs its lies, and not the events between them."""
    good = {"type": "m.room.message", "event_id": "$good", "sender": "@bea:club.example", "content": {"body": "rides"}}
    events = [one for strange in STRANGE for one in (strange, good | {"origin_server_ts": 1_712_900_000_000})]
    batches = heard_of({}, sync_of(1, []), sync_of(2, events), sync_of(3, []))
    assert sum(batch.records for batch in batches) == len(events)
    assert sum(batch.rejected.num_rows for batch in batches) == len(STRANGE)
    texts = [row["text"] for batch in batches for row in batch.messages.to_pylist()]
    assert texts == ["rides"] * len(STRANGE)


@pytest.mark.parametrize("token", [None, 7, "", "s" * 100_000, ["s"]])
def test_an_answer_without_a_place_to_go_on_is_refused(token: Any) -> None:
    """It is named, and nothing is taken from it."""
    with pytest.raises(ConnectError, match="next_batch"):
        heard_of({}, sync_of(1, []) | {"next_batch": token})


def test_pages_that_never_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history of empty pages ends in an error that is worth another try."""
    monkeypatch.setattr(matrix_listening, "_EMPTY_PAGES", 30)
    ends = iter(range(10**9))
    limited = sync_of(2, [])
    limited["rooms"]["join"]["!rides:club.example"]["timeline"]["limited"] = True
    with pytest.raises(ConnectError, match="page after page"):
        heard_of({"messages": lambda: {"chunk": [], "end": f"t{next(ends)}"}}, sync_of(1, []), limited)


def test_a_server_that_does_not_wait_is_not_asked_all_the_time() -> None:
    """Answers without events that come at once are followed by a pause."""
    asked = iter(range(10**9))

    async def play() -> int:
        async with lying(_START, [lambda: {"next_batch": f"s{next(asked)}"}]) as told:
            with suppress(TimeoutError):
                async with asyncio.timeout(2.5):
                    async for _ in SOURCE.listen(told, None):
                        pass
        return next(asked)

    assert asyncio.run(play()) < 10

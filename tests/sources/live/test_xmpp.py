"""XMPP rooms on a real Prosody: all that is said, corrected and taken back, over restarts, kills and cuts."""

from __future__ import annotations

import asyncio
import random
from asyncio import Task
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.protocols import Connection
from seawall.sources.live import live_by_name, xmpp_link, xmpp_watch
from seawall.sources.live.xmpp import XmppLive
from seawall.sources.live.xmpp_room import Memory, Origin, Room
from seawall.sources.live.xmpp_settings import NICKNAME
from seawall.sources.live.xmpp_stanza import Said, Sender, said_in
from seawall.sources.raw_rows import RawRows
from tests.servers.prosody import ARCHIVED, BARE, HOST, PASSWORD, Person, Prosody, element, running_prosody
from tests.sources.live.listening import Listener

PEOPLE = ("rosa", "linden", "fern", "seawall")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prosody]:
    with running_prosody(tmp_path_factory.mktemp("prosody"), PEOPLE) as running:
        yield running


def connection(server: Prosody, *rooms: str, password: str = PASSWORD, **settings: str) -> Connection:
    told = {"jid": f"seawall@{HOST}", "rooms": ",".join(rooms), **settings}
    return Connection("club", "xmpp", server.url, settings=told, secrets={"password": password})


def run(play: Callable[[], Awaitable[None]], seconds: float = 90.0) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(seconds):
            await play()

    asyncio.run(bounded())


@asynccontextmanager
async def attended(server: Prosody, *rooms: str) -> AsyncIterator[tuple[Person, Listener, Task[None]]]:
    """Rosa in some rooms, and a listener that has covered them and goes on listening until it is cancelled."""
    async with Person(server, "rosa") as rosa:
        for room in rooms:
            await rosa.join(room)
        listener = Listener(XmppLive(), connection(server, *rooms))
        listening = asyncio.create_task(listener.forever())
        await listener.when(lambda: listener.covered, listening)
        yield rosa, listener, listening


def state(listener: Listener) -> dict[str, tuple[str | None, bool]]:
    """What the lake would hold in the end: the last words of each message, and whether it was deleted."""
    words: dict[str, tuple[Any, str | None]] = {}
    for row in listener.rows("messages"):
        order = (row["edited_at"] is not None, row["edited_at"] or row["sent_at"])
        if row["message_id"] not in words or order > words[row["message_id"]][0]:
            words[row["message_id"]] = (order, row["text"])
    gone = {row["message_id"] for row in listener.rows("deletions")}
    return {id_: (text, id_ in gone) for id_, (_, text) in words.items()}


class Talk:
    """A room and what is true of it: room's id of each message -> its last words, and whether it was taken back."""

    def __init__(self, room: str, draw: random.Random) -> None:
        self.room, self.draw = room, draw
        self.truth: dict[str, tuple[str, bool]] = {}
        self.own: dict[str, list[tuple[str, str]]] = {}  # person -> (own id, room's id)

    async def act(self, person: Person, number: int) -> None:
        """Say something, or correct or take back something of one's own."""
        own = self.own.setdefault(person.name, [])
        choice = self.draw.random()
        if choice < 0.25 and own:
            own_id, room_id = self.draw.choice(own)
            await person.correct(self.room, own_id, f"ride {number}, corrected")
            self.truth[room_id] = (f"ride {number}, corrected", self.truth[room_id][1])
        elif choice < 0.4 and own:
            _, room_id = self.draw.choice(own)
            await person.retract(self.room, room_id)
            self.truth[room_id] = (self.truth[room_id][0], True)
        else:
            own_id, room_id = await person.say(self.room, f"ride {number}")
            own.append((own_id, room_id))
            self.truth[room_id] = (f"ride {number}", False)


def test_everything_is_accounted_for_over_restarts_kills_and_cuts(server: Prosody) -> None:
    """People talk, correct and take back while the server restarts and is killed and the reader is cut off."""
    room = f"storm@{ARCHIVED}"

    async def play() -> None:
        draw = random.Random(11)
        talk = Talk(room, draw)
        listener = Listener(XmppLive(), connection(server, room))
        number = 0
        async with Person(server, "rosa") as rosa:
            await rosa.join(room)
        for episode in range(3):
            async with Person(server, "rosa") as rosa, Person(server, "linden") as linden:
                await rosa.join(room)
                await linden.join(room)
                if episode == 0:
                    await listener.until(lambda: listener.covered)
                for _ in range(10):
                    number += 1
                    await talk.act(draw.choice((rosa, linden)), number)
                    if number % 6 == 2:
                        seen = len(listener.batches)
                        await listener.until(lambda: len(listener.batches) > seen)  # noqa: B023
            if episode < 2:
                await asyncio.to_thread(server.stop if episode == 0 else server.kill)
                await asyncio.to_thread(server.start)
        await listener.until(lambda: state(listener) == talk.truth)
        again = Listener(XmppLive(), listener.connection, listener.checkpoint)
        await again.until(lambda: again.covered)
        assert again.rows("messages") + again.rows("deletions") == []
        whole = Listener(XmppLive(), connection(server, room, since="2020-01-01"))
        await whole.until(lambda: whole.covered)
        assert state(whole) == talk.truth
        assert listener.rows("rejected") + whole.rows("rejected") == []
        assert all(row["complete"] for row in listener.rows("coverage"))

    run(play, 90)


def test_what_is_said_comes_at_once_and_a_restart_of_the_server_is_survived(server: Prosody) -> None:
    """A connected reader hears messages without waiting for its next look, notices the server's end, and comes back."""
    room = f"live@{ARCHIVED}"

    async def play() -> None:
        async with attended(server, room) as (rosa, listener, listening):
            await rosa.say(room, "Ride at nine?")
            await listener.when(lambda: listener.texts() == ["Ride at nine?"], listening, 5)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        async with Person(server, "rosa") as rosa:
            await rosa.join(room)
            await rosa.say(room, "Or at ten?")
            await listener.when(lambda: len(listener.texts()) == 2, listening)
        assert listener.interruptions >= 1
        assert not [row for row in listener.rows("coverage") if not row["complete"]]
        listening.cancel()

    run(play)


def test_a_correction_or_retraction_of_an_older_message_finds_it(server: Prosody) -> None:
    """A reader that resumes just before them knows neither original: it looks back into the archive."""
    room = f"older@{ARCHIVED}"

    async def play() -> None:
        async with Person(server, "rosa") as rosa:
            await rosa.join(room)
            own, first = await rosa.say(room, "Ride at nine?")
            _, second = await rosa.say(room, "Never mind")
            for number in range(30):
                await rosa.say(room, f"filler {number}")
            listener = Listener(XmppLive(), connection(server, room, since="2020-01-01"))
            await listener.until(lambda: len(listener.texts()) == 32)
            resumed = Listener(XmppLive(), listener.connection, listener.checkpoint)
            await rosa.correct(room, own, "Ride at ten?")
            await rosa.retract(room, second)
            await resumed.until(lambda: resumed.rows("deletions") != [])
            (edit,) = resumed.rows("messages")
            assert (edit["message_id"], edit["text"]) == (first, "Ride at ten?")
            assert edit["sent_at"] == listener.rows("messages")[0]["sent_at"]
            assert edit["edited_at"] > edit["sent_at"]
            assert [row["message_id"] for row in resumed.rows("deletions")] == [second]

    run(play)


def test_nobody_changes_what_others_said(server: Prosody) -> None:
    """A correction or retraction by another is no edit and no deletion; the room's own word for a moderator is."""
    room = f"others@{ARCHIVED}"

    async def play() -> None:
        async with Person(server, "rosa") as rosa, Person(server, "linden") as linden:
            await rosa.join(room)
            await linden.join(room)
            own, room_id = await rosa.say(room, "Ride at nine?")
            await linden.correct(room, own, "No ride")
            await linden.retract(room, room_id)
            await linden.say(room, "Hi", f'<stanza-id xmlns="urn:xmpp:sid:0" by="{room}" id="{room_id}"/>')
            listener = Listener(XmppLive(), connection(server, room, since="2020-01-01"))
            await listener.until(lambda: listener.covered)
            assert listener.texts() == ["Ride at nine?", "No ride", "Hi"]
            assert len({row["message_id"] for row in listener.rows("messages")}) == 3
            assert listener.rows("deletions") == []
            assert [row["field"] for row in listener.rows("rejected")] == ["retract"]

    run(play)


def test_joins_leaves_replies_and_accounts(server: Prosody) -> None:
    """Who comes and goes is told once, itself apart; replies name their message; accounts are stable over nicks."""
    room = f"accounts@{ARCHIVED}"

    async def play() -> None:
        async with attended(server, room) as (rosa, listener, listening), Person(server, "linden") as linden:
            await linden.join(room)
            _, first = await rosa.say(room, "Ride at nine?")
            quoted = "> Ride at nine?\nYes!"
            await linden.say(
                room,
                quoted,
                f'<reply xmlns="urn:xmpp:reply:0" id="{first}" to="{room}/rosa"/>',
                '<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:reply:0"><body start="0" end="16"/></fallback>',
                f'<reference xmlns="urn:xmpp:reference:0" type="mention" uri="xmpp:{room}/rosa"/>',
            )
            await linden.leave(room)
            await linden.join(room, "lime")
            await linden.say(room, "Me again")
            await listener.when(lambda: len(listener.texts()) == 3, listening)
            await listener.when(lambda: len(listener.rows("interactions")) == 3, listening)
            listening.cancel()
            messages = listener.rows("messages")
            assert (messages[1]["text"], messages[1]["reply_to"], messages[1]["kind"]) == ("Yes!", first, "reply")
            assert messages[1]["mentions"][0]["id"] == messages[0]["account"]["id"]
            assert messages[1]["account"]["id"] == messages[2]["account"]["id"] != messages[0]["account"]["id"]
            assert messages[2]["account"]["handle"] == f"{room}/lime"
            moves = [(row["kind"], row["source_account"]["name"]) for row in listener.rows("interactions")]
            assert moves == [("join", "linden"), ("leave", "linden"), ("join", "lime")]
            assert {row["source_account"]["id"] for row in listener.rows("interactions")} == {
                messages[1]["account"]["id"]
            }
            assert (room, NICKNAME, "joined") in rosa.seen

    run(play)


def test_a_room_that_shows_addresses_and_lets_in_members_only_says_so(server: Prosody) -> None:
    """Non-anonymous rooms tell the account's own address; members-only ones are closed, also once they become so."""
    room = f"members@{ARCHIVED}"

    async def play() -> None:
        async with Person(server, "rosa") as rosa:
            await rosa.join(room)
            await rosa.configure(room, whois="anyone")
            await rosa.say(room, "before")
            listener = Listener(XmppLive(), connection(server, room, since="2020-01-01"))
            await listener.until(lambda: listener.covered)
            await rosa.admin(room, f'<item affiliation="member" jid="seawall@{HOST}"/>')
            await rosa.configure(room, whois="anyone", membersonly="1")
            await rosa.say(room, "after")
            await listener.until(lambda: len(listener.texts()) == 2)
            assert [row["visibility"] for row in listener.rows("messages")] == ["public", "closed"]
            assert {row["account"]["id"] for row in listener.rows("messages")} == {f"rosa@{HOST}"}
            assert listener.rows("channels")[-1]["visibility"] == "closed"
            assert all(row["title"] is None for row in listener.rows("channels"))

    run(play)


def test_a_room_without_an_archive_is_read_live_and_its_gaps_are_told(server: Prosody) -> None:
    """What is said while Seawall is away is lost there, and the time is told as incomplete; the rest comes."""
    bare, kept = f"bare@{BARE}", f"kept@{ARCHIVED}"

    async def play() -> None:
        async with Person(server, "rosa") as rosa:
            await rosa.join(bare)
            await rosa.join(kept)
            listener = Listener(XmppLive(), connection(server, bare, kept))

            async def talk() -> None:
                listening = asyncio.create_task(listener.forever())
                before = len(listener.rows("coverage"))
                await listener.when(lambda: len(listener.rows("coverage")) > before, listening)
                count = len(listener.texts())
                own, _ = await rosa.say(bare, "Ride at nine?")
                await rosa.correct(bare, own, "Ride at ten?")
                await listener.when(lambda: len(listener.texts()) >= count + 2, listening)
                listening.cancel()
                await asyncio.wait([listening])

            await talk()
            assert all(row["complete"] for row in listener.rows("coverage"))
            await rosa.say(bare, "lost")
            await rosa.say(kept, "found")
            await talk()
            rows = listener.rows("messages")
            assert [row["text"] for row in rows if row["channel_id"] == kept] == ["found"]
            told = [(row["text"], row["edited_at"] is not None) for row in rows if row["channel_id"] == bare]
            assert told == [("Ride at nine?", False), ("Ride at ten?", True)] * 2
            assert len({row["message_id"] for row in rows if row["channel_id"] == bare}) == 2
            gaps = [row for row in listener.rows("coverage") if not row["complete"]]
            assert [gap["channel_id"] for gap in gaps] == [bare]

    run(play)


def test_an_archive_that_forgot_is_a_gap(server: Prosody) -> None:
    """Where the archive lost the message after which to go on, the time is incomplete and the rest is read."""
    room = f"forgot@{ARCHIVED}"

    async def play() -> None:
        async with Person(server, "rosa") as rosa:
            await rosa.join(room)
            await rosa.say(room, "first")
            listener = Listener(XmppLive(), connection(server, room, since="2020-01-01"))
            await listener.until(lambda: listener.covered)
        await asyncio.to_thread(server.stop)
        server.forget_archive(room)
        await asyncio.to_thread(server.start)
        async with Person(server, "rosa") as rosa:
            await rosa.join(room)
            await rosa.say(room, "second")
            await listener.until(lambda: listener.texts() == ["first", "second"])
            await listener.until(lambda: any(not row["complete"] for row in listener.rows("coverage")))
            assert [row["channel_id"] for row in listener.rows("coverage") if not row["complete"]] == [room]
            gap = [False in batch.coverage["complete"].to_pylist() for batch in listener.batches].index(True)
            said = ["second" in batch.messages["text"].to_pylist() for batch in listener.batches].index(True)
            assert gap < said, "a gap is told before the mark moves over it"

    run(play)


def test_being_thrown_out_of_one_room_leaves_the_others(server: Prosody, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ban from one room is told as a gap there; the other room is read on, and nobody else's words are lost."""
    monkeypatch.setattr(xmpp_watch, "COVERAGE_SECONDS", 1.0)
    banned, kept = f"banned@{ARCHIVED}", f"calm@{ARCHIVED}"

    async def play() -> None:
        async with attended(server, banned, kept) as (rosa, listener, listening):
            await rosa.admin(banned, f'<item affiliation="outcast" jid="seawall@{HOST}"/>')
            await rosa.say(kept, "Still here?")

            def told() -> bool:
                gaps = {row["channel_id"] for row in listener.rows("coverage") if not row["complete"]}
                return gaps == {banned} and "Still here?" in listener.texts()

            await listener.when(told, listening)
            assert listener.interruptions == 0
            listening.cancel()

    run(play)


def test_rights_are_told_and_refusals_have_their_error(server: Prosody) -> None:
    """What can be read, what cannot, and what the account should not be; a wrong password; no room made by asking."""
    wrong = "tulip-4711"
    kept, bare, absent, owned = f"kept2@{ARCHIVED}", f"bare2@{BARE}", f"absent@{ARCHIVED}", f"owned@{ARCHIVED}"

    async def play() -> None:
        source = live_by_name("xmpp")
        async with Person(server, "rosa") as rosa:
            for room in (kept, bare, owned):
                await rosa.join(room)
            await rosa.admin(owned, f'<item affiliation="admin" jid="seawall@{HOST}"/>')
            rights = await source.check(connection(server, kept, bare, absent, owned))
            assert "Read 3 of 4 rooms" in rights.can[0]
            assert kept in rights.can[1]
            assert (absent in rights.missing[0], bare in rights.missing[1]) == (True, True)
            assert rights.excess == (f"Moderate: {owned}.",)
            with pytest.raises(ConnectError, match="None of the rooms"):
                await source.check(connection(server, absent))
            with pytest.raises(AccessError, match="refuses this account") as caught:
                await source.check(connection(server, kept, password=wrong))
            assert "tulip" not in str(caught.value)

    run(play)


def test_certificates_are_checked(tmp_path: Path) -> None:
    """A server with a certificate of its own is refused, and read where the operator trusts it: encrypted."""
    room = f"a@{ARCHIVED}"
    with running_prosody(tmp_path / "prosody", PEOPLE, certified=True) as server:

        async def play() -> None:
            async with Person(server, "rosa") as rosa:
                await rosa.join(room)
                with pytest.raises(ConnectError, match="can be trusted"):
                    await XmppLive().check(connection(server, room))
                trusted = connection(server, room, ca_file=str(tmp_path / "prosody" / "own.crt"))
                assert "Read 1 of 1" in (await XmppLive().check(trusted)).can[0]
                async with xmpp_link.Link(trusted, lambda *_: None) as link:
                    assert link._client.transport.get_extra_info("ssl_object") is not None

        run(play)


def test_no_password_is_told_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anywhere but on the own machine, a server that offers no encryption is told no password in any form."""
    monkeypatch.setattr(xmpp_link, "is_loopback", lambda _: False)
    heard = b""
    offer = (
        b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        b"version='1.0' id='1' from='club.example'><stream:features><mechanisms "
        b"xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism>"
        b"<mechanism>DIGEST-MD5</mechanism></mechanisms></stream:features>"
    )

    async def bare(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        writer.write(offer)
        while got := await reader.read(4096):
            heard += got
        writer.close()

    async def play() -> None:
        peer = await asyncio.start_server(bare, "127.0.0.1", 0)
        told = {"jid": f"seawall@{HOST}", "rooms": f"a@{ARCHIVED}"}
        url = f"xmpp://127.0.0.1:{peer.sockets[0].getsockname()[1]}"
        with pytest.raises(ConnectError, match="no encryption"):
            await XmppLive().check(Connection("club", "xmpp", url, settings=told, secrets={"password": PASSWORD}))
        peer.close()
        assert b"<stream:stream" in heard
        assert b"<auth" not in heard

    run(play)


def test_it_says_nothing_and_subscribes_to_nobody(server: Prosody) -> None:
    """Whoever writes to it or asks for its presence hears nothing; a message that it is made to send is dropped."""
    room = f"quiet@{ARCHIVED}"

    async def play() -> None:
        async with attended(server, room) as (rosa, listener, listening):
            rosa._client.send_presence(pto=f"seawall@{HOST}", ptype="subscribe")
            rosa._client.send_message(mto=f"{room}/{NICKNAME}", mbody="Who are you?", mtype="chat")
            await rosa.say(room, f"{NICKNAME}: hello")
            await listener.when(lambda: len(listener.texts()) == 1, listening)
            listening.cancel()
            async with xmpp_link.Link(listener.connection, lambda *_: None) as link:
                await link.enter(room, "another")
                link._client.send_message(mto=room, mbody="A slip", mtype="groupchat")
                assert await link.is_in(room, "another")  # what was sent before would be there by now
            await rosa.say(room, "The end")
            others = [one for one in rosa.seen if one[2] not in ("joined", "left")]
            assert {body for _, nick, body in others if nick in (NICKNAME, "another")} == set()
            assert not [one for one in rosa.seen if one[2] == "?"]

    run(play)


def test_peers_that_lie_end_with_an_error_and_hold_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence, nonsense, a stanza without an end and a way to another server: each a ConnectError, soon and small."""
    monkeypatch.setattr(xmpp_link, "_ANSWER_SECONDS", 1.0)
    sent = 0
    stream = (
        b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' id='1'>"
    )

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2)

    async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n<html>")

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(stream + b"<message><body>")
        while sent < 1 << 28:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    elsewhere: list[bytes] = []

    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        elsewhere.append(await reader.read(10))

    async def play() -> None:
        lure = await asyncio.start_server(other, "127.0.0.1", 0)
        host = f"127.0.0.1:{lure.sockets[0].getsockname()[1]}".encode()

        async def leads_away(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(
                stream + b"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                b"" + host + b"</see-other-host></stream:error>"
            )
            await writer.drain()
            await asyncio.sleep(0.3)

        for answer in (silent, nonsense, endless, leads_away):

            async def answered(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Any = answer
            ) -> None:
                try:
                    await answer(reader, writer)
                except ConnectionError:
                    pass
                finally:
                    writer.close()

            peer = await asyncio.start_server(answered, "127.0.0.1", 0)
            port = peer.sockets[0].getsockname()[1]
            told = {"jid": f"seawall@{HOST}", "rooms": f"a@{ARCHIVED}"}
            with pytest.raises(ConnectError):
                await XmppLive().check(Connection("club", "xmpp", f"xmpp://127.0.0.1:{port}", settings=told))
            peer.close()
        lure.close()
        assert sent < 16 << 20
        assert elsewhere == []

    run(play)


def test_settings_that_cannot_work_are_refused() -> None:
    """No account, no rooms, a room that is none, an address with a password: each with the place to mend."""

    async def refused(url: str = "xmpp://127.0.0.1:1", **settings: str) -> str:
        told = {"jid": f"seawall@{HOST}", "rooms": f"a@{ARCHIVED}", **settings}
        with pytest.raises(ConfigurationError) as caught:
            await XmppLive().check(Connection("club", "xmpp", url, settings=told))
        return str(caught.value)

    async def play() -> None:
        assert "jid" in await refused(jid="tulip")
        assert "rooms" in await refused(rooms="")
        assert "rooms" in await refused(rooms="rides")
        assert "holds a password" in await refused("xmpp://rosa:tulip@127.0.0.1")
        assert "holds a password" in await refused("https://127.0.0.1")
        assert "since" in await refused(since="tulips")

    run(play)


ROOM = f"rides@{ARCHIVED}"


def said(xml: str, nick: str = "rosa", archive_id: str | None = None) -> Said:
    return said_in(
        element(f'<message xmlns="jabber:client" from="{ROOM}/{nick}" id="m1">{xml}</message>'), ROOM, 5, archive_id
    )


def test_ids_count_only_if_the_room_gave_them() -> None:
    """An id by somebody else is not the room's."""
    assert said('<stanza-id xmlns="urn:xmpp:sid:0" by="evil.example" id="1"/>').room_id is None
    assert said(f'<stanza-id xmlns="urn:xmpp:sid:0" by="{ROOM}" id="1"/>').room_id == "1"


def test_moderation_counts_only_from_the_room_itself() -> None:
    """Both forms of XEP-0425 are read; the same words from a person are that person's own retraction, no more."""
    new = (
        '<retract xmlns="urn:xmpp:message-retract:1" id="7"><moderated xmlns="urn:xmpp:message-moderate:1"/></retract>'
    )
    old = (
        '<apply-to xmlns="urn:xmpp:fasten:0" id="7"><moderated xmlns="urn:xmpp:message-moderate:0">'
        '<retract xmlns="urn:xmpp:message-retract:0"/></moderated></apply-to>'
    )
    for xml in (new, old):
        by_room, by_person = said(xml, nick=""), said(xml)
        assert (by_room.retracts, by_room.moderated) == ("7", True)
        assert (by_person.retracts, by_person.moderated) == ("7", False)
        rows = RawRows("xmpp")
        room = Room(ROOM, set())
        assert room.take(by_room, rows, 1)
        assert room.take(by_person, rows, 2)
        batch = rows.batch("")
        assert (batch.deletions["message_id"].to_pylist(), batch.rejected["position"].to_pylist()) == (["7"], [2])


def test_stones_in_the_archive_are_deletions() -> None:
    """Where the archive holds only that a message was taken back, that is told."""
    stone = '<retracted xmlns="urn:xmpp:message-retract:1" stamp="2026-05-03T14:05:00Z"/>'
    rows = RawRows("xmpp")
    Room(ROOM, set()).take(said(stone, archive_id="9"), rows, 1)
    (row,) = rows.batch("").deletions.to_pylist()
    assert (row["message_id"], row["deleted_at"].minute) == ("9", 5)


def test_what_is_encrypted_or_no_words_is_kept_without_text() -> None:
    """The placeholder of an encrypted message is nobody's words; topics leave no text; receipts are no records."""
    rows, room = RawRows("xmpp"), Room(ROOM, set())
    assert room.take(said('<body>Encrypted!</body><encrypted xmlns="urn:xmpp:omemo:2"/>'), rows, 1)
    assert room.take(said("<subject>Rides</subject>"), rows, 2)
    assert not room.take(said('<received xmlns="urn:xmpp:receipts" id="1"/>'), rows, 3)
    link = '<x xmlns="jabber:x:oob"><url>https://garden.example/a.jpg</url></x>'
    assert room.take(said(link), rows, 3)
    batch = rows.batch("")
    assert batch.messages["text"].to_pylist() == [None, None, None]
    assert batch.messages["kind"].to_pylist() == ["post", "service", "post"]
    assert batch.messages["links"].to_pylist() == [None, None, ["https://garden.example/a.jpg"]]


def test_a_reaction_is_an_act_upon_a_message() -> None:
    """Its source reacts, its target wrote the message; a taken back reaction is none."""
    rows, room = RawRows("xmpp"), Room(ROOM, set())
    room.take(said("<body>Beans!</body>", archive_id="1"), rows, 1)
    thumb = '<reactions xmlns="urn:xmpp:reactions:0" id="1"><reaction>+</reaction></reactions>'
    assert room.take(said(thumb, nick="linden"), rows, 2)
    assert not room.take(said('<reactions xmlns="urn:xmpp:reactions:0" id="1"/>', nick="linden"), rows, 3)
    (act,) = rows.batch("").interactions.to_pylist()
    assert (act["kind"], act["source_account"]["name"], act["target_account"]["name"]) == (
        "reaction",
        "linden",
        "rosa",
    )


def test_the_memory_of_a_room_is_bounded() -> None:
    """The oldest messages are forgotten, with the names that their senders gave them."""
    memory = Memory(most=3)
    rosa = Sender("rosa")
    for number in range(10):
        memory.put(Origin(str(number), rosa, number, number, None), f"own {number}")
    assert [memory.of(str(number)) is not None for number in range(10)] == [False] * 7 + [True] * 3
    assert memory.by(rosa, "own 6") is None
    assert memory.by(rosa, "own 9") is not None
    assert memory.by(Sender("linden"), "own 9") is None
    assert len(memory._by_own) == len(memory._own_of) == 3

"""The wire to an XMPP server: joins rooms and listens. It never sends a message, and subscribes to nobody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout

from seawall.errors import AccessError, ConnectError
from seawall.model.loopback import is_loopback
from seawall.protocols import Connection
from seawall.sources.live.http import trust
from seawall.sources.live.xmpp_addresses import own_address, server_address
from seawall.sources.live.xmpp_stanza import Said, delayed, said_in

PAGE_MESSAGES = 100
LONGEST_STANZA = 1 << 20
"""Bytes of the longest stanza that is read."""

_ANSWER_SECONDS = 20.0
_MOST_RESULTS = 1_000
_NICKNAMES = 5
_MAM = "urn:xmpp:mam:2"
_RSM = "http://jabber.org/protocol/rsm"
_MUC = "http://jabber.org/protocol/muc"
_DISCO = "http://jabber.org/protocol/disco#info"
_STATUS = "{http://jabber.org/protocol/muc#user}x/{http://jabber.org/protocol/muc#user}status"
_ITEM = "{http://jabber.org/protocol/muc#user}x/{http://jabber.org/protocol/muc#user}item"
_STANZAS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
_NO_RIGHT = ("forbidden", "not-authorized", "registration-required", "not-allowed", "policy-violation")

logging.getLogger("slixmpp").setLevel(logging.CRITICAL + 1)  # it would log what the server sends

Heard = Callable[[str, Element, int], None]
"""Called with the room, a message or presence of it, and its size."""


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive messages of an archive, oldest first. ``complete``: there are no more in that direction."""

    said: tuple[Said, ...]
    ids: frozenset[str]  # of all, those that cannot be read too
    first: str | None
    last: str | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A room that was entered."""

    nick: str
    affiliation: str
    role: str


class ArchiveGapError(Exception):
    """The archive does not know the message any more after which it was asked."""


class RoomError(Exception):
    """A room cannot be read: the condition that the server names, and whether asking again is of no use."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition
        self.final = condition in _NO_RIGHT


class _Stream(slixmpp.ClientXMPP):
    """slixmpp's client, which follows no server elsewhere and holds no stanza that is too long."""

    def __init__(self, jid: str, password: str, context: Any, *, unencrypted: bool) -> None:
        allowed = {"unencrypted_plain": unencrypted, "unencrypted_scram": unencrypted}
        super().__init__(jid, password, plugin_config={"feature_mechanisms": allowed}, ssl_context=context)
        self.auto_authorize = None
        self.auto_subscribe = False
        self.size = 0

    def data_received(self, data: bytes | str) -> None:
        self.size += len(data)
        if self.size > LONGEST_STANZA + len(data):
            self.abort()
            return
        super().data_received(data)
        if self.xml_depth <= 1:
            self.size = 0

    def _handle_stream_error(self, error: Any) -> None:
        self.disconnect()


class Link:
    """One connection to a server; use it with ``async with``.

    Args:
        connection: its url is xmpp:// or xmpps://, or empty: as the domain of the JID says; settings "jid",
            "ca_file", "insecure"; secret "password".
        heard: called for each message and presence of a room.

    Raises:
        ConfigurationError: the settings cannot work.
        ConnectError: the server cannot be reached.
        AccessError: it refuses the password.
    """

    def __init__(self, connection: Connection, heard: Heard) -> None:
        self.where = f"connection {connection.name}"
        self._jid = own_address(connection.settings.get("jid", ""), self.where)
        self._direct, self._host, self._port = server_address(connection.url, self.where)
        self.where += f", {self._host or self._jid.domain}"
        self._heard = heard
        self._own = is_loopback(self._host) or connection.settings.get("insecure") == "yes"
        self._trust = connection.settings.get("ca_file")
        self._password = connection.secrets.get("password", "")
        self._pages: dict[str, list[tuple[str, Element]]] = {}
        self._entering: dict[str, asyncio.Future[Element]] = {}
        self._broken: asyncio.Event = asyncio.Event()

    @property
    def broken(self) -> bool:
        """Whether the connection has ended."""
        return self._broken.is_set()

    async def __aenter__(self) -> Link:
        client = _Stream(
            f"{self._jid.bare}/seawall", self._password, trust(self._trust, self.where), unencrypted=self._own
        )
        client.enable_direct_tls = self._direct
        client.enable_starttls = not self._direct
        client.enable_plaintext = self._own and not self._direct
        if client.enable_plaintext:
            client.tls_services = set()
        self._client = client
        ends: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def end(how: str) -> Callable[[Any], None]:
            return lambda _: None if ends.done() else ends.set_result(how)

        for event in ("session_start", "failed_auth", "no_auth", "connection_failed", "disconnected"):
            client.add_event_handler(event, end(event))
        client.add_event_handler("disconnected", lambda _: self._broken.set())
        client.add_filter("in", self._sorted)
        client.add_filter("out", _reads_only)
        client.connect(self._host or None, self._port)
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                how = await ends
        except TimeoutError:
            how = "timeout"
        if how != "session_start":
            self._end()
            raise self._refused(how)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._client.cancel_connection_attempt()
        self._client.abort()
        if self._client._run_out_filters is not None:
            self._client._run_out_filters.cancel()

    def _refused(self, how: str) -> ConnectError:
        if how == "failed_auth":
            return AccessError(
                "The server refuses this account or password.",
                where=self.where,
                mend="Connect again with the right one.",
            )
        if how == "no_auth":
            return ConnectError(
                "The server offers no encryption, so it was told no password.", where=self.where, mend="Use TLS."
            )
        return ConnectError(
            "The server cannot be reached, or speaks no XMPP over a connection that can be trusted.",
            where=self.where,
            mend="Check the address and the certificate.",
        )

    def on_end(self, act: Callable[[], None]) -> None:
        """Have something done when the connection ends."""
        self._client.add_event_handler("disconnected", lambda _: act())

    def pause(self, *, wait: bool) -> None:
        """Let the server wait with what it sends, or send on."""
        transport = self._client.transport
        if transport is not None and not transport.is_closing():
            (transport.pause_reading if wait else transport.resume_reading)()

    # --- what comes -------------------------------------------------------------------------------------

    def _sorted(self, stanza: Any) -> Any:
        """Answers go to who asked, messages and presences of rooms to ``heard``; slixmpp itself sees no other."""
        element: Element = stanza.xml
        kind = element.tag.rpartition("}")[2]
        if kind not in ("message", "presence"):
            return stanza
        room = (element.get("from") or "").partition("/")[0].lower()
        result = element.find(f"{{{_MAM}}}result")
        if result is not None:
            page = self._pages.get(f"{room} {result.get('queryid')}")
            if page is not None and len(page) <= _MOST_RESULTS:
                page.append((result.get("id") or "", result))
            return None
        if kind == "presence" and room in self._entering:
            entering = self._entering[room]
            own = any(found.get("code") == "110" for found in element.iterfind(_STATUS))
            if (own or element.get("type") == "error") and not entering.done():
                entering.set_result(element)
        self._heard(room, element, self._client.size)
        return None

    # --- what is asked ----------------------------------------------------------------------------------

    async def features(self, room: str) -> frozenset[str]:
        """What a room tells of itself.

        Raises:
            RoomError: there is no such room, or it may not be asked.
        """
        answer = await self._asked("get", room, Element(f"{{{_DISCO}}}query"))
        return frozenset(found.get("var") or "" for found in answer.iterfind(f"{{{_DISCO}}}query/{{{_DISCO}}}feature"))

    async def enter(self, room: str, nickname: str) -> Entry:
        """Join a room, under another name where that one is taken. The room must be there: joining would make it.

        Raises:
            RoomError: it lets nobody in, or not this account.
        """
        for number in range(1, _NICKNAMES + 1):
            nick = nickname if number == 1 else f"{nickname} {number}"
            self._entering[room] = asyncio.get_running_loop().create_future()
            presence = self._client.make_presence(pto=f"{room}/{nick}")
            joining = Element(f"{{{_MUC}}}x")
            SubElement(joining, f"{{{_MUC}}}history", {"maxstanzas": "0"})
            presence.append(joining)
            presence.send()
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    answer = await self._unless_broken(self._entering[room])
            except TimeoutError:
                raise self._silent() from None
            finally:
                del self._entering[room]
            if answer.get("type") != "error":
                item = answer.find(_ITEM)
                told: Mapping[str, str] = {} if item is None else item.attrib
                own = (answer.get("from") or "").partition("/")[2]
                return Entry(own or nick, told.get("affiliation", "none"), told.get("role", "none"))
            condition = _condition(answer)
            if condition != "conflict":
                raise RoomError(condition)
        raise RoomError("conflict")

    async def is_in(self, room: str, nick: str) -> bool:
        """Whether the room still has us (XEP-0410)."""
        try:
            await self._asked("get", f"{room}/{nick}", Element("{urn:xmpp:ping}ping"))
        except RoomError as error:
            return error.condition not in ("not-acceptable", "item-not-found", "forbidden")
        return True

    async def page(
        self, room: str, *, after: str | None = None, before: str | None = None, start: str | None = None
    ) -> Page:
        """A page of a room's archive.

        Args:
            room: its bare address.
            after: only what follows the message of this id.
            before: the last page of what precedes it; "" = the last page of all.
            start: only what was archived at this time (ISO 8601) or later.

        Raises:
            ArchiveGapError: the id is not known any more.
            RoomError: the archive may not be read.
        """
        number = self._client.new_id()
        query = Element(f"{{{_MAM}}}query", {"queryid": number})
        if start is not None:
            form = SubElement(query, "{jabber:x:data}x", {"type": "submit"})
            for name, value in (("FORM_TYPE", _MAM), ("start", start)):
                field = SubElement(form, "{jabber:x:data}field", {"var": name})
                SubElement(field, "{jabber:x:data}value").text = value
        limits = SubElement(query, f"{{{_RSM}}}set")
        SubElement(limits, f"{{{_RSM}}}max").text = str(PAGE_MESSAGES)
        for name, told in (("after", after), ("before", before)):
            if told is not None:
                SubElement(limits, f"{{{_RSM}}}{name}").text = told
        found = self._pages.setdefault(f"{room} {number}", [])
        try:
            answer = await self._asked("set", room, query)
        except RoomError as error:
            if error.condition == "item-not-found" and (after or before):
                raise ArchiveGapError from None
            raise
        finally:
            del self._pages[f"{room} {number}"]
        end = answer.find(f"{{{_MAM}}}fin")
        if end is None or len(found) > _MOST_RESULTS:
            raise self._nonsense()
        said = tuple(one for id_, result in found if (one := _archived(result, room, id_)) is not None)
        return Page(
            said,
            frozenset(id_ for id_, _ in found),
            first=found[0][0] if found else None,
            last=found[-1][0] if found else None,
            complete=end.get("complete") in ("true", "1") or not found,
        )

    async def _asked(self, kind: str, to: str, payload: Element) -> Element:
        make = self._client.make_iq_get if kind == "get" else self._client.make_iq_set
        iq: Any = make(ito=to)
        iq.append(payload)
        try:
            answer = await self._unless_broken(iq.send(timeout=_ANSWER_SECONDS))
        except IqError as error:
            raise RoomError(_condition(error.iq.xml)) from None
        except IqTimeout:
            raise self._silent() from None
        element: Element = answer.xml
        return element

    async def _unless_broken(self, answer: asyncio.Future[Any]) -> Any:
        """What is waited for, but no longer than the connection lives."""
        broken = asyncio.create_task(self._broken.wait())
        try:
            await asyncio.wait((answer, broken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            broken.cancel()
        if not answer.done():
            raise self.gone()
        return answer.result()

    def gone(self) -> ConnectError:
        """The error for a connection that has ended."""
        return ConnectError("The server ended the connection.", where=self.where)

    def _silent(self) -> ConnectError:
        return ConnectError("The server does not answer any more.", where=self.where)

    def _nonsense(self) -> ConnectError:
        return ConnectError("The server answers what XMPP does not allow.", where=self.where)


def _reads_only(stanza: Any) -> Any:
    """Whatever might ask for it: no message is ever sent."""
    return None if stanza.xml.tag.rpartition("}")[2] == "message" else stanza


def _archived(result: Element, room: str, archive_id: str) -> Said | None:
    forwarded = result.find("{urn:xmpp:forward:0}forwarded")
    if forwarded is None or not archive_id:
        return None
    message = forwarded.find("{jabber:client}message")
    at = delayed(forwarded)
    if message is None or at is None or (message.get("from") or "").partition("/")[0].lower() != room:
        return None
    return said_in(message, room, at, archive_id)


def _condition(stanza: Element) -> str:
    error = stanza.find("{jabber:client}error")
    named = [] if error is None else [one.tag.removeprefix(_STANZAS) for one in error if one.tag.startswith(_STANZAS)]
    return next((name for name in named if name != "text"), "undefined-condition")

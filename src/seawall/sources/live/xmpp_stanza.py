"""One stanza of a room -> what was said, by whom, and to which earlier message it refers.

XEP-0045 (rooms), 0308 (corrections), 0359 (ids), 0372 (mentions), 0421 (occupants), 0424 and 0425 (retractions),
0428 (fallbacks), 0444 (reactions), 0461 (replies). An id counts as the room's own only if the room itself gave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from seawall.sources.json_values import written_time
from seawall.sources.media_kinds import known_kind

_CLIENT = "{jabber:client}"
_MUC_USER = "{http://jabber.org/protocol/muc#user}"
_STANZA_ID = "{urn:xmpp:sid:0}stanza-id"
_OCCUPANT = "{urn:xmpp:occupant-id:0}occupant-id"
_DELAY = "{urn:xmpp:delay}delay"
_REPLACE = "{urn:xmpp:message-correct:0}replace"
_REPLY = "{urn:xmpp:reply:0}reply"
_REACTIONS = "{urn:xmpp:reactions:0}reactions"
_REFERENCE = "{urn:xmpp:reference:0}reference"
_FASTENED = "{urn:xmpp:fasten:0}apply-to"
_FALLBACK = "{urn:xmpp:fallback:0}"
_OOB = "{jabber:x:oob}"
_RETRACT = ("{urn:xmpp:message-retract:1}", "{urn:xmpp:message-retract:0}")
_MODERATE = ("{urn:xmpp:message-moderate:1}", "{urn:xmpp:message-moderate:0}")
_ENCRYPTED = (
    "{eu.siacs.conversations.axolotl}encrypted",
    "{urn:xmpp:omemo:2}encrypted",
    "{jabber:x:encrypted}x",
    "{urn:xmpp:openpgp:0}openpgp",
)
_WEB = ("http://", "https://")
_CONTROL = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a stanza is from, as the room tells."""

    nick: str  # "" = the room itself
    occupant: str | None = None  # stable within the room
    jid: str | None = None  # the account's own address, where the room shows it

    @property
    def key(self) -> str:
        """The same for the same sender within a room."""
        return f"o:{self.occupant}" if self.occupant else f"n:{self.nick}"


@dataclass(frozen=True, slots=True)
class Said:
    """A message to a room. Times are UTC microseconds."""

    sender: Sender
    at: int
    room_id: str | None  # given by the room; null = the room keeps no archive
    own_id: str | None  # given by the sender: the same one may come from another sender
    body: str | None = None
    spoken: bool = False  # it holds words, even if they are encrypted
    topic: bool = False  # it only sets the room's subject
    replaces: str | None = None  # own id of the message that it corrects
    retracts: str | None = None  # id of the message that it takes back
    moderated: bool = False  # the room itself says that a moderator took the message back
    erased_at: int | None = None  # the archive holds only a stone in its place
    reply_to: str | None = None
    reacts_to: str | None = None
    mentions: tuple[str, ...] = ()  # nicks, or addresses with an @
    links: tuple[str, ...] = ()
    media: tuple[str, ...] = ()  # kinds of the files that are sent along


def sender_of(stanza: Element) -> Sender:
    """Who a message or a presence of a room is from."""
    nick = (stanza.get("from") or "").partition("/")[2]
    item = stanza.find(f"{_MUC_USER}x/{_MUC_USER}item")
    jid = None if item is None else (item.get("jid") or "").partition("/")[0] or None
    return Sender(nick, _attribute(stanza, _OCCUPANT, "id"), jid)


def said_in(stanza: Element, room: str, at: int, archive_id: str | None = None) -> Said:
    """What a groupchat message says.

    Args:
        stanza: the message.
        room: the bare address of its room.
        at: when it was archived; else when it came.
        archive_id: its id in the room's archive; None = it came live.
    """
    sender = sender_of(stanza)
    room_id = archive_id or _given_by_room(stanza, room)
    encrypted = any(stanza.find(tag) is not None for tag in _ENCRYPTED)
    body = stanza.findtext(f"{_CLIENT}body")
    retracts, moderated, erased_at = _retraction(stanza, by_room=not sender.nick, at=at)
    links = _links(stanza)
    return Said(
        sender=sender,
        at=at,
        room_id=room_id,
        own_id=stanza.get("id"),
        body=None if encrypted or body is None else _clean(_without_fallback(stanza, body)),
        spoken=encrypted or body is not None or bool(links),
        topic=body is None and stanza.find(f"{_CLIENT}subject") is not None,
        replaces=_attribute(stanza, _REPLACE, "id"),
        retracts=retracts,
        moderated=moderated,
        erased_at=erased_at,
        reply_to=_attribute(stanza, _REPLY, "id"),
        reacts_to=_attribute(stanza, _REACTIONS, "id") if _has_reaction(stanza) else None,
        mentions=tuple(_mentions(stanza, room)),
        links=tuple(link for link in links if link not in (body or "")),
        media=tuple(filter(None, map(known_kind, links))),
    )


def delayed(stanza: Element) -> int | None:
    """When a delayed stanza was sent, UTC microseconds."""
    return written_time(_attribute(stanza, _DELAY, "stamp"), UTC)


def _attribute(stanza: Element, tag: str, name: str) -> str | None:
    found = stanza.find(tag)
    return None if found is None else found.get(name) or None


def _given_by_room(stanza: Element, room: str) -> str | None:
    for found in stanza.findall(_STANZA_ID):
        if (found.get("by") or "").lower() == room:
            return found.get("id") or None
    return None


def _retraction(stanza: Element, *, by_room: bool, at: int) -> tuple[str | None, bool, int | None]:
    """The id that is taken back, whether a moderator did it, and when a stone in the archive says that it was."""
    for place in (stanza, *stanza.findall(_FASTENED)):
        for retract in _RETRACT:
            stone = _stone(place, retract)
            if stone is not None:
                return None, False, written_time(stone.get("stamp"), UTC) or at
            found = place.find(f"{retract}retract")
            marks = [place.find(f"{mark}moderated") for mark in _MODERATE]
            inner = [one for one in marks if one is not None and one.find(f"{retract}retract") is not None]
            if found is None and not inner:
                continue
            told = place.get("id") if place is not stanza else None if found is None else found.get("id")
            return told, by_room, None
    return None, False, None


def _stone(place: Element, retract: str) -> Element | None:
    for path in (f"{retract}retracted", *(f"{mark}moderated/{retract}retracted" for mark in _MODERATE)):
        found = place.find(path)
        if found is not None:
            return found
    return None


def _without_fallback(stanza: Element, body: str) -> str:
    """The body without the quoted words that stand in it for clients that know no replies."""
    for fallback in stanza.findall(f"{_FALLBACK}fallback"):
        if fallback.get("for") != "urn:xmpp:reply:0":
            continue
        for part in fallback.findall(f"{_FALLBACK}body"):
            start, end = part.get("start", "0"), part.get("end", "")
            if start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(start + end) < 18:
                return body[: int(start)] + body[int(end) :]
    return body


def _clean(body: str) -> str | None:
    return _CONTROL.sub("", body).strip() or None


def _has_reaction(stanza: Element) -> bool:
    return stanza.find(f"{_REACTIONS}/{{urn:xmpp:reactions:0}}reaction") is not None


def _mentions(stanza: Element, room: str) -> Iterator[str]:
    for found in stanza.findall(_REFERENCE):
        address = unquote((found.get("uri") or "").removeprefix("xmpp:"))
        bare, _, nick = address.partition("/")
        if found.get("type") != "mention" or not bare:
            continue
        if bare.lower() == room and nick:
            yield nick
        elif "@" in bare and bare.lower() != room:
            yield bare.lower()


def _links(stanza: Element) -> list[str]:
    told = (found.text or "" for found in stanza.findall(f"{_OOB}x/{_OOB}url"))
    return [link for link in told if link.startswith(_WEB)]

"""One message of a Telegram Desktop export -> a row of RAW_MESSAGES."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from seawall.model import Visibility
from seawall.sources.json_values import (
    Unusable,
    dict_of,
    id_of,
    identity,
    list_of,
    media,
    number_time,
    text_of,
    written_time,
)
from seawall.sources.media_kinds import known_kind
from seawall.sources.raw_rows import FILE, Row
from seawall.sources.telegram_text import words_of

_CHAT_TYPES: dict[str, tuple[str, Visibility, str]] = {
    "saved_messages": ("direct", Visibility.DIRECT, "user"),
    "replies": ("direct", Visibility.DIRECT, "user"),
    "verification_codes": ("direct", Visibility.DIRECT, "user"),
    "personal_chat": ("direct", Visibility.DIRECT, "user"),
    "bot_chat": ("direct", Visibility.DIRECT, "user"),
    "private_group": ("group", Visibility.CLOSED, "chat"),
    "private_supergroup": ("group", Visibility.CLOSED, "channel"),
    "public_group": ("group", Visibility.PUBLIC, "chat"),
    "public_supergroup": ("group", Visibility.PUBLIC, "channel"),
    "private_channel": ("broadcast", Visibility.CLOSED, "channel"),
    "public_channel": ("broadcast", Visibility.PUBLIC, "channel"),
}
"""Type of chat -> kind of channel, who can read it, and the prefix that Telegram gives the id of such a peer."""

_MEDIA = {
    "photo": "image",
    "sticker": "image",
    "animation": "video",
    "video_file": "video",
    "video_message": "video",
    "voice_message": "audio",
    "audio_file": "audio",
}
_INVITING = frozenset(("invite_members", "add_members", "create_group"))
_JOINING = frozenset(("join_group_by_link", "join_group_by_request"))
ZONE_ASSUMED = "Some of Telegram's times carry no zone; they were read as UTC."


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as a channel of messages."""

    channel_id: str | None  # with the prefix of its kind of peer
    kind: str  # one of CHANNEL_KINDS
    visibility: str | None  # null for a type of chat that is not known
    name: str | None
    number: str | None = None  # the id without the prefix
    peer: str | None = None  # the account on the other side of a personal chat
    with_bot: bool = False


def chat_of(header: Row) -> Chat:
    """The chat that ``type``, ``id`` and ``name`` describe.

    >>> chat_of({"type": "public_channel", "id": 7, "name": "Cycling club"}).channel_id
    'channel7'
    """
    told = text_of(header.get("type")) or ""
    kind, visibility, prefix = _CHAT_TYPES.get(told, ("group", None, "peer"))
    number = id_of(header.get("id"))
    channel_id = None if number is None else prefix + number
    peer = channel_id if told in ("personal_chat", "bot_chat") else None
    return Chat(channel_id, kind, visibility, text_of(header.get("name")), number, peer, told == "bot_chat")


def topic_id(value: Any) -> str | None:
    """The id of the message if it begins a topic of a forum."""
    return id_of(value.get("id")) if isinstance(value, dict) and value.get("action") == "topic_created" else None


def message_row(value: Any, chat: Chat, zone: tzinfo | None, topics: Set[str], assume: Callable[[str], None]) -> Row:
    """The row of one message. ``topics`` are the ids of the messages that began a topic before it.

    Raises:
        Unusable: it has no id, type, time or sender, or its chat has no id.
    """
    if not isinstance(value, dict):
        raise Unusable("record", "not an object")
    message_id = id_of(value.get("id"))
    if message_id is None:
        raise Unusable("id", "missing, or neither a number nor a text")
    if chat.channel_id is None:
        raise Unusable("chat id", "the chat tells none")
    service = not _written(value)
    account = _account(value, chat)
    row: Row = {
        "message_id": message_id,
        "channel_id": chat.channel_id,
        "account": account,
        "sent_at": _sent_at(value, zone, assume),
        "kind": "service",
        "visibility": chat.visibility,
        "edited_at": _edited_at(value, zone, assume),
    }
    if chat.with_bot and account["id"] == chat.peer:
        row["declared_bot"] = True
    if service:
        row["acts"] = _service_acts(value, account)
        return row
    words = words_of(value)
    row["text"], row["links"], row["hashtags"], row["mentions"] = words
    row["media"] = _media(value)
    row["acts"] = _reactions(value, account)
    _relate(row, value, topics)
    return row


def shared_contact(value: Row, row: Row, chat: Chat) -> Row | None:
    """The row of RAW_INTERACTIONS that a message of a direct chat is if it passes on somebody's telephone number.

    ``row`` is the message's own.
    """
    if chat.kind != "direct" or row["kind"] == "service" or not isinstance(value.get("contact_information"), dict):
        return None
    account = row["account"]
    return {
        "at": row["sent_at"],
        "kind": "contact_shared",
        "source_account": account,
        "target_account": identity(chat.peer, name=chat.name) if chat.peer and chat.peer != account["id"] else None,
        "channel_id": chat.channel_id,
        "contact_kind": "phone",
        "contact": text_of(value["contact_information"].get("phone_number")),
    }


def _written(value: Row) -> bool:
    kind = value.get("type")
    if not isinstance(kind, str):
        raise Unusable("type", "missing or not a text")
    return kind in ("message", "unsupported")


def _sent_at(value: Row, zone: tzinfo | None, assume: Callable[[str], None]) -> int:
    told = number_time(value.get("date_unixtime"), 1)
    if told is not None:
        return told
    moment = _local_time(value.get("date"), zone, assume)
    if moment is None:
        raise Unusable("date", "missing or not a time")
    return moment


def _local_time(value: Any, zone: tzinfo | None, assume: Callable[[str], None]) -> int | None:
    moment = written_time(value, zone or UTC)
    if moment is not None and zone is None:
        assume(ZONE_ASSUMED)
    return moment


def _edited_at(value: Row, zone: tzinfo | None, assume: Callable[[str], None]) -> int | None:
    moment = number_time(value.get("edited_unixtime"), 1)
    if moment is None and "edited" in value:
        by_its_clock = _edited_by_its_clock(value) if zone is None else None
        moment = by_its_clock or _local_time(value["edited"], zone, assume)
    return moment


def _edited_by_its_clock(value: Row) -> int | None:
    """The time of the edit on the clock that ``date`` and ``date_unixtime`` show together."""
    sent, sent_local = number_time(value.get("date_unixtime"), 1), written_time(value.get("date"), UTC)
    edited_local = written_time(value.get("edited"), UTC)
    if sent is None or sent_local is None or edited_local is None:
        return None
    return edited_local - sent_local + sent


def _peer_id(value: Any) -> str | None:
    """Old exports tell a bare number, of an account."""
    told = id_of(value)
    return f"user{told}" if told is not None and isinstance(value, int) else told


def _account(value: Row, chat: Chat) -> dict[str, str | None]:
    for id_key, name_key in (("from_id", "from"), ("actor_id", "actor")):
        stable, name = _peer_id(value.get(id_key)), text_of(value.get(name_key))
        if stable or name:
            return identity(stable, name=name)
    if chat.kind == "broadcast":
        return identity(chat.channel_id, name=chat.name)
    raise Unusable("from_id", "it tells no sender")


def _member(value: Any) -> dict[str, str | None] | None:
    """Telegram tells the names of members only; other tools that write this format tell an object."""
    if isinstance(value, dict):
        stable, name = _peer_id(value.get("id")), text_of(value.get("name"))
        return identity(stable, name=name) if stable or name else None
    name = text_of(value)
    return identity(name=name) if name else None


def _service_acts(value: Row, account: dict[str, str | None]) -> list[Row] | None:
    """Joins, invitations and departures. A member who is removed leaves; who removed it is the act's target."""
    action = text_of(value.get("action"))
    members = [member for member in map(_member, list_of(value.get("members"))) if member is not None]
    themselves = len(members) == 1 and (
        members[0]["id"] == account["id"] if members[0]["id"] else members[0]["name"] == account["name"]
    )
    if action in _JOINING:
        inviter = _member(value.get("inviter"))
        invited = [{"kind": "invite", "source": inviter, "target": account}] if inviter else []
        return [{"kind": "join"}, *invited]
    if action in _INVITING:
        if themselves:
            return [{"kind": "join"}]
        return [{"kind": "invite", "target": member} for member in members] or None
    if action == "remove_members":
        if themselves:
            return [{"kind": "leave"}]
        return [{"kind": "leave", "source": member, "target": account} for member in members] or None
    return None


def _reactions(value: Row, account: dict[str, str | None]) -> list[Row] | None:
    acts: list[Row] = []
    for reaction in list_of(value.get("reactions")):
        for one in list_of(dict_of(reaction).get("recent")):
            who = _peer_id(dict_of(one).get("from_id"))
            name = text_of(dict_of(one).get("from"))
            if who or name:
                acts.append({"kind": "reaction", "source": identity(who, name=name), "target": account})
    return acts or None


def _media(value: Row) -> list[Row] | None:
    kind = _MEDIA.get(value["media_type"]) if isinstance(value.get("media_type"), str) else None
    if "photo" in value:
        return [media("image", value.get("photo_file_size")) | {FILE: _exported(value["photo"])}]
    if kind is not None or "file" in value:
        told = (
            kind or text_of(value.get("mime_type")) or known_kind(text_of(value.get("file_name") or value.get("file")))
        )
        return [media(told, value.get("file_size")) | {FILE: _exported(value.get("file"))}]
    return None


def _exported(place: Any) -> str | None:
    """The path of a file that was exported too; else words in brackets stand there."""
    told = text_of(place)
    return None if told is None or told.startswith("(") else told


def _relate(row: Row, value: Row, topics: Set[str]) -> None:
    """What the message answers or repeats. A message "in reply to" the beginning of a topic is a post in it."""
    row["kind"] = "post"
    reply_to = id_of(value.get("reply_to_message_id"))
    if reply_to in topics:
        row["thread_of"] = reply_to
    elif reply_to is not None:
        row["kind"] = "reply"
        if "reply_to_peer_id" not in value:  # a message of another chat: ids count per chat
            row["reply_to"] = reply_to
    if "forwarded_from" in value or "forwarded_from_id" in value:
        row["kind"] = "repost"
        author, name = _peer_id(value.get("forwarded_from_id")), text_of(value.get("forwarded_from"))
        row["repost_of_account"] = identity(author, name=name) if author or name else None

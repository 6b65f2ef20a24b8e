"""One message of DiscordChatExporter -> a row of RAW_MESSAGES."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
    size_of,
    text_of,
    written_time,
)
from seawall.sources.media_kinds import media_kind
from seawall.sources.raw_rows import FILE, Row

DELETED_USER = "456226577798135808"
"""The account that Discord shows for every account that was deleted."""

ZONE_ASSUMED = "Some times carry no zone; they were read as UTC."

_CHANNEL_TYPES: dict[str, tuple[str, Visibility | None]] = {
    "DirectTextChat": ("direct", Visibility.DIRECT),
    "DirectGroupTextChat": ("direct", Visibility.DIRECT),
    "GuildNews": ("broadcast", None),
    "GuildPrivateThread": ("room", Visibility.CLOSED),
}
_THREADS = frozenset(("GuildNewsThread", "GuildPublicThread", "GuildPrivateThread"))
_WRITTEN = frozenset(("Default", "Reply", "20", "23"))
"""Types of message that an account wrote; 20 and 23 answer a command. The others tell what happened."""

_JOINING, _INVITING, _REMOVING = "GuildMemberJoin", "RecipientAdd", "RecipientRemove"
_ANSWER = "Reply"
_NO_DISCRIMINATOR = (None, "0", "0000")
_FORWARD = ("Forward", "1", 1)
_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_ROOM_TOKEN = "#[channel]"  # noqa: S105
_ACCOUNT_MARK, _ROOM_MARK = re.compile(r"<@[!&]?\d+>"), re.compile(r"<#\d+>")


@dataclass(frozen=True, slots=True)
class Channel:
    """The channel of an export."""

    channel_id: str | None
    kind: str  # one of CHANNEL_KINDS
    visibility: str | None  # null: the roles of the server decide, and the export does not tell them
    name: str | None
    thread: str | None  # the id of a thread, which is that of the message that began it


def channel_of(told: Row) -> Channel:
    """The channel that ``type``, ``id`` and ``name`` describe.

    >>> channel_of({"id": "7", "type": "DirectTextChat"}).visibility
    'direct'
    """
    type_of = text_of(told.get("type")) or ""
    kind, visibility = _CHANNEL_TYPES.get(type_of, ("room", None))
    channel_id = id_of(told.get("id"))
    thread = channel_id if type_of in _THREADS else None
    return Channel(
        channel_id, kind, None if visibility is None else visibility.value, text_of(told.get("name")), thread
    )


def message_row(value: Any, channel: Channel, zone: tzinfo | None, assume: Callable[[str], None]) -> Row:
    """The row of one message.

    Raises:
        Unusable: it has no id, type, time or author, or its author deleted the account.
    """
    if not isinstance(value, dict):
        raise Unusable("record", "not an object")
    message_id, kind = id_of(value.get("id")), id_of(value.get("type"))
    if message_id is None:
        raise Unusable("id", "missing, or neither a number nor a text")
    if kind is None:
        raise Unusable("type", "missing or not a text")
    if channel.channel_id is None:
        raise Unusable("channel", "the export tells no id of it")
    sent_at = _time(value.get("timestamp"), zone, assume)
    if sent_at is None:
        raise Unusable("timestamp", "missing or not a time")
    author = dict_of(value.get("author"))
    account = _account(author)
    if account is None:
        raise Unusable("author", _nobody(author))
    bot = author.get("isBot")
    row: Row = {
        "message_id": message_id,
        "channel_id": channel.channel_id,
        "account": account,
        "sent_at": sent_at,
        "kind": "service",
        "visibility": channel.visibility,
        "thread_of": channel.thread,
        "edited_at": _time(value.get("timestampEdited"), zone, assume),
        "declared_bot": bot if isinstance(bot, bool) else None,
    }
    if kind in _WRITTEN:
        _add_post(row, value, kind)
    else:
        row["acts"] = _service_acts(kind, account, _mentioned(value)) or None
    return row


def invited(row: Row) -> Iterator[Row]:
    """The accounts that the message's account brought into a direct conversation."""
    for act in row.get("acts") or ():
        if act["kind"] == "invite":
            yield act["target"]


def _time(value: Any, zone: tzinfo | None, assume: Callable[[str], None]) -> int | None:
    """The exporter writes times with their zone."""
    moment = written_time(value, None)
    if moment is None and value is not None:
        moment = written_time(value, zone or UTC)
        if moment is not None and zone is None:
            assume(ZONE_ASSUMED)
    return moment


def _account(user: Row) -> dict[str, str | None] | None:
    """None for no account and for the one that stands for all deleted ones.

    Names had numbers until 2023, and were unique only with them. A webhook names itself anew in each message.
    """
    stable = id_of(user.get("id"))
    if stable is None or stable == DELETED_USER:
        return None
    name, number = text_of(user.get("name")), text_of(user.get("discriminator"))
    if number not in _NO_DISCRIMINATOR and name:
        return identity(stable, f"{name}#{number}", text_of(user.get("nickname")))
    if user.get("isBot") is True:
        return identity(stable, name=name)
    return identity(stable, name, text_of(user.get("nickname")))


def _nobody(author: Row) -> str:
    if id_of(author.get("id")) == DELETED_USER:
        return "the account was deleted, and its id is that of all deleted accounts"
    return "it tells no id of an account"


def _mentioned(value: Row) -> list[Row]:
    return [who for one in list_of(value.get("mentions")) if (who := _account(dict_of(one))) is not None]


def _service_acts(kind: str, account: Row, mentioned: list[Row]) -> list[Row]:
    """Who leaves or is removed names itself among the mentions, and so does who is brought in."""
    if kind in (_JOINING, "7"):
        return [{"kind": "join"}]
    if kind in (_INVITING, "1"):
        return [
            {"kind": "invite", "target": who} if who["id"] != account["id"] else {"kind": "join"} for who in mentioned
        ]
    if kind in (_REMOVING, "2"):
        return [
            {"kind": "leave", "source": who, "target": account} if who["id"] != account["id"] else {"kind": "leave"}
            for who in mentioned
        ]
    return []


def _add_post(row: Row, value: Row, kind: str) -> None:
    """What an account wrote, answered, or passed on."""
    reference, forwarded = dict_of(value.get("reference")), dict_of(value.get("forwardedMessage"))
    referred = id_of(reference.get("messageId"))
    row["kind"] = "post"
    if kind == _ANSWER:
        row["kind"], row["reply_to"] = "reply", referred
    elif forwarded or reference.get("type") in _FORWARD or referred is not None:
        row["kind"], row["repost_of"] = "repost", referred  # a forward, or a post of a channel that is followed
    mentions = _mentioned(value)
    row["mentions"] = mentions
    row["hashtags"] = ()  # where the exporter writes the name of a channel it looks like one
    parts = [value, forwarded] if forwarded else [value]
    text = next(filter(None, map(_words, parts)), None)
    row["text"] = None if text is None else _hidden(text, value)
    row["links"] = _links(parts, row["text"] or "")
    row["media"] = [one for part in parts for one in _media(part)] or None
    row["acts"] = _reactions(value, row["account"])


def _words(part: Row) -> str | None:
    """The text; of a message that is only an embed, as bots and webhooks send them, what that says."""
    content = text_of(part.get("content"))
    if content:
        return content
    embeds = (dict_of(one) for one in list_of(part.get("embeds")))
    told = (text_of(embed.get(key)) for embed in embeds for key in ("title", "description"))
    return "\n".join(filter(None, told)) or None


def _hidden(text: str, value: Row) -> str:
    """The exporter writes a mention as the name that is shown, or leaves the mark with the id."""
    if "<" in text:
        text = _ROOM_MARK.sub(_ROOM_TOKEN, _ACCOUNT_MARK.sub(_ACCOUNT_TOKEN, text))
    if "@" not in text:
        return text
    people = [dict_of(one) for one in list_of(value.get("mentions"))]
    names = {name for one in people for key in ("nickname", "name") if (name := text_of(one.get(key)))}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        text = re.sub(re.escape(f"@{name}") + r"(?!\w)", _ACCOUNT_TOKEN, text)
    return text


def _links(parts: list[Row], text: str) -> list[str] | None:
    embeds = (dict_of(one) for part in parts for one in list_of(part.get("embeds")))
    told = (text_of(embed.get("url")) for embed in embeds)
    links = [link for link in told if link and link.startswith(("http://", "https://")) and link not in text]
    return list(dict.fromkeys(links)) or None


def _media(part: Row) -> Iterator[Row]:
    for one in map(dict_of, list_of(part.get("attachments"))):
        told = {"kind": media_kind(text_of(one.get("fileName"))), "bytes": size_of(one.get("fileSizeBytes"))}
        place = text_of(one.get("url")) or ""
        yield told if "://" in place else told | {FILE: place}  # downloaded with the messages: a path beside them
    for _ in list_of(part.get("stickers")):
        yield media("image", None)
    if not text_of(part.get("content")):
        yield from _embedded(part)


def _embedded(part: Row) -> Iterator[Row]:
    """Pictures and videos of a message that is only an embed; where it has words, they are those of a linked page."""
    for embed in map(dict_of, list_of(part.get("embeds"))):
        images = list_of(embed.get("images")) or [embed.get("image")]
        yield from (media("image", None) for image in images if isinstance(image, dict))
        if isinstance(embed.get("video"), dict):
            yield media("video", None)


def _reactions(value: Row, account: Row) -> list[Row] | None:
    users = (dict_of(user) for one in list_of(value.get("reactions")) for user in list_of(dict_of(one).get("users")))
    acts = [{"kind": "reaction", "source": who, "target": account} for user in users if (who := _account(user))]
    return acts or None

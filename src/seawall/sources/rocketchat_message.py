"""One Rocket.Chat message -> a row of RAW_MESSAGES or RAW_DELETIONS."""

from __future__ import annotations

import re
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
from seawall.sources.raw_rows import Row

_JOINING = frozenset(("uj", "ujt", "ut"))
_LEAVING = frozenset(("ul", "ult"))
_INVITING = frozenset(("au", "ui", "added-user-to-team"))
_REMOVING = frozenset(("ru", "removed-user-from-team"))
_ENCRYPTED = frozenset(("e2e", "otr"))
_REMOVED = "rm"
_EVERYONE = frozenset(("all", "here"))
_SHORTEST_ID = 10
"""Ids of accounts are 17 random characters; the ids of bots may be short words, rocket.cat is the shortest."""

_QUOTE_MARK = re.compile(r"\[ ?\]\(https?://[^\s)]*\)\s*")
_LINKED_MESSAGE = re.compile(r"[?&]msg=([A-Za-z0-9_-]+)")
_WEB = ("http://", "https://")
_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_ROOM_TOKEN = "#[channel]"  # noqa: S105


def is_deletion(value: Row) -> bool:
    """Whether the record tells that a message was deleted: a list of deletions holds ids and times."""
    return "_deletedAt" in value


def deletion_row(value: Row) -> Row:
    """A row of RAW_DELETIONS.

    Raises:
        Unusable: it has no id or no time.
    """
    message_id, deleted_at = id_of(value.get("_id")), time_of(value.get("_deletedAt"))
    if message_id is None:
        raise Unusable("_id", "missing, or neither a number nor a text")
    if deleted_at is None:
        raise Unusable("_deletedAt", "not a time")
    return {"message_id": message_id, "channel_id": id_of(value.get("rid")), "deleted_at": deleted_at}


def time_of(value: Any) -> int | None:
    """UTC microseconds of an ISO time, of EJSON's ``{"$date": ...}``, or of a number of milliseconds; or None.

    >>> time_of({"$date": 1712905200431}) == time_of("2024-04-12T07:00:00.431Z")
    True
    """
    if isinstance(value, dict):
        value = value.get("$date")
        if isinstance(value, dict):
            value = value.get("$numberLong")
            return number_time(value, 1_000)
    if isinstance(value, str):
        return written_time(value, None)
    return number_time(value, 1_000)


def members_of_direct(room: str, account: str | None) -> tuple[str, ...] | None:
    """The two accounts whose ids, one after the other, are the id of a direct room; None for another room.

    >>> members_of_direct("aaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbb", "bbbbbbbbbbbbbbbbb")
    ('bbbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaaa')
    >>> members_of_direct("GENERAL", "bbbbbbbbbbbbbbbbb") is None
    True
    """
    if account is None or len(account) < _SHORTEST_ID:
        return None
    other = room.removeprefix(account) if room.startswith(account) else room.removesuffix(account)
    if other == room or len(other) < _SHORTEST_ID:
        return None
    return (account,) if other == account else (account, other)


def message_row(value: Row) -> Row:
    """A row of RAW_MESSAGES. ``rooms.export`` tells neither ids nor the room, and calls ``t`` ``type``.

    Raises:
        Unusable: it has no time or no sender, or an id that is none.
    """
    kind = text_of(value.get("t")) or text_of(value.get("type"))
    account = _account(value)
    room = id_of(value.get("rid"))
    sent_at = time_of(value.get("ts"))
    if sent_at is None:
        raise Unusable("ts", "missing or not a time")
    message_id = id_of(value.get("_id"))
    if message_id is None and "_id" in value:
        raise Unusable("_id", "neither a number nor a text")
    direct = room is not None and members_of_direct(room, account["id"]) is not None
    row: Row = {
        "message_id": message_id,
        "channel_id": room,
        "account": account,
        "sent_at": sent_at,
        "kind": "service",
        "visibility": Visibility.DIRECT.value if direct else None,
        "edited_at": time_of(value.get("editedAt")),
        "declared_bot": True if value.get("bot") else None,
        "acts": _acts(value, kind, account),
    }
    if kind is None or kind in _ENCRYPTED or kind == _REMOVED:
        _add_post(row, value, kind)
    return row


def _add_post(row: Row, value: Row, kind: str | None) -> None:
    """What an account wrote. The text of an encrypted message is ciphertext; a removed one leaves a stone."""
    row["kind"] = "post"
    thread = id_of(value.get("tmid"))
    if thread is not None:
        row["kind"], row["thread_of"], row["reply_to"] = "reply", thread, thread
    if kind == _REMOVED:
        row["deleted_at"] = row["edited_at"] = row["edited_at"] or time_of(value.get("_updatedAt"))
        return
    attachments = [one for one in list_of(value.get("attachments")) if isinstance(one, dict)]
    row["media"] = _media(value, attachments)
    if kind in _ENCRYPTED:
        return
    row["mentions"] = _mentions(value)
    row["text"] = _text(value, attachments)
    row["links"] = _links(value, attachments, row["text"] or "")
    for quoted in attachments:
        if _is_quote(quoted):
            row["kind"] = "quote"
            found = _LINKED_MESSAGE.search(text_of(quoted.get("message_link")) or "")
            author = text_of(quoted.get("author_name"))
            row["repost_of"] = found[1] if found else None
            row["repost_of_account"] = identity(handle=author) if author else None
            break


def _account(value: Row) -> dict[str, str | None]:
    user = dict_of(value.get("u"))
    stable = id_of(user.get("_id"))
    handle = text_of(user.get("username")) or text_of(value.get("username"))
    if stable is None and handle is None:
        raise Unusable("u", "it tells no sender")
    return identity(stable, handle, text_of(user.get("name")))


def _is_quote(attachment: Row) -> bool:
    return "message_link" in attachment or attachment.get("type") == "quote"


def _acts(value: Row, kind: str | None, account: dict[str, str | None]) -> list[Row] | None:
    """Joins, invitations, departures and reactions. A system message names the account it is about in ``msg``."""
    acts: list[Row] = []
    about = text_of(value.get("msg"))
    other = identity(handle=about) if about else None
    if "tmid" in value and kind in _JOINING | _LEAVING:
        return None  # of a thread, by somebody who is in the room
    if kind in _JOINING:
        acts.append({"kind": "join"})
    elif kind in _LEAVING:
        acts.append({"kind": "leave"})
    elif kind in _INVITING:
        acts.append({"kind": "invite", "target": other})
    elif kind in _REMOVING and other:
        acts.append({"kind": "leave", "source": other, "target": account})
    for reaction in dict_of(value.get("reactions")).values():
        handles = filter(None, map(text_of, list_of(dict_of(reaction).get("usernames"))))
        acts += [{"kind": "reaction", "source": identity(handle=handle), "target": account} for handle in handles]
    return acts or None


def _mentions(value: Row) -> list[Row] | None:
    """Null where the export has no such list. @all, @here and teams are nobody in particular."""
    if not isinstance(value.get("mentions"), list):
        return None
    people = (dict_of(one) for one in value["mentions"])
    told = (
        (id_of(one.get("_id")), text_of(one.get("username")), text_of(one.get("name")))
        for one in people
        if one.get("type") in (None, "user") and id_of(one.get("_id")) not in _EVERYONE
    )
    return [identity(*who) for who in told if who[0] or who[1]]


def _text(value: Row, attachments: list[Row]) -> str | None:
    """The words, with names of accounts and rooms that the server told as typed tokens; else the caption."""
    text = text_of(value.get("msg"))
    if text is None:
        captions = (one.get("description") or one.get("text") for one in attachments if not _is_quote(one))
        text = "\n".join(filter(None, map(text_of, captions)))
    if any(map(_is_quote, attachments)):
        text = _QUOTE_MARK.sub("", text)
    text = _hidden(text, "@", _ACCOUNT_TOKEN, [dict_of(one).get("username") for one in list_of(value.get("mentions"))])
    text = _hidden(text, "#", _ROOM_TOKEN, [dict_of(one).get("name") for one in list_of(value.get("channels"))])
    return text or None


def _hidden(text: str, mark: str, token: str, names: list[Any]) -> str:
    """The longest names first, so that none is left half."""
    for name in sorted({name for name in names if text_of(name)} - _EVERYONE, key=lambda name: (-len(name), name)):
        text = re.sub(re.escape(mark + name) + r"(?![\w-])", token, text)
    return text


def _links(value: Row, attachments: list[Row], text: str) -> list[str] | None:
    """Addresses that the text does not hold: the server lists those of the text too, some without their query."""
    told = [dict_of(one) for one in list_of(value.get("urls"))]
    addresses = [one.get("url") for one in told if not one.get("ignoreParse")]
    addresses += [one.get("title_link") for one in attachments]
    links = [one for one in addresses if isinstance(one, str) and one.startswith(_WEB) and one not in text]
    return list(dict.fromkeys(links)) or None


def _media(value: Row, attachments: list[Row]) -> list[Row] | None:
    files = [one for one in list_of(value.get("files")) if isinstance(one, dict)]
    if not files and isinstance(value.get("file"), dict):
        files = [value["file"]]
    if files:
        thumbnails = {id_of(one.get("_id")) for one in files if str(one.get("name")).startswith("thumb-")}
        own = (one for one in files if id_of(one.get("_id")) not in thumbnails)
        return [media(text_of(one.get("type")) or known_kind(text_of(one.get("name"))), one.get("size")) for one in own]
    return [found for one in attachments if (found := _attached(one))] or None


def _attached(attachment: Row) -> Row | None:
    for kind in ("image", "video", "audio"):
        if f"{kind}_url" in attachment or kind in attachment:
            return media(kind, attachment.get(f"{kind}_size"))
    return media(None, attachment.get("size")) if attachment.get("type") == "file" else None

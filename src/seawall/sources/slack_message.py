"""One message of an export of Slack -> a row of RAW_MESSAGES or RAW_DELETIONS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seawall.sources.json_values import Unusable, dict_of, id_of, identity, list_of, media, number_time, text_of
from seawall.sources.media_kinds import known_kind
from seawall.sources.raw_rows import Row
from seawall.sources.slack_rooms import Channel, Users
from seawall.sources.slack_text import words_of

_WRITTEN = frozenset(
    ("bot_message", "file_comment", "file_mention", "file_share", "me_message", "reply_broadcast", "thread_broadcast")
)
"""Subtypes of what an account wrote; the others tell what happened. Most messages have none."""

_JOINING = frozenset(("channel_join", "group_join"))
_LEAVING = frozenset(("channel_leave", "group_leave"))
_CHANGED, _DELETED = "message_changed", "message_deleted"
_WEB = ("http://", "https://")
_GONE = ("tombstone", "hidden_by_limit")
"""How a file is told that was deleted, or is hidden because the plan keeps no more."""
_SHOWN = ("image", "video")
"""Types of block that show something."""


def is_deletion(value: Any) -> bool:
    """Whether the record tells that a message was deleted."""
    return isinstance(value, dict) and value.get("subtype") == _DELETED


def deletion_row(value: Row, channel_id: str) -> Row:
    """A row of RAW_DELETIONS.

    Raises:
        Unusable: it has no id or no time.
    """
    deleted_at = time_of(value.get("ts"))
    message_id = id_of(value.get("deleted_ts"))
    if deleted_at is None:
        raise Unusable("ts", "missing or not a time")
    if message_id is None:
        raise Unusable("deleted_ts", "missing or not a text")
    return {"message_id": message_id, "channel_id": channel_id, "deleted_at": deleted_at}


def time_of(value: Any) -> int | None:
    """UTC microseconds of a ``ts``: seconds and, after a dot, microseconds, as a text.

    >>> time_of("1712905297.001013"), time_of("soon")
    (1712905297001013, None)
    """
    if not isinstance(value, str):
        return number_time(value, 1)
    seconds, dot, fraction = value.partition(".")
    whole = number_time(seconds, 1)
    if whole is None or (dot and not (fraction.isascii() and fraction.isdigit() and len(fraction) <= 6)):
        return None
    return whole + int(fraction.ljust(6, "0"))


def message_row(value: Any, channel: Channel, users: Users) -> Row:
    """The row of one message.

    Raises:
        Unusable: it is no message, or has no time or author.
    """
    if not isinstance(value, dict):
        raise Unusable("record", "not an object")
    if value.get("type") != "message":
        raise Unusable("type", "not a message")
    if value.get("subtype") == _CHANGED:
        value = dict_of(value.get("message"))
    sent_at, message_id = time_of(value.get("ts")), id_of(value.get("ts"))
    if sent_at is None or message_id is None:
        raise Unusable("ts", "missing or not a time")
    account, bot = _account(value, users)
    row: Row = {
        "message_id": message_id,
        "channel_id": channel.channel_id,
        "account": account,
        "sent_at": sent_at,
        "kind": "service",
        "visibility": channel.visibility,
        "edited_at": time_of(dict_of(value.get("edited")).get("ts")),
        "declared_bot": bot,
    }
    subtype = text_of(value.get("subtype"))
    if subtype is None or subtype in _WRITTEN:
        _add_post(row, value, users)
    elif subtype in _JOINING:
        inviter = id_of(value.get("inviter"))
        invited = [{"kind": "invite", "source": users.identity(inviter), "target": account}] if inviter else []
        row["acts"] = [{"kind": "join"}, *invited]
    elif subtype in _LEAVING:
        row["acts"] = [{"kind": "leave"}]
    return row


def _account(value: Row, users: Users) -> tuple[dict[str, str | None], bool | None]:
    """Who wrote, and whether it says that it is a bot. A bot without an account of its own names itself as it likes."""
    stable = id_of(value.get("user")) or id_of(dict_of(value.get("comment")).get("user"))
    bot = id_of(value.get("bot_id"))
    if stable is not None:
        return users.identity(stable, dict_of(value.get("user_profile"))), True if bot else users.is_bot(stable)
    if bot is not None:
        return identity(bot, name=text_of(value.get("username"))), True
    raise Unusable("user", "it tells no author")


def _add_post(row: Row, value: Row, users: Users) -> None:
    """What an account wrote, answered or shared."""
    attachments = [one for one in list_of(value.get("attachments")) if isinstance(one, dict)]
    row["kind"] = "post"
    thread = id_of(value.get("thread_ts"))
    if thread is not None and thread != row["message_id"]:
        row["kind"], row["thread_of"], row["reply_to"] = "reply", thread, thread
        parent = id_of(value.get("parent_user_id"))
        row["reply_to_account"] = users.identity(parent) if parent else None
    for shared in attachments:
        if shared.get("is_share") is True or shared.get("is_msg_unfurl") is True:
            row["kind"] = "quote"
            author = id_of(shared.get("author_id"))
            here = shared.get("channel_id") in (None, row["channel_id"])
            row["repost_of"] = id_of(shared.get("ts")) if here else None  # ids count per channel
            row["repost_of_account"] = users.identity(author) if author else None
            break
    text, mentions, links = words_of(_text(value, attachments), users)
    told = (one.get(key) for one in attachments for key in ("from_url", "title_link"))
    links += [link for link in told if isinstance(link, str) and link.startswith(_WEB) and link not in text]
    row["text"], row["mentions"], row["links"] = text or None, mentions, list(dict.fromkeys(links)) or None
    row["media"] = list(_media(value, attachments)) or None
    row["acts"] = _reactions(value, row["account"], users)


def _media(value: Row, attachments: list[Row]) -> Iterator[Row]:
    """Files that are still there; images and videos that an app shows, but not those of a page that is linked."""
    for one in map(dict_of, list_of(value.get("files"))):
        if one.get("mode") not in _GONE:
            yield media(text_of(one.get("mimetype")) or known_kind(text_of(one.get("name"))), one.get("size"))
    shown = [one for one in attachments if "from_url" not in one and one.get("is_share") is not True]
    for one in shown:
        if "image_url" in one:
            yield media("image", one.get("image_bytes"))
    for block in (*list_of(value.get("blocks")), *(block for one in shown for block in list_of(one.get("blocks")))):
        kind = dict_of(block).get("type")
        if kind in _SHOWN:
            yield media(kind, None)


def _text(value: Row, attachments: list[Row]) -> str:
    """The text; of a bot's message that is only an attachment, what that says."""
    told = text_of(value.get("text"))
    if told is not None:
        return told
    parts = (one.get(key) for one in attachments if one.get("is_share") is not True for key in ("title", "text"))
    return "\n".join(filter(None, map(text_of, parts)))


def _reactions(value: Row, account: Row, users: Users) -> list[Row] | None:
    people = (id_of(one) for told in list_of(value.get("reactions")) for one in list_of(dict_of(told).get("users")))
    acts = [{"kind": "reaction", "source": users.identity(one), "target": account} for one in people if one]
    return acts or None

"""One comment or submission of Reddit -> a row of RAW_MESSAGES."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from seawall.model import Visibility
from seawall.sources.json_values import Unusable, dict_of, id_of, identity, list_of, media, number_time, text_of
from seawall.sources.raw_rows import Row

COMMENT, SUBMISSION = "t1_", "t3_"
"""What Reddit puts before an id to tell what it is of."""

REMOVAL_SEEN = "Reddit tells no time of a removal; the time at which the dump found it removed stands for it."

_GONE = frozenset(("[deleted]", "[removed]", "[deleted by user]", "[ Removed by Reddit ]"))
_CLOSED = frozenset(("private", "employees_only", "gold_only"))
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_USER = re.compile(r"u/(?<![\w.]u/)(?<![\w./]/u/)([A-Za-z0-9_-]{3,20})(?![\w/])")  # begins with what it can look for
_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:\?|$)", re.IGNORECASE)
_VIDEO = re.compile(r"^https?://v\.redd\.it/|\.(?:gifv|mp4|webm)(?:\?|$)", re.IGNORECASE)
_ITEMS = {"Image": "image", "AnimatedImage": "video", "RedditVideo": "video", "RedditAudio": "audio"}
"""What a gallery calls its items; pictures that move without sound are videos, as elsewhere."""
_SELF = re.compile(r"^https?://(?:\w+\.)?reddit\.com/r/[^/]+/comments/", re.IGNORECASE)


def message_row(value: Row, assume: Callable[[str], None]) -> Row:
    """The row of one comment or submission; the keys tell which it is.

    Raises:
        Unusable: it has no id, time or author, or its author deleted the account.
    """
    comment = "body" in value
    if not comment and "title" not in value:
        raise Unusable("body", "neither a comment's body nor a submission's title")
    prefix = COMMENT if comment else SUBMISSION
    told = id_of(value.get("id"))
    if told is None:
        raise Unusable("id", "missing, or neither a number nor a text")
    sent_at = _time(value.get("created_utc"))
    if sent_at is None:
        raise Unusable("created_utc", "missing or not a time")
    row: Row = {
        "message_id": prefix + told.removeprefix(prefix),
        "channel_id": _channel(value),
        "account": _account(value),
        "sent_at": sent_at,
        "kind": "reply" if comment else "post",
        "visibility": _visibility(value),
        "edited_at": _time(value.get("edited")),
        "account_created_at": _time(value.get("author_created_utc")),
    }
    words = _comment(row, value) if comment else _submission(row, value)
    _tell_words(row, words)
    if _gone(value.get("body" if comment else "selftext")) or value.get("removed_by_category"):
        _tell_removal(row, value, assume)
    return row


def channel_row(row: Row) -> Row:
    """A row of RAW_CHANNELS of the subreddit in which a message stands; ``u_name`` is an account's own page."""
    kind = "feed" if row["channel_id"].startswith("u_") else "group"
    return {"channel_id": row["channel_id"], "kind": kind, "visibility": row["visibility"], "handle": row["channel_id"]}


def _visibility(value: Row) -> str:
    """Public unless told otherwise: the archives collect what everybody can read."""
    told = value.get("subreddit_type")
    return (Visibility.CLOSED if isinstance(told, str) and told in _CLOSED else Visibility.PUBLIC).value


def _channel(value: Row) -> str | None:
    """By its name, which every dump tells and which never changes; its id is missing from some."""
    name = text_of(value.get("subreddit"))
    return name.lower() if name else id_of(value.get("subreddit_id"))


def _account(value: Row) -> dict[str, str | None]:
    name = text_of(value.get("author"))
    stable = id_of(value.get("author_fullname"))
    if name in _GONE:
        raise Unusable("author", "the account was deleted, so that nobody is told")
    if name is None and stable is None:
        raise Unusable("author", "it tells no author")
    return identity(stable, handle=name)


def _time(value: Any) -> int | None:
    """Seconds, as a number or a text; ``edited`` is false where there was no edit, and was once true without a time."""
    if isinstance(value, str) and value.count(".") == 1:
        value = value.partition(".")[0]
    return number_time(value, 1)


def _gone(value: Any) -> bool:
    return isinstance(value, str) and value in _GONE


def _comment(row: Row, value: Row) -> str:
    row["reply_to"] = id_of(value.get("parent_id"))
    row["thread_of"] = id_of(value.get("link_id"))
    row["media"] = _inside(value)
    return _words(value.get("body"))


def _submission(row: Row, value: Row) -> str:
    address = text_of(value.get("url_overridden_by_dest")) or text_of(value.get("url"))
    if address is not None and value.get("is_self") is not True and not _SELF.match(address):
        row["links"] = [_unescaped(address)] if "://" in address else None
    row["media"] = _media(value, address or "")
    crossposted = id_of(value.get("crosspost_parent"))
    if crossposted is not None:
        row["kind"], row["repost_of"] = "repost", crossposted
        parent = dict_of(next(iter(list_of(value.get("crosspost_parent_list"))), None))
        author, stable = text_of(parent.get("author")), id_of(parent.get("author_fullname"))
        if stable or (author and author not in _GONE):
            row["repost_of_account"] = identity(stable, handle=None if author in _GONE else author)
    return "\n\n".join(filter(None, (_words(value.get("title")), _words(value.get("selftext")))))


def _words(value: Any) -> str:
    text = text_of(value) or ""
    return "" if text in _GONE else _unescaped(text)


def _unescaped(text: str) -> str:
    if "&" in text:
        for entity, sign in _ENTITIES:
            text = text.replace(entity, sign)
    return text


def _tell_words(row: Row, text: str) -> None:
    """The text, with ``u/name`` as a mention: Reddit's readers are told of it."""
    names: dict[str, None] = {}

    def hidden(found: re.Match[str]) -> str:
        names[found[1]] = None
        return _ACCOUNT_TOKEN

    if "u/" in text:
        text = _USER.sub(hidden, text).replace(f"/{_ACCOUNT_TOKEN}", _ACCOUNT_TOKEN)
    row["mentions"] = [identity(handle=name) for name in names]
    row["text"] = text or None


def _tell_removal(row: Row, value: Row, assume: Callable[[str], None]) -> None:
    seen = next(filter(None, (_time(value.get(name)) for name in ("retrieved_on", "retrieved_utc"))), None)
    if seen is not None and seen >= row["sent_at"]:
        row["deleted_at"] = row["edited_at"] = seen
        assume(REMOVAL_SEEN)


def _media(value: Row, address: str) -> list[Row] | None:
    hosted = value.get("is_video") is True or value.get("post_hint") in ("hosted:video", "rich:video")
    if hosted or _VIDEO.search(address):
        return [media("video", None)]
    inside = _inside(value)
    if inside:
        return inside
    if value.get("post_hint") == "image" or _IMAGE.search(address):
        return [media("image", None)]
    return None


def _inside(value: Row) -> list[Row] | None:
    """What lies in a gallery, or among the words of a post or comment."""
    items = dict_of(value.get("media_metadata")).values()
    return [media(_ITEMS.get(str(dict_of(one).get("e")), "image"), None) for one in items] or None

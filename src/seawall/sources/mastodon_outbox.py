"""The ``outbox.json`` of an account's archive: what it wrote and boosted, as ActivityStreams.

Format: https://www.w3.org/TR/activitypub/#outbox and https://docs.joinmastodon.org/spec/activitypub/. The archive is of
the account's own server, so its ids are those that the server's interface tells.
"""

from __future__ import annotations

from typing import Any

from seawall.model import Visibility
from seawall.sources.json_values import Unusable, dict_of, list_of, media, text_of, written_time
from seawall.sources.mastodon_html import LONGEST_HTML, words_of
from seawall.sources.mastodon_names import account_at, id_at
from seawall.sources.raw_rows import RawRows, Row

_EVERYBODY = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")


def is_activity(value: Row) -> bool:
    """Whether a record is an activity."""
    return "actor" in value and "object" in value


def add_activity(position: int, activity: Row, rows: RawRows) -> None:
    """Add a status that was written or boosted.

    Raises:
        Unusable: it is another activity, or lacks what it must have.
    """
    kind, thing = activity.get("type"), activity.get("object")
    account = account_at(activity.get("actor"))
    if account is None:
        raise Unusable("actor", "missing, or no web address")
    if kind == "Announce":
        row = _row(activity, account, activity)
        row["kind"], row["repost_of"] = "repost", id_at(dict_of(thing).get("id") or thing)
    elif kind == "Create" and isinstance(thing, dict):
        row = _row(thing, account, thing)
        _add_words(row, thing)
    else:
        raise Unusable("type", "neither Create nor Announce")
    rows.message(position, row)


def _row(told: Row, account: Row, addressed: Row) -> Row:
    at, named = written_time(told.get("published"), None), id_at(told.get("id"))
    if at is None:
        raise Unusable("published", "missing, or not a time with a zone")
    if named is None:
        raise Unusable("id", "missing, or without a number")
    return {
        "message_id": named,
        "account": account,
        "sent_at": at,
        "kind": "post",
        "visibility": _visibility(addressed).value,
        "mentions": [],
        "hashtags": [],
    }


def _visibility(addressed: Row) -> Visibility:
    """Public where it is addressed to everybody; closed where to followers; direct where to nobody but people."""
    receivers = [*_texts(addressed.get("to")), *_texts(addressed.get("cc"))]
    if any(one in _EVERYBODY for one in receivers):
        return Visibility.PUBLIC
    return Visibility.CLOSED if any(one.endswith("/followers") for one in receivers) else Visibility.DIRECT


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _add_words(row: Row, note: Row) -> None:
    content = text_of(note.get("content")) or ""
    if len(content) > LONGEST_HTML:
        raise Unusable("content", f"longer than {LONGEST_HTML:,} characters")
    words = words_of(content)
    choices = [dict_of(one).get("name") for key in ("oneOf", "anyOf") for one in list_of(note.get(key))]
    parts = [text_of(note.get("summary")), words.text, "\n".join(filter(None, map(text_of, choices)))]
    row["text"] = "\n\n".join(filter(None, parts)) or None
    row["links"] = list(words.links) or None
    row["language"] = next(iter(dict_of(note.get("contentMap"))), None)
    row["edited_at"] = written_time(note.get("updated"), None)
    if text_of(note.get("inReplyTo")):
        row["kind"], row["reply_to"] = "reply", id_at(note["inReplyTo"])
    tags = [dict_of(tag) for tag in list_of(note.get("tag"))]
    named = (account_at(tag.get("href")) for tag in tags if tag.get("type") == "Mention")
    row["mentions"] = [account for account in named if account]
    told = (text_of(tag.get("name")) for tag in tags if tag.get("type") == "Hashtag")
    row["hashtags"] = [tag.removeprefix("#") for tag in told if tag]
    row["media"] = [_attached(dict_of(one)) for one in list_of(note.get("attachment"))] or None


def _attached(attachment: Row) -> Row:
    """Some servers tell no MIME type, and say Image, Video or Audio instead of Document."""
    return media(text_of(attachment.get("mediaType")) or str(attachment.get("type")).lower(), None)

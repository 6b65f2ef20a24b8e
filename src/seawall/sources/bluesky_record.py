"""One record of a Bluesky repository -> a message or an interaction.

Formats: https://atproto.com/lexicons/app-bsky-feed, https://atproto.com/lexicons/app-bsky-graph and
https://atproto.com/lexicons/app-bsky-actor.

``createdAt`` is what the author claims. It counts unless it lies more than a minute after the time at which the record
was seen (clocks differ), or more than a day before it: then the time at which it was seen counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seawall.model import Visibility
from seawall.sources.bluesky_ids import POST, author_of, collection_of, did_of, record_id, sha256_of
from seawall.sources.bluesky_text import words_of
from seawall.sources.json_values import Unusable, dict_of, identity, list_of, media, text_of, written_time
from seawall.sources.raw_rows import RawRows, Row

REPOST = "app.bsky.feed.repost"
LIKE = "app.bsky.feed.like"
FOLLOW = "app.bsky.graph.follow"
BLOCK = "app.bsky.graph.block"
PROFILE = "app.bsky.actor.profile"
COLLECTIONS = (POST, REPOST, LIKE, FOLLOW, BLOCK, PROFILE)
"""What of a repository is read."""

CLAIM_CORRECTED = (
    "Where an author claims a time more than a minute after the record was seen, or more than a day before, the time "
    "at which it was seen was taken."
)
_MINUTE = 60_000_000
_DAY = 1_440 * _MINUTE
_PUBLIC = Visibility.PUBLIC.value
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Told:
    """A record, and what is known beside it."""

    id: str | None  # None: the source does not tell it
    account: Row
    collection: str
    record: Row
    seen_at: int | None  # UTC microseconds; when a server first saw it
    edited_at: int | None = None


def add_record(position: int, told: Told, rows: RawRows) -> None:
    """Add a record that was created or changed.

    Raises:
        Unusable: it is of a collection that is not read, or lacks its time or what it is about.
    """
    if told.collection == POST:
        rows.message(position, post_row(told, rows))
    elif told.collection == REPOST:
        subject = dict_of(told.record.get("subject")).get("uri")
        rows.message(position, repost_row(told, subject, rows))
    elif told.collection == LIKE:
        rows.interaction(position, _like_row(told, rows))
    elif told.collection in (FOLLOW, BLOCK):
        target = did_of(told.record.get("subject"))
        if target is None:
            raise Unusable("subject", "missing, or no account")
        kind = "follow" if told.collection == FOLLOW else "block"
        rows.interaction(position, _interaction_row(told, kind, rows) | {"target_account": identity(target)})
    elif told.collection == PROFILE:
        rows.message(position, _profile_row(told, rows))
    else:
        raise Unusable("collection", "none that is read")


def sent_at(told: Told, rows: RawRows) -> int:
    """The time that counts; see the head of this file.

    Raises:
        Unusable: there is none.
    """
    claimed = written_time(told.record.get("createdAt"), None)
    if told.seen_at is None:
        if claimed is None:
            raise Unusable("createdAt", "missing, or not a time with a zone")
        return claimed
    if claimed is not None and -_MINUTE <= told.seen_at - claimed <= _DAY:
        return claimed
    rows.assume(CLAIM_CORRECTED)
    return told.seen_at


def _message_row(told: Told, kind: str, rows: RawRows) -> Row:
    return {
        "message_id": told.id,
        "account": told.account,
        "sent_at": sent_at(told, rows),
        "kind": kind,
        "visibility": _PUBLIC,
        "edited_at": told.edited_at,
        "mentions": [],
        "hashtags": [],
    }


def post_row(told: Told, rows: RawRows) -> Row:
    """A row of RAW_MESSAGES of a post: a reply, a quote or neither."""
    record = told.record
    row = _message_row(told, "post", rows)
    reply = dict_of(record.get("reply"))
    parent = dict_of(reply.get("parent")).get("uri")
    if record_id(parent):
        row["kind"], row["reply_to"], row["reply_to_account"] = "reply", record_id(parent), author_of(parent)
        row["thread_of"] = record_id(dict_of(reply.get("root")).get("uri"))
    words = words_of(record)
    row["text"] = words.text
    row["mentions"] = [identity(did) for did in words.mentions]
    row["hashtags"] = list(words.tags) or None
    links = list(words.links)
    _add_embed(row, dict_of(record.get("embed")), links)
    row["links"] = [link for link in dict.fromkeys(links) if link not in (words.text or "")] or None
    languages = [text_of(one) for one in list_of(record.get("langs"))]
    row["language"] = languages[0] if len(languages) == 1 else None
    return row


def _add_embed(row: Row, embed: Row, links: list[str]) -> None:
    """What a post carries: another record (a quote), an address, images or a video; or a record and one of these."""
    carried = dict_of(embed.get("media")) or embed
    record = dict_of(embed.get("record"))
    quoted = record.get("uri") or dict_of(record.get("record")).get("uri")
    if collection_of(quoted) == POST:
        row["kind"], row["repost_of"], row["repost_of_account"] = "quote", record_id(quoted), author_of(quoted)
    address = text_of(dict_of(carried.get("external")).get("uri"))
    if address and address.startswith(_WEB):
        links.append(address)
    blobs = [dict_of(one).get("image") for one in list_of(carried.get("images"))]
    found = [_blob(one, "image") for one in blobs if isinstance(one, dict)]
    if isinstance(carried.get("video"), dict):
        found.append(_blob(carried["video"], "video"))
    row["media"] = found or None


def _blob(blob: Row, kind: str) -> Row:
    """Kind, size and digest: the content id of a blob is its SHA-256."""
    return media(kind, blob.get("size")) | {"sha256": sha256_of(dict_of(blob.get("ref")).get("$link"))}


def repost_row(told: Told, subject: Any, rows: RawRows) -> Row:
    """A row of RAW_MESSAGES of a repost. It has no words of its own."""
    if record_id(subject) is None:
        raise Unusable("subject", "missing, or no record of an account")
    row = _message_row(told, "repost", rows)
    row["repost_of"], row["repost_of_account"] = record_id(subject), author_of(subject)
    return row


def _like_row(told: Told, rows: RawRows) -> Row:
    subject = dict_of(told.record.get("subject")).get("uri")
    if record_id(subject) is None:
        raise Unusable("subject", "missing, or no record of an account")
    about = {"target_account": author_of(subject), "message_id": record_id(subject)}
    return _interaction_row(told, "reaction", rows) | about


def _interaction_row(told: Told, kind: str, rows: RawRows) -> Row:
    return {
        "interaction_id": told.id,
        "at": sent_at(told, rows),
        "kind": kind,
        "source_account": told.account,
        "visibility": _PUBLIC,
    }


def _profile_row(told: Told, rows: RawRows) -> Row:
    """What an account says of itself: its name, and whether it calls itself a bot."""
    row = _message_row(told, "service", rows)
    row["account"] = told.account | {"name": text_of(told.record.get("displayName"))}
    row["declared_bot"] = True if says_bot(told.record.get("labels")) else None
    return row


def says_bot(labels: Any) -> bool:
    """Whether an account labels itself as a bot, in its record or in a view of its profile."""
    listed = labels.get("values") if isinstance(labels, dict) else labels
    return any(dict_of(label).get("val") == "bot" for label in list_of(listed))

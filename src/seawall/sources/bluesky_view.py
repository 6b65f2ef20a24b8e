"""What the Bluesky application's interface shows of records: posts, feeds, threads, likes.

Formats: https://atproto.com/lexicons/app-bsky-feed and ``com.atproto.repo.listRecords``. ``indexedAt`` is when the
application saw the record.
"""

from __future__ import annotations

from seawall.sources.bluesky_ids import POST, actor_of, author_of, collection_of, record_id
from seawall.sources.bluesky_record import LIKE, REPOST, Told, add_record, post_row, repost_row, says_bot
from seawall.sources.json_values import Unusable, dict_of, written_time
from seawall.sources.raw_rows import RawRows, Row


def add_post_view(position: int, view: Row, rows: RawRows) -> None:
    """A post with its author, as feeds, searches and threads show it.

    Raises:
        Unusable: it is hidden, deleted, or lacks what it must have.
    """
    named, author = _named(view), dict_of(view.get("author"))
    account, record = actor_of(author), view.get("record")
    if account is None:
        raise Unusable("author", "missing, or without an identifier")
    if not isinstance(record, dict) or collection_of(view.get("uri")) != POST:
        raise Unusable("record", "no post: hidden, deleted or something else")
    told = Told(named, account, POST, record, written_time(view.get("indexedAt"), None))
    row = post_row(told, rows)
    row["account_created_at"] = written_time(author.get("createdAt"), None)
    row["declared_bot"] = True if says_bot(author.get("labels")) else None
    rows.message(position, row)


def add_reason(position: int, reason: Row, subject: str | None, rows: RawRows) -> None:
    """Why a feed shows a post: somebody reposted it.

    Args:
        position: of the record.
        reason: what stands beside the post.
        subject: at-uri of the post.
        rows: where to add it.

    Raises:
        Unusable: it is another reason, or names nobody.
    """
    account = actor_of(dict_of(reason.get("by")))
    at = written_time(reason.get("indexedAt"), None)
    if account is None or at is None:
        raise Unusable("reason", "no repost: it names no account or no time")
    made = Told(record_id(reason.get("uri")), account, REPOST, {"createdAt": reason["indexedAt"]}, at)
    rows.message(position, repost_row(made, subject, rows))


def add_listed(position: int, listed: Row, rows: RawRows) -> None:
    """A record of a repository, as ``listRecords`` and ``getRecord`` give it."""
    uri, record = listed.get("uri"), listed.get("value")
    named, account, collection = _named(listed), author_of(uri), collection_of(uri)
    if account is None or collection is None or not isinstance(record, dict):
        raise Unusable("value", "missing, or not an object")
    add_record(position, Told(named, account, collection, record, None), rows)


def add_like(position: int, like: Row, subject: str | None, rows: RawRows) -> None:
    """One of those who like a post, as ``getLikes`` gives them; the like's own id is not told."""
    account = actor_of(dict_of(like.get("actor")))
    if account is None:
        raise Unusable("actor", "missing, or without an identifier")
    record = {"createdAt": like.get("createdAt"), "subject": {"uri": subject}}
    add_record(position, Told(None, account, LIKE, record, written_time(like.get("indexedAt"), None)), rows)


def _named(view: Row) -> str:
    named = record_id(view.get("uri"))
    if named is None:
        raise Unusable("uri", "missing, or no at-uri of an account's record")
    return named

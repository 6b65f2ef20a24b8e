"""One status of Mastodon -> a row of RAW_MESSAGES.

Format: https://docs.joinmastodon.org/entities/Status/. Other servers of the fediverse offer the same interface.
"""

from __future__ import annotations

from mimetypes import guess_type
from typing import Any

from seawall.model import Visibility
from seawall.sources.json_values import (
    Unusable,
    dict_of,
    id_of,
    list_of,
    media,
    size_of,
    text_of,
    written_time,
)
from seawall.sources.mastodon_html import LONGEST_HTML, words_of
from seawall.sources.mastodon_names import account_of, needed_id, status_id
from seawall.sources.raw_rows import RawRows, Row

VISIBILITIES = {
    "public": Visibility.PUBLIC.value,
    "unlisted": Visibility.PUBLIC.value,
    "private": Visibility.CLOSED.value,
    "direct": Visibility.DIRECT.value,
    "limited": Visibility.CLOSED.value,
    "local": Visibility.CLOSED.value,
}
"""``unlisted`` is public but in no timeline; ``limited`` goes to a circle, ``local`` stays on the server."""

_MEDIA = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}


def visibility_of(value: Any) -> str:
    """Who could read a status.

    Raises:
        Unusable: it does not tell, or tells it by an unknown word.
    """
    found = VISIBILITIES.get(value) if isinstance(value, str) else None
    if found is None:
        raise Unusable("visibility", "missing, or an unknown word")
    return found


def add_status(position: int, status: Row, server: str | None, rows: RawRows, *, reported: bool = False) -> None:
    """Add a status, and the conversation that it belongs to if it is direct.

    Raises:
        Unusable: it lacks its id, author, time or visibility.
    """
    row = status_row(status, server)
    if reported:
        row["reported"] = True
    if row["visibility"] == Visibility.DIRECT.value:
        _add_conversation(row, rows)
    rows.message(position, row)


def status_row(status: Row, server: str | None) -> Row:
    """A row of RAW_MESSAGES. A boost carries the words of what it repeats, and the time at which they were edited."""
    author = dict_of(status.get("account"))
    account = account_of(author, server)
    if account is None:
        raise Unusable("account", "missing, or without acct")
    sent_at = written_time(status.get("created_at"), None)
    if sent_at is None:
        raise Unusable("created_at", "missing, or not a time with a zone")
    row: Row = {
        "message_id": needed_id(status.get("id"), server),
        "account": account,
        "sent_at": sent_at,
        "kind": "post",
        "visibility": visibility_of(status.get("visibility")),
        "followers": size_of(author.get("followers_count")),
        "following": size_of(author.get("following_count")),
        "account_created_at": written_time(author.get("created_at"), None),
        "declared_bot": author.get("bot") if isinstance(author.get("bot"), bool) else None,
    }
    boosted = status.get("reblog")
    if isinstance(boosted, dict):
        row["kind"] = "repost"
        row["repost_of"], row["repost_of_account"] = _named(boosted, server)
        _add_words(row, boosted, server, quoting=_quoted(boosted) is not None)
        row["mentions"] = []  # it is not the one who boosts who mentions them
    else:
        _add_relations(row, status, server)
        _add_words(row, status, server, quoting=row["kind"] == "quote")
    return row


def _named(status: Row, server: str | None) -> tuple[str | None, Row | None]:
    """The id and the author of a status that another one tells of."""
    return status_id(status.get("id"), server), account_of(status.get("account"), server)


def _add_relations(row: Row, status: Row, server: str | None) -> None:
    """What it answers and what it quotes."""
    row["reply_to"] = status_id(status.get("in_reply_to_id"), server)
    if row["reply_to"] is not None:
        row["kind"] = "reply"
        row["reply_to_account"] = _answered(status, server)
    quoted = _quoted(status)
    if quoted is not None:
        row["kind"] = "quote"
        row["repost_of"], row["repost_of_account"] = _named(quoted, server)
        row["repost_of"] = row["repost_of"] or status_id(dict_of(status["quote"]).get("quoted_status_id"), server)


def _quoted(status: Row) -> Row | None:
    """The status that is quoted, empty where it may not be seen; None where nothing is quoted.

    Mastodon wraps it with the state of its approval; other servers put it there as it is.
    """
    quote = status.get("quote")
    if not isinstance(quote, dict):
        return None
    return quote if "account" in quote else dict_of(quote.get("quoted_status"))


def _answered(status: Row, server: str | None) -> Row | None:
    """Whom a reply answers: told by a number, which those whom it mentions and its author have too."""
    number = id_of(status.get("in_reply_to_account_id"))
    for one in (*list_of(status.get("mentions")), status.get("account")):
        if number is not None and id_of(dict_of(one).get("id")) == number:
            return account_of(one, server)
    return None


def _add_words(row: Row, status: Row, server: str | None, *, quoting: bool) -> None:
    content = text_of(status.get("content")) or ""
    if len(content) > LONGEST_HTML:
        raise Unusable("content", f"longer than {LONGEST_HTML:,} characters")
    words = words_of(content, quoting=quoting)
    warning = text_of(status.get("spoiler_text"))
    choices = [dict_of(one).get("title") for one in list_of(dict_of(status.get("poll")).get("options"))]
    parts = [warning, words.text, "\n".join(filter(None, map(text_of, choices)))]
    row["text"] = "\n\n".join(filter(None, parts)) or None
    row["links"] = list(words.links) or None
    row["language"] = text_of(status.get("language"))
    row["edited_at"] = written_time(status.get("edited_at"), None)
    mentioned = (account_of(one, server) for one in list_of(status.get("mentions")))
    row["mentions"] = [account for account in mentioned if account]
    row["hashtags"] = [tag for one in list_of(status.get("tags")) if (tag := text_of(dict_of(one).get("name")))]
    row["media"] = [_attached(dict_of(one)) for one in list_of(status.get("media_attachments"))] or None


def _attached(attachment: Row) -> Row:
    """Kind only: sizes are not told. Of what the server has not fetched itself, the name's ending tells the kind."""
    kind = _MEDIA.get(str(attachment.get("type")))
    address = text_of(attachment.get("remote_url")) or text_of(attachment.get("url")) or ""
    return media(kind or guess_type(address.partition("?")[0])[0], None)


def _add_conversation(row: Row, rows: RawRows) -> None:
    """A direct status belongs to the conversation of its author and those whom it mentions."""
    people = {who["id"]: who for who in (row["account"], *row["mentions"])}
    channel = "direct:" + " ".join(sorted(people))
    row["channel_id"] = channel
    rows.channel(
        {
            "channel_id": channel,
            "kind": "direct",
            "visibility": Visibility.DIRECT.value,
            "participants": [people[name] for name in sorted(people)],
        }
    )

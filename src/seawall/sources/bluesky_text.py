"""The words of a Bluesky post, and what its facets say of them.

A facet points into the text by offsets in bytes of UTF-8. Format: https://atproto.com/lexicons/app-bsky-richtext
"""

from __future__ import annotations

from typing import Any, NamedTuple

from seawall.sources.bluesky_ids import did_of, without_dids
from seawall.sources.json_values import dict_of, list_of, size_of, text_of
from seawall.sources.raw_rows import Row
from seawall.sources.shown_links import shows_address

_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_WEB = ("http://", "https://")


class Words(NamedTuple):
    """What a post says."""

    text: str | None
    mentions: tuple[str, ...] = ()  # identifiers of accounts
    links: tuple[str, ...] = ()  # those that the text does not show
    tags: tuple[str, ...] = ()


def words_of(record: Row) -> Words:
    """The text of a post's record, with whole addresses for shortened ones and a token for each mention.

    Facets that lie outside the text, overlap an earlier one or split a character are passed over, as Bluesky does.

    >>> link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://garden.example/beans"}
    >>> words_of({"text": "🌱 garden.exa…", "facets": [{"index": {"byteStart": 5, "byteEnd": 18}, "features": [link]}]})
    Words(text='🌱 https://garden.example/beans', mentions=(), links=(), tags=())
    """
    content = (text_of(record.get("text")) or "").encode("utf-8", "replace")
    facets = sorted(filter(None, map(_facet, list_of(record.get("facets")))), key=lambda facet: facet[:2])
    written: list[bytes] = []
    mentions: list[str] = []
    links: list[str] = []
    tags = [tag for tag in map(text_of, list_of(record.get("tags"))) if tag]
    done = 0
    for start, end, features in facets:
        shown = _cut(content, start, end) if start >= done else None
        if shown is None:
            continue
        written += [content[done:start], _instead(shown, features, mentions, links, tags).encode("utf-8", "replace")]
        done = end
    written.append(content[done:])
    text = without_dids(b"".join(written).decode("utf-8", "replace"))
    distinct = (tuple(dict.fromkeys(found)) for found in (mentions, links, tags))
    return Words(text or None, *distinct)


def _facet(value: Any) -> tuple[int, int, list[Row]] | None:
    facet = dict_of(value)
    index = dict_of(facet.get("index"))
    start, end = size_of(index.get("byteStart")), size_of(index.get("byteEnd"))
    if start is None or end is None or start >= end:
        return None
    return start, end, [dict_of(one) for one in list_of(facet.get("features"))]


def _cut(content: bytes, start: int, end: int) -> str | None:
    """A stretch of the text; None where it begins or ends inside a character or beyond the text."""
    if end > len(content):
        return None
    try:
        return content[start:end].decode()
    except UnicodeDecodeError:
        return None


def _instead(shown: str, features: list[Row], mentions: list[str], links: list[str], tags: list[str]) -> str:
    """What stands for the words of a facet; what it points at is added to the lists."""
    for feature in features:
        kind = str(feature.get("$type")).rpartition("#")[2]
        address, tag, did = text_of(feature.get("uri")), text_of(feature.get("tag")), did_of(feature.get("did"))
        if kind == "mention" and did:
            mentions.append(did)
            return _ACCOUNT_TOKEN
        if kind == "tag" and tag:
            tags.append(tag)
        if kind == "link" and address and address.startswith(_WEB):
            if shows_address(shown.strip()):
                return address
            links.append(address)
    return shown

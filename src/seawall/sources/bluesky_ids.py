"""Names of things on Bluesky: at-uris, accounts, and the digests in content ids.

Formats: https://atproto.com/specs/at-uri-scheme, https://atproto.com/specs/did and the CID of
https://atproto.com/specs/data-model#link-and-cid-formats.
"""

from __future__ import annotations

import re
from base64 import b32decode
from binascii import Error
from typing import Any

from seawall.sources.json_values import identity, text_of
from seawall.sources.raw_rows import Row

_DID = r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,900}"
_AT_URI = re.compile(rf"at://({_DID})/([A-Za-z0-9.-]{{1,320}})/([A-Za-z0-9._~:-]{{1,512}})")
_ACCOUNT = re.compile(_DID)
_NO_HANDLE = "handle.invalid"
_RAW_SHA256 = bytes((0x01, 0x55, 0x12, 0x20))  # CID version 1, raw bytes, SHA-256, 32 bytes
_CID_LETTERS = 59

POST = "app.bsky.feed.post"


def did_of(value: Any) -> str | None:
    """A decentralised identifier, or None.

    >>> did_of("did:plc:gardenclub"), did_of("bea.garden.example")
    ('did:plc:gardenclub', None)
    """
    return value if isinstance(value, str) and _ACCOUNT.fullmatch(value) else None


def record_id(uri: Any) -> str | None:
    """The id of a record: its at-uri without the scheme, so that it begins with its author's id.

    >>> record_id("at://did:plc:gardenclub/app.bsky.feed.post/3kabc")
    'did:plc:gardenclub/app.bsky.feed.post/3kabc'
    >>> record_id("at://bea.garden.example/app.bsky.feed.post/3kabc") is None
    True
    """
    found = _AT_URI.fullmatch(uri) if isinstance(uri, str) else None
    return "/".join(found.groups()) if found else None


def author_of(uri: Any) -> Row | None:
    """The account whose record an at-uri names."""
    named = record_id(uri)
    return identity(named.partition("/")[0]) if named else None


def collection_of(uri: Any) -> str | None:
    """The collection in which the record of an at-uri lies."""
    named = record_id(uri)
    return named.split("/")[1] if named else None


def actor_of(profile: Row) -> Row | None:
    """Who a profile view tells of."""
    did = did_of(profile.get("did"))
    handle = text_of(profile.get("handle"))
    if did is None:
        return None
    return identity(did, None if handle == _NO_HANDLE else handle, text_of(profile.get("displayName")))


def sha256_of(cid: Any) -> str | None:
    """The SHA-256 that a blob's content id holds, in hexadecimal digits; None where it is of another kind.

    >>> sha256_of("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")
    'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'
    """
    if not isinstance(cid, str) or len(cid) != _CID_LETTERS or not cid.startswith("b"):
        return None
    try:
        content = b32decode(cid[1:].upper() + "======")
    except (Error, ValueError):
        return None
    return content[len(_RAW_SHA256) :].hex() if content.startswith(_RAW_SHA256) else None


def without_dids(text: str) -> str:
    """A text in which no account is named by its identifier.

    >>> without_dids("see at://did:plc:gardenclub/app.bsky.feed.post/3kabc")
    'see at://[account]/app.bsky.feed.post/3kabc'
    """
    return _ACCOUNT.sub("[account]", text) if "did:" in text else text

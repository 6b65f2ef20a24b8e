"""The words of a Matrix message: its plain body, without names of accounts, and what its HTML adds."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from seawall.sources.json_values import dict_of, list_of, text_of
from seawall.sources.raw_rows import Row

_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_USER = re.compile(r"@[0-9A-Za-z._=/+\-]{1,200}:[0-9A-Za-z.\-]{1,230}(?::[0-9]{1,5})?")
_ANCHOR = re.compile(
    r"<a\s[^<>]{0,300}?href=(?:\"([^\"<>]{1,4000})\"|'([^'<>]{1,4000})')[^<>]{0,300}>([^<>]{0,500})</a>"
)
_TO_USER = re.compile(r"https?://matrix\.to/#/(@[^?/]+)|matrix:u(?:ser)?/([^?/]+)")
_EVENT_LENGTH = 65_536
"""No event is longer than that in bytes; a longer body is nothing that a server sent."""

_TRIMMED = ".,-"
_NO_TEXT = frozenset(("m.location",))
_FILES = frozenset(("m.image", "m.video", "m.audio", "m.file"))
_POLL_KEYS = ("m.poll", "org.matrix.msc3381.poll.start")
_TEXT_KEYS = ("m.text", "org.matrix.msc1767.text", "body")


class Body(NamedTuple):
    """What a message says."""

    text: str | None
    mentions: tuple[str, ...] = ()  # user ids
    links: tuple[str, ...] = ()  # those that the text does not show
    replies_to: str | None = None  # the user whom the quotation at its head names


_FILE_NAME = re.compile(r"\S+\.\w{1,5}")
"""A caption of this form is a file's name that a client has put in both places, differently."""


def body_of(content: Row, kind: str, *, replies: bool) -> Body:
    """The words of a message's content.

    The body of a file is its name unless a file name is told beside it; names are not taken. Users become
    mentions, and a typed token in the text.

    >>> body_of({"msgtype": "m.text", "body": "@bea:garden.example the rota"}, "m.room.message", replies=False)
    Body(text='@[account] the rota', mentions=('@bea:garden.example',), links=(), replies_to=None)
    """
    if kind == "m.room.encrypted":
        return Body(None)
    text = _plain(content, kind)
    told = [user for user in list_of(dict_of(content.get("m.mentions")).get("user_ids")) if text_of(user)]
    replies_to = None
    if replies:
        text, replies_to = _without_quotation(text)
    links: list[str] = []
    for address, shown in _anchors(content):
        user = _user_of(address)
        if user is None:
            if address not in text:
                links.append(address)
            continue
        told.append(user)
        if shown.strip():
            text = re.sub(rf"(?<!\w){re.escape(shown)}(?!\w)", _ACCOUNT_TOKEN, text, count=1)
    found = [user.rstrip(_TRIMMED) for user in _USER.findall(text)]
    text = _USER.sub(lambda match: _ACCOUNT_TOKEN + match[0][len(match[0].rstrip(_TRIMMED)) :], text)
    return Body(text or None, tuple(dict.fromkeys(told + found)), tuple(dict.fromkeys(links)), replies_to)


def _plain(content: Row, kind: str) -> str:
    msgtype = text_of(content.get("msgtype"))
    for key in _POLL_KEYS:
        if isinstance(content.get(key), dict):
            return _poll(content[key])
    body = text_of(content.get("body")) or ""
    if kind == "m.sticker" or msgtype in _NO_TEXT:
        return ""
    if msgtype in _FILES:
        name = text_of(content.get("filename"))
        return body if name is not None and name != body and not _FILE_NAME.fullmatch(body) else ""
    return body


def _poll(poll: Row) -> str:
    parts = [dict_of(poll.get("question")), *map(dict_of, list_of(poll.get("answers")))]
    return "\n".join(filter(None, map(_extensible, parts)))


def _extensible(part: Row) -> str | None:
    for key in _TEXT_KEYS:
        value = part.get(key)
        if isinstance(value, list) and value:
            value = dict_of(value[0]).get("body")
        if text_of(value):
            return text_of(value)
    return None


def _without_quotation(text: str) -> tuple[str, str | None]:
    """The body after the lines "> <@user:server> ..." that old clients put before a reply, and that user.

    >>> _without_quotation("> <@tom:garden.example> Who has beans?\\n> Or peas?\\n\\nI have")
    ('I have', '@tom:garden.example')
    """
    if not text.startswith("> "):
        return text, None
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if not line.startswith(">")), len(lines))
    quoted = re.match(r"> (?:\* )?<(@[^<>\s]{1,255})>", lines[0])
    return "\n".join(lines[end:]).lstrip("\n"), quoted[1] if quoted else None


def _anchors(content: Row) -> list[tuple[str, str]]:
    """Addresses and what is shown for them in the HTML of a message, the quotation at its head left out."""
    html = text_of(content.get("formatted_body"))
    if html is None or "<a" not in html or len(html) > _EVENT_LENGTH:
        return []
    _, _, after = html.rpartition("</mx-reply>")
    return [(unescape(match[1] or match[2]), unescape(match[3])) for match in _ANCHOR.finditer(after)]


def _user_of(address: str) -> str | None:
    match = _TO_USER.match(unquote(address))
    if match is None:
        return None
    return match[1] or "@" + match[2]

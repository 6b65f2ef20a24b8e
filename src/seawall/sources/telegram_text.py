"""The words of a Telegram message: its text and what is marked up in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from seawall.sources.json_values import dict_of, id_of, identity, list_of, text_of
from seawall.sources.raw_rows import Row

_USER_LINK = "tg://user?id="
ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret


class Words(NamedTuple):
    """Null = the export does not mark it up."""

    text: str | None
    links: list[str] | None
    hashtags: Sequence[str] | None
    mentions: Sequence[Row] | None


def words_of(message: Row) -> Words:
    """The words of a message: ``text_entities`` where they are told, else ``text``, which may be a list of the same.

    A person who is mentioned by a display name becomes a mention, and a typed token in the text.

    >>> words_of({"text": ["see ", {"type": "text_link", "text": "here", "href": "https://garden.example"}]})
    Words(text='see here', links=['https://garden.example'], hashtags=(), mentions=())
    """
    parts = message.get("text_entities")
    if not isinstance(parts, list) or not parts:
        parts = message.get("text")
    links = _button_links(message)
    if not isinstance(parts, list):
        return Words(text_of(parts) or _poll(message), links or None, None, None)
    hashtags: list[str] = []
    mentions: list[Row] = []
    text = "".join(_part(part, links, hashtags, mentions) for part in parts)
    return Words(text or _poll(message), links or None, hashtags or (), mentions or ())


def _part(part: Any, links: list[str], hashtags: list[str], mentions: list[Row]) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        return ""
    kind, text = part.get("type"), part.get("text")
    if not isinstance(text, str):
        return ""
    if kind == "hashtag" and len(text) > 1:
        hashtags.append(text.removeprefix("#"))
    elif kind == "mention" and len(text) > 1:
        mentions.append(identity(handle=text.removeprefix("@")))
    elif kind in ("mention_name", "text_link"):
        href = text_of(part.get("href")) or ""
        if kind == "mention_name" or href.startswith(_USER_LINK):
            number = id_of(part.get("user_id")) or href.removeprefix(_USER_LINK)
            mentions.append(identity(f"user{number}" if number else None, name=text or None))
            return ACCOUNT_TOKEN
        if href:
            links.append(href)
    return text


def _button_links(message: Row) -> list[str]:
    if "inline_bot_buttons" not in message:
        return []
    buttons = (dict_of(button) for row in list_of(message.get("inline_bot_buttons")) for button in list_of(row))
    return [link for button in buttons if button.get("type") == "url" and (link := text_of(button.get("data")))]


def _poll(message: Row) -> str | None:
    """The question and the answers of a poll stand for its text."""
    poll = dict_of(message.get("poll"))
    answers = (dict_of(answer).get("text") for answer in list_of(poll.get("answers") or poll.get("options")))
    return "\n".join(filter(None, map(text_of, (poll.get("question"), *answers)))) or None

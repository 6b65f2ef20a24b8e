"""The words of a message of Slack: its text without Slack's marks, and what they mark.

Format: https://api.slack.com/reference/surfaces/formatting.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from seawall.sources.raw_rows import Row
from seawall.sources.slack_rooms import Users

_MARK = re.compile(r"<([^<>\n]+)>")
_NAMING = ("@", "#", "!")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_ROOM_TOKEN = "#[channel]"  # noqa: S105


class Words(NamedTuple):
    """What a text says and marks."""

    text: str
    mentions: list[Row]
    links: list[str]


def words_of(text: str, users: Users) -> Words:
    """The words of a text: names of accounts and channels become tokens, hidden addresses links beside the text.

    >>> words_of("<@U1>: <https://garden.example/a|here> &amp; <#C1|beans>, <!here>", Users()).text
    '@[account]: here & #[channel], here'
    """
    mentions: dict[str, Row] = {}
    links: list[str] = []

    def plain(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith(_NAMING):
            if target[0] == "@" and len(target) > 1:
                mentions[target[1:]] = users.identity(target[1:])
            return _named(target, label)
        address = unescaped(target)
        if target.startswith(("mailto:", "tel:")) or not label:
            return label or address
        if label in address:
            return address
        if "://" in address:
            links.append(address)
        return label

    told = _MARK.sub(plain, text) if "<" in text else text
    return Words(unescaped(told), list(mentions.values()), links)


def _named(target: str, label: str) -> str:
    """``<@U1|name>``, ``<#C1|name>``, ``<!here>``, ``<!subteam^S1|@team>``, ``<!date^1^format|text>``."""
    if target[0] == "#":
        return _ROOM_TOKEN
    if target[0] == "@" or target.startswith("!subteam^"):
        return _ACCOUNT_TOKEN
    return label.removeprefix("@") or target[1:].partition("^")[0]


def unescaped(text: str) -> str:
    """The text with the three signs that Slack writes otherwise."""
    if "&" in text:
        for entity, sign in _ENTITIES:
            text = text.replace(entity, sign)
    return text

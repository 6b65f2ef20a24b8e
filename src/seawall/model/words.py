"""The words that records are made of: kinds, visibilities, and the types that several columns share."""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())


class Visibility(StrEnum):
    """Who could read a message when it was written (see docs/explanation/privacy.md)."""

    PUBLIC = "public"
    CLOSED = "closed"
    DIRECT = "direct"


MESSAGE_KINDS = ("post", "reply", "repost", "quote", "edit", "service")
"""``edit`` is a later revision of a message that the lake already has."""

INTERACTION_KINDS = (
    "mention",
    "reply",
    "repost",
    "follow",
    "unfollow",
    "dm",
    "reaction",
    "invite",
    "join",
    "leave",
    "report",
    "block",
    "contact_shared",
)
MEDIA_KINDS = ("video", "image", "audio", "document", "link", "text")
CHANNEL_KINDS = ("broadcast", "group", "room", "feed", "direct")
CONTACT_KINDS = ("email", "phone", "handle", "invite", "payment")
LENGTH_CLASSES = ("empty", "short", "medium", "long")
"""``short`` up to 40 characters, ``medium`` up to 280, ``long`` beyond."""

SIMULATED_PLATFORM = "simulated"
"""How the name of a platform begins that there is not: what a simulator made is marked wherever it is shown."""


def is_simulated(platform: str) -> bool:
    """Whether what is told of a platform was made by a simulator.

    >>> is_simulated("simulated"), is_simulated("Simulated-club"), is_simulated("mastodon")
    (True, True, False)
    """
    return platform.casefold().startswith(SIMULATED_PLATFORM)


def required(name: str, kind: pa.DataType) -> pa.Field:
    """A column without nulls."""
    return pa.field(name, kind, nullable=False)

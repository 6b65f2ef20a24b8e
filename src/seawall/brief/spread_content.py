"""What a brief shows of a text that spread: how it went from channel to channel, and its copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class CascadeRow:
    """One channel that the text reached."""

    name: str  # the channel's pseudonym
    first_at: datetime
    behind: timedelta  # after the first copy of all
    messages: int
    accounts: int
    counts: tuple[int, ...]  # copies by bin


@dataclass(frozen=True, slots=True)
class Cascade:
    """Copies by channel and time, in consecutive bins of one length; channels that had it first come first."""

    bin: timedelta
    at: tuple[datetime, ...]  # begin of each bin
    counts: tuple[int, ...]  # all copies
    new_accounts: tuple[int, ...]  # accounts that copied it for the first time
    rows: tuple[CascadeRow, ...]
    hidden: int = 0  # channels that are not shown
    outside: int = 0  # copies that stand in no channel


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a copy: in both texts ("same"), in the first alone ("gone"), or in this one alone ("new")."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Copies with the same words, beside the first copy."""

    kind: str  # "first", "verbatim", "edited", "obfuscated"
    messages: int
    similarity: float | None
    parts: tuple[Part, ...]
    id: str  # of the first message of them
    at: datetime
    language: str | None = None


@dataclass(frozen=True, slots=True)
class SpreadShown:
    """A spread."""

    cascade: Cascade
    copies: tuple[CopyGroup, ...] = ()
    read: int = 0  # of so many messages a text is kept and was read
    total: int = 0  # messages in all
    kinds: Mapping[str, int] = field(default_factory=dict)  # how many copies are of which kind, of all messages

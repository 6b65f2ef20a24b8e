"""Which messages a page is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from seawall.errors import InputError

_KEY = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages are looked at: those that fit everything that is told.

    Args:
        start: sent at this time or later (UTC).
        end: sent before this time (UTC).
        platform: its name.
        channel: a channel's id.
        account: a pseudonym.
        text: a match key, 16 hexadecimal digits, as clusters of copies are called: messages with these words.

    Raises:
        InputError: an end that is not after the start, a time without a zone, or a text that is no key.

    >>> MessageFilter(text="00000000000000ff").key
    255
    """

    start: datetime | None = None
    end: datetime | None = None
    platform: str | None = None
    channel: str | None = None
    account: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if any(one is not None and one.tzinfo is None for one in (self.start, self.end)):
            raise InputError("A time carries no zone.", where="filter", mend="Give it in UTC.")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InputError("The end is not after the start.", where="end", mend="Swap or correct the two times.")
        if self.text is not None and not _KEY.fullmatch(self.text):
            raise InputError(
                "This is not the name of a text.",
                where="text",
                mend="It has 16 hexadecimal digits: take it from a page.",
            )

    @property
    def key(self) -> int | None:
        """The match key of the text."""
        return None if self.text is None else int(self.text, 16)

    @property
    def names(self) -> dict[str, str]:
        """Column -> the one value that it must have, of those that are told."""
        told = {"platform": self.platform, "channel_id": self.channel, "account_id": self.account}
        return {column: value for column, value in told.items() if value is not None}

    @property
    def where(self) -> str | None:
        """The condition in DuckDB's SQL, without the times; None where all messages fit."""
        parts = [f"{column} = '{value.replace(chr(39), 2 * chr(39))}'" for column, value in self.names.items()]
        if self.key is not None:
            parts.append(f"text_key = {self.key}")
        return " AND ".join(parts) or None

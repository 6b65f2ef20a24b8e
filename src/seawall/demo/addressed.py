"""Who speaks to whom in a public chat: a line that begins with somebody's name mentions them, or answers them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from seawall.model import UTC_MICROSECONDS

_NAME = re.compile(r"([^\s:,]{2,30})[:,]\s")

Row = tuple[datetime, str, str, str | None]
"""When, the kind of interaction, who, and towards whom."""


class Addressed:
    """Follows the lines of a chat, in the order of time.

    >>> chat = Addressed()
    >>> chat.line("fern", "fern, who waters?"), chat.line("rosa", "fern: me"), chat.line("fern", "rosa: thanks")
    (None, ('mention', 'fern'), ('reply', 'rosa'))
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._spoken: set[tuple[str, str]] = set()

    def line(self, speaker: str, text: str) -> tuple[str, str] | None:
        """The kind of what somebody says towards another, and towards whom; None where it names nobody seen before."""
        self._seen.add(speaker)
        named = _NAME.match(text)
        if named is None or named[1] not in self._seen or named[1] == speaker:
            return None
        kind = "reply" if (named[1], speaker) in self._spoken else "mention"
        self._spoken.add((speaker, named[1]))
        return kind, named[1]


def interactions(rows: Sequence[Row], channel: str) -> pa.Table:
    """Rows of one channel as a table: ``at`` (UTC microseconds), ``kind``, ``source``, ``target``, ``channel``."""
    columns = dict(zip(("at", "kind", "source", "target"), map(list, zip(*rows, strict=True)), strict=True))
    columns["at"] = pa.array(columns["at"], UTC_MICROSECONDS)
    return pa.table(columns | {"channel": pa.array([channel] * len(rows))})

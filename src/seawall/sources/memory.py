"""An input whose bytes are in memory."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class MemoryInput:
    """An input whose bytes are in memory; it satisfies ``protocols.Input``.

    >>> MemoryInput("rides.csv", b"account,at").head(7)
    b'account'
    """

    name: str
    content: bytes

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.name

    @property
    def path(self) -> Path | None:
        """It lies on no disk."""
        return None

    def open(self) -> BinaryIO:
        """The bytes from their beginning."""
        return BytesIO(self.content)

    def head(self, size: int = 65536) -> bytes:
        """The first bytes."""
        return self.content[:size]

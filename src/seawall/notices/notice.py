"""What is told, and who takes it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from seawall.model import Severity


@dataclass(frozen=True, slots=True)
class Notice:
    """A case has opened, or has become as grave as its receiver wants to hear of.

    Args:
        receiver: the name of who is told.
        case_id: the case.
        severity: of the case.
        opened_at: when the case was opened, UTC.
        sentence: the case's sentence; it holds numbers, no names and no words of messages.
        workspace: the name of the workspace's folder, for somebody who watches over several.
    """

    receiver: str
    case_id: str
    severity: Severity
    opened_at: datetime
    sentence: str
    workspace: str

    @property
    def notice_id(self) -> str:
        """The same for the same case and receiver, so that a repeated delivery is recognised.

        >>> from datetime import UTC
        >>> Notice("log", "case-1", Severity.LOW, datetime(2026, 5, 3, tzinfo=UTC), "It grew.", "club").notice_id
        'notice_cde32ed78e515c3868a04795'
        """
        told = hashlib.blake2b(f"{self.receiver}\0{self.case_id}".encode(), digest_size=12)
        return f"notice_{told.hexdigest()}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "notice_id": self.notice_id,
            "case_id": self.case_id,
            "severity": self.severity.value,
            "opened_at": self.opened_at.isoformat(),
            "sentence": self.sentence,
            "workspace": self.workspace,
            "look": f"seawall case {self.workspace} {self.case_id}",
        }


class Receiver(Protocol):
    """Takes notices. What it needs to know is in its fields; a secret appears in no ``repr``."""

    @property
    def name(self) -> str:
        """Unique within the workspace."""
        ...

    def send(self, notice: Notice, *, again: bool) -> None:
        """Deliver one notice.

        Args:
            notice: what is told.
            again: an earlier try may have arrived (the process ended in between).

        Raises:
            ConnectError: it did not arrive; worth trying again.
            AccessError: it is refused; trying again is of no use before somebody mends it.
            StorageError: the log cannot be written.
        """
        ...

"""Signed heads of the audit, to be kept elsewhere.

A checkpoint is one line of JSON: sorted keys, no spaces, ASCII. Its ``signature`` is Ed25519 (RFC 8032) over the same
line without ``signature``, so that any program with Ed25519 can check it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from seawall.casebook.audit import AuditHead
from seawall.casebook.canonical import canonical
from seawall.errors import ConfigurationError

KIND = "seawall audit checkpoint 1"
_DIGITS = {"head": 64, "key": 64, "signature": 128}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries the audit had at a time, and the hash of the last, signed."""

    at: str  # ISO 8601, UTC
    entries: int
    head: str  # SHA-256, 64 hex digits
    key: str  # the public key, 64 hex digits: it is its own id
    signature: str  # 128 hex digits
    kind: str = KIND

    @property
    def text(self) -> str:
        """The line that is kept."""
        return canonical(asdict(self))

    @property
    def audit_head(self) -> AuditHead:
        """What it says of the audit."""
        return AuditHead(self.entries, self.head)

    def faults(self, key: str | None) -> Iterator[str]:
        """Why it cannot be trusted, a sentence each.

        Args:
            key: the public key with which this audit's checkpoints are signed; None where there is none.
        """
        if not self._is_signed():
            yield "The checkpoint was changed after it was signed."
        if self.key != key:
            yield "The checkpoint was signed with another key than this workspace's."

    def _is_signed(self) -> bool:
        try:
            signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            signer.verify(bytes.fromhex(self.signature), _signed_bytes(asdict(self)))
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(head: AuditHead, at: datetime, key: Ed25519PrivateKey) -> Checkpoint:
    """The checkpoint of a head.

    Args:
        head: as ``Audit.head`` tells it.
        at: now.
        key: the private key of the audit.
    """
    fields: dict[str, Any] = {
        "kind": KIND,
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "entries": head.count,
        "head": head.hash,
        "key": public_half(key),
    }
    return Checkpoint(**fields, signature=key.sign(_signed_bytes(fields)).hex())


def public_half(key: Ed25519PrivateKey) -> str:
    """The public key, 64 hex digits."""
    return key.public_key().public_bytes_raw().hex()


def read(text: str) -> Checkpoint:
    """A checkpoint as it was kept; whether it can be trusted, ``faults`` tells.

    Raises:
        ConfigurationError: the text is none.
    """
    try:
        told = json.loads(text)
        found = Checkpoint(**told)
        right = (
            found.kind == KIND
            and type(found.entries) is int
            and isinstance(found.at, str)
            and all(_is_hexadecimal(told[name], digits) for name, digits in _DIGITS.items())
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        right = False
    if not right:
        raise ConfigurationError(
            "This is not a checkpoint of an audit.",
            where="--against",
            mend="Give the file or the line that seawall audit DIR checkpoint made.",
        )
    return found


def _is_hexadecimal(told: Any, digits: int) -> bool:
    return isinstance(told, str) and len(told) == digits and set(told) <= set("0123456789abcdef")


def _signed_bytes(fields: dict[str, Any]) -> bytes:
    return canonical({name: value for name, value in fields.items() if name != "signature"}).encode("ascii")

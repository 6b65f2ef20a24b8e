"""Secrets that are shown once: 256 random bits each, of which only the SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits as 43 characters that a link can hold."""
    return secrets.token_urlsafe(32)


def kept_of(secret: str) -> str:
    """What the casebook keeps of a secret: 64 hex digits. Nobody finds 256 random bits by trying, so no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()

"""Checksums beside what is kept in small files, so that a flipped bit is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

CHECK = "check"


def check_of(content: Any) -> str:
    """The SHA-256 of JSON in canonical form, as 64 hexadecimal digits."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def with_check(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a small JSON file, and their checksum as one more.

    >>> without_check(with_check({"epoch": 2}))
    {'epoch': 2}
    """
    return {**fields, CHECK: check_of(fields)}


def without_check(told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a small JSON file; one that an older Seawall wrote has no checksum.

    Raises:
        ValueError: the checksum is not that of the fields.
    """
    fields = {name: value for name, value in told.items() if name != CHECK}
    if CHECK in told and told[CHECK] != check_of(fields):
        raise ValueError("checksum")
    return fields

"""Small JSON files that know when they were damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from seawall.errors import StorageError
from seawall.lake.disk import disk_errors, write_durably
from seawall.lake.sums import check_of


def write_checked(path: Path, content: Any) -> None:
    """Write JSON with its SHA-256, readable by the owner alone, durably and in one step.

    Raises:
        StorageError: the disk refused; the file is as it was before.
    """
    text = json.dumps({"check": check_of(content), "content": content}, indent=2, ensure_ascii=False, sort_keys=True)
    with disk_errors(path):
        write_durably(path, text.encode() + b"\n", mode=0o600)


def read_checked(path: Path, default: Any) -> Any:
    """What ``write_checked`` wrote; ``default`` where there is no file.

    Raises:
        StorageError: the file cannot be read, or was changed by something else than Seawall.
    """
    if not path.exists():
        return default
    with disk_errors(path):
        raw = path.read_bytes()
    try:
        held = json.loads(raw)
        whole = held["check"] == check_of(held["content"])
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise StorageError(
            "This file is damaged.", where=str(path), mend="Restore it from a backup, or remove it and state it anew."
        )
    return held["content"]

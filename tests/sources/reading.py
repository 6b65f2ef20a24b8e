"""What the tests of sources share: read bytes or a fixture and look at the rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from seawall.checks.sources import MemoryInput, check_batches
from seawall.protocols import RawBatch, ReadOptions, Source

NOT_STATED = ReadOptions()


def batches(source: Source, content: bytes | Path | Any, options: ReadOptions = NOT_STATED) -> list[RawBatch]:
    """The batches of some bytes, of a file, or of a value that is written as JSON; they keep to the contract."""
    if isinstance(content, Path):
        content = content.read_bytes()
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    found = list(source.read(MemoryInput("export.json", content), options))
    check_batches(found, "this input")
    return found


def rows(source: Source, content: bytes | Path | Any, table: str = "messages", **stated: Any) -> list[dict[str, Any]]:
    """The rows of one table, without what is null."""
    found = [
        row for batch in batches(source, content, ReadOptions(**stated)) for row in getattr(batch, table).to_pylist()
    ]
    return [_told(row) for row in found]


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _told(one) for key, one in value.items() if one is not None}
    return [_told(one) for one in value] if isinstance(value, list) else value

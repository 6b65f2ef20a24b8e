"""Helpers of the tests of tabular sources: bytes in, records out, accounting checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from seawall.checks.sources import MemoryInput, check_batches
from seawall.protocols import RawBatch, ReadOptions, Source

HEADER = b"id,author,time,text\n"
ROW = b"1,rosa,2026-05-03T14:05:00Z,roses\n"


def batches(source: Source, content: bytes, name: str = "table.csv", **stated: Any) -> list[RawBatch]:
    """The batches of some bytes; the contract of batches is checked."""
    found = list(source.read(MemoryInput(name, content), ReadOptions(**stated)))
    check_batches(found, name)
    return found


def messages(source: Source, content: bytes, **stated: Any) -> list[dict[str, Any]]:
    """The messages of some bytes."""
    return rows(batches(source, content, **stated), "messages")


def rejected(source: Source, content: bytes, **stated: Any) -> list[tuple[int, str, str]]:
    """Position, field and reason of each rejected record."""
    found = rows(batches(source, content, **stated), "rejected")
    return [(row["position"], row["field"], row["reason"]) for row in found]


def rows(found: list[RawBatch], table: str) -> list[dict[str, Any]]:
    """The rows of one table of all batches."""
    return [row for batch in found for row in getattr(batch, table).to_pylist()]


def parquet(folder: Path, table: pa.Table, **how: Any) -> bytes:
    """A table as the bytes of a Parquet file."""
    import pyarrow.parquet as pq

    path = folder / "table.parquet"
    pq.write_table(table, path, **how)
    return path.read_bytes()

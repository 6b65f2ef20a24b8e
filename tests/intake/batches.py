"""Small raw batches for tests, and what must hold of every clean one."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from seawall.intake import Intake, Pseudonyms
from seawall.model import (
    RAW_MESSAGES,
    TABLES,
    Visibility,
    raw_table,
)
from seawall.protocols import CleanBatch, RawBatch, ReadOptions

NOW = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
WHEN = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
PUBLIC = ReadOptions(visibility=Visibility.PUBLIC)
FILE = "0123456789abcdef"
Row = Mapping[str, Any]


def who(id: str | None = None, handle: str | None = None, name: str | None = None) -> dict[str, str | None]:  # noqa: A002
    return {"id": id, "handle": handle, "name": name}


def table(schema: pa.Schema, rows: list[Row]) -> pa.Table:
    names = {name for row in rows for name in row}
    return raw_table(schema, {name: [row.get(name) for row in rows] for name in names})


def messages(*rows: Row) -> pa.Table:
    common: Row = {"sent_at": WHEN, "kind": "post", "account": who(id="1")}
    return table(RAW_MESSAGES, [{"position": place, **common, **row} for place, row in enumerate(rows, start=1)])


def batch(*rows: Row, **tables: Any) -> RawBatch:
    return RawBatch(platform="x", records=len(rows), messages=messages(*rows), **tables)


def clean(
    raw: RawBatch,
    options: ReadOptions = PUBLIC,
    *,
    basis: str | None = None,
    keep: bool = False,
    key: bytes = bytes(32),
    reply_key: bytes = bytes(32),
) -> CleanBatch:
    intake = Intake(Pseudonyms(key, reply_key), source="test", basis=basis, keep_identities=keep)
    return intake.clean(raw, file=FILE, options=options, batch=7, collected_at=NOW)


def rows_of(result: CleanBatch, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.tables[name].to_pylist()
    return found


def everything(result: CleanBatch) -> str:
    """All bytes that leave intake, as text in lower case."""
    sink = io.BytesIO()
    for columns in result.tables.values():
        with pa.ipc.new_stream(sink, columns.schema) as writer:
            writer.write_table(columns)
    return sink.getvalue().decode("utf-8", "replace").lower()


def check_shape(result: CleanBatch) -> None:
    """The promises of ``protocols.CleanBatch``."""
    assert set(result.tables) == set(TABLES) - {"batches"}
    for name, columns in result.tables.items():
        assert columns.schema == TABLES[name]
        columns.validate(full=True)
        for field in columns.schema:
            assert field.nullable or columns[field.name].null_count == 0, (name, field.name)
    for keys, name in ((result.message_keys, "messages"), (result.interaction_keys, "interactions")):
        count = result.tables[name].num_rows
        assert [len(part) for part in (keys.ids, keys.contents, keys.edited, keys.counted)] == [count] * 4
    assert len(result.parents) == result.tables["interactions"].num_rows
    assert all(-1 <= row < result.tables["messages"].num_rows for row in result.parents)
    own = int((result.parents == -1).sum())
    told = sum(result.tables[name].num_rows for name in ("messages", "deletions", "quarantine"))
    assert told + own == result.records

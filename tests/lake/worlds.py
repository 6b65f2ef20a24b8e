"""Small clean batches for the tests of the lake: messages of gardening and cycling clubs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.lake import Lake, Receipt
from seawall.lake.folder_place import FolderPlace
from seawall.lake.place import LOG
from seawall.model import TABLES
from seawall.protocols import NO_EDIT, CleanBatch, RowKeys

START = datetime(2026, 5, 3, 14, 0, tzinfo=UTC)

Row = Mapping[str, Any]


def account(number: int) -> str:
    return f"a{number:020x}"


def handle(number: int) -> str:
    return f"h{number:020x}"


def _filled(table: str, rows: Iterable[Row], defaults: Row) -> pa.Table:
    schema = TABLES[table]
    return pa.Table.from_pylist(
        [{name: row.get(name, defaults.get(name)) for name in schema.names} for row in rows], schema=schema
    )


def messages(rows: Sequence[Row]) -> pa.Table:
    made = []
    for position, row in enumerate(rows):
        full = {
            "message_id": f"club:{position}",
            "platform": "club",
            "source": "generic",
            "account_id": account(1),
            "sent_at": START + timedelta(minutes=position),
            "collected_at": START,
            "kind": "post",
            "visibility": "public",
            "raw_ref": {"file": "0123456789abcdef", "position": position + 1},
            "batch": 0,
        }
        made.append({**full, **{name: value for name, value in row.items() if name in TABLES["messages"].names}})
    return _filled("messages", made, {})


def interactions(rows: Sequence[Row]) -> pa.Table:
    defaults = {
        "platform": "club",
        "source": "generic",
        "at": START,
        "kind": "mention",
        "source_account": account(1),
        "reported": False,
        "batch": 0,
    }
    return _filled("interactions", rows, defaults)


def _keys(rows: Sequence[Row], ids: Sequence[str], counted: bool) -> RowKeys:
    return RowKeys(
        ids=np.array([hash64(name) for name in ids], np.uint64),
        contents=np.array([hash64(str(row.get("content", row.get("text", "")))) for row in rows], np.uint64),
        edited=np.array([row.get("edited", NO_EDIT) for row in rows], np.int64),
        counted=np.full(len(rows), counted),
    )


def hash64(value: str) -> int:
    import hashlib

    return int.from_bytes(hashlib.blake2b(value.encode(), digest_size=8).digest(), "little")


def clean(
    rows: Sequence[Row] = (),
    acts: Sequence[Row] = (),
    *,
    counted: bool = False,
    accounts: Sequence[Row] = (),
    aliases: Sequence[Row] = (),
    channels: Sequence[Row] = (),
    deletions: Sequence[Row] = (),
    coverage: Sequence[Row] = (),
    quarantine: Sequence[Row] = (),
) -> CleanBatch:
    """A clean batch: ``content`` and ``edited`` of a row make its keys; ``parent`` of an act attaches it."""
    seen = {"first_seen": START, "last_seen": START}
    tables = {
        "messages": messages(rows),
        "interactions": interactions(acts),
        "accounts": _filled("accounts", accounts, {"platform": "club", "batch": 0, **seen}),
        "aliases": _filled("aliases", aliases, {"platform": "club", "batch": 0}),
        "channels": _filled(
            "channels", channels, {"platform": "club", "kind": "group", "visibility": "public", "batch": 0}
        ),
        "deletions": _filled(
            "deletions", deletions, {"platform": "club", "source": "generic", "deleted_at": START, "batch": 0}
        ),
        "coverage": _filled(
            "coverage",
            coverage,
            {"source": "generic", "platform": "club", "complete": True, "how": "export", "batch": 0},
        ),
        "quarantine": _filled(
            "quarantine", quarantine, {"source": "generic", "file": "0123456789abcdef", "batch": 0, "position": 1}
        ),
    }
    parents = np.array([act.get("parent", -1) for act in acts], np.int64)
    records = len(rows) + int((parents < 0).sum()) + len(deletions) + len(quarantine)
    return CleanBatch(
        records=records,
        tables=tables,
        message_keys=_keys(rows, tables["messages"].column("message_id").to_pylist(), counted),
        interaction_keys=_keys(acts, tables["interactions"].column("interaction_id").to_pylist(), counted),
        parents=parents,
    )


def commit(lake: Lake, batch: CleanBatch, *, feed: str = "generic 00", number: int = 1, last: bool = False) -> Receipt:
    return lake.commit(
        batch,
        feed=feed,
        number=number,
        last=last,
        source="generic",
        platform="club",
        extractor="generic/1",
        checkpoint=str(number),
    )


def reopened(lake: Lake, *, write: bool = False) -> Lake:
    """The same lake, opened anew."""
    return Lake.open(lake.home.folder, lake.home.tables, write=write)


def stored(lake: Lake) -> dict[str, bytes]:
    """Every file of a lake with its content, wherever it lies; those of tables begin with lake/."""
    folder, place = lake.home.folder, lake.home.tables
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if not isinstance(place, FolderPlace):
        for table in TABLES:
            for inner in ("", LOG):
                for file in place.inside(table).files(inner):
                    path = f"{inner}/{file.name}".strip("/")
                    found[f"lake/{table}/{path}"] = place.inside(table).read(path)
    return found


def ids(lake: Lake) -> list[str]:
    """The message ids that a reader sees, sorted."""
    return sorted(lake.reader("messages", ["message_id"]).read_all().column("message_id").to_pylist())

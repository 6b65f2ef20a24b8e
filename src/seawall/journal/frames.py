"""A clean batch as bytes and back: what the journal keeps of what was acknowledged and is not in the lake yet."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa

from seawall.errors import StorageError
from seawall.model import TABLES
from seawall.model.lake import LATER
from seawall.protocols import CleanBatch, RowKeys

_CODEC = pa.Codec("zstd", 1)
_MESSAGE_KEYS = "message_keys"
_INTERACTION_KEYS = "interaction_keys"


class FrameHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a frame without opening it."""

    feed: str
    number: int  # 1, 2, 3, ... within the feed
    source: str
    platform: str
    extractor: str
    checkpoint: str | None  # where the source resumes after it
    records: int
    epoch: int  # erasures of the lake, as known when it was taken in
    accepted_at: float  # seconds since 1970 in UTC
    size: int  # bytes of the payload
    crc: int  # CRC-32 of the payload
    plain: int  # bytes of the payload unpacked
    parts: Mapping[str, int]  # table -> bytes of its Arrow stream, in the order of the payload


@dataclass(frozen=True, slots=True)
class Packed:
    """A clean batch as bytes, not yet numbered."""

    records: int
    payload: bytes
    plain: int
    parts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """One clean batch of one feed, ready to be written."""

    header: FrameHeader
    payload: bytes


def pack(clean: CleanBatch) -> Packed:
    """The bytes of a clean batch. Identities are left out: they never stand in the journal."""
    tables = {name: table for name, table in clean.tables.items() if table.num_rows}
    if len(clean.message_keys.ids):
        tables[_MESSAGE_KEYS] = _keys_table(clean.message_keys)
    if len(clean.parents):
        keys = _keys_table(clean.interaction_keys)
        tables[_INTERACTION_KEYS] = keys.append_column("parents", pa.array(clean.parents))
    streams = {name: _stream(table) for name, table in tables.items()}
    plain = b"".join(streams.values())
    return Packed(
        records=clean.records,
        payload=_CODEC.compress(plain, asbytes=True),
        plain=len(plain),
        parts={name: len(stream) for name, stream in streams.items()},
    )


def framed(
    packed: Packed,
    *,
    feed: str,
    number: int,
    source: str,
    platform: str,
    extractor: str,
    checkpoint: str | None,
    epoch: int,
    accepted_at: float,
) -> Frame:
    """A numbered frame of a feed."""
    header = FrameHeader(
        feed=feed,
        number=number,
        source=source,
        platform=platform,
        extractor=extractor,
        checkpoint=checkpoint,
        records=packed.records,
        epoch=epoch,
        accepted_at=accepted_at,
        size=len(packed.payload),
        crc=zlib.crc32(packed.payload),
        plain=packed.plain,
        parts=packed.parts,
    )
    return Frame(header, packed.payload)


def unpack(header: FrameHeader, payload: bytes) -> CleanBatch:
    """The clean batch of a frame.

    Raises:
        StorageError: a table has other columns than this Seawall knows.
    """
    plain = _CODEC.decompress(payload, header.plain) if header.plain else pa.py_buffer(b"")
    tables: dict[str, pa.Table] = {}
    offset = 0
    for name, size in header.parts.items():
        with pa.ipc.open_stream(plain.slice(offset, size)) as reader:
            tables[name] = reader.read_all()
        offset += size
    message_keys, _ = _row_keys(tables.pop(_MESSAGE_KEYS, None))
    interaction_keys, parents = _row_keys(tables.pop(_INTERACTION_KEYS, None))
    return CleanBatch(
        records=header.records,
        tables={name: _as_known(name, tables.get(name)) for name in TABLES if name != "batches"},
        message_keys=message_keys,
        interaction_keys=interaction_keys,
        parents=parents,
    )


def _as_known(name: str, table: pa.Table | None) -> pa.Table:
    if table is None:
        return TABLES[name].empty_table()
    for later in (TABLES[name].field(column) for column in LATER.get(name, ())):
        if later.name not in table.column_names:
            place = TABLES[name].get_field_index(later.name)
            table = table.add_column(place, later, pa.nulls(len(table), later.type))
    if not table.schema.equals(TABLES[name]):
        raise StorageError(
            "Another version of Seawall wrote this journal.",
            where=f"journal, {name}",
            mend="Start and stop seawall watch once with that version; it empties the journal into the lake.",
        )
    return table


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _keys_table(keys: RowKeys) -> pa.Table:
    return pa.table({"ids": keys.ids, "contents": keys.contents, "edited": keys.edited, "counted": keys.counted})


def _row_keys(table: pa.Table | None) -> tuple[RowKeys, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Keys and, of interactions, the parents."""
    if table is None:
        none = np.empty(0, np.uint64)
        return RowKeys(none, none, np.empty(0, np.int64), np.empty(0, np.bool_)), np.empty(0, np.int64)
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    parents = columns.pop("parents", np.empty(0, np.int64))
    return RowKeys(**columns), parents
